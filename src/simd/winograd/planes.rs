//! The planes of a tile's places.

use std::array::from_fn;

/// One plane `[tile, channels]` for each place of a tile, row after row.
pub type Planes<'a, const TILE: usize> = [[&'a [f32]; TILE]; TILE];

/// The same, to write. Several threads can write to the same planes, each to the parts of its own tiles.
pub type PlanesMut<'a, const TILE: usize> = [[&'a mut [f32]; TILE]; TILE];

/// How far planes of `len` values should be apart: each begins with a cache line, and not all of them
/// compete for the same places in the cache.
pub fn plane_stride(len: usize) -> usize {
    const LINE: usize = 16;
    const PAGE: usize = 1024;
    let stride = len.next_multiple_of(LINE);
    if stride.is_multiple_of(PAGE / 2) {
        stride + LINE
    } else {
        stride
    }
}

/// `values` as planes that are `stride` values apart.
///
/// # Panics
/// If there are too few values.
pub fn planes<const TILE: usize>(values: &[f32], stride: usize) -> Planes<'_, TILE> {
    from_fn(|row| from_fn(|column| &values[(row * TILE + column) * stride..][..stride]))
}

/// The same, to write.
///
/// # Panics
/// If there are too few values.
pub fn planes_mut<const TILE: usize>(values: &mut [f32], stride: usize) -> PlanesMut<'_, TILE> {
    let mut rest = values;
    from_fn(|_| {
        from_fn(|_| {
            let (plane, after) = std::mem::take(&mut rest).split_at_mut(stride);
            rest = after;
            plane
        })
    })
}

/// The first `len` values of every plane in parts of `at_once` values; the last may be shorter.
pub fn split_planes<const TILE: usize>(
    planes: PlanesMut<'_, TILE>,
    len: usize,
    at_once: usize,
) -> Vec<PlanesMut<'_, TILE>> {
    let mut planes = planes;
    (0..len)
        .step_by(at_once)
        .map(|start| {
            let count = at_once.min(len - start);
            from_fn(|row| {
                from_fn(|column| {
                    let plane = std::mem::take(&mut planes[row][column]);
                    let (part, rest) = plane.split_at_mut(count);
                    planes[row][column] = rest;
                    part
                })
            })
        })
        .collect()
}
