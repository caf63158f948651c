//! Global average pooling (Lin, Chen & Yan 2014, <https://arxiv.org/abs/1312.4400>).

use super::memory::OpMemory;
use super::op::{Op, Place, Saved, Scratch};
use crate::simd::buffer::Buffer;
use crate::simd::{Arch, on_vectors};

/// The mean of each channel over the pixels: `[area, channels]` → `[channels]`.
pub struct GlobalAvgPool {
    channels: usize,
    area: usize,
    arch: Arch,
}

impl GlobalAvgPool {
    /// Pooling of `channels` channels of `area` pixels.
    pub fn new(channels: usize, area: usize) -> Self {
        Self {
            channels,
            area,
            arch: Arch::new(),
        }
    }

    #[inline(always)]
    fn pool(&self, image: &[f32], means: &mut [f32]) {
        means.fill(0.0);
        for pixel in image.chunks_exact(self.channels) {
            for (mean, value) in means.iter_mut().zip(pixel) {
                *mean += value;
            }
        }
        for mean in means {
            *mean /= self.area as f32;
        }
    }

    #[inline(always)]
    fn spread(&self, upstream: &[f32], gradient: &mut [f32]) {
        for pixel in gradient.chunks_exact_mut(self.channels) {
            for (gradient, value) in pixel.iter_mut().zip(upstream) {
                *gradient = value / self.area as f32;
            }
        }
    }
}

impl Op for GlobalAvgPool {
    fn input_len(&self) -> usize {
        self.channels * self.area
    }

    fn output_len(&self) -> usize {
        self.channels
    }

    fn memory(&self) -> OpMemory {
        OpMemory::default()
    }

    fn needs_input(&self) -> bool {
        false
    }

    fn forward(&self, _: Place, x: &[f32], y: &mut [f32], _: &mut [u8], _: &mut Scratch) {
        let images = x.chunks_exact(self.input_len());
        for (image, means) in images.zip(y.chunks_exact_mut(self.channels)) {
            on_vectors!(self.arch, self.pool(image, means));
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
        for (gradient, upstream) in gradients.zip(saved.dy.chunks_exact(self.channels)) {
            on_vectors!(self.arch, self.spread(upstream, gradient));
        }
    }
}
