//! A linear map of a line of a tile, applied to whole rows of values: the hot loop of all transforms.

#![allow(
    clippy::needless_range_loop,
    reason = "an index runs over several arrays of registers at once"
)]

use pulp::Simd;

/// A linear map of `FROM` values to `TO` values, for a vector of them at a time.
pub trait Lines<const FROM: usize, const TO: usize> {
    /// The map.
    fn map<S: Simd>(simd: S, line: [S::f32s; FROM]) -> [S::f32s; TO];
}

/// Which of the results are added to what is there; the others replace it.
pub(super) trait Adds {
    fn adds(place: usize) -> bool;
}

/// None.
pub(super) struct Never;

impl Adds for Never {
    #[inline(always)]
    fn adds(_: usize) -> bool {
        false
    }
}

/// All.
pub(super) struct Always;

impl Adds for Always {
    #[inline(always)]
    fn adds(_: usize) -> bool {
        true
    }
}

/// Those of a tile that the tile before it has written to.
pub(super) struct Overlap<const TILE: usize, const STEP: usize>;

impl<const TILE: usize, const STEP: usize> Adds for Overlap<TILE, STEP> {
    #[inline(always)]
    fn adds(place: usize) -> bool {
        place + STEP < TILE
    }
}

/// What an array of slices is filled with before each has its own.
#[inline(always)]
pub(super) fn none<'a, T, const N: usize>() -> [&'a mut [T]; N] {
    std::array::from_fn(
        #[inline(always)]
        |_| -> &mut [T] { &mut [] },
    )
}

/// The whole vectors of equally long slices, and the rest of each.
#[inline(always)]
fn whole_and_rest<S: Simd, const N: usize>(
    slices: [&[f32]; N],
    len: usize,
) -> ([&[S::f32s]; N], [&[f32]; N]) {
    let vectors = len / S::F32_LANES;
    let (mut whole, mut rest): ([&[S::f32s]; N], [&[f32]; N]) = ([&[]; N], [&[]; N]);
    for k in 0..N {
        let (head, tail) = S::as_simd_f32s(&slices[k][..len]);
        // Equal lengths spare a test for every load.
        (whole[k], rest[k]) = (&head[..vectors], tail);
    }
    (whole, rest)
}

/// The map `L` of the first values of all `from`, of the second ones, and so on, to the values of `to`.
/// With a `bias` of the same length, its value is added to each of a line's results.
///
/// # Panics
/// If a slice is shorter than the first one of `to`.
#[inline(always)]
pub(super) fn apply<S: Simd, L: Lines<FROM, TO>, A: Adds, const FROM: usize, const TO: usize>(
    simd: S,
    from: [&[f32]; FROM],
    bias: Option<&[f32]>,
    to: [&mut [f32]; TO],
) {
    let len = to[0].len();
    let vectors = len / S::F32_LANES;
    let (whole, rest) = whole_and_rest::<S, FROM>(from, len);
    let mut to_whole: [&mut [S::f32s]; TO] = none();
    let mut to_rest: [&mut [f32]; TO] = none();
    for (k, to) in to.into_iter().enumerate() {
        let (head, tail) = S::as_mut_simd_f32s(&mut to[..len]);
        (to_whole[k], to_rest[k]) = (&mut head[..vectors], tail);
    }
    let mut line = [simd.splat_f32s(0.0); FROM];
    match bias {
        None => {
            for vector in 0..vectors {
                for k in 0..FROM {
                    line[k] = whole[k][vector];
                }
                let mapped = L::map(simd, line);
                for k in 0..TO {
                    let to = &mut to_whole[k][vector];
                    *to = match A::adds(k) {
                        true => simd.add_f32s(*to, mapped[k]),
                        false => mapped[k],
                    };
                }
            }
        }
        Some(bias) => {
            let bias = &S::as_simd_f32s(&bias[..len]).0[..vectors];
            for vector in 0..vectors {
                for k in 0..FROM {
                    line[k] = whole[k][vector];
                }
                let mapped = L::map(simd, line);
                for k in 0..TO {
                    to_whole[k][vector] = simd.add_f32s(mapped[k], bias[vector]);
                }
            }
        }
    }
    if len > vectors * S::F32_LANES {
        for k in 0..FROM {
            line[k] = simd.partial_load_f32s(rest[k]);
        }
        let mut mapped = L::map(simd, line);
        for k in 0..TO {
            if let Some(bias) = bias {
                let bias = simd.partial_load_f32s(&bias[vectors * S::F32_LANES..len]);
                mapped[k] = simd.add_f32s(mapped[k], bias);
            } else if A::adds(k) {
                mapped[k] = simd.add_f32s(mapped[k], simd.partial_load_f32s(to_rest[k]));
            }
            simd.partial_store_f32s(to_rest[k], mapped[k]);
        }
    }
}

/// Tiles side by side: the map `L` of the pixels of each, which begin every `step` pixels of `line`, to
/// the tile's channels in the planes `to`.
///
/// # Panics
/// If a slice is shorter than the tiles of the first plane need.
#[inline(always)]
pub(super) fn apply_to_planes<S: Simd, L: Lines<FROM, TO>, const FROM: usize, const TO: usize>(
    simd: S,
    line: &[f32],
    step: usize,
    channels: usize,
    mut to: [&mut [f32]; TO],
) {
    let count = to[0].len() / channels;
    if !channels.is_multiple_of(S::F32_LANES) {
        for tile in 0..count {
            let pixels = &line[tile * step * channels..][..FROM * channels];
            let mut from: [&[f32]; FROM] = [&[]; FROM];
            for k in 0..FROM {
                from[k] = &pixels[k * channels..(k + 1) * channels];
            }
            let mut values: [&mut [f32]; TO] = none();
            for (values, plane) in values.iter_mut().zip(&mut to) {
                *values = &mut plane[tile * channels..(tile + 1) * channels];
            }
            apply::<S, L, Never, FROM, TO>(simd, from, None, values);
        }
        return;
    }
    // Without slices of each tile's own, which take longer than the few vectors of a narrow layer.
    let vectors = channels / S::F32_LANES;
    let line = S::as_simd_f32s(line).0;
    let mut planes: [&mut [S::f32s]; TO] = none();
    for (plane, to) in planes.iter_mut().zip(to) {
        *plane = &mut S::as_mut_simd_f32s(to).0[..count * vectors];
    }
    let mut values = [simd.splat_f32s(0.0); FROM];
    for tile in 0..count {
        let pixels = &line[tile * step * vectors..][..FROM * vectors];
        for vector in 0..vectors {
            for k in 0..FROM {
                values[k] = pixels[k * vectors + vector];
            }
            let mapped = L::map(simd, values);
            for k in 0..TO {
                planes[k][tile * vectors + vector] = mapped[k];
            }
        }
    }
}

/// The way back: the map `L` of each tile's channels in the planes `from` to its pixels, which begin every
/// `STEP` pixels of `line`. Where tiles overlap, results are added up.
///
/// # Panics
/// If a slice is shorter than the tiles of the first plane need.
#[inline(always)]
pub(super) fn apply_from_planes<
    S: Simd,
    L: Lines<FROM, TO>,
    const FROM: usize,
    const TO: usize,
    const STEP: usize,
>(
    simd: S,
    from: [&[f32]; FROM],
    channels: usize,
    line: &mut [f32],
) {
    let count = from[0].len() / channels;
    if !channels.is_multiple_of(S::F32_LANES) {
        for tile in 0..count {
            let mut values: [&[f32]; FROM] = [&[]; FROM];
            for k in 0..FROM {
                values[k] = &from[k][tile * channels..(tile + 1) * channels];
            }
            let mut to: [&mut [f32]; TO] = none();
            let mut pixels = &mut line[tile * STEP * channels..][..TO * channels];
            for to in &mut to {
                let (pixel, after) = pixels.split_at_mut(channels);
                (*to, pixels) = (pixel, after);
            }
            match tile {
                0 => apply::<S, L, Never, FROM, TO>(simd, values, None, to),
                _ => apply::<S, L, Overlap<TO, STEP>, FROM, TO>(simd, values, None, to),
            }
        }
        return;
    }
    let vectors = channels / S::F32_LANES;
    let line = S::as_mut_simd_f32s(line).0;
    let mut planes: [&[S::f32s]; FROM] = [&[]; FROM];
    for k in 0..FROM {
        planes[k] = &S::as_simd_f32s(from[k]).0[..count * vectors];
    }
    let mut values = [simd.splat_f32s(0.0); FROM];
    for tile in 0..count {
        let pixels = &mut line[tile * STEP * vectors..][..TO * vectors];
        for vector in 0..vectors {
            for k in 0..FROM {
                values[k] = planes[k][tile * vectors + vector];
            }
            let mapped = L::map(simd, values);
            for k in 0..TO {
                let pixel = &mut pixels[k * vectors + vector];
                *pixel = if tile > 0 && Overlap::<TO, STEP>::adds(k) {
                    simd.add_f32s(*pixel, mapped[k])
                } else {
                    mapped[k]
                };
            }
        }
    }
}
