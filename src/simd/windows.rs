//! The left operand of a product whose rows may overlap in memory: the windows of an image without
//! copying them (an implicit im2col matrix), or the rows of a plain matrix.

use super::matrix::Matrix;
use crate::simd::buffer::Buffer;

/// `[lines · windows_per_line, segments · segment]`: row `(line, window)` consists of `segments` runs of
/// `segment` values, which begin at
/// `line · line_stride + window · window_stride + run · segment_stride`.
#[derive(Clone, Copy, Debug)]
pub struct Windows<'a> {
    values: &'a [f32],
    layout: Layout,
}

/// Where the values of [`Windows`] are.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Lines of windows.
    pub lines: usize,
    /// Values from one line of windows to the next.
    pub line_stride: usize,
    /// Windows of a line.
    pub windows_per_line: usize,
    /// Values from one window to the next.
    pub window_stride: usize,
    /// Runs of a window: the lines of pixels that it covers.
    pub segments: usize,
    /// Values from one run to the next.
    pub segment_stride: usize,
    /// Values of a run.
    pub segment: usize,
}

impl Layout {
    /// Values that the windows reach over.
    fn covered(&self) -> usize {
        let last = |count: usize, stride: usize| count.saturating_sub(1).saturating_mul(stride);
        if self.lines * self.windows_per_line * self.segments == 0 {
            return 0;
        }
        last(self.lines, self.line_stride)
            .saturating_add(last(self.windows_per_line, self.window_stride))
            .saturating_add(last(self.segments, self.segment_stride))
            .saturating_add(self.segment)
    }
}

impl<'a> Windows<'a> {
    /// Windows over `values`.
    ///
    /// # Panics
    /// If they reach beyond the values.
    pub fn new(values: &'a [f32], layout: Layout) -> Self {
        let covered = layout.covered();
        assert!(
            values.len() >= covered,
            "{} values for {layout:?}",
            values.len()
        );
        Self { values, layout }
    }

    /// Number of rows.
    #[inline(always)]
    pub fn row_count(&self) -> usize {
        self.layout.lines * self.layout.windows_per_line
    }

    /// Number of columns.
    #[inline(always)]
    pub fn column_count(&self) -> usize {
        self.layout.segments * self.layout.segment
    }

    /// The rows as a plain matrix, if each is a single run and they are equally far apart.
    fn as_matrix(&self) -> Option<Matrix<'a>> {
        let Layout {
            lines,
            windows_per_line,
            window_stride,
            segments,
            segment,
            ..
        } = self.layout;
        let is_matrix = lines == 1 && segments == 1 && window_stride >= segment;
        is_matrix.then(|| Matrix::strided(self.values, windows_per_line, segment, window_stride))
    }

    /// Where the values are.
    #[inline(always)]
    pub(super) fn layout(&self) -> Layout {
        self.layout
    }

    /// All values.
    #[inline(always)]
    pub(super) fn values(&self) -> &'a [f32] {
        self.values
    }

    /// The starts of the rows from `first` on, `ROWS` of them.
    #[inline(always)]
    pub(super) fn starts<const ROWS: usize>(&self, first: usize) -> [usize; ROWS] {
        let Layout {
            lines,
            line_stride,
            windows_per_line,
            window_stride,
            ..
        } = self.layout;
        let mut starts = [0; ROWS];
        if lines == 1 {
            // No division where none is needed: the sums of a tile may be short.
            for (row, start) in starts.iter_mut().enumerate() {
                *start = (first + row) * window_stride;
            }
            return starts;
        }
        let (mut line, mut window) = (first / windows_per_line, first % windows_per_line);
        for start in &mut starts {
            *start = line * line_stride + window * window_stride;
            window += 1;
            if window == windows_per_line {
                (line, window) = (line + 1, 0);
            }
        }
        starts
    }

    /// The rows as a plain matrix: where they are if they are one, else copied to `buffer`.
    pub(super) fn to_matrix<'b>(self, buffer: &'b mut Buffer) -> Matrix<'b>
    where
        'a: 'b,
    {
        if let Some(matrix) = self.as_matrix() {
            return matrix;
        }
        let (rows, columns) = (self.row_count(), self.column_count());
        let copy = buffer.size(rows * columns);
        self.copy_to(copy);
        Matrix::new(copy, rows, columns)
    }

    /// The rows as a plain matrix in `out`, `[row_count, column_count]`.
    pub fn copy_to(&self, out: &mut [f32]) {
        // Runs of known lengths are moved without a call for each.
        match self.layout.segment {
            2 => self.copy_runs(out, copy_run::<2>),
            3 => self.copy_runs(out, copy_run::<3>),
            4 => self.copy_runs(out, copy_run::<4>),
            5 => self.copy_runs(out, copy_run::<5>),
            7 => self.copy_runs(out, copy_run::<7>),
            _ => self.copy_runs(out, |from, to| to.copy_from_slice(from)),
        }
    }

    #[inline(always)]
    fn copy_runs(&self, out: &mut [f32], copy: impl Fn(&[f32], &mut [f32])) {
        let Layout {
            lines,
            line_stride,
            windows_per_line,
            window_stride,
            segments,
            segment_stride,
            segment,
        } = self.layout;
        let columns = self.column_count().max(1);
        let mut rows = out.chunks_exact_mut(columns);
        for line in 0..lines {
            for (window, row) in (0..windows_per_line).zip(&mut rows) {
                let start = line * line_stride + window * window_stride;
                for (run, to) in (0..segments).zip(row.chunks_exact_mut(segment)) {
                    copy(&self.values[start + run * segment_stride..][..segment], to);
                }
            }
        }
    }
}

/// Copies a run of `LEN` values.
#[inline(always)]
fn copy_run<const LEN: usize>(from: &[f32], to: &mut [f32]) {
    if let (Some(from), Some(to)) = (from.as_array::<LEN>(), to.as_mut_array::<LEN>()) {
        *to = *from;
    }
}

impl<'a> From<Matrix<'a>> for Windows<'a> {
    fn from(matrix: Matrix<'a>) -> Self {
        let (values, stride) = matrix.parts();
        let segment = matrix.column_count();
        Self {
            values,
            layout: Layout {
                lines: 1,
                line_stride: 0,
                windows_per_line: matrix.row_count(),
                window_stride: stride,
                segments: 1,
                segment_stride: segment,
                segment,
            },
        }
    }
}
