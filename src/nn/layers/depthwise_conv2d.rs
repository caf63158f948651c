//! Depthwise convolution (Howard et al. 2017, <https://arxiv.org/abs/1704.04861>): every channel has a
//! kernel of its own, `y[c] = bias[c] + Σ weight[c, 0, i, j] · x[row·stride + i - padding, …, c]`.
//! PyTorch's `Conv2d(channels, channels, …, groups=channels)`.
//!
//! There is no sum over channels, so no matrix product: the channels of a pixel fill the vector
//! registers, and a block of sums stays in them for all places of the kernel.

#![allow(
    clippy::needless_range_loop,
    reason = "the lanes of several arrays side by side"
)]

use super::conv2d::add_bias_gradient;
use super::memory::{OpMemory, f32_bytes};
use super::op::{Op, Pass, Place, Saved, Scratch};
use super::parameter_shape::ParameterShape;
use super::relayout::transpose;
use super::window::Window;
use crate::nn::onnx::{OnnxAttribute, OnnxGraph};
use crate::nn::parameter::Parameter;
use crate::nn::python::{PythonLayer, keras_name};
use crate::simd::buffer::Buffer;
use crate::simd::channel_blocks::{block, for_each_block};
use crate::simd::{Arch, on_vectors};
use std::ops::Range;

/// Channels whose sums stay in registers at once.
const BLOCK: usize = 32;

/// Convolution of `[height, width, channels]` to `[out_height, out_width, channels]`.
pub struct DepthwiseConv2d {
    window: Window,
    /// `[channels]`.
    bias: Vec<f32>,
    /// The weight as `[kernel_size, kernel_size, channels]`.
    kernel: Vec<f32>,
    arch: Arch,
}

impl DepthwiseConv2d {
    /// A convolution over these windows. It knows its sizes but holds no memory yet.
    pub fn new(window: Window) -> Self {
        Self {
            window,
            bias: Vec::new(),
            kernel: Vec::new(),
            arch: Arch::new(),
        }
    }

    /// Places of the kernel.
    fn places(&self) -> usize {
        self.window.kernel_size * self.window.kernel_size
    }

    /// Calls `visit(place, pixel)` for every place of the kernel whose pixel, of the window at `index`,
    /// is inside the image: with where their channels begin in the kernel and in the image.
    #[inline(always)]
    fn each_place(&self, index: usize, mut visit: impl FnMut(usize, usize)) {
        let Window {
            channels,
            width,
            out_width,
            kernel_size,
            stride,
            padding,
            ..
        } = self.window;
        let (row, column) = (index / out_width, index % out_width);
        let (rows, columns) = self.window.inside(row, column);
        for y in rows {
            let i = y + padding - row * stride;
            for x in columns.clone() {
                let j = x + padding - column * stride;
                visit((i * kernel_size + j) * channels, (y * width + x) * channels);
            }
        }
    }

    #[inline(always)]
    fn convolve(&self, image: &[f32], y: &mut [f32]) {
        for (index, y) in y.chunks_exact_mut(self.window.channels).enumerate() {
            y.copy_from_slice(&self.bias);
            in_blocks(
                y,
                #[inline(always)]
                |first, sums| self.add_window(image, index, first, sums),
            );
        }
    }

    /// Adds the products of the window at `index` to the `sums` of the channels from `first` on.
    #[inline(always)]
    fn add_window(&self, image: &[f32], index: usize, first: usize, sums: &mut [f32]) {
        self.each_place(
            index,
            #[inline(always)]
            |place, pixel| {
                let weights = &self.kernel[place + first..][..sums.len()];
                let values = &image[pixel + first..][..sums.len()];
                for ((sum, weight), value) in sums.iter_mut().zip(weights).zip(values) {
                    *sum += weight * value;
                }
            },
        );
    }

    /// Overwrites `dx` of one image: each pixel's is the sum over the windows that cover it.
    #[inline(always)]
    fn input_gradient(&self, dy: &[f32], dx: &mut [f32]) {
        let Window {
            channels,
            width,
            out_width,
            kernel_size,
            stride,
            padding,
            ..
        } = self.window;
        let lines = dx.chunks_exact_mut(width * channels);
        for ((y, rows), line) in (padding..).zip(self.window.rows_covering()).zip(lines) {
            let pixels = line.chunks_exact_mut(channels);
            for ((x, columns), pixel) in (padding..).zip(self.window.columns_covering()).zip(pixels)
            {
                for_each_block!(channels, |first, LANES| {
                    let mut sums = [0.0; LANES];
                    for row in rows.clone() {
                        for column in columns.clone() {
                            let place = (y - row * stride) * kernel_size + x - column * stride;
                            let weights = block::<_, LANES>(&self.kernel, place * channels + first);
                            let window = (row * out_width + column) * channels + first;
                            let values = block::<_, LANES>(dy, window);
                            for lane in 0..LANES {
                                sums[lane] += weights[lane] * values[lane];
                            }
                        }
                    }
                    pixel[first..first + LANES].copy_from_slice(&sums);
                });
            }
        }
    }

    /// Adds one image's terms to the gradient of the kernel, `[kernel_size, kernel_size, channels]`.
    #[inline(always)]
    fn add_weight_gradient(&self, image: &[f32], dy: &[f32], gradient: &mut [f32]) {
        let gradients = gradient.chunks_exact_mut(self.window.channels);
        for (place, gradient) in gradients.enumerate() {
            in_blocks(
                gradient,
                #[inline(always)]
                |first, sums| self.add_place(image, dy, place, first, sums),
            );
        }
    }

    /// Adds the products at a place of the kernel, of all windows, to the `sums` of the channels from
    /// `first` on.
    #[inline(always)]
    fn add_place(&self, image: &[f32], dy: &[f32], place: usize, first: usize, sums: &mut [f32]) {
        let Window {
            channels,
            height,
            width,
            out_height,
            out_width,
            kernel_size,
            ..
        } = self.window;
        let (i, j) = (place / kernel_size, place % kernel_size);
        for row in self.windows_inside(i, height, out_height) {
            let line = self.pixel(row, i) * width;
            for column in self.windows_inside(j, width, out_width) {
                let pixel = (line + self.pixel(column, j)) * channels;
                let values = &image[pixel + first..][..sums.len()];
                let dy = &dy[(row * out_width + column) * channels + first..][..sums.len()];
                for ((sum, value), dy) in sums.iter_mut().zip(values).zip(dy) {
                    *sum += value * dy;
                }
            }
        }
    }

    /// The row of pixels at row `offset` of the windows of row `window`; columns likewise.
    #[inline(always)]
    fn pixel(&self, window: usize, offset: usize) -> usize {
        window * self.window.stride + offset - self.window.padding
    }

    /// The rows of windows, of `windows`, whose row `offset` is inside an image of `size` rows; columns
    /// likewise.
    fn windows_inside(&self, offset: usize, size: usize, windows: usize) -> Range<usize> {
        let Window {
            stride, padding, ..
        } = self.window;
        let before = padding.saturating_sub(offset).div_ceil(stride);
        let end = (size + padding).saturating_sub(offset).div_ceil(stride);
        before.min(windows)..end.min(windows)
    }
}

/// Calls `add(first, sums)` for every block of channels, the first of which is `first`. It is inlined
/// once for whole blocks, whose known size lets the sums stay in registers, and once for the rest.
#[inline(always)]
fn in_blocks(values: &mut [f32], add: impl Fn(usize, &mut [f32])) {
    let (blocks, last) = values.as_chunks_mut::<BLOCK>();
    let whole = blocks.len() * BLOCK;
    for (index, values) in blocks.iter_mut().enumerate() {
        let mut sums = *values;
        add(index * BLOCK, &mut sums);
        *values = sums;
    }
    if !last.is_empty() {
        add(whole, last);
    }
}

/// The layer at `index` of a spec as Python code.
pub fn python(window: Window, index: usize) -> PythonLayer {
    let Window {
        channels,
        kernel_size,
        stride,
        padding,
        ..
    } = window;
    let name = keras_name(index);
    PythonLayer::new(
        format!(
            "nn.Conv2d({channels}, {channels}, {kernel_size}, stride={stride}, padding={padding}, groups={channels})"
        ),
        format!(
            "layers.DepthwiseConv2D({kernel_size}, {stride}, depthwise_initializer=initializer(), {name})"
        ),
    )
    .after(window.keras_padding())
}

/// Adds the layer with these windows to a graph.
pub fn onnx(window: Window, graph: &mut OnnxGraph, x: &str) -> String {
    let mut attributes = window.onnx();
    attributes.push(("group", OnnxAttribute::Int(window.channels as i64)));
    let (weight, bias) = (graph.parameter("weight"), graph.parameter("bias"));
    graph.node("Conv", &[x, &weight, &bias], attributes)
}

impl Op for DepthwiseConv2d {
    fn input_len(&self) -> usize {
        self.window.channels * self.window.area()
    }

    fn output_len(&self) -> usize {
        self.window.channels * self.window.out_area()
    }

    fn parameters(&self) -> Vec<ParameterShape> {
        let Window {
            channels,
            kernel_size,
            ..
        } = self.window;
        let shape = [channels, 1, kernel_size, kernel_size];
        vec![
            ParameterShape::weight(&shape, self.places(), self.places()),
            ParameterShape::bias(channels),
        ]
    }

    fn memory(&self) -> OpMemory {
        OpMemory {
            weights: f32_bytes((self.places() + 1) * self.window.channels),
            ..OpMemory::default()
        }
    }

    fn allocate(&mut self) {
        let zeros = |len| vec![0.0; len];
        self.kernel = zeros(self.places() * self.window.channels);
        self.bias = zeros(self.window.channels);
    }

    fn prepare(&mut self, parameters: &[Parameter], _: Pass) {
        if let [weight, bias] = parameters {
            transpose(&weight.values, self.window.channels, &mut self.kernel);
            self.bias.copy_from_slice(&bias.values);
        }
    }

    fn forward(&self, _: Place, x: &[f32], y: &mut [f32], _: &mut [u8], _: &mut Scratch) {
        let images = x.chunks_exact(self.input_len());
        for (image, y) in images.zip(y.chunks_exact_mut(self.output_len())) {
            on_vectors!(self.arch, self.convolve(image, y));
        }
    }

    fn gradient_lens(&self) -> Vec<usize> {
        vec![self.places() * self.window.channels, self.window.channels]
    }

    fn backward(
        &self,
        _: Place,
        saved: Saved<'_>,
        dx: Option<&mut [f32]>,
        _: &mut Scratch,
        gradients: &mut [Buffer],
    ) {
        if let [weight, bias] = gradients {
            add_bias_gradient(self.arch, saved.dy, bias);
            let images = saved.x.chunks_exact(self.input_len());
            for (image, dy) in images.zip(saved.dy.chunks_exact(self.output_len())) {
                let weight = &mut weight[..];
                on_vectors!(self.arch, self.add_weight_gradient(image, dy, weight));
            }
        }
        let Some(dx) = dx else { return };
        let gradients = dx.chunks_exact_mut(self.input_len());
        for (dx, dy) in gradients.zip(saved.dy.chunks_exact(self.output_len())) {
            on_vectors!(self.arch, self.input_gradient(dy, dx));
        }
    }

    fn write_gradients(&self, sums: &[Buffer], gradients: &mut [Buffer]) {
        if let ([kernel, bias_sums], [weight, bias]) = (sums, gradients) {
            transpose(kernel, self.places(), weight);
            bias.copy_from_slice(bias_sums);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::layers::reference::Convolution;
    use crate::simd::available;
    use crate::simd::testing::{assert_close, bits, random};

    const IMAGES: usize = 3;
    const PLACE: Place = Place {
        pass: Pass::Train { seed: 1, step: 0 },
        image: 0,
        parameters: &[],
    };

    fn window(
        channels: usize,
        [height, width]: [usize; 2],
        [kernel_size, stride, padding]: [usize; 3],
    ) -> Window {
        Window {
            channels,
            height,
            width,
            out_height: (height + 2 * padding - kernel_size) / stride + 1,
            out_width: (width + 2 * padding - kernel_size) / stride + 1,
            kernel_size,
            stride,
            padding,
        }
    }

    /// The weight of the convolution over all channels that computes the same: zeros between channels.
    fn all_channels(weight: &[f32], channels: usize) -> Vec<f32> {
        let places = weight.len() / channels;
        let mut all = vec![0.0; channels * weight.len()];
        for (channel, kernel) in weight.chunks_exact(places).enumerate() {
            all[channel * (weight.len() + places)..][..places].copy_from_slice(kernel);
        }
        all
    }

    /// Both passes on every instruction set against the definition.
    fn check(window: Window) {
        let channels = window.channels;
        let weight = random(channels * window.kernel_size * window.kernel_size, 1);
        let bias = random(channels, 2);
        let x = random(IMAGES * channels * window.area(), 3);
        let dy = random(IMAGES * channels * window.out_area(), 4);
        let reference = Convolution {
            window,
            out_channels: channels,
            weight: &all_channels(&weight, channels),
            bias: &bias,
        };
        let expected = reference.backward(&x, &dy);
        let places = window.kernel_size * window.kernel_size;
        let weight_gradient: Vec<_> = (0..channels)
            .flat_map(|channel| {
                let first = channel * (channels + 1) * places;
                expected.weight[first..first + places].iter().copied()
            })
            .collect();
        for arch in available() {
            let mut op = DepthwiseConv2d {
                arch,
                ..DepthwiseConv2d::new(window)
            };
            op.allocate();
            op.prepare(
                &[&weight, &bias].map(|values| Parameter::of(values)),
                PLACE.pass,
            );
            let scratch = &mut Scratch::default();
            let (mut y, mut dx) = (vec![f32::NAN; dy.len()], vec![f32::NAN; x.len()]);
            op.forward(PLACE, &x, &mut y, &mut [], scratch);
            let saved = Saved {
                x: &x,
                y: &[],
                notes: &[],
                dy: &dy,
            };
            let zeros = || -> Vec<Buffer> {
                let lens = op.gradient_lens().into_iter();
                lens.map(Buffer::zeros).collect()
            };
            let (mut with, mut without) = (zeros(), zeros());
            op.backward(PLACE, saved, Some(&mut dx), scratch, &mut with);
            op.backward(PLACE, saved, None, scratch, &mut without);
            let mut gradients = [&weight, &bias].map(|values| Buffer::zeros(values.len()));
            op.write_gradients(&with, &mut gradients);
            for (name, found, expected) in [
                ("output", &y[..], &reference.forward(&x)),
                ("input gradient", &dx[..], &expected.input),
                ("weight gradient", &gradients[0][..], &weight_gradient),
                ("bias gradient", &gradients[1][..], &expected.bias),
            ] {
                assert_close(
                    found,
                    expected,
                    1e-6,
                    format_args!("{arch:?} {name} {window:?}"),
                );
            }
            for (with, without) in with.iter().zip(&without) {
                assert_eq!(bits(with), bits(without), "{arch:?} {window:?}");
            }
        }
    }

    #[test]
    fn both_passes_follow_the_definition() {
        for kernel_size in 1..=5 {
            for stride in 1..=3 {
                for padding in [0, 1, 2, 5] {
                    check(window(3, [7, 6], [kernel_size, stride, padding]));
                }
            }
        }
        // Whole blocks of channels, with and without a rest.
        for channels in [1, 31, 32, 33, 64, 100] {
            check(window(channels, [5, 7], [3, 1, 1]));
        }
    }
}
