//! How large a tile of sums may be that stays in the registers.

use super::dispatch::{Arch, registers};
use pulp::Simd;

/// Most rows of a tile on these registers: as many as leave some for the vectors of a panel and one
/// broadcast; of a single vector as many as keep the units busy.
const fn most_rows_of(registers: usize, vectors: usize) -> usize {
    match (vectors, registers) {
        (1, _) => 8,
        (_, 32..) => 12,
        _ => 6,
    }
}

/// Whether the registers of `S` hold a tile of `rows` rows of `vectors` vectors.
#[inline(always)]
pub(super) const fn holds<S: Simd>(vectors: usize, rows: usize) -> bool {
    rows <= most_rows_of(S::REGISTER_COUNT, vectors)
}

/// Most rows of a tile of `vectors` vectors on `arch`.
pub(super) fn most_rows(arch: Arch, vectors: usize) -> usize {
    most_rows_of(registers(arch), vectors)
}

/// The rows of each tile: about equal, since a last one of a single row would waste most of the registers.
pub(super) fn tile_rows(rows: usize, most: usize) -> impl Iterator<Item = usize> {
    let tiles = rows.div_ceil(most);
    let (least, larger) = (rows / tiles.max(1), rows % tiles.max(1));
    (0..tiles).map(move |tile| least + usize::from(tile < larger))
}
