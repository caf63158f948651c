//! The arithmetic of one 2×2 window: all channels of its four pixels, a block at a time.

#![allow(
    clippy::needless_range_loop,
    reason = "the lanes of several arrays side by side"
)]

use super::placed::{Largest, Placed};
use crate::nn::fused::blocks::{
    add_terms, for_each_block_of_16, load_ahead, load_back, load_four, load_line, normalized,
    through,
};
use crate::nn::layers::batch_norm::{BatchNorm, ForwardAffine};
use crate::nn::layers::dropout::{MaskKey, Rate};
use crate::nn::layers::max_pool2d::wins;
use crate::simd::channel_blocks::ask_for_block;

/// Bits of a note: which of the four pixels was the largest.
const PIXEL: u8 = 0b0011;
/// The largest value was not above 0.
const NEGATIVE: u8 = 0b0100;
/// Dropout zeroed the output.
const DROPPED: u8 = 0b1000;

/// How many values later the window is that is asked for while one is computed.
#[derive(Clone, Copy)]
pub(super) struct Ahead {
    /// In the input.
    pub(super) pixels: usize,
    /// In outputs and notes.
    pub(super) outputs: usize,
}

/// What happens to the values of a window.
#[derive(Clone, Copy)]
pub(super) struct Forward<'a, P> {
    pub(super) norm: Option<&'a ForwardAffine>,
    pub(super) placed: P,
    pub(super) ahead: Ahead,
    /// With the index of the window's first output.
    pub(super) dropout: Option<(MaskKey, Rate, u32)>,
}

/// The largest of four pixels through all layers.
#[inline(always)]
pub(super) fn pool_window<P: Placed>(
    pixels: [&[f32]; 4],
    forward: Forward<'_, P>,
    y: &mut [f32],
    notes: &mut [u8],
) {
    let Forward {
        norm,
        placed,
        ahead,
        dropout,
    } = forward;
    for_each_block_of_16!(y.len(), is_cheap::<P>(), |first, LANES, len| {
        let [a, b, c, d] = load_four::<LANES>(pixels, first, len, ahead.pixels);
        ask_for_block::<_, LANES>(y, first + ahead.outputs);
        ask_for_block::<_, LANES>(notes, first + ahead.outputs);
        let line = load_line::<LANES>(norm, first, len);
        // One pixel after the other: a loop with four long functions in it would not be vectorised.
        let a = before(placed, &line, &a);
        let b = before(placed, &line, &b);
        let c = before(placed, &line, &c);
        let d = before(placed, &line, &d);
        let (mut outputs, mut noted) = ([0.0; LANES], [0_u8; LANES]);
        for lane in 0..LANES {
            let (mut best, mut note) = (a[lane], 0_u32);
            for (pixel, value) in [(1, b[lane]), (2, c[lane]), (3, d[lane])] {
                let wins = wins(value, best);
                best = if wins { value } else { best };
                note = if wins { pixel } else { note };
            }
            note |= if best > 0.0 { 0 } else { u32::from(NEGATIVE) };
            let active = placed.after(best);
            outputs[lane] = match dropout {
                None => active,
                Some((key, rate, index)) => {
                    let kept = key.keeps(index + (first + lane) as u32, rate);
                    note |= if kept { 0 } else { u32::from(DROPPED) };
                    if kept { active * rate.scale } else { 0.0 }
                }
            };
            noted[lane] = note as u8;
        }
        y[first..first + len].copy_from_slice(&outputs[..len]);
        notes[first..first + len].copy_from_slice(&noted[..len]);
    });
}

/// A block of a pixel through what comes before the pooling.
#[inline(always)]
fn before<P: Placed, const LANES: usize>(
    placed: P,
    line: &Option<[[f32; LANES]; 2]>,
    pixel: &[f32; LANES],
) -> [f32; LANES] {
    let mut values = [0.0; LANES];
    for lane in 0..LANES {
        values[lane] = placed.before(normalized(line, lane, pixel[lane]));
    }
    values
}

/// Whether `P` has no exponential.
#[inline(always)]
pub(super) fn is_cheap<P: Placed>() -> bool {
    !P::NEEDS_INPUT && !P::NEEDS_OUTPUT
}

/// What happens to the gradient of a window.
#[derive(Clone, Copy)]
pub(super) struct Backward<'a, P> {
    pub(super) norm: Option<&'a BatchNorm>,
    pub(super) placed: P,
    pub(super) ahead: Ahead,
    /// Dropout's factor where nothing was dropped.
    pub(super) scale: f32,
}

/// What a window left in the forward pass, and its output's gradient.
#[derive(Clone, Copy)]
pub(super) struct PooledWindow<'a> {
    /// The output, if the activation needs it.
    pub(super) y: &'a [f32],
    pub(super) notes: &'a [u8],
    pub(super) dy: &'a [f32],
}

/// The value of the largest pixel of each window.
#[inline(always)]
fn largest<const LANES: usize>(notes: &[u8; LANES], pixels: &[[f32; LANES]; 4]) -> [f32; LANES] {
    let mut values = [0.0; LANES];
    for lane in 0..LANES {
        let note = u32::from(notes[lane]);
        // Read before it is known which one is asked for: a choice among values, not among addresses.
        let [a, b, c, d] = [0, 1, 2, 3].map(|pixel| pixels[pixel][lane]);
        let top = if note & 1 == 0 { a } else { b };
        let bottom = if note & 1 == 0 { c } else { d };
        values[lane] = if note & 2 == 0 { top } else { bottom };
    }
    values
}

impl<P: Placed> Backward<'_, P> {
    /// The gradient of a block of channels at the largest pixel, whose values are `x`, before dropout and
    /// activation in the order of the layers.
    #[inline(always)]
    fn gradient<const LANES: usize>(
        &self,
        window: PooledWindow<'_>,
        first: usize,
        len: usize,
        notes: &[u8; LANES],
        x: &[f32; LANES],
    ) -> [f32; LANES] {
        let dy = load_ahead::<_, LANES>(window.dy, first, len, self.ahead.outputs);
        let y = match P::NEEDS_OUTPUT {
            true => load_ahead::<_, LANES>(window.y, first, len, self.ahead.outputs),
            false => [0.0; LANES],
        };
        let line = match (P::NEEDS_INPUT, self.norm) {
            (true, Some(norm)) => load_line::<LANES>(Some(norm.forward_affine()), first, len),
            _ => None,
        };
        let unscale = self.scale.recip();
        let mut gradients = [0.0; LANES];
        for lane in 0..LANES {
            let note = notes[lane];
            let largest = Largest {
                is_negative: note & NEGATIVE != 0,
                output: y[lane] * unscale,
                input: normalized(&line, lane, x[lane]),
            };
            let kept = dy[lane] * self.scale * self.placed.derivative(largest);
            gradients[lane] = if note & DROPPED == 0 { kept } else { 0.0 };
        }
        gradients
    }

    /// Adds the window's terms of each channel's Σ g and Σ g·(x - mean).
    #[inline(always)]
    pub(super) fn add_window(
        &self,
        window: PooledWindow<'_>,
        pixels: [&[f32]; 4],
        mean: &[f32],
        [sums, products]: [&mut [f32]; 2],
    ) {
        let channels = mean.len();
        for_each_block_of_16!(channels, is_cheap::<P>(), |first, LANES, len| {
            let notes = load_ahead::<_, LANES>(window.notes, first, len, self.ahead.outputs);
            let pixels = load_four::<LANES>(pixels, first, len, self.ahead.pixels);
            let x = largest(&notes, &pixels);
            let g = self.gradient(window, first, len, &notes, &x);
            add_terms(&[g, x], mean, [&mut *sums, &mut *products], (first, len));
        });
    }

    /// The gradient of the window's four pixels, through the batch norm if there is one.
    #[inline(always)]
    pub(super) fn unpool_window(
        &self,
        window: PooledWindow<'_>,
        pixels: Option<[&[f32]; 4]>,
        dx: [&mut [f32]; 4],
    ) {
        let channels = window.dy.len();
        let [a, b, c, d] = dx;
        for_each_block_of_16!(channels, is_cheap::<P>(), |first, LANES, len| {
            let notes = load_ahead::<_, LANES>(window.notes, first, len, self.ahead.outputs);
            let pixels = match pixels {
                Some(pixels) => load_four::<LANES>(pixels, first, len, self.ahead.pixels),
                None => [[0.0; LANES]; 4],
            };
            let x = match P::NEEDS_INPUT {
                true => largest(&notes, &pixels),
                false => [0.0; LANES],
            };
            let g = self.gradient(window, first, len, &notes, &x);
            let line = self.norm.map(BatchNorm::backward_affine);
            let line = load_back::<LANES>(line, first, len);
            for (pixel, dx) in [&mut *a, &mut *b, &mut *c, &mut *d].into_iter().enumerate() {
                let x = &pixels[pixel];
                let mut gradients = [0.0; LANES];
                for lane in 0..LANES {
                    let is_here = notes[lane] & PIXEL == pixel as u8;
                    let g = if is_here { g[lane] } else { 0.0 };
                    gradients[lane] = through(&line, lane, g, x[lane]);
                }
                dx[first..first + len].copy_from_slice(&gradients[..len]);
            }
        });
    }
}

/// Batch norm's gradient of pixels that no window covers.
#[inline(always)]
pub(super) fn without_window(norm: &BatchNorm, x: &[f32], dx: &mut [f32]) {
    let back = norm.backward_affine();
    let channels = back.slope.len();
    for (x, dx) in x.chunks_exact(channels).zip(dx.chunks_exact_mut(channels)) {
        for (((dx, x), slope), shift) in dx.iter_mut().zip(x).zip(&back.slope).zip(&back.shift) {
            *dx = slope * x + shift;
        }
    }
}
