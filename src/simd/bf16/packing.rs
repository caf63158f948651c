//! Packing: f32 matrices rounded to bf16 in the layouts of a product's operands.
//!
//! All layouts consist of pairs of bf16 that are neighbours in the inner size (k), sixteen pairs at a
//! time (a vector of 512 bits), so that a matrix is transposed in blocks of 16 × 16 pairs.

use super::operands::{PANEL, Right, STEP, left_len, padded_inner, right_len};
use crate::simd::matrix::Matrix;
use std::ops::Range;

/// Pairs in one vector, and rows and columns of a block that is transposed.
pub(super) const PAIRS: usize = 16;

/// Sixteen pairs of bf16.
///
/// The functions are unsafe because an implementation may use instructions that not every CPU has;
/// its documentation names them.
pub(super) trait Pairs: Copy {
    /// Sixteen pairs of zeros.
    ///
    /// # Safety
    /// The CPU has the implementation's instructions.
    unsafe fn zero() -> Self;

    /// The pairs (0, 1), (2, 3), … of up to 32 `values`, and zeros beyond the last.
    ///
    /// # Safety
    /// The CPU has the implementation's instructions.
    unsafe fn of_row(values: &[f32]) -> Self;

    /// Pair `i` is `(first[i], second[i])`, for up to 16 values each, zeros beyond the last.
    ///
    /// # Safety
    /// The CPU has the implementation's instructions.
    unsafe fn of_rows(first: &[f32], second: &[f32]) -> Self;

    /// The same of values that are bf16 already.
    ///
    /// # Safety
    /// The CPU has the implementation's instructions.
    unsafe fn of_rounded_rows(first: &[u16], second: &[u16]) -> Self;

    /// The 32 values.
    ///
    /// # Safety
    /// The CPU has the implementation's instructions.
    unsafe fn load(from: &[u16; 2 * PAIRS]) -> Self;

    /// Pair `j` of element `i` becomes pair `i` of element `j`.
    ///
    /// # Safety
    /// The CPU has the implementation's instructions.
    unsafe fn transpose(block: [Self; PAIRS]) -> [Self; PAIRS];

    /// Writes the 32 values.
    ///
    /// # Safety
    /// The CPU has the implementation's instructions.
    unsafe fn store(self, to: &mut [u16; 2 * PAIRS]);
}

/// Rounds `from`, `[rows][inner]`, into a left operand.
///
/// # Safety
/// The CPU has the instructions of `P`.
#[inline(always)]
pub(super) unsafe fn left<P: Pairs>(to: &mut [u16], from: Matrix<'_>) {
    let (rows, inner) = (from.row_count(), from.column_count());
    assert_eq!(to.len(), left_len(rows, inner), "packed {rows}×{inner}");
    if inner == 0 {
        return;
    }
    for (row, to) in to.chunks_exact_mut(padded_inner(inner)).enumerate() {
        for (step, to) in to.as_chunks_mut::<STEP>().0.iter_mut().enumerate() {
            // SAFETY: the caller's promise.
            unsafe { step_of_row::<P>(from, row, step).store(to) };
        }
    }
}

/// The values of one step along a row.
///
/// # Safety
/// The CPU has the instructions of `P`.
#[inline(always)]
unsafe fn step_of_row<P: Pairs>(from: Matrix<'_>, row: usize, step: usize) -> P {
    let values = from.row_part(row, step * STEP, STEP);
    // The same twice: where the length is known, loads need no masks.
    // SAFETY: the caller's promise.
    unsafe {
        match values.as_array::<STEP>() {
            Some(values) => P::of_row(values),
            None => P::of_row(values),
        }
    }
}

/// The rows of a left operand whose transpose is packed as a right one.
///
/// # Safety
/// The CPU has the instructions of `P`.
#[inline(always)]
pub(super) unsafe fn left_of_panels<P: Pairs>(to: &mut [u16], from: Right<'_>) {
    let (inner, rows) = (from.inner, from.columns);
    assert_eq!(to.len(), left_len(rows, inner), "packed {rows}×{inner}");
    if inner == 0 {
        return;
    }
    let padded = padded_inner(inner);
    for (group, to) in to.chunks_mut(PAIRS * padded).enumerate() {
        let panel = &from.values[group / 2 * from.panel_len()..][..from.panel_len()];
        // Half of each of a panel's rows, one vector, belongs to this group.
        let vectors = panel.as_chunks::<{ 2 * PAIRS }>().0;
        let mut vectors = vectors.iter().skip(group % 2).step_by(2);
        for step in (0..padded).step_by(STEP) {
            // SAFETY: the caller's promise.
            let mut block = [unsafe { P::zero() }; PAIRS];
            for (pairs, vector) in block.iter_mut().zip(vectors.by_ref()) {
                // SAFETY: the caller's promise.
                *pairs = unsafe { P::load(vector) };
            }
            // SAFETY: the caller's promise.
            let block = unsafe { P::transpose(block) };
            for (to, pairs) in to.chunks_exact_mut(padded).zip(block) {
                if let Some(to) = to[step..].first_chunk_mut() {
                    // SAFETY: the caller's promise.
                    unsafe { pairs.store(to) };
                }
            }
        }
    }
}

/// Rounds `from`, `[inner][columns]`, into a right operand.
///
/// # Safety
/// The CPU has the instructions of `P`.
#[inline(always)]
pub(super) unsafe fn right<P: Pairs>(to: &mut [u16], from: Matrix<'_>) {
    let (inner, columns) = (from.row_count(), from.column_count());
    assert_eq!(
        to.len(),
        right_len(inner, columns),
        "packed {inner}×{columns}"
    );
    if inner == 0 {
        return;
    }
    for (panel, to) in to.chunks_exact_mut(padded_inner(inner) * PANEL).enumerate() {
        let (pairs_of_rows, _) = to.as_chunks_mut::<{ 2 * PANEL }>();
        for (pair, to) in pairs_of_rows.iter_mut().enumerate() {
            let first = from.row_part(2 * pair, panel * PANEL, PANEL);
            let second = from.row_part(2 * pair + 1, panel * PANEL, PANEL);
            // The same twice, as above.
            // SAFETY: the caller's promise.
            unsafe {
                match (first.as_array::<PANEL>(), second.as_array::<PANEL>()) {
                    (Some(first), Some(second)) => interleave::<P>(to, first, second),
                    _ => interleave::<P>(to, first, second),
                }
            }
        }
    }
}

/// Rounds two rows of one panel, up to 32 values each; zeros beyond the last.
///
/// # Safety
/// The CPU has the instructions of `P`.
#[inline(always)]
unsafe fn interleave<P: Pairs>(to: &mut [u16; 2 * PANEL], first: &[f32], second: &[f32]) {
    let (first_lower, first_upper) = first.split_at(first.len().min(PAIRS));
    let (second_lower, second_upper) = second.split_at(second.len().min(PAIRS));
    let halves = [(first_lower, second_lower), (first_upper, second_upper)];
    let (vectors, _) = to.as_chunks_mut::<{ 2 * PAIRS }>();
    for (to, (first, second)) in vectors.iter_mut().zip(halves) {
        // SAFETY: the caller's promise.
        unsafe { P::of_rows(first, second).store(to) };
    }
}

/// Rounds `from`, `[columns][inner]`, into a right operand.
///
/// # Safety
/// The CPU has the instructions of `P`.
#[inline(always)]
pub(super) unsafe fn right_transposed<P: Pairs>(to: &mut [u16], from: Matrix<'_>) {
    let (columns, inner) = (from.row_count(), from.column_count());
    assert_eq!(
        to.len(),
        right_len(inner, columns),
        "packed {inner}×{columns}"
    );
    if inner == 0 {
        return;
    }
    for (panel, to) in to.chunks_exact_mut(padded_inner(inner) * PANEL).enumerate() {
        for (step, to) in to.chunks_exact_mut(STEP * PANEL).enumerate() {
            let (vectors, _) = to.as_chunks_mut::<{ 2 * PAIRS }>();
            for half in 0..2 {
                // SAFETY: the caller's promise.
                let mut block = [unsafe { P::zero() }; PAIRS];
                for (column, pairs) in block.iter_mut().enumerate() {
                    let column = panel * PANEL + half * PAIRS + column;
                    // SAFETY: the caller's promise.
                    *pairs = unsafe { step_of_row(from, column, step) };
                }
                // SAFETY: the caller's promise.
                let block = unsafe { P::transpose(block) };
                for (to, pairs) in vectors.iter_mut().skip(half).step_by(2).zip(block) {
                    // SAFETY: the caller's promise.
                    unsafe { pairs.store(to) };
                }
            }
        }
    }
}

/// Rounds `from` value by value.
///
/// # Safety
/// The CPU has the instructions of `P`.
#[inline(always)]
pub(super) unsafe fn round<P: Pairs>(from: &[f32], to: &mut [u16]) {
    assert_eq!(from.len(), to.len(), "as many values as there are places");
    let (vectors, rest) = to.as_chunks_mut::<{ 2 * PAIRS }>();
    let (whole, from_rest) = from.split_at(vectors.len() * 2 * PAIRS);
    for (to, from) in vectors.iter_mut().zip(whole.chunks_exact(2 * PAIRS)) {
        // SAFETY: the caller's promise.
        unsafe { P::of_row(from).store(to) };
    }
    let mut last = [0; 2 * PAIRS];
    // SAFETY: the caller's promise.
    unsafe { P::of_row(from_rest).store(&mut last) };
    rest.copy_from_slice(&last[..rest.len()]);
}

/// Where the values of an image stand among zeros.
#[derive(Clone, Copy, Debug)]
pub struct Border {
    /// Zeros before the first line.
    pub before: usize,
    /// Values of a line.
    pub line: usize,
    /// Values from one line to the next, with the zeros between them.
    pub pitch: usize,
}

/// Rounds `from`, lines that follow each other, into `to` with zeros before, between and after them.
///
/// # Safety
/// The CPU has the instructions of `P`.
#[inline(always)]
pub(super) unsafe fn padded<P: Pairs>(to: &mut [u16], from: &[f32], border: Border) {
    let Border {
        before,
        line,
        pitch,
    } = border;
    assert!(line > 0 && line <= pitch, "lines of {line} in {pitch}");
    let end = before + from.len() / line * pitch;
    let (to, after) = to.split_at_mut(end);
    after.fill(0);
    let (zeros, lines) = to.split_at_mut(before);
    zeros.fill(0);
    for (to, from) in lines.chunks_exact_mut(pitch).zip(from.chunks_exact(line)) {
        let (values, zeros) = to.split_at_mut(line);
        zeros.fill(0);
        // SAFETY: the caller's promise.
        unsafe { round::<P>(from, values) }
    }
}

/// Writes `from`, `[positions][channels]`, as planes of `plane` values, `[channels][plane]`, zeros beyond the
/// positions. A plane is a multiple of 32.
///
/// # Safety
/// The CPU has the instructions of `P`.
#[inline(always)]
pub(super) unsafe fn planes<P: Pairs>(to: &mut [u16], from: &[u16], channels: usize, plane: usize) {
    assert_eq!(to.len(), channels * plane, "{channels} planes of {plane}");
    assert_eq!(plane % STEP, 0, "planes of whole steps");
    if channels == 1 {
        let (values, zeros) = to.split_at_mut(from.len());
        values.copy_from_slice(from);
        return zeros.fill(0);
    }
    let row = |position: usize, first: usize| {
        let start = (position * channels + first).min(from.len());
        &from[start..(start + PAIRS.min(channels - first)).min(from.len())]
    };
    for first in (0..channels).step_by(PAIRS) {
        for step in (0..plane).step_by(STEP) {
            // SAFETY: the caller's promise.
            let mut block = [unsafe { P::zero() }; PAIRS];
            for (pair, values) in block.iter_mut().enumerate() {
                let position = step + 2 * pair;
                let (one, other) = (row(position, first), row(position + 1, first));
                // Where the length is known, loads need no masks.
                // SAFETY: the caller's promise.
                *values = unsafe {
                    match (one.as_array::<PAIRS>(), other.as_array::<PAIRS>()) {
                        (Some(one), Some(other)) => P::of_rounded_rows(one, other),
                        _ => P::of_rounded_rows(one, other),
                    }
                };
            }
            // SAFETY: the caller's promise.
            let block = unsafe { P::transpose(block) };
            let planes = to[first * plane..].chunks_exact_mut(plane);
            for (plane, values) in planes.zip(block) {
                if let Some(to) = plane[step..].first_chunk_mut() {
                    // SAFETY: the caller's promise.
                    unsafe { values.store(to) };
                }
            }
        }
    }
}

/// Writes `from`, `[positions][columns]`, as `rows` of a right operand: of the panels in `to`, of `panel_len`
/// values each, the first of which is `first_panel`. Zeros beyond the positions; the rows begin and end with
/// even ones.
///
/// # Safety
/// The CPU has the instructions of `P`.
#[inline(always)]
pub(super) unsafe fn rows_of_right<P: Pairs>(
    to: &mut [u16],
    (first_panel, panel_len): (usize, usize),
    from: &[u16],
    columns: usize,
    rows: Range<usize>,
) {
    let row = |position: usize, first: usize| {
        let start = (position * columns + first).min(from.len());
        &from[start..(start + PAIRS.min(columns.saturating_sub(first))).min(from.len())]
    };
    for (panel, to) in to.chunks_exact_mut(panel_len).enumerate() {
        let to = &mut to[rows.start * PANEL..rows.end * PANEL];
        for (pair, to) in to.as_chunks_mut::<{ 2 * PANEL }>().0.iter_mut().enumerate() {
            for (half, to) in to.as_chunks_mut::<{ 2 * PAIRS }>().0.iter_mut().enumerate() {
                let first = (first_panel + panel) * PANEL + half * PAIRS;
                let (one, other) = (row(2 * pair, first), row(2 * pair + 1, first));
                // As above.
                // SAFETY: the caller's promise.
                unsafe {
                    match (one.as_array::<PAIRS>(), other.as_array::<PAIRS>()) {
                        (Some(one), Some(other)) => P::of_rounded_rows(one, other).store(to),
                        _ => P::of_rounded_rows(one, other).store(to),
                    }
                }
            }
        }
    }
}
