//! Reading a data set: the one in `FMNIST_DATA`, or else the built-in sample set, from gzipped files;
//! and making a training batch of 128 images, with and without augmentation.
//!
//! `FMNIST_DATA=FOLDER cargo bench --bench data`

#![allow(missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use fmnist_tui::data::{Dataset, TrainingBatch, fill};
use fmnist_tui::spec::Spec;
use std::hint::black_box;
use std::path::Path;

/// A change to a spec, with its name.
type Change = (&'static str, fn(&mut Spec));

fn dataset() -> Option<Dataset> {
    match std::env::var_os("FMNIST_DATA") {
        Some(folder) => Dataset::load(Path::new(&folder)).ok(),
        None => Dataset::sample().ok(),
    }
}

fn reading(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("reading");
    let Some(images) = dataset().map(|set| set.train.len() as u64) else {
        return;
    };
    group
        .sample_size(10)
        .throughput(Throughput::Elements(images));
    group.bench_function("a data set", |bencher| {
        bencher.iter(|| black_box(dataset()).is_some());
    });
    group.finish();
}

fn batches(criterion: &mut Criterion) {
    let Some(dataset) = dataset() else { return };
    let indices: Vec<u32> = (0..128)
        .map(|index| index * 31 % dataset.train.len() as u32)
        .collect();
    let mut group = criterion.benchmark_group("batch of 128");
    group.throughput(Throughput::Elements(128));
    let changes: [Change; 5] = [
        ("plain", |_| {}),
        ("shift and flip", |spec| {
            spec.augmentation.shift = 2;
            spec.augmentation.horizontal_flip = 0.5;
        }),
        ("rotation", |spec| spec.augmentation.rotation = 10.0),
        ("contrast", |spec| spec.augmentation.contrast = 0.3),
        ("mixup", |spec| spec.augmentation.mixup = 0.4),
    ];
    for (name, change) in changes {
        let mut spec = Spec::smallest();
        change(&mut spec);
        let mut batch = TrainingBatch::default();
        group.bench_function(name, |bencher| {
            bencher.iter(|| batch.load(&dataset, &indices, &spec, (1, 0)));
        });
    }
    let (mut pixels, mut labels) = (Vec::new(), Vec::new());
    group.bench_function("evaluation", |bencher| {
        let (train, normalization) = (&dataset.train, dataset.normalization);
        bencher.iter(|| fill(train, &indices, normalization, &mut pixels, &mut labels));
    });
    group.finish();
}

criterion_group!(benches, reading, batches);
criterion_main!(benches);
