//! Average pooling. Padding counts as zeros, as in PyTorch's default.

use super::memory::OpMemory;
use super::op::{Op, Place, Saved, Scratch};
use super::window::Window;
use crate::simd::buffer::Buffer;
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

    /// Start of every pixel inside window `index`.
    #[inline(always)]
    fn pixels(&self, index: usize) -> impl Iterator<Item = usize> {
        let window = self.window;
        let (rows, columns) = window.inside(index / window.out_width, index % window.out_width);
        rows.flat_map(move |y| {
            columns
                .clone()
                .map(move |x| (y * window.width + x) * window.channels)
        })
    }

    #[inline(always)]
    fn pool(&self, image: &[f32], pooled: &mut [f32]) {
        let channels = self.window.channels;
        for (index, means) in pooled.chunks_exact_mut(channels).enumerate() {
            means.fill(0.0);
            for start in self.pixels(index) {
                for (mean, value) in means.iter_mut().zip(&image[start..start + channels]) {
                    *mean += value;
                }
            }
            for mean in means {
                *mean *= self.share();
            }
        }
    }

    #[inline(always)]
    fn spread(&self, upstream: &[f32], gradient: &mut [f32]) {
        let channels = self.window.channels;
        gradient.fill(0.0);
        for (index, values) in upstream.chunks_exact(channels).enumerate() {
            for start in self.pixels(index) {
                let pixel = &mut gradient[start..start + channels];
                for (gradient, value) in pixel.iter_mut().zip(values) {
                    *gradient += value * self.share();
                }
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
