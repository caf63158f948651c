//! The kernels and the layers of the study's network one by one, on one thread. Throughput is in
//! floating-point operations (multiplications and additions) where arithmetic dominates, in values
//! otherwise. Convolutions count the operations of the definition, as is usual.
//!
//! `cargo bench --bench kernels`

#![allow(missing_docs)]

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use fmnist_tui::nn::fused::norm_act_pool_dropout::{Layers, NormActPoolDropout};
use fmnist_tui::nn::layers::window::Window;
use fmnist_tui::nn::layers::{
    Activation, BatchNorm, Dropout, MaxPool2d, Op, Pass, Place, Relayout, Saved, Scratch, conv2d,
};
use fmnist_tui::nn::parameter::Parameter;
use fmnist_tui::simd::bf16::Unit;
use fmnist_tui::simd::buffer::Buffer;
use fmnist_tui::simd::{Arch, Engine, Epilogue, Matrix, PackedMatrix, lanes};
use fmnist_tui::spec::ActivationFunction;
use pulp::{Simd, WithSimd};
use std::hint::black_box;

const PASS: Pass = Pass::Train { seed: 1, step: 2 };

fn numbers(count: usize) -> Buffer {
    let values: Vec<f32> = (0..count)
        .map(|index| ((index * 7919) % 2003) as f32 / 1001.5 - 1.0)
        .collect();
    Buffer::from(&values[..])
}

/// Multiply-adds on registers alone: what one core can do at best.
struct Peak;

impl Peak {
    const STEPS: usize = 1000;
    const SUMS: usize = 12;
}

impl WithSimd for Peak {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f32 {
        let (a, b) = (
            simd.splat_f32s(black_box(0.5)),
            simd.splat_f32s(black_box(0.25)),
        );
        let mut sums = [a; Self::SUMS];
        for _ in 0..Self::STEPS {
            for sum in &mut sums {
                *sum = simd.mul_add_e_f32s(*sum, a, b);
            }
        }
        sums.iter().map(|sum| simd.reduce_sum_f32s(*sum)).sum()
    }
}

fn peak(criterion: &mut Criterion) {
    let arch = Arch::new();
    let mut group = criterion.benchmark_group("peak, GFLOP/s as Gelem/s");
    let operations = 2 * Peak::STEPS * Peak::SUMS * lanes(arch);
    group.throughput(Throughput::Elements(operations as u64));
    group.bench_function("multiply-adds on registers", |bencher| {
        bencher.iter(|| arch.dispatch(black_box(Peak)));
    });
    group.finish();
}

fn products(criterion: &mut Criterion) {
    products_of(
        criterion,
        "matrix product, GFLOP/s as Gelem/s",
        Engine::f32(),
    );
    if let Some(unit) = Unit::detect() {
        let name = "matrix product in bf16, GFLOP/s as Gelem/s";
        products_of(criterion, name, Engine::bf16(unit));
    }
}

/// With what each product does to its operands: rounding and packing, in bf16.
fn products_of(criterion: &mut Criterion, name: &str, engine: Engine) {
    let mut group = criterion.benchmark_group(name);
    for (rows, depth, columns) in [(49, 64, 64), (784, 9, 64), (16, 448, 256)] {
        let left = numbers(rows * depth);
        let mut right = PackedMatrix::new(engine, depth, columns);
        right.pack(&numbers(depth * columns), columns);
        let mut out = Buffer::zeros(rows * columns);
        group.throughput(Throughput::Elements((2 * rows * depth * columns) as u64));
        group.bench_function(format!("{rows}×{depth} · {depth}×{columns}"), |bencher| {
            bencher.iter(|| {
                let left = Matrix::new(black_box(&left), rows, depth);
                right.matmul(left, &mut out, Epilogue::Overwrite);
            });
        });
    }
    for (depth, m, n) in [(49, 64, 64), (784, 9, 64), (128, 32, 3136)] {
        let (left, right) = (numbers(depth * m), numbers(depth * n));
        let mut out = Buffer::zeros(m * n);
        group.throughput(Throughput::Elements((2 * depth * m * n) as u64));
        group.bench_function(format!("({depth}×{m})ᵀ · {depth}×{n}"), |bencher| {
            bencher.iter(|| {
                let left = Matrix::new(black_box(&left), depth, m);
                engine.add_matmul_tn(left, Matrix::new(&right, depth, n), &mut out);
            });
        });
    }
    group.finish();
}

/// One image through `op` and back.
fn op(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, mut op: Box<dyn Op>, wants_dx: bool) {
    op.allocate();
    let (x, dy) = (numbers(op.input_len()), numbers(op.output_len()));
    let mut y = Buffer::zeros(op.output_len());
    let mut dx = Buffer::zeros(op.input_len());
    let mut notes = vec![0; op.notes_len()];
    let mut gradients: Vec<Buffer> = op.gradient_lens().into_iter().map(Buffer::zeros).collect();
    let mut scratch = Scratch::default();
    let place = Place {
        pass: PASS,
        image: 0,
        parameters: &[],
    };
    let parameters = op.parameters().into_iter().map(|shape| Parameter {
        name: String::new(),
        values: numbers(shape.elements()),
        shape: shape.shape,
    });
    op.prepare(&parameters.collect::<Vec<_>>(), PASS);
    let mut sums = Buffer::zeros(op.statistics_len());
    if op.statistics_len() > 0 {
        op.observe(&x, &mut sums);
        let partial = fmnist_tui::nn::layers::Partial {
            images: 1,
            sums: &sums,
        };
        op.conclude(&[partial]);
    }
    group.bench_function(format!("{name}, forward"), |bencher| {
        bencher.iter(|| {
            if op.statistics_len() > 0 {
                op.observe(black_box(&x), &mut sums);
            }
            op.forward(place, black_box(&x), &mut y, &mut notes, &mut scratch);
        });
    });
    let saved = Saved {
        x: &x,
        y: &y,
        notes: &notes,
        dy: &dy,
    };
    if op.statistics_len() > 0 {
        op.observe_gradient(saved, &mut sums);
        let partial = fmnist_tui::nn::layers::Partial {
            images: 1,
            sums: &sums,
        };
        op.conclude_gradient(&[partial], &mut gradients);
    }
    group.bench_function(format!("{name}, backward"), |bencher| {
        bencher.iter(|| {
            if op.statistics_len() > 0 {
                op.observe_gradient(black_box(saved), &mut sums);
            }
            let dx = wants_dx.then_some(&mut dx[..]);
            op.backward(place, black_box(saved), dx, &mut scratch, &mut gradients);
        });
    });
}

fn layers(criterion: &mut Criterion) {
    let window = |channels: usize, side: usize| Window {
        channels,
        height: side,
        width: side,
        out_height: side,
        out_width: side,
        kernel_size: 3,
        stride: 1,
        padding: 1,
    };
    let pool = || Window {
        out_height: 14,
        out_width: 14,
        kernel_size: 2,
        stride: 2,
        padding: 0,
        ..window(64, 28)
    };
    let relu = || Activation::new(ActivationFunction::ReLU, 64 * 784);
    let mut group = criterion.benchmark_group("layer, one image");
    group.throughput(Throughput::Elements(2 * 9 * 64 * 784));
    op(
        &mut group,
        "conv 1→64, 28×28",
        conv2d(window(1, 28), 64, Engine::f32()),
        false,
    );
    for channels in [16, 64, 128] {
        group.throughput(Throughput::Elements(
            (2 * 9 * channels * channels * 196) as u64,
        ));
        let name = format!("conv {channels}→{channels}, 14×14");
        op(
            &mut group,
            &name,
            conv2d(window(channels, 14), channels, Engine::f32()),
            true,
        );
    }
    group.throughput(Throughput::Elements(64 * 784));
    let fused = |norm: bool, dropout: bool| {
        NormActPoolDropout::new(Layers {
            norm: norm.then(|| Box::new(BatchNorm::new(64, 784, 1e-5, 0.1))),
            activation: Some(relu()),
            pool: MaxPool2d::new(pool()),
            dropout: dropout.then(|| Dropout::new(64 * 196, 0.3, 3)),
        })
    };
    op(
        &mut group,
        "ReLU and pooling, 64×28×28",
        Box::new(fused(false, false)),
        true,
    );
    op(
        &mut group,
        "batch norm, ReLU, pooling and dropout, 64×28×28",
        Box::new(fused(true, true)),
        true,
    );
    let flatten = Relayout::flatten(64, 49);
    group.throughput(Throughput::Elements(64 * 49));
    op(&mut group, "flatten 64×7×7", Box::new(flatten), true);
    group.finish();
}

/// Every activation, with as many values as a micro-batch has between two layers.
fn activations(criterion: &mut Criterion) {
    const LEN: usize = 32 << 10;
    let mut group = criterion.benchmark_group("activation, Gvalues/s as Gelem/s");
    group.throughput(Throughput::Elements(LEN as u64));
    for function in [
        ActivationFunction::ReLU,
        ActivationFunction::LeakyReLU { slope: 0.01 },
        ActivationFunction::ELU { alpha: 1.0 },
        ActivationFunction::GELU,
        ActivationFunction::SiLU,
        ActivationFunction::Tanh,
        ActivationFunction::Sigmoid,
    ] {
        let activation = Activation::new(function, LEN);
        op(
            &mut group,
            &function.to_string(),
            Box::new(activation),
            true,
        );
    }
    group.finish();
}

criterion_group!(benches, peak, products, activations, layers);
criterion_main!(benches);
