//! Global average pooling (Lin, Chen & Yan 2014, <https://arxiv.org/abs/1312.4400>).

use super::reduce;
use super::{Op, Place, Saved, Scratch};

/// The mean of each channel: `[channels, area]` → `[channels]`.
pub struct GlobalAvgPool {
    channels: usize,
    area: usize,
}

impl GlobalAvgPool {
    /// Pooling of `channels` channels of `area` pixels.
    pub fn new(channels: usize, area: usize) -> Self {
        Self { channels, area }
    }
}

impl Op for GlobalAvgPool {
    fn input_len(&self) -> usize {
        self.channels * self.area
    }

    fn output_len(&self) -> usize {
        self.channels
    }

    fn forward(&self, _: Place, x: &[f32], y: &mut [f32], _: &mut Scratch) {
        for (channel, mean) in x.chunks_exact(self.area).zip(y) {
            *mean = reduce::sum(channel) / self.area as f32;
        }
    }

    fn backward(
        &self,
        _: Place,
        saved: Saved<'_>,
        dx: Option<&mut [f32]>,
        _: &mut Scratch,
        _: &mut [Vec<f32>],
    ) {
        let Some(dx) = dx else { return };
        for (channel, upstream) in dx.chunks_exact_mut(self.area).zip(saved.dy) {
            channel.fill(upstream / self.area as f32);
        }
    }
}
