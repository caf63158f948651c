//! Max pooling. Of equal largest values the first gets the gradient, as in PyTorch.

use super::window::Window;
use super::{Op, Pass, Saved, Scratch};

/// The largest value of every window, channel by channel; padding never wins.
pub struct MaxPool2d {
    window: Window,
}

impl MaxPool2d {
    /// Pooling over these windows.
    pub fn new(window: Window) -> Self {
        Self { window }
    }

    /// Position in `channel` of the largest value of the window at `(row, column)`.
    #[inline]
    fn argmax(&self, channel: &[f32], row: usize, column: usize) -> usize {
        let (rows, columns) = self.window.inside(row, column);
        let mut best = rows.start * self.window.width + columns.start;
        for y in rows {
            for x in columns.clone() {
                let at = y * self.window.width + x;
                // NaN wins, so that a diverged network cannot hide behind pooling.
                if channel[at] > channel[best] || channel[at].is_nan() {
                    best = at;
                }
            }
        }
        best
    }
}

impl Op for MaxPool2d {
    fn input_len(&self) -> usize {
        self.window.channels * self.window.area()
    }

    fn output_len(&self) -> usize {
        self.window.channels * self.window.out_area()
    }

    fn forward(&self, _: Pass, _: usize, x: &[f32], y: &mut [f32], _: &mut Scratch) {
        let channels = x.chunks_exact(self.window.area());
        for (channel, pooled) in channels.zip(y.chunks_exact_mut(self.window.out_area())) {
            for (row, line) in pooled.chunks_exact_mut(self.window.out_width).enumerate() {
                for (column, value) in line.iter_mut().enumerate() {
                    *value = channel[self.argmax(channel, row, column)];
                }
            }
        }
    }

    fn backward(
        &self,
        _: Pass,
        _: usize,
        saved: Saved<'_>,
        dy: &[f32],
        dx: Option<&mut [f32]>,
        _: &mut Scratch,
        _: &mut [Vec<f32>],
    ) {
        let Some(dx) = dx else { return };
        dx.fill(0.0);
        let channels = saved.x.chunks_exact(self.window.area());
        let gradients = dx.chunks_exact_mut(self.window.area());
        let upstream = dy.chunks_exact(self.window.out_area());
        for ((channel, gradient), upstream) in channels.zip(gradients).zip(upstream) {
            for (row, line) in upstream.chunks_exact(self.window.out_width).enumerate() {
                for (column, value) in line.iter().enumerate() {
                    gradient[self.argmax(channel, row, column)] += value;
                }
            }
        }
    }
}
