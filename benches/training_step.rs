//! One optimiser step of the study's networks on a batch of 128, and the evaluation of 500 images.
//!
//! `cargo bench --bench training_step`

#![allow(missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use fmnist_tui::nn::{Model, Optimizer};
use fmnist_tui::spec::preset;
use std::hint::black_box;

const PRESETS: [&str; 4] = ["basic-cnn", "basic-cnn-adam", "bn-dropout", "tiny"];

fn pixels(images: usize) -> Vec<f32> {
    (0..images * 784)
        .map(|index| (index % 255) as f32 / 255.0)
        .collect()
}

fn training_step(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("training step");
    group.sample_size(20).throughput(Throughput::Elements(128));
    let pixels = pixels(128);
    let labels: Vec<u8> = (0..128).map(|image| image % 10).collect();
    for name in PRESETS {
        let Ok(spec) = preset(name) else { continue };
        let Ok(mut model) = Model::new(&spec) else {
            continue;
        };
        let mut optimizer = Optimizer::new(spec.optimizer);
        let mut step = 0;
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                step += 1;
                black_box(model.train_step(&pixels, &labels, &mut optimizer, 1e-3, step)).is_ok()
            });
        });
    }
    group.finish();
}

fn evaluation(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("evaluation");
    group.sample_size(20).throughput(Throughput::Elements(500));
    let pixels = pixels(500);
    for name in PRESETS {
        let Ok(spec) = preset(name) else { continue };
        let Ok(model) = Model::new(&spec) else {
            continue;
        };
        group.bench_function(name, |bencher| {
            bencher.iter(|| black_box(model.logits(&pixels)).is_ok());
        });
    }
    group.finish();
}

criterion_group!(benches, training_step, evaluation);
criterion_main!(benches);
