//! Average pooling. Padding counts as zeros, as in PyTorch's default.

#![allow(
    clippy::needless_range_loop,
    reason = "the lanes of several arrays side by side"
)]

use super::memory::{OpMemory, f32_bytes};
use super::op::{Op, Place, Saved, Scratch};
use super::window::Window;
use crate::nn::onnx::{OnnxAttribute, OnnxGraph};
use crate::nn::python::PythonLayer;
use crate::simd::buffer::Buffer;
use crate::simd::channel_blocks::{block, for_each_block};
use crate::simd::{Arch, on_vectors};
use std::ops::Range;

/// The mean of every window, channel by channel.
pub struct AvgPool2d {
    window: Window,
    arch: Arch,
}

impl AvgPool2d {
    /// Pooling over these windows.
    pub fn new(window: Window) -> Self {
        Self {
            window,
            arch: Arch::new(),
        }
    }

    /// The weight of one pixel in the mean.
    fn share(&self) -> f32 {
        ((self.window.kernel_size * self.window.kernel_size) as f32).recip()
    }

    /// Sums up the rows of each row of windows, then the columns of each window in `line`
    /// `[width, channels]`.
    #[inline(always)]
    fn pool(&self, image: &[f32], pooled: &mut [f32], line: &mut [f32]) {
        let Window {
            channels,
            out_width,
            ..
        } = self.window;
        let share = self.share();
        for (row, means) in pooled.chunks_exact_mut(out_width * channels).enumerate() {
            let (rows, _) = self.window.inside(row, 0);
            sum_lines(image, rows, line);
            for (column, means) in means.chunks_exact_mut(channels).enumerate() {
                let (_, columns) = self.window.inside(row, column);
                sum_pixels(line, columns, share, means);
            }
        }
    }

    /// Overwrites `gradient`: each pixel's is the sum over the windows that cover it. `line`
    /// `[out_width, channels]` has those of a row of pixels.
    #[inline(always)]
    fn spread(&self, upstream: &[f32], gradient: &mut [f32], line: &mut [f32]) {
        let Window {
            channels, width, ..
        } = self.window;
        let share = self.share();
        let mut done = &mut [][..];
        let mut covered = None;
        let lines = gradient.chunks_exact_mut(width * channels);
        for (rows, pixels) in self.window.rows_covering().zip(lines) {
            if covered.as_ref() == Some(&rows) {
                pixels.copy_from_slice(done);
            } else {
                sum_lines(upstream, rows.clone(), line);
                let columns = self.window.columns_covering();
                for (columns, pixel) in columns.zip(pixels.chunks_exact_mut(channels)) {
                    sum_pixels(line, columns, share, pixel);
                }
            }
            covered = Some(rows);
            done = pixels;
        }
    }
}

/// Overwrites `sums` by the sum of these lines of an image.
#[inline(always)]
fn sum_lines(image: &[f32], mut lines: Range<usize>, sums: &mut [f32]) {
    let len = sums.len();
    match lines.next() {
        None => sums.fill(0.0),
        Some(first) => sums.copy_from_slice(&image[first * len..][..len]),
    }
    for line in lines {
        for (sum, value) in sums.iter_mut().zip(&image[line * len..][..len]) {
            *sum += value;
        }
    }
}

/// Overwrites `sums` by `share` times the sum of these pixels of a line, channel by channel.
#[inline(always)]
fn sum_pixels(line: &[f32], pixels: Range<usize>, share: f32, sums: &mut [f32]) {
    let channels = sums.len();
    for_each_block!(channels, |first, LANES| {
        let mut block_sums = [0.0; LANES];
        for pixel in pixels.clone() {
            let values = block::<_, LANES>(line, pixel * channels + first);
            for lane in 0..LANES {
                block_sums[lane] += values[lane];
            }
        }
        for lane in 0..LANES {
            block_sums[lane] *= share;
        }
        sums[first..first + LANES].copy_from_slice(&block_sums);
    });
}

/// The layer as Python code.
pub fn python(window: Window) -> PythonLayer {
    let Window {
        kernel_size,
        stride,
        padding,
        ..
    } = window;
    PythonLayer::new(
        format!("nn.AvgPool2d({kernel_size}, stride={stride}, padding={padding})"),
        format!("layers.AveragePooling2D({kernel_size}, {stride})"),
    )
    .after(window.keras_padding())
}

/// Adds the layer with these windows to a graph.
pub fn onnx(window: Window, graph: &mut OnnxGraph, x: &str) -> String {
    let mut attributes = window.onnx();
    attributes.push(("count_include_pad", OnnxAttribute::Int(1)));
    graph.node("AveragePool", &[x], attributes)
}

impl Op for AvgPool2d {
    fn input_len(&self) -> usize {
        self.window.channels * self.window.area()
    }

    fn output_len(&self) -> usize {
        self.window.channels * self.window.out_area()
    }

    fn memory(&self) -> OpMemory {
        let Window {
            channels,
            width,
            out_width,
            ..
        } = self.window;
        OpMemory {
            scratch: f32_bytes(channels * width.max(out_width)),
            ..OpMemory::default()
        }
    }

    fn needs_input(&self) -> bool {
        false
    }

    fn forward(&self, _: Place, x: &[f32], y: &mut [f32], _: &mut [u8], scratch: &mut Scratch) {
        let line = scratch
            .output
            .size(self.window.width * self.window.channels);
        let images = x.chunks_exact(self.input_len());
        for (image, pooled) in images.zip(y.chunks_exact_mut(self.output_len())) {
            let line = &mut *line;
            on_vectors!(self.arch, self.pool(image, pooled, line));
        }
    }

    fn backward(
        &self,
        _: Place,
        saved: Saved<'_>,
        dx: Option<&mut [f32]>,
        scratch: &mut Scratch,
        _: &mut [Buffer],
    ) {
        let Some(dx) = dx else { return };
        let line = scratch
            .output
            .size(self.window.out_width * self.window.channels);
        let gradients = dx.chunks_exact_mut(self.input_len());
        let upstream = saved.dy.chunks_exact(self.output_len());
        for (gradient, upstream) in gradients.zip(upstream) {
            let line = &mut *line;
            on_vectors!(self.arch, self.spread(upstream, gradient, line));
        }
    }
}
