//! One optimiser step of the study's networks on a batch of 128, in f32 and, where the processor can, in
//! bf16, the evaluation of 500 images, and how a step grows with threads, batch size and channels.
//!
//! `cargo bench --bench training_step`, `cargo bench --bench training_step growth`

#![allow(missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use fmnist_tui::nn::{Model, Optimizer};
use fmnist_tui::simd::Engine;
use fmnist_tui::simd::bf16::Unit;
use fmnist_tui::spec::{CheckedSpec, Layer, Spec, preset};
use std::hint::black_box;

const PRESETS: [&str; 4] = ["basic-cnn", "basic-cnn-adam", "bn-dropout", "tiny"];

fn pixels(images: usize) -> Vec<f32> {
    (0..images * 784)
        .map(|index| (index % 255) as f32 / 255.0)
        .collect()
}

fn training_step(criterion: &mut Criterion) {
    steps_with(criterion, "training step", Engine::f32());
    if let Some(unit) = Unit::detect() {
        steps_with(criterion, "training step in bf16", Engine::bf16(unit));
    }
}

fn steps_with(criterion: &mut Criterion, name: &str, engine: Engine) {
    let mut group = criterion.benchmark_group(name);
    group.sample_size(20).throughput(Throughput::Elements(128));
    let pixels = pixels(128);
    let labels: Vec<u8> = (0..128).map(|image| image % 10).collect();
    for name in PRESETS {
        let Ok(spec) = preset(name) else { continue };
        let Ok(mut model) = Model::with_engine(&spec, engine) else {
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

/// A step of `spec` on `batch` images with `threads` threads, as images per second.
fn step_of(
    criterion: &mut Criterion,
    name: &str,
    spec: &CheckedSpec,
    batch: usize,
    threads: usize,
) {
    let mut group = criterion.benchmark_group("growth");
    group
        .sample_size(10)
        .throughput(Throughput::Elements(batch as u64));
    let pixels = pixels(batch);
    let labels: Vec<u8> = (0..batch).map(|image| (image % 10) as u8).collect();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let (Ok(mut model), Ok(pool)) = (Model::new(spec), pool) else {
        return;
    };
    let mut optimizer = Optimizer::new(spec.optimizer);
    let mut step = 0;
    group.bench_function(name, |bencher| {
        pool.install(|| {
            bencher.iter(|| {
                step += 1;
                black_box(model.train_step(&pixels, &labels, &mut optimizer, 1e-3, step)).is_ok()
            });
        });
    });
    group.finish();
}

fn growth(criterion: &mut Criterion) {
    let Ok(spec) = preset("bn-dropout") else {
        return;
    };
    for threads in [1, 2] {
        step_of(
            criterion,
            &format!("threads {threads}"),
            &spec,
            128,
            threads,
        );
    }
    for batch in [32, 64, 128, 256, 512] {
        step_of(criterion, &format!("batch {batch}"), &spec, batch, 2);
    }
    for channels in [16, 32, 64, 128] {
        let widen = |spec: &mut Spec| {
            for layer in &mut spec.layers {
                if let Layer::Conv2d { out_channels, .. } = layer {
                    *out_channels = channels;
                }
            }
        };
        let Ok(spec) = spec.clone().changed(widen) else {
            continue;
        };
        step_of(criterion, &format!("channels {channels}"), &spec, 128, 2);
    }
}

criterion_group!(benches, training_step, evaluation, growth);
criterion_main!(benches);
