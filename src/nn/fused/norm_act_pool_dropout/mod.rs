//! Batch norm, activation, 2×2 max pooling and dropout in one pass over the values.
//!
//! Between a convolution and the next layer these four only read and write memory. Done together they
//! read the convolution's output once and write a quarter of it, and leave one byte per output value
//! for the backward pass: which pixel was the largest, on which side of 0, and whether it was dropped.

mod pixel;
#[cfg(test)]
mod tests;

use crate::nn::layers::window::Window;
use crate::nn::layers::{
    Activation, BatchNorm, Dropout, MaxPool2d, Op, Partial, Place, RunningStatistics, Saved,
    Scratch,
};
use crate::simd::buffer::Buffer;
use crate::simd::{Arch, on_vectors};
use pixel::{Tail, pool_pixel, sum_pixel, unpool_pixel, without_window};

/// Consecutive layers around a 2×2 max pooling, each but the pooling optional.
pub struct PooledActivation {
    parts: Parts,
    window: Window,
    /// Slope of the activation left of 0; 1 without an activation.
    negative_slope: f32,
    arch: Arch,
}

/// The layers, in their order.
pub struct Parts {
    /// In front of the activation.
    pub norm: Option<Box<BatchNorm>>,
    /// A line on either side of 0.
    pub activation: Option<Activation>,
    /// 2×2 windows.
    pub pool: MaxPool2d,
    /// Behind the pooling.
    pub dropout: Option<Dropout>,
}

impl Parts {
    /// Each part as an op of its own.
    pub fn into_ops(self) -> impl Iterator<Item = Box<dyn Op>> {
        let Self {
            norm,
            activation,
            pool,
            dropout,
        } = self;
        [
            norm.map(|op| op as Box<dyn Op>),
            activation.map(|op| Box::new(op) as Box<dyn Op>),
            Some(Box::new(pool)),
            dropout.map(|op| Box::new(op) as Box<dyn Op>),
        ]
        .into_iter()
        .flatten()
    }
}

/// A line per channel, `scale · x + shift`.
#[derive(Clone, Copy)]
struct Line<'a> {
    scale: &'a [f32],
    shift: &'a [f32],
}

impl PooledActivation {
    /// The parts as one op.
    ///
    /// # Errors
    /// The parts again if the activation bends the order of values, so that pooling before it and
    /// after it differ, or the pooling is not 2×2.
    pub fn new(parts: Parts) -> Result<Self, Box<Parts>> {
        let slope = match &parts.activation {
            Some(activation) => activation.negative_slope(),
            None => Some(1.0),
        };
        match slope {
            Some(negative_slope) if negative_slope >= 0.0 && parts.pool.is_two_by_two() => {
                Ok(Self {
                    window: parts.pool.window(),
                    negative_slope,
                    parts,
                    arch: Arch::new(),
                })
            }
            _ => Err(Box::new(parts)),
        }
    }

    fn ops(&self) -> impl Iterator<Item = &dyn Op> {
        let Parts {
            norm,
            activation,
            pool,
            dropout,
        } = &self.parts;
        [
            norm.as_deref().map(|op| op as &dyn Op),
            activation.as_ref().map(|op| op as &dyn Op),
            Some(pool),
            dropout.as_ref().map(|op| op as &dyn Op),
        ]
        .into_iter()
        .flatten()
    }

    fn line(&self) -> Option<Line<'_>> {
        let line = self.parts.norm.as_ref()?.forward_line();
        Some(Line {
            scale: &line.scale,
            shift: &line.shift,
        })
    }

    /// What a gradient is multiplied by where nothing was dropped.
    fn kept_scale(&self) -> f32 {
        let dropout = self.parts.dropout.as_ref();
        dropout.map_or(1.0, |dropout| dropout.rate().scale)
    }

    #[inline(always)]
    fn pool_image(&self, tail: Tail, x: &[f32], y: &mut [f32], notes: &mut [u8]) {
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
                match (self.line(), tail.dropout) {
                    (None, None) => pool_pixel([a, b, c, d], |_, x| x, |_| true, tail, y, notes),
                    (None, Some((key, rate))) => pool_pixel(
                        [a, b, c, d],
                        |_, x| x,
                        |channel| key.keeps(index + channel, rate),
                        tail,
                        y,
                        notes,
                    ),
                    (Some(line), None) => {
                        let (scale, shift) = (&line.scale[..channels], &line.shift[..channels]);
                        pool_pixel(
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
                        pool_pixel(
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
    fn sum_gradients(
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
            // An odd last line belongs to no window.
            image
                .chunks_exact(2 * width * channels)
                .take(self.window.out_height)
        });
        let upstream = saved.dy.chunks_exact(out_line);
        let upstream = upstream.zip(saved.notes.chunks_exact(out_line));
        // One line of windows is added up by itself first: sums of many values lose digits.
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
                sum_pixel(
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

    /// Overwrites `dx` of one image.
    #[inline(always)]
    fn unpool_image(&self, x: &[f32], dy: &[f32], notes: &[u8], dx: &mut [f32]) {
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
            match &self.parts.norm {
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
                    let back = norm.backward_line();
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
        match &self.parts.norm {
            None => rest.fill(0.0),
            Some(norm) => without_window(norm, &x[x.len() - rest.len()..], rest),
        }
    }
}

impl Op for PooledActivation {
    fn input_len(&self) -> usize {
        self.window.channels * self.window.area()
    }

    fn output_len(&self) -> usize {
        self.window.channels * self.window.out_area()
    }

    fn parameters_mut(&mut self) -> Vec<&mut [f32]> {
        let norm = self.parts.norm.as_deref_mut();
        norm.map_or_else(Vec::new, Op::parameters_mut)
    }

    fn needs_input(&self) -> bool {
        self.parts.norm.is_some()
    }

    fn notes_len(&self) -> usize {
        self.output_len()
    }

    fn statistics_len(&self) -> usize {
        self.parts.norm.as_deref().map_or(0, Op::statistics_len)
    }

    fn observe(&self, x: &[f32], sums: &mut [f32]) {
        if let Some(norm) = &self.parts.norm {
            norm.observe(x, sums);
        }
    }

    fn conclude(&mut self, partials: &[Partial<'_>]) {
        if let Some(norm) = &mut self.parts.norm {
            norm.conclude(partials);
        }
    }

    fn use_running_statistics(&mut self) {
        if let Some(norm) = &mut self.parts.norm {
            norm.use_running_statistics();
        }
    }

    fn forward(&self, place: Place, x: &[f32], y: &mut [f32], notes: &mut [u8], _: &mut Scratch) {
        let images = x.chunks_exact(self.input_len());
        let outputs = y
            .chunks_exact_mut(self.output_len())
            .zip(notes.chunks_exact_mut(self.output_len()));
        for (index, (x, (y, notes))) in images.zip(outputs).enumerate() {
            let dropout = self.parts.dropout.as_ref();
            let tail = Tail {
                negative_slope: self.negative_slope,
                dropout: dropout.and_then(|dropout| {
                    Some((
                        dropout.key(place.pass, place.image + index)?,
                        dropout.rate(),
                    ))
                }),
            };
            on_vectors!(self.arch, self.pool_image(tail, x, y, notes));
        }
    }

    fn observe_gradient(&self, saved: Saved<'_>, sums: &mut [f32]) {
        if let Some(norm) = &self.parts.norm {
            let (sums, products) = sums.split_at_mut(self.window.channels);
            sums.fill(0.0);
            products.fill(0.0);
            on_vectors!(
                self.arch,
                self.sum_gradients(saved, norm.mean(), sums, products)
            );
        }
    }

    fn conclude_gradient(&mut self, partials: &[Partial<'_>], gradients: &mut [Buffer]) {
        if let Some(norm) = &mut self.parts.norm {
            norm.conclude_gradient(partials, gradients);
        }
    }

    fn gradient_lens(&self) -> Vec<usize> {
        let norm = self.parts.norm.as_deref();
        norm.map_or_else(Vec::new, Op::gradient_lens)
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
        let (input_len, output_len) = (self.input_len(), self.output_len());
        for (index, dx) in dx.chunks_exact_mut(input_len).enumerate() {
            let outputs = index * output_len..(index + 1) * output_len;
            let x = if self.needs_input() {
                &saved.x[index * input_len..(index + 1) * input_len]
            } else {
                &[]
            };
            let (dy, notes) = (&saved.dy[outputs.clone()], &saved.notes[outputs]);
            on_vectors!(self.arch, self.unpool_image(x, dy, notes, dx));
        }
    }

    fn trace(&self, x: &[f32], scratch: &mut Scratch, outputs: &mut Vec<Vec<f32>>) -> Vec<f32> {
        let trace = |x: Vec<f32>, op: &dyn Op| op.trace(&x, scratch, outputs);
        self.ops().fold(x.to_vec(), trace)
    }

    fn running_statistics(&self) -> Option<&RunningStatistics> {
        self.parts.norm.as_ref()?.running_statistics()
    }

    fn running_statistics_mut(&mut self) -> Option<&mut RunningStatistics> {
        self.parts.norm.as_mut()?.running_statistics_mut()
    }
}
