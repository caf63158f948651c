//! The arithmetic of one 2×2 window: all channels of its four pixels, a block at a time.

#![allow(
    clippy::needless_range_loop,
    reason = "the lanes of several arrays side by side"
)]

use super::placed::{Largest, Placed};
use crate::nn::fused::blocks::{
    for_each_block_of_16, load, load_back, load_four, load_line, normalized, through,
};
use crate::nn::layers::batch_norm::{BatchNorm, ForwardAffine};
use crate::nn::layers::dropout::{MaskKey, Rate};
use crate::nn::layers::max_pool2d::wins;

/// Bits of a note: which of the four pixels was the largest.
const PIXEL: u8 = 0b0011;
/// The largest value was not above 0.
const NEGATIVE: u8 = 0b0100;
/// Dropout zeroed the output.
const DROPPED: u8 = 0b1000;

/// What happens to the values of a window.
#[derive(Clone, Copy)]
pub(super) struct Forward<'a, P> {
    pub(super) norm: Option<&'a ForwardAffine>,
    pub(super) placed: P,
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
        dropout,
    } = forward;
    for_each_block_of_16!(y.len(), is_cheap::<P>(), |first, LANES, len| {
        let [a, b, c, d] = load_four::<LANES>(pixels, first, len);
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
    /// Dropout's factor where nothing was dropped.
    pub(super) scale: f32,
}

/// What a window left in the forward pass, and its output's gradient.
#[derive(Clone, Copy)]
pub(super) struct PooledWindow<'a> {
    /// The four pixels, if there is a batch norm or the activation needs its input.
    pub(super) pixels: Option<[&'a [f32]; 4]>,
    /// The output, if the activation needs it.
    pub(super) y: &'a [f32],
    pub(super) notes: &'a [u8],
    pub(super) dy: &'a [f32],
}

/// The gradient of a block of channels at the largest pixel.
struct Gradient<const LANES: usize> {
    /// Before dropout and activation in the order of the layers.
    g: [f32; LANES],
    /// Zeros where there are no pixels.
    pixels: [[f32; LANES]; 4],
    /// The largest pixel.
    x: [f32; LANES],
    notes: [u8; LANES],
}

impl<P: Placed> Backward<'_, P> {
    #[inline(always)]
    fn gradient<const LANES: usize>(
        &self,
        window: PooledWindow<'_>,
        first: usize,
        len: usize,
    ) -> Gradient<LANES> {
        let notes = load::<_, LANES>(window.notes, first, len);
        let dy = load::<_, LANES>(window.dy, first, len);
        let y = match P::NEEDS_OUTPUT {
            true => load::<_, LANES>(window.y, first, len),
            false => [0.0; LANES],
        };
        let pixels = match window.pixels {
            Some(pixels) => load_four::<LANES>(pixels, first, len),
            None => [[0.0; LANES]; 4],
        };
        let line = match (P::NEEDS_INPUT, self.norm) {
            (true, Some(norm)) => load_line::<LANES>(Some(norm.forward_affine()), first, len),
            _ => None,
        };
        let unscale = self.scale.recip();
        let (mut g, mut x) = ([0.0; LANES], [0.0; LANES]);
        for lane in 0..LANES {
            let note = u32::from(notes[lane]);
            let [a, b, c, d] = &pixels;
            let top = if note & 1 == 0 { a[lane] } else { b[lane] };
            let bottom = if note & 1 == 0 { c[lane] } else { d[lane] };
            x[lane] = if note & 2 == 0 { top } else { bottom };
            let largest = Largest {
                is_negative: note & u32::from(NEGATIVE) != 0,
                output: y[lane] * unscale,
                input: normalized(&line, lane, x[lane]),
            };
            let kept = dy[lane] * self.scale * self.placed.derivative(largest);
            g[lane] = if note & u32::from(DROPPED) == 0 {
                kept
            } else {
                0.0
            };
        }
        Gradient {
            g,
            pixels,
            x,
            notes,
        }
    }

    /// Adds the window's terms of each channel's Σ g and Σ g·(x - mean), for a block of channels.
    #[inline(always)]
    pub(super) fn add_window<const LANES: usize>(
        &self,
        window: PooledWindow<'_>,
        first: usize,
        len: usize,
        mean: &[f32; LANES],
        [sums, products]: &mut [[f32; LANES]; 2],
    ) {
        let Gradient { g, x, .. } = self.gradient::<LANES>(window, first, len);
        for lane in 0..LANES {
            sums[lane] += g[lane];
            products[lane] += g[lane] * (x[lane] - mean[lane]);
        }
    }

    /// The gradient of the window's four pixels, through the batch norm if there is one.
    #[inline(always)]
    pub(super) fn unpool_window(&self, window: PooledWindow<'_>, dx: [&mut [f32]; 4]) {
        let channels = window.dy.len();
        if is_cheap::<P>() {
            self.unpool_each(window, dx);
            return;
        }
        let [a, b, c, d] = dx;
        for_each_block_of_16!(channels, false, |first, LANES, len| {
            let Gradient {
                g, pixels, notes, ..
            } = self.gradient::<LANES>(window, first, len);
            let line = self.norm.map(BatchNorm::backward_affine);
            let line = load_back::<LANES>(line, first, len);
            for (pixel, dx) in [&mut *a, &mut *b, &mut *c, &mut *d].into_iter().enumerate() {
                let x = &pixels[pixel];
                let mut gradients = [0.0; LANES];
                for lane in 0..LANES {
                    let is_here = u32::from(notes[lane] & PIXEL) == pixel as u32;
                    let g = if is_here { g[lane] } else { 0.0 };
                    gradients[lane] = through(&line, lane, g, x[lane]);
                }
                dx[first..first + len].copy_from_slice(&gradients[..len]);
            }
        });
    }

    /// The same, pixel by pixel: where the derivative follows from the notes, that reads each of them
    /// once.
    #[inline(always)]
    fn unpool_each(&self, window: PooledWindow<'_>, dx: [&mut [f32]; 4]) {
        for (pixel, dx) in (0..).zip(dx) {
            match (self.norm, window.pixels) {
                (Some(norm), Some(pixels)) => {
                    let back = norm.backward_affine();
                    let channels = dx.len();
                    let x = &pixels[usize::from(pixel)][..channels];
                    let scale = &back.scale[..channels];
                    let (slope, shift) = (&back.slope[..channels], &back.shift[..channels]);
                    self.unpool_pixel(pixel, window, dx, |channel, g| {
                        scale[channel] * g + (slope[channel] * x[channel] + shift[channel])
                    });
                }
                _ => self.unpool_pixel(pixel, window, dx, |_, g| g),
            }
        }
    }

    #[inline(always)]
    fn unpool_pixel(
        &self,
        pixel: u8,
        window: PooledWindow<'_>,
        dx: &mut [f32],
        through: impl Fn(usize, f32) -> f32,
    ) {
        let channels = dx.len();
        let (dy, notes) = (&window.dy[..channels], &window.notes[..channels]);
        for channel in 0..channels {
            let note = notes[channel];
            let largest = Largest {
                is_negative: note & NEGATIVE != 0,
                output: 0.0,
                input: 0.0,
            };
            let g = dy[channel] * self.scale * self.placed.derivative(largest);
            let is_here = note & (PIXEL | DROPPED) == pixel;
            dx[channel] = through(channel, if is_here { g } else { 0.0 });
        }
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
