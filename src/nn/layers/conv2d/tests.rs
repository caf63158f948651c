//! All convolutions, on every instruction set and bf16 unit, against the definition in f64.

use super::direct_conv2d::{Batch, DirectConv2d};
use super::im2col_conv2d::Im2colConv2d;
use super::winograd::{Shape, WholeBatchWinogradConv2d, WinogradConv2d};
use crate::nn::layers::reference::{Convolution, Gradients};
use crate::nn::layers::window::Window;
use crate::nn::layers::{Op, Pass, Place, Saved, Scratch};
use crate::nn::parameter::Parameter;
use crate::simd::bf16::{Unit, to_bf16, to_f32};
use crate::simd::buffer::Buffer;
use crate::simd::testing::{Sum, assert_close, bits, random};
use crate::simd::winograd::{F2x3, F2x5, F4x3, Filtering};
use crate::simd::{Engine, available};
use std::fmt::Arguments;

/// How many images go through in the first call and in the second.
const CALLS: [usize; 2] = [1, 3];

/// Errors allowed, relative to the sums of the definition's products' sizes. Found on AVX2: 2e-7 and,
/// as Winograd's transforms add and subtract values of their own size, 6e-6; 1.3e-3 and 2.5e-3 in bf16.
/// Those of the 6×6 tile are relative to the mean size at least: a sum may have a single small product,
/// while its error is that of all the tile's values.
const IM2COL: f64 = 1e-6;
const WINOGRAD_F2X3: f64 = 1e-5;
const WINOGRAD_F4X3: f64 = 1e-5;
const WINOGRAD_F2X5: f64 = 1e-5;
/// Of operands that bf16 holds.
const DIRECT: f64 = 2e-6;
const BF16_IM2COL: f64 = 2e-3;
const BF16_WINOGRAD: f64 = 4e-3;

const PASS: Pass = Pass::Train { seed: 1, step: 0 };

/// A convolution with the values that go through it.
struct Case {
    window: Window,
    out_channels: usize,
    weight: Vec<f32>,
    bias: Vec<f32>,
    /// Of all images of all calls.
    x: Vec<f32>,
    dy: Vec<f32>,
}

/// What an op made of a case.
struct Found {
    y: Vec<f32>,
    dx: Vec<f32>,
    /// Of the weight and the bias.
    gradients: Vec<Vec<f32>>,
}

/// Kernel size, stride and padding.
type Kernel = [usize; 3];

impl Case {
    fn new(
        [channels, out_channels]: [usize; 2],
        [height, width]: [usize; 2],
        [kernel_size, stride, padding]: Kernel,
    ) -> Self {
        let window = Window {
            channels,
            height,
            width,
            out_height: (height + 2 * padding - kernel_size) / stride + 1,
            out_width: (width + 2 * padding - kernel_size) / stride + 1,
            kernel_size,
            stride,
            padding,
        };
        let images: usize = CALLS.iter().sum();
        Self {
            window,
            out_channels,
            weight: random(out_channels * channels * kernel_size * kernel_size, 1),
            bias: random(out_channels, 2),
            x: random(images * channels * window.area(), 3),
            dy: random(images * out_channels * window.out_area(), 4),
        }
    }

    fn shape<const TILE: usize, const OUT: usize, const KERNEL: usize>(
        &self,
    ) -> Shape<TILE, OUT, KERNEL> {
        Shape {
            window: self.window,
            out_channels: self.out_channels,
        }
    }

    fn expected(&self) -> (Vec<Sum>, Gradients) {
        let convolution = Convolution {
            window: self.window,
            out_channels: self.out_channels,
            weight: &self.weight,
            bias: &self.bias,
        };
        let (x, dy) = (&self.x, &self.dy);
        (convolution.forward(x), convolution.backward(x, dy))
    }

    /// Both calls, one after the other, adding to the same gradients; a single one with all images for an
    /// op that takes the whole batch. The input's gradient is NaN everywhere unless it is asked for.
    fn run(&self, op: &mut dyn Op, wants_dx: bool) -> Found {
        op.allocate();
        op.prepare(
            &[&self.weight, &self.bias].map(|values| Parameter::of(values)),
            PASS,
        );
        let mut found = Found {
            y: vec![f32::NAN; self.dy.len()],
            dx: vec![f32::NAN; self.x.len()],
            gradients: Vec::new(),
        };
        let mut written = [&self.weight, &self.bias].map(|values| Buffer::zeros(values.len()));
        let is_whole = op.takes_whole_batch();
        let lens = op.gradient_lens().into_iter();
        let mut gradients: Vec<_> = match is_whole {
            true => written.to_vec(),
            false => lens.map(Buffer::zeros).collect(),
        };
        // Whatever is left there from before must not be read.
        let mut scratch = Scratch {
            input: Buffer::from(&[f32::NAN; 1 << 16][..]),
            output: Buffer::from(&[f32::NAN; 1 << 16][..]),
            ..Scratch::default()
        };
        let mut image = 0;
        let all = [CALLS.iter().sum()];
        for images in if is_whole { &all[..] } else { &CALLS } {
            let place = Place {
                pass: PASS,
                image,
                parameters: &[],
            };
            let inputs = image * op.input_len()..(image + images) * op.input_len();
            let outputs = image * op.output_len()..(image + images) * op.output_len();
            image += images;
            let (x, dy) = (&self.x[inputs.clone()], &self.dy[outputs.clone()]);
            let (y, notes) = (&mut found.y[outputs], &mut []);
            op.forward(place, x, y, notes, &mut scratch);
            let saved = Saved {
                x,
                y: &[],
                notes,
                dy,
            };
            let dx = wants_dx.then_some(&mut found.dx[inputs]);
            op.backward(place, saved, dx, &mut scratch, &mut gradients);
        }
        if is_whole {
            found.gradients = gradients.iter().map(|values| values.to_vec()).collect();
            return found;
        }
        op.write_gradients(&gradients, &mut written);
        found.gradients = written.map(|values| values.to_vec()).to_vec();
        found
    }

    fn check(
        &self,
        op: &mut dyn Op,
        (y, expected): &(Vec<Sum>, Gradients),
        bound: f64,
        what: Arguments<'_>,
    ) {
        let found = self.run(op, true);
        let [weight, bias] = &found.gradients[..] else {
            panic!("gradients of {} parameters", found.gradients.len());
        };
        for (name, found, expected) in [
            ("output", &found.y, y),
            ("input gradient", &found.dx, &expected.input),
            ("weight gradient", weight, &expected.weight),
            ("bias gradient", bias, &expected.bias),
        ] {
            let Self {
                window,
                out_channels,
                ..
            } = self;
            let what = format_args!("{what}, {name}, {out_channels} output channels, {window:?}");
            assert_close(found, expected, bound, what);
        }
        let without = self.run(op, false);
        assert!(without.dx.iter().all(|value| value.is_nan()), "{what}");
        for (without, with) in without.gradients.iter().zip(&found.gradients) {
            assert_eq!(
                bits(without),
                bits(with),
                "{what}: without the input's gradient"
            );
        }
    }
}

fn engines() -> impl Iterator<Item = Engine> {
    available().into_iter().map(Engine::on)
}

fn bf16_engines() -> impl Iterator<Item = Engine> {
    Unit::available().into_iter().map(Engine::bf16)
}

/// Every kernel size to 5 with every stride to 3 and every padding to 2, on few channels; the common
/// kernels on many.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for kernel_size in 1..=5 {
        for stride in 1..=3 {
            for padding in 0..=2 {
                for channels in [[1, 8], [3, 1], [8, 3]] {
                    cases.push(Case::new(channels, [7, 6], [kernel_size, stride, padding]));
                }
            }
        }
    }
    for channels in [[9, 16], [16, 33], [33, 9], [64, 16]] {
        for kernel in [[1, 1, 0], [2, 2, 1], [3, 1, 1], [5, 1, 2]] {
            cases.push(Case::new(channels, [5, 7], kernel));
        }
    }
    cases
}

/// Kernels with stride 1: little and much padding on many numbers of channels, odd sizes, and images of
/// more tiles than are transformed at once.
fn winograd_cases(kernel_size: usize) -> Vec<Case> {
    let mut cases = Vec::new();
    for padding in [0, 1, 2, 4] {
        let kernel = [kernel_size, 1, padding];
        for channels in [
            [1, 3],
            [3, 8],
            [8, 9],
            [9, 16],
            [16, 1],
            [33, 8],
            [16, 33],
            [64, 64],
        ] {
            for [height, width] in [[3, 3], [4, 5], [7, 6], [5, 7]] {
                if height.min(width) + 2 * padding >= kernel_size {
                    cases.push(Case::new(channels, [height, width], kernel));
                }
            }
        }
        cases.push(Case::new([8, 9], [15, 13], kernel));
        cases.push(Case::new([24, 48], [17, 14], kernel));
    }
    cases
}

#[test]
fn im2col_follows_the_definition() {
    for case in cases() {
        let expected = case.expected();
        for engine in engines() {
            let mut op = Im2colConv2d::new(case.window, case.out_channels, engine);
            case.check(&mut op, &expected, IM2COL, format_args!("{engine:?}"));
        }
    }
}

fn raise_sizes_to_the_mean(sums: &mut [Sum]) {
    let mean = sums.iter().map(|sum| sum.size).sum::<f64>() / sums.len() as f64;
    for sum in sums {
        sum.size = sum.size.max(mean);
    }
}

fn assert_winograd<F, const TILE: usize, const OUT: usize, const KERNEL: usize>(bound: f64)
where
    F: Filtering<TILE, OUT, KERNEL>,
{
    for case in winograd_cases(KERNEL) {
        let (mut y, mut gradients) = case.expected();
        if TILE > 4 {
            for sums in [&mut y, &mut gradients.input, &mut gradients.weight] {
                raise_sizes_to_the_mean(sums);
            }
        }
        let expected = (y, gradients);
        for engine in engines() {
            let shape = case.shape();
            let mut op = WinogradConv2d::<F, TILE, OUT, KERNEL>::new(shape, engine);
            let what = format_args!("F({OUT}, {KERNEL}), {engine:?}");
            case.check(&mut op, &expected, bound, what);
            // A few images at a time, and all.
            for bytes in [0, usize::MAX] {
                let mut op =
                    WholeBatchWinogradConv2d::<F, TILE, OUT, KERNEL>::new(shape, bytes, engine);
                let what = format_args!("F({OUT}, {KERNEL}) of the batch, {engine:?}");
                case.check(&mut op, &expected, bound, what);
            }
        }
    }
}

#[test]
fn winograd_of_2x2_outputs_and_3x3_kernels_follows_the_definition() {
    assert_winograd::<F2x3, 4, 2, 3>(WINOGRAD_F2X3);
}

#[test]
fn winograd_of_4x4_outputs_and_3x3_kernels_follows_the_definition() {
    assert_winograd::<F4x3, 6, 4, 3>(WINOGRAD_F4X3);
}

#[test]
fn winograd_of_2x2_outputs_and_5x5_kernels_follows_the_definition() {
    assert_winograd::<F2x5, 6, 2, 5>(WINOGRAD_F2X5);
}

#[test]
fn bf16_stays_near_the_definition() {
    for channels in [[16, 33], [64, 16]] {
        let case = Case::new(channels, [7, 6], [3, 1, 1]);
        let expected = case.expected();
        for engine in bf16_engines() {
            let (window, out_channels) = (case.window, case.out_channels);
            let mut op = Im2colConv2d::new(window, out_channels, engine);
            case.check(
                &mut op,
                &expected,
                BF16_IM2COL,
                format_args!("{engine:?} im2col"),
            );
            if let Some(unit) = engine.unit_for(usize::MAX) {
                let mut op = DirectConv2d::new(window, out_channels, unit, engine, Batch::Few);
                let what = format_args!("{engine:?} direct");
                case.check(&mut op, &expected, BF16_IM2COL, what);
            }
            let ops: [Box<dyn Op>; 2] = [
                Box::new(WinogradConv2d::<F2x3, 4, 2, 3>::new(case.shape(), engine)),
                Box::new(WholeBatchWinogradConv2d::<F2x3, 4, 2, 3>::new(
                    case.shape(),
                    usize::MAX,
                    engine,
                )),
            ];
            for mut op in ops {
                let what = format_args!("{engine:?} Winograd");
                case.check(&mut *op, &expected, BF16_WINOGRAD, what);
            }
        }
    }
}

/// Operands that bf16 can hold, so that products are exact and errors are those of the sums.
fn round(values: &mut [f32]) {
    for value in values {
        *value = to_f32(to_bf16(*value));
    }
}

#[test]
fn direct_convolution_follows_the_definition() {
    let mut cases = cases();
    cases.extend(winograd_cases(3));
    cases.extend(winograd_cases(5));
    cases.push(Case::new([32, 64], [14, 14], [5, 1, 2]));
    cases.push(Case::new([17, 31], [28, 28], [3, 1, 1]));
    // Every padding there is, lines that are no multiple of a tile, and images of one line or column.
    for kernel_size in [1, 3, 5, 7] {
        for padding in 0..kernel_size {
            for (channels, sides) in [
                ([1, 6], [17, 19]),
                ([3, 24], [9, 33]),
                ([6, 40], [13, 7]),
                ([24, 1], [8, 18]),
                ([2, 3], [1, 20]),
                ([5, 70], [20, 1]),
            ] {
                if sides[0].min(sides[1]) + 2 * padding >= kernel_size {
                    cases.push(Case::new(channels, sides, [kernel_size, 1, padding]));
                }
            }
        }
    }
    for mut case in cases {
        if !DirectConv2d::applies_to(&case.window) {
            continue;
        }
        for values in [&mut case.weight, &mut case.x, &mut case.dy] {
            round(values);
        }
        let expected = case.expected();
        for unit in Unit::available() {
            let (window, engine) = (case.window, Engine::bf16(unit));
            // A few images; all, one at a time and at once.
            for batch in [Batch::Few, Batch::Whole(0), Batch::Whole(usize::MAX)] {
                let mut op = DirectConv2d::new(window, case.out_channels, unit, engine, batch);
                let what = format_args!("{unit:?}, {batch:?}");
                case.check(&mut op, &expected, DIRECT, what);
            }
        }
    }
}
