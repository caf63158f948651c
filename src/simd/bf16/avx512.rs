//! Matrix products and packing with AVX512-BF16.

use super::operands::{Left, LeftLayout, PANEL, Right, Store, Sums, padded_inner};
use super::packing::{self, Border, PAIRS, Pairs};
use super::tiling::{Start, Tiling};
use crate::simd::matrix::Matrix;
use std::arch::x86_64::{
    __m512, __m512bh, __m512i, __mmask16, __mmask32, _mm256_loadu_si256, _mm512_castsi256_si512,
    _mm512_cvtne2ps_pbh, _mm512_dpbf16_ps, _mm512_loadu_ps, _mm512_loadu_si512,
    _mm512_mask_storeu_ps, _mm512_maskz_loadu_epi16, _mm512_maskz_loadu_ps,
    _mm512_permutex2var_epi16, _mm512_permutexvar_epi16, _mm512_set1_epi32, _mm512_setzero_ps,
    _mm512_setzero_si512, _mm512_shuffle_i32x4, _mm512_storeu_si512, _mm512_unpackhi_epi32,
    _mm512_unpackhi_epi64, _mm512_unpacklo_epi32, _mm512_unpacklo_epi64,
};
use std::mem::transmute;
use std::ops::Range;

/// Whether this CPU has every instruction that the functions here use.
pub(super) fn is_available() -> bool {
    is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512bf16")
}

/// Sixteen pairs of bf16 in a register; needs AVX-512 F, BW and BF16.
#[derive(Clone, Copy)]
struct InRegister(__m512i);

/// Up to 16 values, zeros beyond the last.
#[inline]
#[target_feature(enable = "avx512f")]
fn load(values: &[f32]) -> __m512 {
    if values.is_empty() {
        // Such a slice may point to no memory at all. The load would be legal, but the CPU would
        // suppress its fault in microcode, which takes hundreds of cycles.
        return _mm512_setzero_ps();
    }
    let mask = first_lanes(values.len());
    // SAFETY: only the lanes of the mask are read, which are values of the slice.
    unsafe { _mm512_maskz_loadu_ps(mask, values.as_ptr()) }
}

/// Up to 16 bf16, zeros beyond the last and in the upper half.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn load_rounded(values: &[u16]) -> __m512i {
    if values.is_empty() {
        // As above.
        return _mm512_setzero_si512();
    }
    if let Some(values) = values.as_array::<PAIRS>() {
        // SAFETY: the array is as long as half the register.
        let half = unsafe { _mm256_loadu_si256(values.as_ptr().cast()) };
        return _mm512_castsi256_si512(half);
    }
    let mask = __mmask32::from(first_lanes(values.len()));
    // SAFETY: only the lanes of the mask are read, which are values of the slice.
    unsafe { _mm512_maskz_loadu_epi16(mask, values.as_ptr().cast()) }
}

/// The mask of the first `count` of 16 lanes; of all from 16 on.
#[inline(always)]
fn first_lanes(count: usize) -> __mmask16 {
    ((1u32 << count.min(16)) - 1) as __mmask16
}

impl Pairs for InRegister {
    #[inline]
    #[target_feature(enable = "avx512f")]
    unsafe fn zero() -> Self {
        Self(_mm512_setzero_si512())
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bf16")]
    unsafe fn of_row(values: &[f32]) -> Self {
        let (lower, upper) = values.split_at(values.len().min(PAIRS));
        let rounded = _mm512_cvtne2ps_pbh(load(upper), load(lower));
        // SAFETY: both are 512 bits, in which every pattern is a value.
        Self(unsafe { transmute::<__m512bh, __m512i>(rounded) })
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512bf16")]
    unsafe fn of_rows(first: &[f32], second: &[f32]) -> Self {
        /// Lane `2i` takes lane `i` of the first row, lane `2i + 1` that of the second.
        const INTERLEAVE: [u16; 2 * PAIRS] = {
            let mut lanes = [0; 2 * PAIRS];
            let mut lane = 0;
            while lane < lanes.len() {
                lanes[lane] = (lane / 2 + lane % 2 * PAIRS) as u16;
                lane += 1;
            }
            lanes
        };
        let rounded = _mm512_cvtne2ps_pbh(load(second), load(first));
        // SAFETY: both are 512 bits, in which every pattern is a value.
        let rounded = unsafe { transmute::<__m512bh, __m512i>(rounded) };
        // SAFETY: as above.
        let lanes = unsafe { transmute::<[u16; 2 * PAIRS], __m512i>(INTERLEAVE) };
        Self(_mm512_permutexvar_epi16(lanes, rounded))
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    unsafe fn of_rounded_rows(first: &[u16], second: &[u16]) -> Self {
        /// Lane `2i` takes lane `i` of the first row, lane `2i + 1` that of the second.
        const INTERLEAVE: [u16; 2 * PAIRS] = {
            let mut lanes = [0; 2 * PAIRS];
            let mut lane = 0;
            while lane < lanes.len() {
                lanes[lane] = (lane / 2 + lane % 2 * 2 * PAIRS) as u16;
                lane += 1;
            }
            lanes
        };
        // SAFETY: both are 512 bits, in which every pattern is a value.
        let lanes = unsafe { transmute::<[u16; 2 * PAIRS], __m512i>(INTERLEAVE) };
        Self(_mm512_permutex2var_epi16(
            load_rounded(first),
            lanes,
            load_rounded(second),
        ))
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    unsafe fn load(from: &[u16; 2 * PAIRS]) -> Self {
        // SAFETY: the array is as long as the register.
        Self(unsafe { _mm512_loadu_si512(from.as_ptr().cast()) })
    }

    /// Transposes 4 × 4 blocks within the vectors' quarters, then the quarters as a 4 × 4 block.
    #[inline]
    #[target_feature(enable = "avx512f")]
    unsafe fn transpose(block: [Self; PAIRS]) -> [Self; PAIRS] {
        let mut quarters = block;
        for four in quarters.as_chunks_mut::<4>().0 {
            let [a, b, c, d] = four.map(|pairs| pairs.0);
            let (ab_low, ab_high) = (_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
            let (cd_low, cd_high) = (_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d));
            *four = [
                Self(_mm512_unpacklo_epi64(ab_low, cd_low)),
                Self(_mm512_unpackhi_epi64(ab_low, cd_low)),
                Self(_mm512_unpacklo_epi64(ab_high, cd_high)),
                Self(_mm512_unpackhi_epi64(ab_high, cd_high)),
            ];
        }
        // Vector `4g + i` now holds, in quarter `q`, pair `4q + i` of the elements `4g` to `4g + 3`.
        let mut transposed = block;
        for i in 0..4 {
            let [a, b, c, d] = [0, 4, 8, 12].map(|group| quarters[group + i].0);
            // Quarters 0 and 1 of two vectors, and quarters 2 and 3.
            let (ab_low, ab_high) = (
                _mm512_shuffle_i32x4::<0b01_00_01_00>(a, b),
                _mm512_shuffle_i32x4::<0b11_10_11_10>(a, b),
            );
            let (cd_low, cd_high) = (
                _mm512_shuffle_i32x4::<0b01_00_01_00>(c, d),
                _mm512_shuffle_i32x4::<0b11_10_11_10>(c, d),
            );
            transposed[i] = Self(_mm512_shuffle_i32x4::<0b10_00_10_00>(ab_low, cd_low));
            transposed[4 + i] = Self(_mm512_shuffle_i32x4::<0b11_01_11_01>(ab_low, cd_low));
            transposed[8 + i] = Self(_mm512_shuffle_i32x4::<0b10_00_10_00>(ab_high, cd_high));
            transposed[12 + i] = Self(_mm512_shuffle_i32x4::<0b11_01_11_01>(ab_high, cd_high));
        }
        transposed
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    unsafe fn store(self, to: &mut [u16; 2 * PAIRS]) {
        // SAFETY: the array is as long as the register.
        unsafe { _mm512_storeu_si512(to.as_mut_ptr().cast(), self.0) }
    }
}

/// Copies the first `columns` values, 1 to 32, of each of so many rows from `from`, one every `from_stride`
/// values, to `to`.
///
/// # Safety
/// The CPU has the instructions; the values can be read and written.
#[target_feature(enable = "avx512f")]
pub(super) unsafe fn copy_rows(
    rows: usize,
    columns: usize,
    (from, from_stride): (*const f32, usize),
    (to, to_stride): (*mut f32, usize),
) {
    let lower = first_lanes(columns);
    let upper = first_lanes(columns.saturating_sub(16));
    for row in 0..rows {
        let from = from.wrapping_add(row * from_stride);
        let to = to.wrapping_add(row * to_stride);
        // SAFETY: only the lanes of the masks are read and written.
        unsafe {
            _mm512_mask_storeu_ps(to, lower, _mm512_maskz_loadu_ps(lower, from));
            if upper != 0 {
                let (from, to) = (from.add(16), to.add(16));
                _mm512_mask_storeu_ps(to, upper, _mm512_maskz_loadu_ps(upper, from));
            }
        }
    }
}

/// See [`packing::round`].
#[target_feature(enable = "avx512f,avx512bw,avx512bf16")]
pub(super) fn round(from: &[f32], to: &mut [u16]) {
    // SAFETY: this function has the features of `InRegister`.
    unsafe { packing::round::<InRegister>(from, to) }
}

/// See [`packing::left`].
#[target_feature(enable = "avx512f,avx512bw,avx512bf16")]
pub(super) fn pack_left(to: &mut [u16], from: Matrix<'_>) {
    // SAFETY: this function has the features of `InRegister`.
    unsafe { packing::left::<InRegister>(to, from) }
}

/// See [`packing::left_of_panels`].
#[target_feature(enable = "avx512f,avx512bw,avx512bf16")]
pub(super) fn left_of_panels(to: &mut [u16], from: Right<'_>) {
    // SAFETY: this function has the features of `InRegister`.
    unsafe { packing::left_of_panels::<InRegister>(to, from) }
}

/// See [`packing::right`].
#[target_feature(enable = "avx512f,avx512bw,avx512bf16")]
pub(super) fn pack_right(to: &mut [u16], from: Matrix<'_>) {
    // SAFETY: this function has the features of `InRegister`.
    unsafe { packing::right::<InRegister>(to, from) }
}

/// See [`packing::right_transposed`].
#[target_feature(enable = "avx512f,avx512bw,avx512bf16")]
pub(super) fn pack_right_transposed(to: &mut [u16], from: Matrix<'_>) {
    // SAFETY: this function has the features of `InRegister`.
    unsafe { packing::right_transposed::<InRegister>(to, from) }
}

/// See [`packing::padded`].
#[target_feature(enable = "avx512f,avx512bw,avx512bf16")]
pub(super) fn padded(to: &mut [u16], from: &[f32], border: Border) {
    // SAFETY: this function has the features of `InRegister`.
    unsafe { packing::padded::<InRegister>(to, from, border) }
}

/// See [`packing::planes`].
#[target_feature(enable = "avx512f,avx512bw,avx512bf16")]
pub(super) fn planes(to: &mut [u16], from: &[u16], channels: usize, plane: usize) {
    // SAFETY: this function has the features of `InRegister`.
    unsafe { packing::planes::<InRegister>(to, from, channels, plane) }
}

/// See [`packing::rows_of_right`].
#[target_feature(enable = "avx512f,avx512bw,avx512bf16")]
pub(super) fn rows_of_right(
    to: &mut [u16],
    panels: (usize, usize),
    from: &[u16],
    columns: usize,
    rows: Range<usize>,
) {
    // SAFETY: this function has the features of `InRegister`.
    unsafe { packing::rows_of_right::<InRegister>(to, panels, from, columns, rows) }
}

/// Rows of the largest tile: its 24 sums, two vectors of the right operand and one of the left stay
/// within the 32 registers.
const TILE_ROWS: usize = 12;

/// The operands of one tile, and its size.
#[derive(Clone, Copy)]
struct Tile {
    /// First sum of the tile; the rows start every `sums_stride` values.
    sums: *mut f32,
    sums_stride: usize,
    store: Store,
    /// Which of the columns 0 to 15 and 16 to 31 exist.
    columns: [__mmask16; 2],
    /// First row of the left operand; the rows start every `left_stride` values, unless they come
    /// from a panel.
    left: *const u16,
    left_stride: usize,
    /// The panel of the right operand.
    right: *const u16,
    /// Pairs along a run of the inner size.
    pairs: usize,
    /// Runs of the inner size; values from one to the next on the left and on the right.
    segments: usize,
    segment_stride: usize,
    right_segment: usize,
    /// The first row of the sums, where they do not begin with zeros or themselves.
    first_row: Option<*const f32>,
}

/// `sums = left · right`, or `+=`, for shapes that fit together with at least one row.
///
/// # Safety
/// The CPU has the features; every operand's slice covers its shape.
#[target_feature(enable = "avx512f,avx512bf16")]
pub(super) unsafe fn product(sums: Sums<'_>, store: Store, left: Left<'_>, right: Right<'_>) {
    // SAFETY: the caller's promise.
    unsafe {
        match left.layout {
            LeftLayout::Rows => product_of::<false>(sums, store, left, right),
            LeftLayout::Panels => product_of::<true>(sums, store, left, right),
        }
    }
}

/// [`product`] with a left operand in `PANELS`, or in rows.
///
/// # Safety
/// As for [`product`].
#[inline]
#[target_feature(enable = "avx512f,avx512bf16")]
unsafe fn product_of<const PANELS: bool>(
    sums: Sums<'_>,
    store: Store,
    left: Left<'_>,
    right: Right<'_>,
) {
    // Rows at a fixed distance from each other.
    let group = if PANELS { PANEL } else { left.rows };
    for panel in 0..right.columns.div_ceil(PANEL) {
        let first_column = panel * PANEL;
        let columns = right.columns - first_column;
        for rows in tiles(left.rows, group) {
            let place = Tile {
                sums: sums
                    .values
                    .as_mut_ptr()
                    .wrapping_add(rows.start * sums.stride + first_column),
                sums_stride: sums.stride,
                store,
                columns: [
                    first_lanes(columns),
                    first_lanes(columns.saturating_sub(16)),
                ],
                left: left.values.as_ptr().wrapping_add(left.place(rows.start, 0)),
                left_stride: padded_inner(left.inner),
                right: right
                    .values
                    .as_ptr()
                    .wrapping_add(panel * right.panel_len()),
                pairs: right.inner.div_ceil(2),
                segments: 1,
                segment_stride: 0,
                right_segment: 0,
                first_row: None,
            };
            // SAFETY: the tile's rows and columns are inside the three operands, whose slices cover
            // their shapes; a pair that reaches beyond the inner size is padding.
            unsafe { multiply::<PANELS>(place, rows.len()) }
        }
    }
}

/// The product of up to [`TILE_ROWS`] `rows`.
///
/// # Safety
/// As for [`microkernel`].
#[inline]
#[target_feature(enable = "avx512f,avx512bf16")]
unsafe fn multiply<const PANELS: bool>(place: Tile, rows: usize) {
    // SAFETY: the caller's promise.
    unsafe {
        match rows {
            1 => microkernel::<1, PANELS>(place),
            2 => microkernel::<2, PANELS>(place),
            3 => microkernel::<3, PANELS>(place),
            4 => microkernel::<4, PANELS>(place),
            5 => microkernel::<5, PANELS>(place),
            6 => microkernel::<6, PANELS>(place),
            7 => microkernel::<7, PANELS>(place),
            8 => microkernel::<8, PANELS>(place),
            9 => microkernel::<9, PANELS>(place),
            10 => microkernel::<10, PANELS>(place),
            11 => microkernel::<11, PANELS>(place),
            _ => microkernel::<TILE_ROWS, PANELS>(place),
        }
    }
}

/// `sums = start + left · right` for operands that `tiling` checked.
///
/// # Safety
/// The CPU has the features; the left operand reaches as far as the tiling reads.
#[target_feature(enable = "avx512f,avx512bf16")]
pub(super) unsafe fn product_of_tiles(
    tiling: &Tiling,
    left: &[u16],
    right: Right<'_>,
    segments: usize,
    sums: &mut [f32],
    start: Start<'_>,
) {
    let stride = tiling.sum_step * right.columns;
    for panel in 0..right.columns.div_ceil(PANEL) {
        let first_column = panel * PANEL;
        let columns = right.columns - first_column;
        for tile in &tiling.tiles {
            for run in tiling.runs(tile) {
                for rows in tiles(run.count, run.count) {
                    let first = run.first + rows.start;
                    let sum_row = run.sum_row + rows.start * tiling.sum_step;
                    let place = Tile {
                        sums: sums[sum_row * right.columns + first_column..].as_mut_ptr(),
                        sums_stride: stride,
                        store: Store::Accumulate,
                        columns: [
                            first_lanes(columns),
                            first_lanes(columns.saturating_sub(16)),
                        ],
                        left: left[tile.left + first * tiling.row_stride..].as_ptr(),
                        left_stride: tiling.row_stride,
                        right: right.values[panel * right.panel_len()..].as_ptr(),
                        pairs: tiling.segment.div_ceil(2),
                        segments,
                        segment_stride: tiling.segment_stride,
                        right_segment: padded_inner(tiling.segment) * PANEL,
                        first_row: match start {
                            Start::Row(row) => Some(row[first_column..].as_ptr()),
                            Start::Sums => None,
                        },
                    };
                    // SAFETY: the tiling checked the operands.
                    unsafe { multiply::<false>(place, rows.len()) }
                }
            }
        }
    }
}

/// The rows of every tile, none of which reaches from one group of rows into the next. As equal as
/// possible: 16 rows are twice 8 rather than 12 and 4, whose 8 sums would not keep the multipliers busy.
fn tiles(rows: usize, group: usize) -> impl Iterator<Item = Range<usize>> {
    (0..rows).step_by(group).flat_map(move |first| {
        let count = group.min(rows - first);
        let tiles = count.div_ceil(TILE_ROWS);
        (0..tiles).map(move |tile| first + tile * count / tiles..first + (tile + 1) * count / tiles)
    })
}

/// The microkernel: the product of `ROWS` rows, which come from a panel if `PANELS`, and one panel.
///
/// # Safety
/// The CPU has the features; `ROWS` rows of the left operand, the whole panel, and those sums that
/// the masks name can be accessed.
#[target_feature(enable = "avx512f,avx512bf16")]
unsafe fn microkernel<const ROWS: usize, const PANELS: bool>(tile: Tile) {
    let place = |row: usize, half: usize| {
        // Wrapping: where the masks exclude a half, it may begin beyond the slice.
        tile.sums.wrapping_add(row * tile.sums_stride + half * 16)
    };
    let mut sums = [[_mm512_setzero_ps(); 2]; ROWS];
    if let Some(first_row) = tile.first_row {
        for sums in &mut sums {
            for (half, sum) in sums.iter_mut().enumerate() {
                // SAFETY: the first row has the columns of whole panels.
                *sum = unsafe { _mm512_loadu_ps(first_row.add(half * 16)) };
            }
        }
    } else if tile.store == Store::Accumulate {
        for (row, sums) in sums.iter_mut().enumerate() {
            for (half, sum) in sums.iter_mut().enumerate() {
                // SAFETY: only the lanes of the mask are read.
                *sum = unsafe { _mm512_maskz_loadu_ps(tile.columns[half], place(row, half)) };
            }
        }
    }
    for segment in 0..tile.segments {
        let from = tile.left.wrapping_add(segment * tile.segment_stride);
        let right = tile.right.wrapping_add(segment * tile.right_segment);
        for pair in 0..tile.pairs {
            // SAFETY: inside the panel, of which one pair of rows has 64 values.
            let columns = unsafe {
                let right = right.add(pair * 2 * PANEL);
                [
                    transmute::<__m512i, __m512bh>(_mm512_loadu_si512(right.cast())),
                    transmute::<__m512i, __m512bh>(_mm512_loadu_si512(right.add(PANEL).cast())),
                ]
            };
            for (row, sums) in sums.iter_mut().enumerate() {
                let left = if PANELS {
                    pair * 2 * PANEL + row * 2
                } else {
                    row * tile.left_stride + pair * 2
                };
                // SAFETY: inside the rows' padded values; they need not be aligned for pairs.
                let both = unsafe { from.add(left).cast::<i32>().read_unaligned() };
                // SAFETY: both are 512 bits, in which every pattern is a value.
                let both = unsafe { transmute::<__m512i, __m512bh>(_mm512_set1_epi32(both)) };
                sums[0] = _mm512_dpbf16_ps(sums[0], both, columns[0]);
                sums[1] = _mm512_dpbf16_ps(sums[1], both, columns[1]);
            }
        }
    }
    for (row, sums) in sums.iter().enumerate() {
        for (half, sum) in sums.iter().enumerate() {
            // SAFETY: only the lanes of the mask are written.
            unsafe { _mm512_mask_storeu_ps(place(row, half), tile.columns[half], *sum) };
        }
    }
}
