//! The transforms of places to pixels.

use super::filtering::Filtering;
use super::grid::Tiles;
use super::lines::{Always, Lines, Never, Overlap, apply, none};
use super::planes::Planes;
use crate::simd::dispatch::Arch;
use pulp::{Simd, WithSimd};
use std::marker::PhantomData;

/// `images = Aᵀ m A + bias`, the outputs of every tile. `work` holds [`Tiles::work_len`] values.
///
/// # Panics
/// If a slice is too short.
pub fn transform_output<F, const TILE: usize, const OUT: usize, const KERNEL: usize>(
    arch: Arch,
    tiles: Tiles,
    planes: &Planes<'_, TILE>,
    bias: &[f32],
    images: &mut [f32],
    work: &mut [f32],
) where
    F: Filtering<TILE, OUT, KERNEL>,
{
    arch.dispatch(FromPlanes::<F::Output, TILE, OUT, OUT> {
        tiles,
        planes,
        bias: Some(bias),
        images,
        work,
        lines: PhantomData,
    });
}

/// `images += B dv Bᵀ`: transposed [`transform_input`](super::transform_input). `work` holds
/// [`Tiles::work_len`] values.
///
/// # Panics
/// If a slice is too short.
pub fn transform_input_gradient<F, const TILE: usize, const OUT: usize, const KERNEL: usize>(
    arch: Arch,
    tiles: Tiles,
    planes: &Planes<'_, TILE>,
    images: &mut [f32],
    work: &mut [f32],
) where
    F: Filtering<TILE, OUT, KERNEL>,
{
    arch.dispatch(FromPlanes::<F::InputGradient, TILE, TILE, OUT> {
        tiles,
        planes,
        bias: None,
        images,
        work,
        lines: PhantomData,
    });
}

/// From `FROM`×`FROM` places to `TO`×`TO` pixels by the lines `L`, a tile every `STEP` pixels. With a
/// bias the pixels are overwritten, without one they are added to.
struct FromPlanes<'a, 'b, L, const FROM: usize, const TO: usize, const STEP: usize> {
    tiles: Tiles,
    planes: &'a Planes<'b, FROM>,
    bias: Option<&'a [f32]>,
    images: &'a mut [f32],
    work: &'a mut [f32],
    lines: PhantomData<L>,
}

impl<L: Lines<FROM, TO>, const FROM: usize, const TO: usize, const STEP: usize> WithSimd
    for FromPlanes<'_, '_, L, FROM, TO, STEP>
{
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self {
            tiles,
            planes,
            bias,
            images,
            work,
            ..
        } = self;
        let channels = tiles.channels;
        let line_len = tiles.part_line(TO);
        let (biases, mut rest) = work.split_at_mut(line_len);
        if let Some(bias) = bias {
            for pixel in biases.chunks_exact_mut(channels) {
                pixel.copy_from_slice(bias);
            }
        }
        let mut halves: [&mut [f32]; FROM] = none();
        for line in &mut halves {
            let (first, after) = rest.split_at_mut(line_len);
            (*line, rest) = (first, after);
        }
        // Lines outside the image go here.
        let outside = &mut rest[..TO * line_len];
        outside.fill(0.0);
        let mut done = 0;
        while done < tiles.count {
            let part = tiles.part(done, TO);
            done += part.count;
            // Rows.
            for tile in 0..part.count {
                let start = tile * STEP * channels;
                let at = (part.first + tile) * channels;
                for (half, planes) in halves.iter_mut().zip(planes) {
                    let mut from: [&[f32]; FROM] = [&[]; FROM];
                    for (from, plane) in from.iter_mut().zip(planes) {
                        *from = &plane[at..at + channels];
                    }
                    let mut to: [&mut [f32]; TO] = none();
                    let mut pixels = &mut half[start..start + TO * channels];
                    for to in &mut to {
                        let (pixel, after) = pixels.split_at_mut(channels);
                        (*to, pixels) = (pixel, after);
                    }
                    if tile == 0 || TO == STEP {
                        apply::<S, L, Never, FROM, TO>(simd, from, None, to);
                    } else {
                        apply::<S, L, Overlap<TO, STEP>, FROM, TO>(simd, from, None, to);
                    }
                }
            }
            // Columns.
            let inside = part.before * channels..(part.before + part.inside) * channels;
            let mut from: [&[f32]; FROM] = [&[]; FROM];
            for (from, half) in from.iter_mut().zip(&halves) {
                *from = &half[inside.clone()];
            }
            let mut to: [&mut [f32]; TO] = none();
            // Lines of the image follow each other in memory.
            let (mut images, mut gone) = (&mut images[..], 0);
            let mut outside = &mut outside[..];
            for (k, to) in to.iter_mut().enumerate() {
                let (sink, after) = outside.split_at_mut(line_len);
                outside = after;
                match tiles.line(&part, k) {
                    Some(at) => {
                        let (before, after) = images.split_at_mut(at.end - gone);
                        *to = &mut before[at.start - gone..];
                        (images, gone) = (after, at.end);
                    }
                    None => *to = &mut sink[..inside.len()],
                }
            }
            match bias {
                Some(_) => {
                    let biases = Some(&biases[..inside.len()]);
                    apply::<S, L, Never, FROM, TO>(simd, from, biases, to);
                }
                None => apply::<S, L, Always, FROM, TO>(simd, from, None, to),
            }
        }
    }
}
