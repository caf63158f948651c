//! Images through the fused op, window by window.

#![allow(
    clippy::needless_range_loop,
    reason = "the lanes of several arrays side by side"
)]

use super::op::NormActPoolDropout;
use super::placed::{Needs, Placed};
use super::window::{Ahead, Backward, Forward, PooledWindow, pool_window, without_window};
use crate::nn::layers::batch_norm::BatchNorm;
use crate::nn::layers::dropout::{MaskKey, Rate};
use crate::nn::layers::window::Window;
use crate::nn::layers::{Op, Saved};

impl NormActPoolDropout {
    /// The four pixels of a window of an image.
    #[inline(always)]
    fn pixels<'a>(&self, image: &'a [f32], row: usize, column: usize) -> [&'a [f32]; 4] {
        let Window {
            channels, width, ..
        } = self.window;
        let top = &image[2 * (row * width + column) * channels..];
        let (top, bottom) = (&top[..2 * channels], &top[width * channels..]);
        let bottom = &bottom[..2 * channels];
        let (a, b) = top.split_at(channels);
        let (c, d) = bottom.split_at(channels);
        [a, b, c, d]
    }

    /// How far away the window below is.
    #[inline(always)]
    fn ahead(&self) -> Ahead {
        let Window {
            channels,
            width,
            out_width,
            ..
        } = self.window;
        Ahead {
            pixels: 2 * width * channels,
            outputs: out_width * channels,
        }
    }

    /// What a window left in the forward pass of an image.
    #[inline(always)]
    fn pooled<'a, P: Placed>(
        &self,
        _: P,
        saved: Saved<'a>,
        row: usize,
        column: usize,
    ) -> PooledWindow<'a> {
        let channels = self.window.channels;
        let at = (row * self.window.out_width + column) * channels;
        PooledWindow {
            y: match P::NEEDS_OUTPUT {
                true => &saved.y[at..at + channels],
                false => &[],
            },
            notes: &saved.notes[at..at + channels],
            dy: &saved.dy[at..at + channels],
        }
    }

    /// The forward pass of one image.
    #[inline(always)]
    pub(super) fn pool_image<P: Placed>(
        &self,
        placed: P,
        dropout: Option<(MaskKey, Rate)>,
        x: &[f32],
        y: &mut [f32],
        notes: &mut [u8],
    ) {
        let Window {
            channels,
            out_width,
            ..
        } = self.window;
        let norm = self.layers.norm.as_ref().map(|norm| norm.forward_affine());
        let lines = y.chunks_exact_mut(out_width * channels);
        let lines = lines.zip(notes.chunks_exact_mut(out_width * channels));
        for (row, (y, notes)) in lines.enumerate() {
            let windows = y.chunks_exact_mut(channels);
            let windows = windows.zip(notes.chunks_exact_mut(channels));
            for (column, (y, notes)) in windows.enumerate() {
                let pixels = self.pixels(x, row, column);
                let index = ((row * out_width + column) * channels) as u32;
                // Each case is inlined by itself, without questions in its loop over the channels.
                let of = |norm, dropout| Forward {
                    norm,
                    placed,
                    dropout,
                    ahead: self.ahead(),
                };
                match (norm, dropout) {
                    (None, None) => pool_window(pixels, of(None, None), y, notes),
                    (None, Some((key, rate))) => {
                        pool_window(pixels, of(None, Some((key, rate, index))), y, notes);
                    }
                    (Some(line), None) => pool_window(pixels, of(Some(line), None), y, notes),
                    (Some(line), Some((key, rate))) => {
                        pool_window(pixels, of(Some(line), Some((key, rate, index))), y, notes);
                    }
                }
            }
        }
    }

    /// Writes each channel's Σ g and Σ g·(x - mean) over some images, `g` being the gradient at the batch
    /// norm's output, which only the largest pixel of each window has.
    #[inline(always)]
    pub(super) fn sum_gradients<P: Placed>(
        &self,
        placed: P,
        norm: &BatchNorm,
        saved: Saved<'_>,
        sums: &mut [f32],
        products: &mut [f32],
    ) {
        let Window {
            channels,
            out_height,
            out_width,
            ..
        } = self.window;
        let needs = Needs {
            input: true,
            output: P::NEEDS_OUTPUT,
        };
        let backward = self.backward_through(placed, Some(norm));
        let images = saved.dy.len() / self.output_len();
        sums.fill(0.0);
        products.fill(0.0);
        let mut parts = vec![0.0; 2 * channels];
        for image in 0..images {
            let saved = self.image(saved, image, needs);
            for row in 0..out_height {
                // A row is added up by itself first: sums of many values lose digits.
                parts.fill(0.0);
                let (sum, product) = parts.split_at_mut(channels);
                for column in 0..out_width {
                    let window = self.pooled(placed, saved, row, column);
                    let pixels = self.pixels(saved.x, row, column);
                    let parts = [&mut *sum, &mut *product];
                    backward.add_window(window, pixels, norm.mean(), parts);
                }
                for (sums, parts) in [(&mut *sums, sum), (&mut *products, product)] {
                    for (sum, part) in sums.iter_mut().zip(parts) {
                        *sum += *part;
                    }
                }
            }
        }
    }

    /// The backward pass of one image: overwrites `dx`.
    #[inline(always)]
    pub(super) fn unpool_image<P: Placed>(&self, placed: P, saved: Saved<'_>, dx: &mut [f32]) {
        let Window {
            channels,
            width,
            out_height,
            out_width,
            ..
        } = self.window;
        let norm = self.layers.norm.as_deref();
        let covered = out_width * 2 * channels;
        let mut lines = dx.chunks_exact_mut(2 * width * channels);
        for (row, lines) in (0..out_height).zip(lines.by_ref()) {
            let (top, bottom) = lines.split_at_mut(width * channels);
            let (top, top_rest) = top.split_at_mut(covered);
            let (bottom, bottom_rest) = bottom.split_at_mut(covered);
            let windows = top.chunks_exact_mut(2 * channels);
            let windows = windows.zip(bottom.chunks_exact_mut(2 * channels));
            for (column, (top, bottom)) in windows.enumerate() {
                let ((a, b), (c, d)) = (top.split_at_mut(channels), bottom.split_at_mut(channels));
                let window = self.pooled(placed, saved, row, column);
                match norm {
                    None => {
                        let pixels = P::NEEDS_INPUT.then(|| self.pixels(saved.x, row, column));
                        let backward = self.backward_through(placed, None);
                        backward.unpool_window(window, pixels, [a, b, c, d]);
                    }
                    Some(norm) => {
                        let pixels = Some(self.pixels(saved.x, row, column));
                        let backward = self.backward_through(placed, Some(norm));
                        backward.unpool_window(window, pixels, [a, b, c, d]);
                    }
                }
            }
            let after = (2 * row * width) * channels + covered;
            without(norm, saved.x, after, top_rest);
            without(norm, saved.x, after + width * channels, bottom_rest);
        }
        let last = out_height * 2 * width * channels;
        without(norm, saved.x, last, lines.into_remainder());
    }

    #[inline(always)]
    fn backward_through<'a, P: Placed>(
        &self,
        placed: P,
        norm: Option<&'a BatchNorm>,
    ) -> Backward<'a, P> {
        let dropout = self.layers.dropout.as_ref();
        Backward {
            norm,
            placed,
            ahead: self.ahead(),
            scale: dropout.map_or(1.0, |dropout| dropout.rate().scale),
        }
    }

    /// What the image at `index` left; empty where it is not needed.
    #[inline(always)]
    pub(super) fn image<'a>(&self, saved: Saved<'a>, index: usize, needs: Needs) -> Saved<'a> {
        let (input_len, output_len) = (self.input_len(), self.output_len());
        let outputs = index * output_len..(index + 1) * output_len;
        Saved {
            x: match needs.input {
                true => &saved.x[index * input_len..(index + 1) * input_len],
                false => &[],
            },
            y: match needs.output {
                true => &saved.y[outputs.clone()],
                false => &[],
            },
            notes: &saved.notes[outputs.clone()],
            dy: &saved.dy[outputs],
        }
    }
}

/// The gradient of pixels that no window covers, which begin at `start` in the image `x`.
#[inline(always)]
fn without(norm: Option<&BatchNorm>, x: &[f32], start: usize, dx: &mut [f32]) {
    match norm {
        None => dx.fill(0.0),
        Some(norm) => without_window(norm, &x[start..start + dx.len()], dx),
    }
}
