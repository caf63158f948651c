//! Global average pooling (Lin, Chen & Yan 2014, <https://arxiv.org/abs/1312.4400>).

#![allow(
    clippy::needless_range_loop,
    reason = "the lanes of several arrays side by side"
)]

use super::memory::OpMemory;
use super::op::{Op, Place, Saved, Scratch};
use crate::nn::onnx::OnnxGraph;
use crate::nn::python::PythonLayer;
use crate::simd::buffer::Buffer;
use crate::simd::channel_blocks::{block, for_each_block};
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
        let channels = self.channels;
        for_each_block!(channels, |first, LANES| {
            let mut sums = [0.0; LANES];
            for pixel in 0..self.area {
                let values = block::<_, LANES>(image, pixel * channels + first);
                for lane in 0..LANES {
                    sums[lane] += values[lane];
                }
            }
            for lane in 0..LANES {
                sums[lane] /= self.area as f32;
            }
            means[first..first + LANES].copy_from_slice(&sums);
        });
    }

    #[inline(always)]
    fn spread(&self, upstream: &[f32], gradient: &mut [f32]) {
        let channels = self.channels;
        for_each_block!(channels, |first, LANES| {
            let mut shares = block::<_, LANES>(upstream, first);
            for lane in 0..LANES {
                shares[lane] /= self.area as f32;
            }
            for pixel in gradient.chunks_exact_mut(channels) {
                pixel[first..first + LANES].copy_from_slice(&shares);
            }
        });
    }
}

/// The layer as Python code.
pub fn python() -> PythonLayer {
    PythonLayer::new(
        "nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())",
        "layers.GlobalAveragePooling2D()",
    )
}

/// Adds the layer to a graph.
pub fn onnx(graph: &mut OnnxGraph, x: &str) -> String {
    let pooled = graph.node("GlobalAveragePool", &[x], Vec::new());
    graph.node("Flatten", &[&pooled], Vec::new())
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
