//! Average pooling. Padding counts as zeros, as in PyTorch's default.

#![allow(
    clippy::needless_range_loop,
    reason = "the lanes of several arrays side by side"
)]

use super::memory::OpMemory;
use super::op::{Op, Place, Saved, Scratch};
use super::window::Window;
use crate::simd::buffer::Buffer;
use crate::simd::channel_blocks::{block, for_each_block};
use crate::simd::{Arch, on_vectors};

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

    #[inline(always)]
    fn pool(&self, image: &[f32], pooled: &mut [f32]) {
        let Window {
            channels,
            width,
            out_width,
            ..
        } = self.window;
        let share = self.share();
        for (row, line) in pooled.chunks_exact_mut(out_width * channels).enumerate() {
            for (column, means) in line.chunks_exact_mut(channels).enumerate() {
                let (rows, columns) = self.window.inside(row, column);
                for_each_block!(channels, |first, LANES| {
                    let mut sums = [0.0; LANES];
                    for y in rows.clone() {
                        for x in columns.clone() {
                            let pixel = (y * width + x) * channels + first;
                            let values = block::<_, LANES>(image, pixel);
                            for lane in 0..LANES {
                                sums[lane] += values[lane];
                            }
                        }
                    }
                    for lane in 0..LANES {
                        sums[lane] *= share;
                    }
                    means[first..first + LANES].copy_from_slice(&sums);
                });
            }
        }
    }

    /// Overwrites `gradient`: each pixel's is the sum over the windows that cover it.
    #[inline(always)]
    fn spread(&self, upstream: &[f32], gradient: &mut [f32]) {
        let Window {
            channels,
            width,
            out_width,
            ..
        } = self.window;
        let share = self.share();
        let lines = gradient.chunks_exact_mut(width * channels);
        for (rows, line) in self.window.rows_covering().zip(lines) {
            let pixels = line.chunks_exact_mut(channels);
            for (columns, pixel) in self.window.columns_covering().zip(pixels) {
                for_each_block!(channels, |first, LANES| {
                    let mut sums = [0.0; LANES];
                    for row in rows.clone() {
                        for column in columns.clone() {
                            let window = (row * out_width + column) * channels + first;
                            let values = block::<_, LANES>(upstream, window);
                            for lane in 0..LANES {
                                sums[lane] += values[lane] * share;
                            }
                        }
                    }
                    pixel[first..first + LANES].copy_from_slice(&sums);
                });
            }
        }
    }
}

impl Op for AvgPool2d {
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
        let gradients = dx.chunks_exact_mut(self.input_len());
        let upstream = saved.dy.chunks_exact(self.output_len());
        for (gradient, upstream) in gradients.zip(upstream) {
            on_vectors!(self.arch, self.spread(upstream, gradient));
        }
    }
}
