//! Max pooling. Of equal largest values the first gets the gradient, as in PyTorch.
//!
//! Windows of any size; [`NormActPoolDropout`](crate::nn::fused::norm_act_pool_dropout) does the usual
//! 2×2 faster.

#![allow(
    clippy::needless_range_loop,
    reason = "the lanes of several arrays side by side"
)]

#[cfg(test)]
mod tests;

use super::memory::OpMemory;
use super::op::{Op, Place, Saved, Scratch};
use super::window::Window;
use crate::nn::onnx::OnnxGraph;
use crate::nn::python::PythonLayer;
use crate::simd::buffer::Buffer;
use crate::simd::channel_blocks::{block, for_each_block};
use crate::simd::{Arch, on_vectors};

/// The largest value of every window, channel by channel; padding never wins.
pub struct MaxPool2d {
    window: Window,
    arch: Arch,
}

impl MaxPool2d {
    /// Pooling over these windows.
    pub fn new(window: Window) -> Self {
        Self {
            window,
            arch: Arch::new(),
        }
    }

    /// Whether every pixel belongs to exactly one 2×2 window, or to none at an odd edge.
    pub fn is_two_by_two(&self) -> bool {
        self.window.kernel_size == 2 && self.window.stride == 2 && self.window.padding == 0
    }

    /// The windows.
    pub fn window(&self) -> Window {
        self.window
    }

    /// The largest values, and which place of its window each is at, counted row by row of the whole
    /// window.
    #[inline(always)]
    fn pool(&self, image: &[f32], pooled: &mut [f32], places: &mut [[u8; 2]]) {
        let Window {
            channels,
            width,
            out_width,
            kernel_size,
            stride,
            padding,
            ..
        } = self.window;
        let lines = pooled
            .chunks_exact_mut(out_width * channels)
            .zip(places.chunks_exact_mut(out_width * channels));
        for (row, (line, places)) in lines.enumerate() {
            let outputs = line
                .chunks_exact_mut(channels)
                .zip(places.chunks_exact_mut(channels));
            for (column, (pooled, places)) in outputs.enumerate() {
                let (rows, columns) = self.window.inside(row, column);
                let [top, left] = [rows.start, columns.start];
                let corner =
                    (top + padding - row * stride) * kernel_size + left + padding - column * stride;
                for_each_block!(channels, |first, LANES| {
                    let start = (top * width + left) * channels + first;
                    let mut best = block::<_, LANES>(image, start);
                    let mut noted = [corner as u32; LANES];
                    for (i, y) in rows.clone().enumerate() {
                        for (j, x) in columns.clone().enumerate() {
                            let place = (corner + i * kernel_size + j) as u32;
                            let pixel = (y * width + x) * channels + first;
                            let values = block::<_, LANES>(image, pixel);
                            // To other arrays: stores that depend on a question would keep these
                            // in memory.
                            let (mut larger, mut there) = ([0.0; LANES], [0; LANES]);
                            for lane in 0..LANES {
                                let wins = wins(values[lane], best[lane]);
                                larger[lane] = if wins { values[lane] } else { best[lane] };
                                there[lane] = if wins { place } else { noted[lane] };
                            }
                            (best, noted) = (larger, there);
                        }
                    }
                    pooled[first..first + LANES].copy_from_slice(&best);
                    let mut bytes = [[0; 2]; LANES];
                    for lane in 0..LANES {
                        bytes[lane] = (noted[lane] as u16).to_le_bytes();
                    }
                    places[first..first + LANES].copy_from_slice(&bytes);
                });
            }
        }
    }

    /// Overwrites `gradient` by the outputs' gradients, each where the largest value was: a pixel asks
    /// the windows that cover it.
    #[inline(always)]
    fn unpool(&self, upstream: &[f32], places: &[[u8; 2]], gradient: &mut [f32]) {
        let Window {
            channels,
            width,
            out_width,
            kernel_size,
            stride,
            padding,
            ..
        } = self.window;
        let lines = gradient.chunks_exact_mut(width * channels);
        for ((y, rows), line) in (padding..).zip(self.window.rows_covering()).zip(lines) {
            let pixels = line.chunks_exact_mut(channels);
            for ((x, columns), pixel) in (padding..).zip(self.window.columns_covering()).zip(pixels)
            {
                for_each_block!(channels, |first, LANES| {
                    let mut sums = [0.0; LANES];
                    for row in rows.clone() {
                        for column in columns.clone() {
                            let place = (y - row * stride) * kernel_size + x - column * stride;
                            let window = (row * out_width + column) * channels + first;
                            let values = block::<_, LANES>(upstream, window);
                            let noted = block::<_, LANES>(places, window);
                            for lane in 0..LANES {
                                let is_here = u16::from_le_bytes(noted[lane]) == place as u16;
                                sums[lane] += if is_here { values[lane] } else { 0.0 };
                            }
                        }
                    }
                    pixel[first..first + LANES].copy_from_slice(&sums);
                });
            }
        }
    }
}

/// Whether `value` replaces `best`: the first of equals stays. NaN wins, so that it is seen after the
/// pooling that a network has diverged.
#[inline(always)]
pub fn wins(value: f32, best: f32) -> bool {
    // Both are asked: a question that depends on another would be a branch.
    (value > best) | value.is_nan()
}

/// The layer as Python code.
pub fn python(window: Window) -> PythonLayer {
    let Window {
        kernel_size,
        stride,
        padding,
        ..
    } = window;
    // What is outside must never win, so it cannot be zeros.
    let sides = format!("[[0, 0], [{padding}, {padding}], [{padding}, {padding}], [0, 0]]");
    let pad = (padding > 0).then(|| format!("x = ops.pad(x, {sides}, constant_values=-3.4e38)"));
    PythonLayer::new(
        format!("nn.MaxPool2d({kernel_size}, stride={stride}, padding={padding})"),
        format!("layers.MaxPooling2D({kernel_size}, {stride})"),
    )
    .after(pad)
}

/// Adds the layer with these windows to a graph.
pub fn onnx(window: Window, graph: &mut OnnxGraph, x: &str) -> String {
    graph.node("MaxPool", &[x], window.onnx())
}

impl Op for MaxPool2d {
    fn input_len(&self) -> usize {
        self.window.channels * self.window.area()
    }

    fn output_len(&self) -> usize {
        self.window.channels * self.window.out_area()
    }

    fn memory(&self) -> OpMemory {
        OpMemory::default()
    }

    fn needs_input(&self) -> bool {
        false
    }

    /// Two bytes an output: windows may have more places than one can tell.
    fn notes_len(&self) -> usize {
        2 * self.output_len()
    }

    fn forward(&self, _: Place, x: &[f32], y: &mut [f32], notes: &mut [u8], _: &mut Scratch) {
        let (places, _) = notes.as_chunks_mut::<2>();
        let images = x.chunks_exact(self.input_len());
        let outputs = y
            .chunks_exact_mut(self.output_len())
            .zip(places.chunks_exact_mut(self.output_len()));
        for (image, (pooled, places)) in images.zip(outputs) {
            on_vectors!(self.arch, self.pool(image, pooled, places));
        }
    }

    fn backward(
        &self,
        _: Place,
        saved: Saved<'_>,
        dx: Option<&mut [f32]>,
        _: &mut Scratch,
        _: &mut [Buffer],
    ) {
        let Some(dx) = dx else { return };
        let (places, _) = saved.notes.as_chunks::<2>();
        let gradients = dx.chunks_exact_mut(self.input_len());
        let upstream = saved.dy.chunks_exact(self.output_len());
        let outputs = upstream.zip(places.chunks_exact(self.output_len()));
        for (gradient, (upstream, places)) in gradients.zip(outputs) {
            on_vectors!(self.arch, self.unpool(upstream, places, gradient));
        }
    }
}
