//! The linear maps over all tiles and channels.

#![allow(
    clippy::needless_range_loop,
    reason = "an index runs over several arrays of registers at once"
)]

use super::tile::{input_gradient_tile, input_tile, output_gradient_tile, output_tile};
use super::{PLACES, Tiles};
use crate::nn::kernels::Arch;
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

/// Vector `vector` of every slice; 0 where a slice is too short to have one.
#[inline(always)]
fn gather<S: Simd, const N: usize>(
    simd: S,
    slices: [&[S::f32s]; N],
    vector: usize,
) -> [S::f32s; N] {
    let mut values = [simd.splat_f32s(0.0); N];
    for place in 0..N {
        if let Some(value) = slices[place].get(vector) {
            values[place] = *value;
        }
    }
    values
}

/// What the slices hold beyond their whole vectors, zeros behind it.
#[inline(always)]
fn gather_rest<S: Simd, const N: usize>(simd: S, slices: [&[f32]; N]) -> [S::f32s; N] {
    let mut values = [simd.splat_f32s(0.0); N];
    for place in 0..N {
        values[place] = simd.partial_load_f32s(S::as_simd_f32s(slices[place]).1);
    }
    values
}

/// The whole vectors of every slice.
#[inline(always)]
fn whole_vectors<S: Simd, const N: usize>(slices: [&[f32]; N]) -> [&[S::f32s]; N] {
    let mut vectors: [&[S::f32s]; N] = [&[]; N];
    for place in 0..N {
        vectors[place] = S::as_simd_f32s(slices[place]).0;
    }
    vectors
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

/// Writes one tile's channels to every plane: the whole vectors by `tile(vector)`, then the rest.
macro_rules! write_planes {
    ($simd:expr, $S:ty, $tiles:expr, $planes:expr, $tile:expr, |$vector:ident| $whole:expr, $rest:expr) => {
        let (channels, (vectors, rest)) = ($tiles.channels, $tiles.parts::<$S>());
        let outputs = $planes.each_mut().map(
            #[inline(always)]
            |plane| &mut plane[$tile * channels..($tile + 1) * channels],
        );
        let mut tails: [&mut [f32]; PLACES] = Default::default();
        let mut heads: [&mut [<$S as Simd>::f32s]; PLACES] = Default::default();
        for (place, output) in outputs.into_iter().enumerate() {
            let (head, tail) = <$S>::as_mut_simd_f32s(output);
            heads[place] = &mut head[..vectors];
            tails[place] = tail;
        }
        for $vector in 0..vectors {
            let values = $whole;
            for place in 0..PLACES {
                heads[place][$vector] = values[place];
            }
        }
        if rest > 0 {
            let values = $rest;
            for place in 0..PLACES {
                $simd.partial_store_f32s(tails[place], values[place]);
            }
        }
    };
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
        let vectors = tiles.parts::<S>().0;
        let mut planes = split_planes(planes, tiles.plane());
        for tile in 0..tiles.count {
            let corner = tiles.tiling.corner(tiles.first + tile);
            let mut pixels: [&[f32]; PLACES] = [&[]; PLACES];
            for place in 0..PLACES {
                if let Some(start) = tiles.tiling.input_at(corner, place, tiles.channels) {
                    pixels[place] = &images[start..start + tiles.channels];
                }
            }
            let mut sources = whole_vectors::<S, PLACES>(pixels);
            if tiles.tiling.is_inside(corner) {
                // Equal lengths spare a test for every load.
                for place in 0..PLACES {
                    sources[place] = &sources[place][..vectors];
                }
                write_planes!(
                    simd,
                    S,
                    tiles,
                    planes,
                    tile,
                    |vector| {
                        let mut d = [sources[0][vector]; PLACES];
                        for place in 1..PLACES {
                            d[place] = sources[place][vector];
                        }
                        input_tile(simd, d)
                    },
                    input_tile(simd, gather_rest::<S, PLACES>(simd, pixels))
                );
            } else {
                write_planes!(
                    simd,
                    S,
                    tiles,
                    planes,
                    tile,
                    |vector| input_tile(simd, gather(simd, sources, vector)),
                    input_tile(simd, gather_rest::<S, PLACES>(simd, pixels))
                );
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
            let mut heads = whole_vectors::<S, PLACES>(sources);
            for head in &mut heads {
                *head = &head[..vectors];
            }
            for vector in 0..vectors {
                let mut m = [heads[0][vector]; PLACES];
                for place in 1..PLACES {
                    m[place] = heads[place][vector];
                }
                let y = output_tile(simd, m, bias[vector]);
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
        let mut planes = split_planes(planes, tiles.plane());
        for tile in 0..tiles.count {
            let corner = tiles.tiling.corner(tiles.first + tile);
            let mut pixels: [&[f32]; 4] = [&[]; 4];
            for place in 0..4 {
                if let Some(start) = tiles.tiling.output_at(corner, place, tiles.channels) {
                    pixels[place] = &images[start..start + tiles.channels];
                }
            }
            let sources = whole_vectors::<S, 4>(pixels);
            write_planes!(
                simd,
                S,
                tiles,
                planes,
                tile,
                |vector| output_gradient_tile(simd, gather(simd, sources, vector)),
                output_gradient_tile(simd, gather_rest::<S, 4>(simd, pixels))
            );
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
            let mut heads = whole_vectors::<S, PLACES>(sources);
            for head in &mut heads {
                *head = &head[..vectors];
            }
            let mut starts = [None; PLACES];
            for place in 0..PLACES {
                starts[place] = tiles.tiling.input_at(corner, place, channels);
            }
            for vector in 0..vectors {
                let mut dv = [heads[0][vector]; PLACES];
                for place in 1..PLACES {
                    dv[place] = heads[place][vector];
                }
                let d = input_gradient_tile(simd, dv);
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
