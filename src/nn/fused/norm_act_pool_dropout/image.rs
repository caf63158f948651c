//! One image through the fused op, window by window.

use super::op::NormActPoolDropout;
use super::window::{Tail, pool_window, sum_window, unpool_pixel, without_window};
use crate::nn::layers::window::Window;
use crate::nn::layers::{Op, Saved};

/// A line per channel, `scale · x + shift`.
#[derive(Clone, Copy)]
struct Affine<'a> {
    scale: &'a [f32],
    shift: &'a [f32],
}

impl NormActPoolDropout {
    fn affine(&self) -> Option<Affine<'_>> {
        let line = self.layers.norm.as_ref()?.forward_affine();
        Some(Affine {
            scale: &line.scale,
            shift: &line.shift,
        })
    }

    /// What a gradient is multiplied by where nothing was dropped.
    fn kept_scale(&self) -> f32 {
        let dropout = self.layers.dropout.as_ref();
        dropout.map_or(1.0, |dropout| dropout.rate().scale)
    }

    /// The forward pass of one image.
    #[inline(always)]
    pub(super) fn pool_image(&self, tail: Tail, x: &[f32], y: &mut [f32], notes: &mut [u8]) {
        let Window {
            channels, width, ..
        } = self.window;
        let out_line = self.window.out_width * channels;
        let lines = x.chunks_exact(2 * width * channels);
        let outputs = y.chunks_exact_mut(out_line);
        let mut index = 0;
        for ((lines, y), notes) in lines.zip(outputs).zip(notes.chunks_exact_mut(out_line)) {
            let (top, bottom) = lines.split_at(width * channels);
            let windows = top
                .chunks_exact(2 * channels)
                .zip(bottom.chunks_exact(2 * channels));
            let outputs = y
                .chunks_exact_mut(channels)
                .zip(notes.chunks_exact_mut(channels));
            for ((top, bottom), (y, notes)) in windows.zip(outputs) {
                let ((a, b), (c, d)) = (top.split_at(channels), bottom.split_at(channels));
                match (self.affine(), tail.dropout) {
                    (None, None) => pool_window([a, b, c, d], |_, x| x, |_| true, tail, y, notes),
                    (None, Some((key, rate))) => pool_window(
                        [a, b, c, d],
                        |_, x| x,
                        |channel| key.keeps(index + channel, rate),
                        tail,
                        y,
                        notes,
                    ),
                    (Some(line), None) => {
                        let (scale, shift) = (&line.scale[..channels], &line.shift[..channels]);
                        pool_window(
                            [a, b, c, d],
                            |channel, x| x * scale[channel] + shift[channel],
                            |_| true,
                            tail,
                            y,
                            notes,
                        );
                    }
                    (Some(line), Some((key, rate))) => {
                        let (scale, shift) = (&line.scale[..channels], &line.shift[..channels]);
                        pool_window(
                            [a, b, c, d],
                            |channel, x| x * scale[channel] + shift[channel],
                            |channel| key.keeps(index + channel, rate),
                            tail,
                            y,
                            notes,
                        );
                    }
                }
                index += channels as u32;
            }
        }
    }

    /// Adds up each channel's Σ g and Σ g·(x - mean), `g` being the gradient at the batch norm's
    /// output, which only the largest pixel of each window has.
    #[inline(always)]
    pub(super) fn sum_gradients(
        &self,
        saved: Saved<'_>,
        mean: &[f32],
        sums: &mut [f32],
        products: &mut [f32],
    ) {
        let Window {
            channels, width, ..
        } = self.window;
        let out_line = self.window.out_width * channels;
        let (slope, scale) = (self.negative_slope, self.kept_scale());
        let lines = saved.x.chunks_exact(self.input_len()).flat_map(|image| {
            // An odd last row belongs to no window.
            image
                .chunks_exact(2 * width * channels)
                .take(self.window.out_height)
        });
        let upstream = saved.dy.chunks_exact(out_line);
        let upstream = upstream.zip(saved.notes.chunks_exact(out_line));
        // One row of windows is added up by itself first: sums of many values lose digits.
        let (mut sum_part, mut product_part) = (vec![0.0; channels], vec![0.0; channels]);
        for (lines, (dy, notes)) in lines.zip(upstream) {
            let (top, bottom) = lines.split_at(width * channels);
            let windows = top
                .chunks_exact(2 * channels)
                .zip(bottom.chunks_exact(2 * channels));
            let upstream = dy.chunks_exact(channels).zip(notes.chunks_exact(channels));
            sum_part.fill(0.0);
            product_part.fill(0.0);
            for ((top, bottom), (dy, notes)) in windows.zip(upstream) {
                let ((a, b), (c, d)) = (top.split_at(channels), bottom.split_at(channels));
                sum_window(
                    [a, b, c, d],
                    [dy, mean],
                    notes,
                    [slope, scale],
                    &mut sum_part,
                    &mut product_part,
                );
            }
            for (sum, part) in sums.iter_mut().zip(&sum_part) {
                *sum += part;
            }
            for (product, part) in products.iter_mut().zip(&product_part) {
                *product += part;
            }
        }
    }

    /// The backward pass of one image: overwrites `dx`.
    #[inline(always)]
    pub(super) fn unpool_image(&self, x: &[f32], dy: &[f32], notes: &[u8], dx: &mut [f32]) {
        let Window {
            channels, width, ..
        } = self.window;
        let out_line = self.window.out_width * channels;
        let factors = [self.negative_slope, self.kept_scale()];
        let pair = 2 * width * channels;
        let covered = self.window.out_width * 2 * channels;
        let upstream = dy.chunks_exact(out_line).zip(notes.chunks_exact(out_line));
        let mut gradients = dx.chunks_exact_mut(pair);
        for ((line, (dy, notes)), gradients) in (0..).zip(upstream).zip(gradients.by_ref()) {
            let (top_dx, bottom_dx) = gradients.split_at_mut(width * channels);
            let (top_dx, top_rest) = top_dx.split_at_mut(covered);
            let (bottom_dx, bottom_rest) = bottom_dx.split_at_mut(covered);
            let upstream = dy.chunks_exact(channels).zip(notes.chunks_exact(channels));
            let gradients = top_dx
                .chunks_exact_mut(2 * channels)
                .zip(bottom_dx.chunks_exact_mut(2 * channels));
            match &self.layers.norm {
                None => {
                    for ((dy, notes), (top, bottom)) in upstream.zip(gradients) {
                        let ((a, b), (c, d)) =
                            (top.split_at_mut(channels), bottom.split_at_mut(channels));
                        for (pixel, dx) in (0..).zip([a, b, c, d]) {
                            unpool_pixel(pixel, dy, notes, factors, dx, |_, g| g);
                        }
                    }
                    top_rest.fill(0.0);
                    bottom_rest.fill(0.0);
                }
                Some(norm) => {
                    let back = norm.backward_affine();
                    let scale = &back.scale[..channels];
                    let (slope, shift) = (&back.slope[..channels], &back.shift[..channels]);
                    let (top_x, bottom_x) =
                        x[line * pair..(line + 1) * pair].split_at(width * channels);
                    let windows = top_x
                        .chunks_exact(2 * channels)
                        .zip(bottom_x.chunks_exact(2 * channels));
                    for (((dy, notes), (top, bottom)), (top_x, bottom_x)) in
                        upstream.zip(gradients).zip(windows)
                    {
                        let ((a, b), (c, d)) =
                            (top.split_at_mut(channels), bottom.split_at_mut(channels));
                        let ((xa, xb), (xc, xd)) =
                            (top_x.split_at(channels), bottom_x.split_at(channels));
                        for (pixel, (dx, x)) in (0..).zip([(a, xa), (b, xb), (c, xc), (d, xd)]) {
                            let x = &x[..channels];
                            unpool_pixel(pixel, dy, notes, factors, dx, |channel, g| {
                                scale[channel] * g + (slope[channel] * x[channel] + shift[channel])
                            });
                        }
                    }
                    without_window(norm, &top_x[covered..], top_rest);
                    without_window(norm, &bottom_x[covered..], bottom_rest);
                }
            }
        }
        let rest = gradients.into_remainder();
        match &self.layers.norm {
            None => rest.fill(0.0),
            Some(norm) => without_window(norm, &x[x.len() - rest.len()..], rest),
        }
    }
}
