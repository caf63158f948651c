//! The linear maps over all tiles and channels.

#![allow(
    clippy::needless_range_loop,
    reason = "an index runs over several arrays of registers at once"
)]

use super::tile::{input_gradient_tile, input_tile, output_gradient_tile, output_tile};
use super::tiling::{PLACES, Tiles};
use crate::simd::dispatch::Arch;
use pulp::{Simd, WithSimd};

/// `planes = Bᵀ d B` of the 4×4 input pixels of every tile.
pub fn transform_input(arch: Arch, tiles: Tiles, images: &[f32], planes: &mut [f32]) {
    arch.dispatch(TransformInput {
        tiles,
        images,
        planes,
    });
}

/// `images = Aᵀ m A + bias`, the 2×2 outputs of every tile.
pub fn transform_output(
    arch: Arch,
    tiles: Tiles,
    planes: &[f32],
    bias: &[f32],
    images: &mut [f32],
) {
    arch.dispatch(TransformOutput {
        tiles,
        planes,
        bias,
        images,
    });
}

/// `planes = A dy Aᵀ` of the 2×2 output gradients of every tile: transposed [`transform_output`].
pub fn transform_output_gradient(arch: Arch, tiles: Tiles, images: &[f32], planes: &mut [f32]) {
    arch.dispatch(TransformOutputGradient {
        tiles,
        images,
        planes,
    });
}

/// `images += B dv Bᵀ`: transposed [`transform_input`].
pub fn transform_input_gradient(arch: Arch, tiles: Tiles, planes: &[f32], images: &mut [f32]) {
    arch.dispatch(TransformInputGradient {
        tiles,
        planes,
        images,
    });
}

/// `planes` as 16 planes of `len` values.
#[inline(always)]
fn split_planes(planes: &mut [f32], len: usize) -> [&mut [f32]; PLACES] {
    let mut rest = planes;
    std::array::from_fn(
        #[inline(always)]
        |_| {
            let (plane, after) = std::mem::take(&mut rest).split_at_mut(len);
            rest = after;
            plane
        },
    )
}

/// The values of the slices after their last whole vector, zeros after them.
#[inline(always)]
fn gather_rest<S: Simd, const N: usize>(simd: S, slices: [&[f32]; N]) -> [S::f32s; N] {
    let mut values = [simd.splat_f32s(0.0); N];
    for place in 0..N {
        values[place] = simd.partial_load_f32s(S::as_simd_f32s(slices[place]).1);
    }
    values
}

/// The first `vectors` vectors of every slice, as many as the caller runs through: equal lengths spare
/// a test for every load.
#[inline(always)]
fn whole_vectors<S: Simd, const N: usize>(slices: [&[f32]; N], vectors: usize) -> [&[S::f32s]; N] {
    let mut heads: [&[S::f32s]; N] = [&[]; N];
    for place in 0..N {
        heads[place] = &S::as_simd_f32s(slices[place]).0[..vectors];
    }
    heads
}

/// Vector `vector` of every slice.
#[inline(always)]
fn gather<S: Simd, const N: usize>(heads: &[&[S::f32s]; N], vector: usize) -> [S::f32s; N] {
    let mut values = [heads[0][vector]; N];
    for place in 1..N {
        values[place] = heads[place][vector];
    }
    values
}

/// The channels of one tile in every plane.
#[inline(always)]
fn tile_planes(tiles: Tiles, planes: &[f32], tile: usize) -> [&[f32]; PLACES] {
    let mut slices: [&[f32]; PLACES] = [&[]; PLACES];
    for place in 0..PLACES {
        slices[place] = &planes[place * tiles.plane() + tile * tiles.channels..][..tiles.channels];
    }
    slices
}

/// The whole vectors of one tile's channels in every plane.
#[inline(always)]
fn tile_vectors<'a, S: Simd>(
    planes: &'a mut [&mut [f32]; PLACES],
    tiles: Tiles,
    tile: usize,
) -> [&'a mut [S::f32s]; PLACES] {
    let (channels, (vectors, _)) = (tiles.channels, tiles.parts::<S>());
    let mut outputs: [&mut [S::f32s]; PLACES] = Default::default();
    for (output, plane) in outputs.iter_mut().zip(planes) {
        let values = &mut plane[tile * channels..(tile + 1) * channels];
        *output = &mut S::as_mut_simd_f32s(values).0[..vectors];
    }
    outputs
}

/// Writes the channels of one tile after its last whole vector to every plane.
#[inline(always)]
fn write_rest<S: Simd>(
    simd: S,
    planes: &mut [&mut [f32]; PLACES],
    tiles: Tiles,
    tile: usize,
    values: [S::f32s; PLACES],
) {
    let channels = tiles.channels;
    for place in 0..PLACES {
        let output = &mut planes[place][tile * channels..(tile + 1) * channels];
        simd.partial_store_f32s(S::as_mut_simd_f32s(output).1, values[place]);
    }
}

struct TransformInput<'a> {
    tiles: Tiles,
    images: &'a [f32],
    planes: &'a mut [f32],
}

impl WithSimd for TransformInput<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self {
            tiles,
            images,
            planes,
        } = self;
        let (vectors, rest) = tiles.parts::<S>();
        let padding = vec![0.0; tiles.channels];
        let mut planes = split_planes(planes, tiles.plane());
        for tile in 0..tiles.count {
            let pixels = tiles.input_pixels(tile, images, &padding);
            let heads = whole_vectors::<S, PLACES>(pixels, vectors);
            let outputs = tile_vectors::<S>(&mut planes, tiles, tile);
            for vector in 0..vectors {
                let values = input_tile(simd, gather::<S, PLACES>(&heads, vector));
                for place in 0..PLACES {
                    outputs[place][vector] = values[place];
                }
            }
            if rest > 0 {
                let values = input_tile(simd, gather_rest::<S, PLACES>(simd, pixels));
                write_rest(simd, &mut planes, tiles, tile, values);
            }
        }
    }
}

struct TransformOutput<'a> {
    tiles: Tiles,
    planes: &'a [f32],
    bias: &'a [f32],
    images: &'a mut [f32],
}

impl WithSimd for TransformOutput<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self {
            tiles,
            planes,
            bias,
            images,
        } = self;
        let channels = tiles.channels;
        let (vectors, rest) = tiles.parts::<S>();
        let (bias, bias_rest) = S::as_simd_f32s(&bias[..channels]);
        let bias = &bias[..vectors];
        for tile in 0..tiles.count {
            let corner = tiles.tiling.corner(tiles.first + tile);
            let sources = tile_planes(tiles, planes, tile);
            let heads = whole_vectors::<S, PLACES>(sources, vectors);
            for vector in 0..vectors {
                let y = output_tile(simd, gather::<S, PLACES>(&heads, vector), bias[vector]);
                for place in 0..4 {
                    if let Some(start) = tiles.tiling.output_at(corner, place, channels) {
                        let at = start + vector * S::F32_LANES;
                        S::as_mut_simd_f32s(&mut images[at..at + S::F32_LANES]).0[0] = y[place];
                    }
                }
            }
            if rest > 0 {
                let m = gather_rest::<S, PLACES>(simd, sources);
                let y = output_tile(simd, m, simd.partial_load_f32s(bias_rest));
                for place in 0..4 {
                    if let Some(start) = tiles.tiling.output_at(corner, place, channels) {
                        let pixel = &mut images[start + channels - rest..start + channels];
                        simd.partial_store_f32s(pixel, y[place]);
                    }
                }
            }
        }
    }
}

struct TransformOutputGradient<'a> {
    tiles: Tiles,
    images: &'a [f32],
    planes: &'a mut [f32],
}

impl WithSimd for TransformOutputGradient<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self {
            tiles,
            images,
            planes,
        } = self;
        let (vectors, rest) = tiles.parts::<S>();
        let outside = vec![0.0; tiles.channels];
        let mut planes = split_planes(planes, tiles.plane());
        for tile in 0..tiles.count {
            let pixels = tiles.output_pixels(tile, images, &outside);
            let heads = whole_vectors::<S, 4>(pixels, vectors);
            let outputs = tile_vectors::<S>(&mut planes, tiles, tile);
            for vector in 0..vectors {
                let values = output_gradient_tile(simd, gather::<S, 4>(&heads, vector));
                for place in 0..PLACES {
                    outputs[place][vector] = values[place];
                }
            }
            if rest > 0 {
                let values = output_gradient_tile(simd, gather_rest::<S, 4>(simd, pixels));
                write_rest(simd, &mut planes, tiles, tile, values);
            }
        }
    }
}

struct TransformInputGradient<'a> {
    tiles: Tiles,
    planes: &'a [f32],
    images: &'a mut [f32],
}

impl WithSimd for TransformInputGradient<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self {
            tiles,
            planes,
            images,
        } = self;
        let channels = tiles.channels;
        let (vectors, rest) = tiles.parts::<S>();
        for tile in 0..tiles.count {
            let corner = tiles.tiling.corner(tiles.first + tile);
            let sources = tile_planes(tiles, planes, tile);
            let heads = whole_vectors::<S, PLACES>(sources, vectors);
            let mut starts = [None; PLACES];
            for place in 0..PLACES {
                starts[place] = tiles.tiling.input_at(corner, place, channels);
            }
            for vector in 0..vectors {
                let d = input_gradient_tile(simd, gather::<S, PLACES>(&heads, vector));
                for place in 0..PLACES {
                    if let Some(start) = starts[place] {
                        let at = start + vector * S::F32_LANES;
                        let pixel = &mut images[at..at + S::F32_LANES];
                        let pixel = &mut S::as_mut_simd_f32s(pixel).0[0];
                        *pixel = simd.add_f32s(*pixel, d[place]);
                    }
                }
            }
            if rest > 0 {
                let d = input_gradient_tile(simd, gather_rest::<S, PLACES>(simd, sources));
                for place in 0..PLACES {
                    if let Some(start) = starts[place] {
                        let pixel = &mut images[start + channels - rest..start + channels];
                        let sum = simd.add_f32s(simd.partial_load_f32s(pixel), d[place]);
                        simd.partial_store_f32s(pixel, sum);
                    }
                }
            }
        }
    }
}
