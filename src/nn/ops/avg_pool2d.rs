//! Average pooling. Padding counts as zeros, as in PyTorch's default.

use super::window::Window;
use super::{Op, Place, Saved, Scratch};

/// The mean of every window, channel by channel.
pub struct AvgPool2d {
    window: Window,
}

impl AvgPool2d {
    /// Pooling over these windows.
    pub fn new(window: Window) -> Self {
        Self { window }
    }

    /// What one pixel's share of the mean is.
    fn share(&self) -> f32 {
        ((self.window.kernel_size * self.window.kernel_size) as f32).recip()
    }
}

impl Op for AvgPool2d {
    fn input_len(&self) -> usize {
        self.window.channels * self.window.area()
    }

    fn output_len(&self) -> usize {
        self.window.channels * self.window.out_area()
    }

    fn forward(&self, _: Place, x: &[f32], y: &mut [f32], _: &mut Scratch) {
        let channels = x.chunks_exact(self.window.area());
        for (channel, pooled) in channels.zip(y.chunks_exact_mut(self.window.out_area())) {
            for (row, line) in pooled.chunks_exact_mut(self.window.out_width).enumerate() {
                for (column, value) in line.iter_mut().enumerate() {
                    let (rows, columns) = self.window.inside(row, column);
                    let mut sum = 0.0;
                    for y in rows {
                        let start = y * self.window.width;
                        sum += channel[start + columns.start..start + columns.end]
                            .iter()
                            .sum::<f32>();
                    }
                    *value = sum * self.share();
                }
            }
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
        dx.fill(0.0);
        let gradients = dx.chunks_exact_mut(self.window.area());
        for (gradient, upstream) in gradients.zip(saved.dy.chunks_exact(self.window.out_area())) {
            for (row, line) in upstream.chunks_exact(self.window.out_width).enumerate() {
                for (column, value) in line.iter().enumerate() {
                    let (rows, columns) = self.window.inside(row, column);
                    for y in rows {
                        let start = y * self.window.width;
                        for pixel in &mut gradient[start + columns.start..start + columns.end] {
                            *pixel += value * self.share();
                        }
                    }
                }
            }
        }
    }
}
