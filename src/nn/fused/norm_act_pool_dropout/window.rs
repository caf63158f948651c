//! The arithmetic of one 2×2 window: all channels of its four pixels.

use crate::nn::layers::BatchNorm;
use crate::nn::layers::dropout::{MaskKey, Rate};
use crate::nn::layers::max_pool2d::wins;

/// Bits of a note: which of the four pixels was the largest.
const PIXEL: u8 = 0b0011;
/// The largest value was not above 0.
const NEGATIVE: u8 = 0b0100;
/// Dropout zeroed the output.
const DROPPED: u8 = 0b1000;

/// What happens to the largest value of a window: activation and dropout.
#[derive(Clone, Copy)]
pub(super) struct Tail {
    pub(super) negative_slope: f32,
    pub(super) dropout: Option<(MaskKey, Rate)>,
}

/// The largest of four pixels, `normalized`, through the activation and dropout.
#[inline(always)]
pub(super) fn pool_window(
    pixels: [&[f32]; 4],
    normalized: impl Fn(usize, f32) -> f32,
    keeps: impl Fn(u32) -> bool,
    tail: Tail,
    y: &mut [f32],
    notes: &mut [u8],
) {
    let channels = y.len();
    let [a, b, c, d] = pixels.map(|pixel| &pixel[..channels]);
    let notes = &mut notes[..channels];
    let scale = tail.dropout.map_or(1.0, |(_, rate)| rate.scale);
    for channel in 0..channels {
        let mut best = normalized(channel, a[channel]);
        let mut note = 0_u32;
        for (pixel, x) in [(1, b[channel]), (2, c[channel]), (3, d[channel])] {
            let value = normalized(channel, x);
            let wins = wins(value, best);
            best = if wins { value } else { best };
            note = if wins { pixel } else { note };
        }
        let positive = best > 0.0;
        note |= if positive { 0 } else { u32::from(NEGATIVE) };
        // Written so that NaN stays NaN: it must be seen that a network has diverged.
        let below = if tail.negative_slope == 0.0 {
            0.0
        } else {
            tail.negative_slope * best
        };
        let active = if best < 0.0 { below } else { best };
        let kept = keeps(channel as u32);
        note |= if kept { 0 } else { u32::from(DROPPED) };
        y[channel] = if kept { active * scale } else { 0.0 };
        notes[channel] = note as u8;
    }
}

/// The gradient at the largest pixel of the window, before dropout and activation in the order of the
/// layers.
#[inline(always)]
fn upstream(dy: f32, note: u8, [slope, scale]: [f32; 2]) -> f32 {
    let g = if note & NEGATIVE == 0 {
        dy * scale
    } else {
        dy * scale * slope
    };
    if note & DROPPED == 0 { g } else { 0.0 }
}

/// Adds the window's terms of each channel's Σ g and Σ g·(x - mean).
#[inline(always)]
pub(super) fn sum_window(
    pixels: [&[f32]; 4],
    [dy, mean]: [&[f32]; 2],
    notes: &[u8],
    factors: [f32; 2],
    sums: &mut [f32],
    products: &mut [f32],
) {
    // Blocks of values in arrays: the compiler can then see that nothing overlaps.
    const BLOCK: usize = 16;
    let channels = sums.len();
    let whole = channels / BLOCK * BLOCK;
    let [a, b, c, d] = pixels;
    for start in (0..whole).step_by(BLOCK) {
        let block = |values: &[f32]| -> [f32; BLOCK] {
            let mut copy = [0.0; BLOCK];
            copy.copy_from_slice(&values[start..start + BLOCK]);
            copy
        };
        let pixels = [block(a), block(b), block(c), block(d)];
        let (dy, mean) = (block(dy), block(mean));
        let (mut sum, mut product) = (block(sums), block(products));
        let mut note = [0_u8; BLOCK];
        note.copy_from_slice(&notes[start..start + BLOCK]);
        for lane in 0..BLOCK {
            let values = [
                pixels[0][lane],
                pixels[1][lane],
                pixels[2][lane],
                pixels[3][lane],
            ];
            let [g, x] = at_largest(values, dy[lane], note[lane], factors);
            sum[lane] += g;
            product[lane] += g * (x - mean[lane]);
        }
        sums[start..start + BLOCK].copy_from_slice(&sum);
        products[start..start + BLOCK].copy_from_slice(&product);
    }
    for channel in whole..channels {
        let values = [a[channel], b[channel], c[channel], d[channel]];
        let [g, x] = at_largest(values, dy[channel], notes[channel], factors);
        sums[channel] += g;
        products[channel] += g * (x - mean[channel]);
    }
}

/// The gradient before dropout and activation, and the value, at the largest of a window's pixels.
#[inline(always)]
fn at_largest([a, b, c, d]: [f32; 4], dy: f32, note: u8, factors: [f32; 2]) -> [f32; 2] {
    let note = u32::from(note);
    let top = if note & 1 == 0 { a } else { b };
    let bottom = if note & 1 == 0 { c } else { d };
    let x = if note & 2 == 0 { top } else { bottom };
    [upstream(dy, note as u8, factors), x]
}

/// The gradient of one of a window's four pixels, `through` the batch norm if there is one.
#[inline(always)]
pub(super) fn unpool_pixel(
    pixel: u8,
    dy: &[f32],
    notes: &[u8],
    factors: [f32; 2],
    dx: &mut [f32],
    through: impl Fn(usize, f32) -> f32,
) {
    let channels = dx.len();
    let (dy, notes) = (&dy[..channels], &notes[..channels]);
    for channel in 0..channels {
        let note = notes[channel];
        let g = upstream(dy[channel], note, factors);
        let g = if note & PIXEL == pixel { g } else { 0.0 };
        dx[channel] = through(channel, g);
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
