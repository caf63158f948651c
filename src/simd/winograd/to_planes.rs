//! The transforms of pixels to places.

use super::filtering::Filtering;
use super::grid::Tiles;
use super::lines::{Lines, Never, apply, none};
use super::planes::PlanesMut;
use crate::simd::dispatch::Arch;
use pulp::{Simd, WithSimd};
use std::marker::PhantomData;

/// `planes = Bᵀ d B` of the input pixels `images` of every tile. `work` holds [`Tiles::work_len`] values.
///
/// # Panics
/// If a slice is too short.
pub fn transform_input<F, const TILE: usize, const OUT: usize, const KERNEL: usize>(
    arch: Arch,
    tiles: Tiles,
    images: &[f32],
    planes: &mut PlanesMut<'_, TILE>,
    work: &mut [f32],
) where
    F: Filtering<TILE, OUT, KERNEL>,
{
    arch.dispatch(ToPlanes::<F::Input, TILE, TILE> {
        tiles,
        images,
        planes,
        work,
        lines: PhantomData,
    });
}

/// `planes = A dy Aᵀ` of the output gradients `images` of every tile: transposed
/// [`transform_output`](super::transform_output). `work` holds [`Tiles::work_len`] values.
///
/// # Panics
/// If a slice is too short.
pub fn transform_output_gradient<F, const TILE: usize, const OUT: usize, const KERNEL: usize>(
    arch: Arch,
    tiles: Tiles,
    images: &[f32],
    planes: &mut PlanesMut<'_, TILE>,
    work: &mut [f32],
) where
    F: Filtering<TILE, OUT, KERNEL>,
{
    arch.dispatch(ToPlanes::<F::OutputGradient, OUT, TILE> {
        tiles,
        images,
        planes,
        work,
        lines: PhantomData,
    });
}

/// From `FROM`×`FROM` pixels to `TO`×`TO` places by the lines `L`.
struct ToPlanes<'a, 'b, L, const FROM: usize, const TO: usize> {
    tiles: Tiles,
    images: &'a [f32],
    planes: &'a mut PlanesMut<'b, TO>,
    work: &'a mut [f32],
    lines: PhantomData<L>,
}

impl<L: Lines<FROM, TO>, const FROM: usize, const TO: usize> WithSimd
    for ToPlanes<'_, '_, L, FROM, TO>
{
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self {
            tiles,
            images,
            planes,
            work,
            ..
        } = self;
        let channels = tiles.channels;
        let line_len = tiles.part_line(FROM);
        let (zeros, mut half) = work.split_at_mut(line_len);
        zeros.fill(0.0);
        let mut halves: [&mut [f32]; TO] = none();
        for line in &mut halves {
            let (first, after) = half.split_at_mut(line_len);
            (*line, half) = (first, after);
        }
        let mut done = 0;
        while done < tiles.count {
            let part = tiles.part(done, FROM);
            done += part.count;
            let inside = part.before * channels..(part.before + part.inside) * channels;
            // Columns.
            let mut from: [&[f32]; FROM] = [zeros; FROM];
            for (k, from) in from.iter_mut().enumerate() {
                if let Some(at) = tiles.line(&part, k) {
                    *from = &images[at];
                }
            }
            let mut to: [&mut [f32]; TO] = none();
            for (to, half) in to.iter_mut().zip(&mut halves) {
                half[..inside.start].fill(0.0);
                half[inside.end..part.columns * channels].fill(0.0);
                *to = &mut half[inside.clone()];
            }
            apply::<S, L, Never, FROM, TO>(simd, from, None, to);
            // Rows.
            for tile in 0..part.count {
                let start = tile * tiles.grid.step * channels;
                let at = (part.first + tile) * channels;
                for (half, planes) in halves.iter().zip(planes.iter_mut()) {
                    let pixels = &half[start..start + FROM * channels];
                    let mut from: [&[f32]; FROM] = [&[]; FROM];
                    for (k, from) in from.iter_mut().enumerate() {
                        *from = &pixels[k * channels..(k + 1) * channels];
                    }
                    let mut to: [&mut [f32]; TO] = none();
                    for (to, plane) in to.iter_mut().zip(planes) {
                        *to = &mut plane[at..at + channels];
                    }
                    apply::<S, L, Never, FROM, TO>(simd, from, None, to);
                }
            }
        }
    }
}
