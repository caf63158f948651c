//! Products whose left operand's rows overlap in memory: how they are cut into tiles, and where the sums of
//! each tile belong.
//!
//! A convolution in three such products, none of which copies the windows of its image: the output, windows
//! of the image times the weight; the input's gradient, windows of the output's gradient times the weight
//! turned around; and the weight's gradient, the image as planes of channels, shifted by each place of the
//! kernel, times the output's gradient.

use super::operands::{PANEL, STEP, padded_inner};
use crate::simd::windows::Layout;
use std::ops::Range;

/// Rows of the largest tile.
pub(super) const TILE: usize = 16;

/// Rows of a tile below which it takes as long as one of so many: AMX multiplies a row a cycle, but four
/// sums cannot hide more of its latency.
const SHORTEST: usize = 13;

/// What the products are added to.
#[derive(Clone, Copy, Debug)]
pub enum Start<'a> {
    /// These values in every row, those of whole panels: a bias, or zeros.
    Row(&'a [f32]),
    /// The output's own values.
    Sums,
}

/// The rows of a left operand in tiles. Row `i` of a tile begins at `left + i · row_stride`; it consists of
/// runs of `segment` values, `segment_stride` apart, as many as the right operand has. A run is read on to a
/// multiple of 32 values, which the right operand meets with zeros.
#[derive(Clone, Debug)]
pub struct Tiling {
    /// Rows of every tile.
    pub(super) rows: usize,
    /// Values from one row to the next.
    pub(super) row_stride: usize,
    /// Values of a run.
    pub(super) segment: usize,
    /// Values from one run to the next.
    pub(super) segment_stride: usize,
    /// Rows of the output from one row of a tile to the next.
    pub(super) sum_step: usize,
    pub(super) tiles: Vec<Tile>,
    runs: Vec<Run>,
    /// Whether some sums are in two tiles.
    overlaps: bool,
    /// Rows of the output.
    sum_rows: usize,
}

/// One tile.
#[derive(Clone, Debug)]
pub(super) struct Tile {
    /// Its first row's first value.
    pub left: usize,
    runs: Range<usize>,
}

/// Rows of a tile whose sums are kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    /// The first of them.
    pub first: usize,
    /// How many.
    pub count: usize,
    /// The first one's row in the output.
    pub sum_row: usize,
}

impl Tiling {
    /// The windows of an image as rows, in the order of the output's pixels.
    pub fn of_windows(layout: Layout) -> Self {
        let Layout {
            lines,
            line_stride,
            windows_per_line,
            window_stride,
            ..
        } = layout;
        let mut tiling = Self {
            rows: 0,
            row_stride: window_stride,
            segment: layout.segment,
            segment_stride: layout.segment_stride,
            sum_step: 1,
            tiles: Vec::new(),
            runs: Vec::new(),
            overlaps: false,
            sum_rows: lines * windows_per_line,
        };
        if tiling.sum_rows == 0 {
            return tiling;
        }
        // Windows of one line each, or all of them with those between the end of a line and the next.
        let pitch = line_stride / window_stride;
        let all = (lines - 1) * pitch + windows_per_line;
        let time = |count: usize| count.div_ceil(TILE) * rows_of(count).max(SHORTEST);
        if line_stride % window_stride == 0 && lines * time(windows_per_line) > time(all) * 5 / 4 {
            tiling.rows = rows_of(all);
            for start in starts(all) {
                let mut runs = Vec::new();
                let (mut row, end) = (start, start + tiling.rows);
                while row < end {
                    let (line, window) = (row / pitch, row % pitch);
                    if window < windows_per_line {
                        let count = (windows_per_line - window).min(end - row);
                        runs.push(Run {
                            first: row - start,
                            count,
                            sum_row: line * windows_per_line + window,
                        });
                    }
                    row = (line + 1) * pitch;
                }
                tiling.push(start * window_stride, &runs);
            }
            tiling.overlaps = all % tiling.rows != 0;
            return tiling;
        }
        tiling.rows = rows_of(windows_per_line);
        for line in 0..lines {
            for start in starts(windows_per_line) {
                let run = Run {
                    first: 0,
                    count: tiling.rows,
                    sum_row: line * windows_per_line + start,
                };
                tiling.push(line * line_stride + start * window_stride, &[run]);
            }
        }
        tiling.overlaps = windows_per_line % tiling.rows != 0;
        tiling
    }

    /// The planes of an image's `channels`, `plane` values each, shifted by each place of a kernel of
    /// `kernel_size`² over lines of `pitch` pixels; rows in the order `[kernel_size, kernel_size, channels]`.
    /// A run is an image's `positions`.
    pub fn of_planes(
        channels: usize,
        plane: usize,
        kernel_size: usize,
        pitch: usize,
        positions: usize,
    ) -> Self {
        // A tile has the channels of one place, or the places side by side of one channel.
        let by_channels = channels >= kernel_size;
        let count = if by_channels { channels } else { kernel_size };
        let mut tiling = Self {
            rows: rows_of(count),
            row_stride: if by_channels { plane } else { 1 },
            segment: positions,
            segment_stride: channels * plane,
            sum_step: if by_channels { 1 } else { channels },
            tiles: Vec::new(),
            runs: Vec::new(),
            overlaps: false,
            sum_rows: kernel_size * kernel_size * channels,
        };
        // The same channels at all places one after the other: their planes stay in the cache.
        let others = if by_channels { kernel_size } else { channels };
        let mut kept = 0;
        for start in starts(count) {
            for line in 0..kernel_size {
                for other in 0..others {
                    let (left, sum_row, step) = match by_channels {
                        true => (line * pitch + other, other * channels, plane),
                        false => (line * pitch + other * plane, other, 1),
                    };
                    let first_row = line * kernel_size * channels + sum_row;
                    // The last tile may begin with rows of the one before.
                    let run = Run {
                        first: kept - start,
                        count: start + tiling.rows - kept,
                        sum_row: first_row + kept * tiling.sum_step,
                    };
                    tiling.push(left + start * step, &[run]);
                }
            }
            kept = start + tiling.rows;
        }
        tiling
    }

    /// Adds a tile. Products write its sums without looking, so that they must be where it says.
    fn push(&mut self, left: usize, runs: &[Run]) {
        for run in runs {
            assert!(
                run.count > 0 && run.first + run.count <= self.rows,
                "{run:?}"
            );
            let last = run.sum_row + (run.count - 1) * self.sum_step;
            assert!(last < self.sum_rows, "{run:?}");
        }
        let first = self.runs.len();
        self.runs.extend_from_slice(runs);
        self.tiles.push(Tile {
            left,
            runs: first..self.runs.len(),
        });
    }

    /// The rows of a tile whose sums are kept.
    pub(super) fn runs(&self, tile: &Tile) -> &[Run] {
        &self.runs[tile.runs.clone()]
    }

    /// The output row of a tile all of whose sums are kept, and one below the other.
    pub(super) fn whole(&self, tile: &Tile) -> Option<usize> {
        match self.runs(tile) {
            [run] if run.count == self.rows => Some(run.sum_row),
            _ => None,
        }
    }

    /// Rows of all tiles, each counted as many as take its time.
    pub(super) fn rows_in_tiles(&self) -> usize {
        self.tiles.len() * self.rows.max(SHORTEST)
    }

    /// Rows of the output.
    pub(super) fn sum_rows(&self) -> usize {
        self.sum_rows
    }

    /// Steps of 32 values along a run.
    pub(super) fn steps(&self) -> usize {
        padded_inner(self.segment) / STEP
    }

    /// Checks that the operands fit the tiling and each other, and returns how many runs a row has.
    ///
    /// # Panics
    /// If they do not.
    pub(super) fn check(
        &self,
        left: &[u16],
        inner: usize,
        columns: usize,
        sums: &[f32],
        start: Start<'_>,
    ) -> usize {
        let padded = padded_inner(self.segment);
        assert_eq!(inner % padded.max(1), 0, "runs of {padded} values");
        let segments = inner / padded.max(1);
        assert_eq!(sums.len(), self.sum_rows * columns, "output");
        match start {
            Start::Row(row) => assert_eq!(row.len(), columns.next_multiple_of(PANEL), "first row"),
            Start::Sums => assert!(!self.overlaps, "sums that are in two tiles"),
        }
        // From a tile's first value to the last that is read, which may lie beyond the last run.
        let last = |count: usize, stride: usize| count.saturating_sub(1).saturating_mul(stride);
        let reach = last(self.rows, self.row_stride)
            .saturating_add(last(segments, self.segment_stride))
            .saturating_add(padded);
        for tile in &self.tiles {
            let end = tile.left.saturating_add(reach);
            assert!(
                end <= left.len(),
                "a tile reads {end} of {} values",
                left.len()
            );
        }
        segments
    }
}

/// Tiles of the same size for `count` rows: the rows of one.
fn rows_of(count: usize) -> usize {
    count.div_ceil(count.div_ceil(TILE).max(1))
}

/// The tiles' first rows; the last may begin within the one before.
fn starts(count: usize) -> impl Iterator<Item = usize> {
    let rows = rows_of(count);
    (0..count.div_ceil(TILE)).map(move |tile| (tile * rows).min(count - rows))
}
