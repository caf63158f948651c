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
fn whole_and_rest<'a, S: Simd, const N: usize>(
    slices: [&'a [f32]; N],
    len: usize,
) -> ([&'a [S::f32s]; N], [&'a [f32]; N]) {
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
