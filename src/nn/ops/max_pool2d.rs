//! Max pooling. Of equal largest values the first gets the gradient, as in PyTorch.

use super::window::Window;
use super::{Op, Place, Saved, Scratch};

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

    /// Whether every pixel belongs to exactly one 2×2 window, or to none at an odd edge: by far the
    /// most common pooling, and one without searching.
    fn is_two_by_two(&self) -> bool {
        self.window.kernel_size == 2 && self.window.stride == 2 && self.window.padding == 0
    }
}

/// The larger of two values, the first of equals; NaN wins.
#[inline]
fn larger(first: f32, second: f32) -> f32 {
    if second > first || second.is_nan() {
        second
    } else {
        first
    }
}

/// Pools two lines of pixels into one line of windows.
fn pool_lines(top: &[f32], bottom: &[f32], pooled: &mut [f32]) {
    let pairs = top.as_chunks::<2>().0.iter().zip(bottom.as_chunks::<2>().0);
    for (value, ([a, b], [c, d])) in pooled.iter_mut().zip(pairs) {
        *value = larger(larger(*a, *b), larger(*c, *d));
    }
}

/// Sends each window's gradient to its largest pixel, overwriting the gradients of both lines.
fn unpool_lines(
    top: &[f32],
    bottom: &[f32],
    upstream: &[f32],
    top_gradient: &mut [f32],
    bottom_gradient: &mut [f32],
) {
    let pixels = top.as_chunks::<2>().0.iter().zip(bottom.as_chunks::<2>().0);
    let top_gradient = top_gradient.as_chunks_mut::<2>().0.iter_mut();
    let gradients = top_gradient.zip(bottom_gradient.as_chunks_mut::<2>().0);
    for ((([a, b], [c, d]), (top, bottom)), g) in pixels.zip(gradients).zip(upstream) {
        let below = larger(*c, *d) > larger(*a, *b);
        let (in_top, in_bottom) = if below { (0.0, *g) } else { (*g, 0.0) };
        *top = if b > a { [0.0, in_top] } else { [in_top, 0.0] };
        *bottom = if d > c {
            [0.0, in_bottom]
        } else {
            [in_bottom, 0.0]
        };
    }
}

impl Op for MaxPool2d {
    fn input_len(&self) -> usize {
        self.window.channels * self.window.area()
    }

    fn output_len(&self) -> usize {
        self.window.channels * self.window.out_area()
    }

    fn forward(&self, _: Place, x: &[f32], y: &mut [f32], _: &mut Scratch) {
        let channels = x.chunks_exact(self.window.area());
        for (channel, pooled) in channels.zip(y.chunks_exact_mut(self.window.out_area())) {
            if self.is_two_by_two() {
                let width = self.window.width;
                let lines = channel.chunks_exact(2 * width);
                for (lines, pooled) in lines.zip(pooled.chunks_exact_mut(self.window.out_width)) {
                    let (top, bottom) = lines.split_at(width);
                    pool_lines(top, bottom, pooled);
                }
                continue;
            }
            for (row, line) in pooled.chunks_exact_mut(self.window.out_width).enumerate() {
                for (column, value) in line.iter_mut().enumerate() {
                    *value = channel[self.argmax(channel, row, column)];
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
        // Every window of 2×2 writes its pixels; only an odd edge, or overlaps, need zeros first.
        if !self.is_two_by_two() || self.window.height % 2 == 1 || self.window.width % 2 == 1 {
            dx.fill(0.0);
        }
        let channels = saved.x.chunks_exact(self.window.area());
        let gradients = dx.chunks_exact_mut(self.window.area());
        let upstream = saved.dy.chunks_exact(self.window.out_area());
        for ((channel, gradient), upstream) in channels.zip(gradients).zip(upstream) {
            if self.is_two_by_two() {
                let width = self.window.width;
                let lines = channel.chunks_exact(2 * width);
                let gradient_lines = gradient.chunks_exact_mut(2 * width);
                let upstream_lines = upstream.chunks_exact(self.window.out_width);
                for ((lines, gradients), upstream) in lines.zip(gradient_lines).zip(upstream_lines)
                {
                    let (top, bottom) = lines.split_at(width);
                    let (top_gradient, bottom_gradient) = gradients.split_at_mut(width);
                    unpool_lines(top, bottom, upstream, top_gradient, bottom_gradient);
                }
                continue;
            }
            for (row, line) in upstream.chunks_exact(self.window.out_width).enumerate() {
                for (column, value) in line.iter().enumerate() {
                    gradient[self.argmax(channel, row, column)] += value;
                }
            }
        }
    }
}
