//! Max pooling. Of equal largest values the first gets the gradient, as in PyTorch.
//!
//! Windows of any size; [`NormActPoolDropout`](crate::nn::fused::norm_act_pool_dropout) does the usual
//! 2×2 faster.

#[cfg(test)]
mod tests;

use super::memory::OpMemory;
use super::op::{Op, Place, Saved, Scratch};
use super::window::Window;
use crate::simd::buffer::Buffer;
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

    /// Position in `image` of the largest value in `channel` of the window at (`row`, `column`).
    fn argmax(&self, image: &[f32], row: usize, column: usize, channel: usize) -> usize {
        let (rows, columns) = self.window.inside(row, column);
        let at = |y: usize, x: usize| (y * self.window.width + x) * self.window.channels + channel;
        let mut best = at(rows.start, columns.start);
        for y in rows {
            for x in columns.clone() {
                if wins(image[at(y, x)], image[best]) {
                    best = at(y, x);
                }
            }
        }
        best
    }

    #[inline(always)]
    fn pool(&self, image: &[f32], pooled: &mut [f32]) {
        let channels = self.window.channels;
        let pixel =
            |y: usize, x: usize| &image[(y * self.window.width + x) * channels..][..channels];
        for (index, best) in pooled.chunks_exact_mut(channels).enumerate() {
            let (rows, columns) = self
                .window
                .inside(index / self.window.out_width, index % self.window.out_width);
            best.copy_from_slice(pixel(rows.start, columns.start));
            for y in rows {
                for x in columns.clone() {
                    for (best, value) in best.iter_mut().zip(pixel(y, x)) {
                        *best = if wins(*value, *best) { *value } else { *best };
                    }
                }
            }
        }
    }
}

/// Whether `value` replaces `best`: the first of equals stays. NaN wins, so that it is seen after the
/// pooling that a network has diverged.
#[inline(always)]
pub fn wins(value: f32, best: f32) -> bool {
    value > best || value.is_nan()
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

    fn forward(&self, _: Place, x: &[f32], y: &mut [f32], _: &mut [u8], _: &mut Scratch) {
        let images = x.chunks_exact(self.input_len());
        for (image, pooled) in images.zip(y.chunks_exact_mut(self.output_len())) {
            on_vectors!(self.arch, self.pool(image, pooled));
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
        dx.fill(0.0);
        let images = saved.x.chunks_exact(self.input_len());
        let gradients = dx.chunks_exact_mut(self.input_len());
        let upstream = saved.dy.chunks_exact(self.output_len());
        for ((image, gradient), upstream) in images.zip(gradients).zip(upstream) {
            for (index, values) in upstream.chunks_exact(self.window.channels).enumerate() {
                let (row, column) = (index / self.window.out_width, index % self.window.out_width);
                for (channel, value) in values.iter().enumerate() {
                    gradient[self.argmax(image, row, column, channel)] += value;
                }
            }
        }
    }
}
