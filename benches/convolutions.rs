//! Convolutions by each algorithm that can do them, on one thread: a table of microseconds per image and
//! GFLOP/s, counting the operations of the definition; then how often the choice of the cost model was
//! not the fastest, and by how much.
//!
//! `cargo bench --bench convolutions -- [PART] [--bf16]`, where `--bf16` adds those on the CPU's bf16 unit
//! and PART is a part of a layer's or algorithm's name.

#![allow(missing_docs)]

use fmnist_tui::nn::layers::window::Window;
use fmnist_tui::nn::layers::{Conv2dAlgorithm, Op, ParameterShape, Pass, Place, Saved, Scratch};
use fmnist_tui::nn::micro_batch::micro_batch;
use fmnist_tui::nn::parameter::Parameter;
use fmnist_tui::simd::Engine;
use fmnist_tui::simd::bf16::Unit;
use fmnist_tui::simd::buffer::Buffer;
use std::time::{Duration, Instant};

/// Images of a batch, for algorithms that take all of it at once.
const BATCH: usize = 64;

const PASS: Pass = Pass::Train { seed: 1, step: 2 };

/// Channels, output channels, side of the image; side of the kernel, stride, padding.
const LAYERS: &[[usize; 6]] = &[
    [1, 16, 28, 3, 1, 1],
    [1, 32, 28, 3, 1, 1],
    [1, 64, 28, 3, 1, 1],
    [1, 6, 28, 5, 1, 2],
    [1, 16, 28, 5, 1, 0],
    [1, 32, 28, 5, 1, 2],
    [3, 16, 32, 3, 1, 1],
    [4, 4, 28, 3, 1, 1],
    [6, 6, 14, 3, 1, 1],
    [6, 16, 14, 5, 1, 0],
    [8, 8, 28, 3, 1, 1],
    [8, 16, 14, 3, 1, 1],
    [16, 10, 14, 3, 1, 1],
    [16, 16, 28, 3, 1, 1],
    [16, 24, 28, 3, 1, 1],
    [24, 32, 28, 3, 1, 1],
    [32, 32, 28, 3, 1, 1],
    [32, 64, 14, 3, 1, 1],
    [48, 48, 14, 3, 1, 1],
    [64, 64, 14, 3, 1, 1],
    [64, 64, 28, 3, 1, 1],
    [64, 64, 10, 3, 1, 1],
    [64, 64, 6, 3, 1, 1],
    [64, 64, 5, 3, 1, 1],
    [64, 64, 2, 3, 1, 1],
    [128, 128, 14, 3, 1, 1],
    [48, 96, 7, 3, 1, 1],
    [96, 96, 7, 3, 1, 1],
    [128, 128, 7, 3, 1, 1],
    [192, 192, 7, 3, 1, 1],
    [128, 256, 7, 3, 1, 1],
    [96, 192, 3, 3, 1, 1],
    [8, 8, 28, 5, 1, 2],
    [16, 16, 14, 5, 1, 2],
    [16, 32, 12, 5, 1, 0],
    [32, 64, 14, 5, 1, 2],
    [64, 64, 14, 5, 1, 2],
    [64, 64, 7, 5, 1, 2],
    [64, 64, 3, 5, 1, 2],
    [16, 32, 28, 3, 2, 1],
    [32, 64, 14, 3, 2, 1],
    [1, 16, 28, 7, 2, 3],
    [3, 16, 28, 7, 2, 3],
    [64, 64, 14, 1, 1, 0],
    [16, 32, 14, 1, 2, 0],
];

fn numbers(count: usize) -> Buffer {
    let values: Vec<f32> = (0..count)
        .map(|index| ((index * 7919) % 2003) as f32 / 1001.5 - 1.0)
        .collect();
    Buffer::from(&values[..])
}

/// An algorithm, and whether its operands are rounded to bf16.
type Way = (Conv2dAlgorithm, bool);

fn rounds(engine: Engine) -> bool {
    engine.unit_for(usize::MAX).is_some()
}

fn name_of((algorithm, rounds): Way) -> String {
    format!("{algorithm:?}{}", if rounds { " bf16" } else { "" })
}

/// All algorithms, in f32 and with `engine`.
fn ways(engine: Engine) -> impl Iterator<Item = (Conv2dAlgorithm, Engine)> {
    let engines = match rounds(engine) {
        true => vec![engine.in_f32(), engine],
        false => vec![engine],
    };
    engines
        .into_iter()
        .flat_map(|engine| Conv2dAlgorithm::ALL.map(|algorithm| (algorithm, engine)))
}

/// Seconds of one call, the best of a few rounds.
fn seconds(mut call: impl FnMut()) -> f64 {
    const ROUND: Duration = Duration::from_millis(4);
    call();
    let mut fastest = f64::INFINITY;
    for _ in 0..6 {
        let (start, mut calls) = (Instant::now(), 0);
        while start.elapsed() < ROUND {
            call();
            calls += 1;
        }
        fastest = fastest.min(start.elapsed().as_secs_f64() / f64::from(calls));
    }
    fastest
}

/// Seconds of the forward pass, of the backward pass without the input's gradient, and of all of it.
fn measure(mut op: Box<dyn Op>, images: usize) -> [f64; 3] {
    op.allocate();
    let shapes = op.parameters().into_iter();
    let parameters: Vec<_> = shapes
        .map(|shape| Parameter {
            name: String::new(),
            values: numbers(shape.elements()),
            shape: shape.shape,
        })
        .collect();
    op.prepare(&parameters, PASS);
    let (x, dy) = (
        numbers(images * op.input_len()),
        numbers(images * op.output_len()),
    );
    let (mut y, mut dx) = (Buffer::zeros(dy.len()), Buffer::zeros(x.len()));
    let lens = match op.takes_whole_batch() {
        true => op
            .parameters()
            .iter()
            .map(ParameterShape::elements)
            .collect(),
        false => op.gradient_lens(),
    };
    let mut gradients: Vec<_> = lens.into_iter().map(Buffer::zeros).collect();
    let mut scratch = Scratch::default();
    let place = Place {
        pass: PASS,
        image: 0,
        parameters: &parameters,
    };
    let saved = Saved {
        x: &x,
        y: &[],
        notes: &[],
        dy: &dy,
    };
    [
        seconds(|| op.forward(place, &x, &mut y, &mut [], &mut scratch)),
        seconds(|| op.backward(place, saved, None, &mut scratch, &mut gradients)),
        seconds(|| op.backward(place, saved, Some(&mut dx), &mut scratch, &mut gradients)),
    ]
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // As a test it only shows that it runs.
    let is_bench = arguments.iter().any(|argument| argument == "--bench");
    let part = arguments.iter().find(|argument| !argument.starts_with('-'));
    let layers = if is_bench { LAYERS } else { &LAYERS[..1] };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build_global();
    assert!(pool.is_ok(), "the pool of threads was there before");
    // In f32 alone, or with bf16 beside it if asked for.
    let unit = Unit::detect().filter(|_| arguments.iter().any(|argument| argument == "--bf16"));
    let fastest_engine = unit.map_or_else(Engine::f32, Engine::bf16);
    println!("µs per image and GFLOP/s: forward; weight's gradient; both gradients; all");
    let (mut compared, mut wrong, mut lost) = (0, 0, Vec::new());
    for &[channels, out_channels, side, kernel_size, stride, padding] in layers {
        let out = (side + 2 * padding - kernel_size) / stride + 1;
        let window = Window {
            channels,
            height: side,
            width: side,
            out_height: out,
            out_width: out,
            kernel_size,
            stride,
            padding,
        };
        let layer = format!(
            "{channels}→{out_channels}, {side}×{side}, {kernel_size}×{kernel_size} s{stride} p{padding}"
        );
        // As many as a micro-batch has.
        let values = (channels * window.area()).max(out_channels * window.out_area());
        let micro_batch = micro_batch(values).clamp(1, 8);
        let operations =
            2 * out_channels * window.out_area() * channels * kernel_size * kernel_size;
        let (chosen, chosen_engine) =
            Conv2dAlgorithm::fastest(&window, out_channels, fastest_engine);
        let chosen = (chosen, rounds(chosen_engine));
        let mut found = Vec::new();
        for (algorithm, engine) in ways(fastest_engine) {
            let way = (algorithm, rounds(engine));
            let name = format!("{layer} {}", name_of(way));
            if part.is_some_and(|part| !name.contains(part.as_str())) {
                continue;
            }
            let Some(op) = algorithm.build(window, out_channels, engine) else {
                continue;
            };
            let images = match op.takes_whole_batch() {
                true => BATCH,
                false => micro_batch,
            };
            let [forward, weight, backward] =
                measure(op, images).map(|seconds| seconds / images as f64);
            let all = forward + backward;
            let columns =
                [(forward, 1), (weight, 1), (backward, 2), (all, 3)].map(|(s, passes)| {
                    let gflops = (passes * operations) as f64 / s * 1e-9;
                    format!("{:8.1} {gflops:6.1}", s * 1e6)
                });
            let mark = if way == chosen { "chosen" } else { "" };
            println!("{name:39} {} {mark}", columns.join(" |"));
            found.push((way, all));
        }
        let best = found
            .iter()
            .map(|(_, all)| *all)
            .fold(f64::INFINITY, f64::min);
        if let Some((_, all)) = found.iter().find(|(way, _)| *way == chosen)
            && found.len() > 1
        {
            compared += 1;
            if *all > best {
                wrong += 1;
                lost.push(format!(
                    "{layer}: {} takes {:.2} of the best",
                    name_of(chosen),
                    all / best
                ));
            }
        }
    }
    println!("the choice was not the fastest in {wrong} of {compared} layers");
    for line in lost {
        println!("  {line}");
    }
}
