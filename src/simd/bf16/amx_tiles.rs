//! Products of rows that overlap in memory, with AMX: their tiles are loaded from where they are.

use super::amx::{Registers, Shapes};
use super::avx512::copy_rows;
use super::operands::{PANEL, Right, STEP};
use super::tiling::{Run, Start, TILE, Tile, Tiling};
use std::arch::asm;

/// Bytes that one step of 32 goes on, in a row on the left and in a panel on the right.
const LEFT_STEP: usize = STEP * size_of::<u16>();
const RIGHT_STEP: usize = STEP * PANEL * size_of::<u16>();

/// Bytes from one pair of rows of a panel to the next.
const RIGHT_STRIDE: usize = 2 * PANEL * size_of::<u16>();

/// Most tiles of rows in one block.
const MOST: usize = 4;

/// Tiles of sums that are not stored as they are.
type Buffers = [[[f32; PANEL]; TILE]; MOST];

/// The way along the operands that all blocks take. Strides are in bytes.
#[derive(Clone, Copy)]
struct Way {
    left_stride: usize,
    /// Steps of 32 along a run; at least 1.
    steps: usize,
    /// Runs; at least 1.
    segments: usize,
    /// From the end of a run, as read, to the next.
    gap: usize,
}

/// Loads the tile of sums `$register`.
macro_rules! load {
    ($register:literal, $from:expr, $stride:expr) => {
        asm!(
            concat!("tileloadd tmm", $register, ", [{from} + {stride}]"),
            from = in(reg) $from,
            stride = in(reg) $stride,
            options(nostack, readonly, preserves_flags),
        )
    };
}

/// Stores the tile of sums `$register`.
macro_rules! store {
    ($register:literal, $to:expr, $stride:expr) => {
        asm!(
            concat!("tilestored [{to} + {stride}], tmm", $register),
            to = in(reg) $to,
            stride = in(reg) $stride,
            options(nostack, preserves_flags),
        )
    };
}

/// Where a tile of sums is, and the bytes from one of its rows to the next.
#[derive(Clone, Copy)]
struct Place {
    at: *mut f32,
    stride: usize,
}

impl Place {
    /// # Safety
    /// The tiles are configured; the rows can be read.
    unsafe fn load(self, register: usize) {
        // SAFETY: the caller's promise.
        unsafe {
            match register {
                0 => load!(0, self.at, self.stride),
                1 => load!(1, self.at, self.stride),
                2 => load!(2, self.at, self.stride),
                _ => load!(3, self.at, self.stride),
            }
        }
    }

    /// # Safety
    /// The tiles are configured; the rows can be written.
    unsafe fn store(self, register: usize) {
        // SAFETY: the caller's promise.
        unsafe {
            match register {
                0 => store!(0, self.at, self.stride),
                1 => store!(1, self.at, self.stride),
                2 => store!(2, self.at, self.stride),
                _ => store!(3, self.at, self.stride),
            }
        }
    }
}

/// `sums = start + left · right` for operands that `tiling` checked, with at least one step.
///
/// # Safety
/// AMX and AVX-512 are available; the left operand reaches as far as the tiling reads.
pub(super) unsafe fn product(
    tiling: &Tiling,
    left: &[u16],
    right: Right<'_>,
    segments: usize,
    sums: &mut [f32],
    start: Start<'_>,
) {
    let (rows, steps) = (tiling.rows, tiling.steps());
    let shapes = Shapes::new([rows, rows, rows, rows, rows, rows, TILE, TILE]);
    let wide = Shapes::new([rows, rows, rows, rows, rows, rows, rows, TILE]);
    let way = Way {
        left_stride: tiling.row_stride * size_of::<u16>(),
        steps,
        segments,
        gap: (tiling.segment_stride * size_of::<u16>()).wrapping_sub(steps * LEFT_STEP),
    };
    let columns = right.columns;
    let mut buffers: Buffers = [[[0.0; PANEL]; TILE]; MOST];
    for panel in 0..columns.div_ceil(PANEL) {
        let panel_columns = PANEL.min(columns - panel * PANEL);
        let halves = panel_columns.div_ceil(TILE);
        let first = right.values[panel * right.panel_len()..].as_ptr();
        // SAFETY: the caller's promise; the registers are released at the end of the block.
        unsafe {
            let _registers = Registers::with(if halves == 2 { &shapes } else { &wide });
            let block = Block {
                way,
                tiling,
                left,
                right: first,
                first_column: panel * PANEL,
                panel_columns,
                columns,
                start,
            };
            let at_once = MOST / halves;
            let (groups, rest) = tiling.tiles.as_chunks::<MOST>();
            for group in groups {
                for tiles in group.chunks_exact(at_once) {
                    block.multiply(tiles, sums, &mut buffers);
                }
            }
            let pairs = rest.chunks_exact(if halves == 2 { 2 } else { 1 });
            let last = pairs.remainder();
            for tiles in pairs {
                block.multiply(tiles, sums, &mut buffers);
            }
            for tile in last.chunks(1) {
                block.multiply(tile, sums, &mut buffers);
            }
        }
    }
}

/// One panel of the right operand and all that its products with tiles of rows need.
struct Block<'a> {
    way: Way,
    tiling: &'a Tiling,
    left: &'a [u16],
    right: *const u16,
    first_column: usize,
    panel_columns: usize,
    columns: usize,
    start: Start<'a>,
}

impl Block<'_> {
    /// The products of one, two or four tiles, which are at most four tiles of sums.
    ///
    /// # Safety
    /// As for [`product`]; the registers are configured for the panel.
    unsafe fn multiply(&self, tiles: &[Tile], sums: &mut [f32], buffers: &mut Buffers) {
        let halves = self.panel_columns.div_ceil(TILE);
        for (index, tile) in tiles.iter().enumerate() {
            let own = self.own_place(tile, sums, &mut buffers[index]);
            let from = match self.start {
                Start::Row(row) => Place {
                    at: row[self.first_column..].as_ptr().cast_mut(),
                    stride: 0,
                },
                Start::Sums => {
                    if self.own_row(tile).is_none() {
                        // SAFETY: AMX is there, and with it AVX-512.
                        unsafe { self.load_runs(tile, sums, &mut buffers[index]) };
                    }
                    own
                }
            };
            for half in 0..halves {
                let from = Place {
                    at: from.at.wrapping_add(half * TILE),
                    ..from
                };
                // SAFETY: the rows are in the sums, in the buffer, or are the first row again and again.
                unsafe { from.load(index * halves + half) };
            }
        }
        let begin = |tile: &Tile| self.left[tile.left..].as_ptr();
        // SAFETY: the caller's promise.
        unsafe {
            match (tiles, halves) {
                ([one, other], 2) => multiply_2x2(self.way, [begin(one), begin(other)], self.right),
                ([a, b, c, d], 1) => {
                    multiply_4x1(
                        self.way,
                        [begin(a), begin(b), begin(c), begin(d)],
                        self.right,
                    );
                }
                ([one], 2) => multiply_1x2(self.way, begin(one), self.right),
                ([one], _) => multiply_1x1(self.way, begin(one), self.right),
                _ => unreachable!("{} tiles × {halves}", tiles.len()),
            }
        }
        for (index, tile) in tiles.iter().enumerate() {
            let to = self.own_place(tile, sums, &mut buffers[index]);
            for half in 0..halves {
                let to = Place {
                    at: to.at.wrapping_add(half * TILE),
                    ..to
                };
                // SAFETY: as where they were loaded.
                unsafe { to.store(index * halves + half) };
            }
            if self.own_row(tile).is_none() {
                // SAFETY: AMX is there, and with it AVX-512.
                unsafe { self.store_runs(tile, sums, &buffers[index]) };
            }
        }
    }

    /// The output row where a tile's sums begin, if they are stored as they are.
    fn own_row(&self, tile: &Tile) -> Option<usize> {
        let is_whole = self.panel_columns.is_multiple_of(TILE);
        self.tiling.whole(tile).filter(|_| is_whole)
    }

    /// Where a tile's sums are loaded from and stored to: among the sums, or in the buffer.
    fn own_place(&self, tile: &Tile, sums: &mut [f32], buffer: &mut [[f32; PANEL]; TILE]) -> Place {
        match self.own_row(tile) {
            Some(row) => Place {
                at: sums[row * self.columns + self.first_column..].as_mut_ptr(),
                stride: self.tiling.sum_step * self.columns * size_of::<f32>(),
            },
            None => Place {
                at: buffer.as_flattened_mut().as_mut_ptr(),
                stride: size_of_val(&buffer[0]),
            },
        }
    }

    /// Copies the sums of the rows that are kept into `buffer`.
    ///
    /// # Safety
    /// The CPU has AVX-512.
    unsafe fn load_runs(&self, tile: &Tile, sums: &[f32], buffer: &mut [[f32; PANEL]; TILE]) {
        for run in self.tiling.runs(tile) {
            let from = self.place_of(run, sums.len());
            let kept = buffer[run.first..][..run.count].as_flattened_mut();
            // SAFETY: the rows of the run are in the sums, as was checked, and in the buffer.
            unsafe {
                let from = (sums.as_ptr().add(from), self.tiling.sum_step * self.columns);
                let to = (kept.as_mut_ptr(), PANEL);
                copy_rows(run.count, self.panel_columns, from, to);
            }
        }
    }

    /// Copies the rows that are kept from `buffer` into the sums.
    ///
    /// # Safety
    /// The CPU has AVX-512.
    unsafe fn store_runs(&self, tile: &Tile, sums: &mut [f32], buffer: &[[f32; PANEL]; TILE]) {
        for run in self.tiling.runs(tile) {
            let to = self.place_of(run, sums.len());
            let kept = buffer[run.first..][..run.count].as_flattened();
            // SAFETY: as above.
            unsafe {
                let to = (
                    sums.as_mut_ptr().add(to),
                    self.tiling.sum_step * self.columns,
                );
                copy_rows(run.count, self.panel_columns, (kept.as_ptr(), PANEL), to);
            }
        }
    }

    /// Where the first of the run's sums in this panel is.
    ///
    /// # Panics
    /// If its rows are not among the sums.
    fn place_of(&self, run: &Run, sums: usize) -> usize {
        let first = run.sum_row * self.columns + self.first_column;
        let stride = self.tiling.sum_step * self.columns;
        let end = first + (run.count - 1) * stride + self.panel_columns;
        assert!(end <= sums, "{run:?} reaches to {end} of {sums} sums");
        first
    }
}

/// Goes all the way along the operands with `$lines`, which load and multiply the tiles of one step. `$left`
/// are the rows' tiles, `right` the panel.
macro_rules! multiply {
    ($way:ident, $right:ident, [$($left:ident),+], [$($line:literal),+ $(,)?]) => {
        asm!(
            "2:",
            "mov {step}, {steps}",
            "3:",
            $($line,)+
            $(concat!("add {", stringify!($left), "}, 64"),)+
            "add {right}, {right_step}",
            "dec {step}",
            "jnz 3b",
            $(concat!("add {", stringify!($left), "}, {gap}"),)+
            "dec {segments}",
            "jnz 2b",
            step = out(reg) _,
            steps = in(reg) $way.steps,
            segments = inout(reg) $way.segments => _,
            gap = in(reg) $way.gap,
            $($left = inout(reg) $left => _,)+
            left_stride = in(reg) $way.left_stride,
            right = inout(reg) $right => _,
            right_stride = in(reg) RIGHT_STRIDE,
            right_step = const RIGHT_STEP,
            options(nostack, readonly),
        )
    };
}

/// Two tiles of rows × a panel. Four tiles of sums hide the multiplication's latency.
///
/// # Safety
/// The registers are configured for these tiles; the operands can be read all the way.
unsafe fn multiply_2x2(way: Way, [upper, lower]: [*const u16; 2], right: *const u16) {
    // SAFETY: the caller's promise.
    unsafe {
        multiply!(
            way,
            right,
            [upper, lower],
            [
                "tileloadd tmm6, [{right} + {right_stride}]",
                "tileloadd tmm4, [{upper} + {left_stride}]",
                "tdpbf16ps tmm0, tmm4, tmm6",
                "tileloadd tmm7, [{right} + {right_stride} + 64]",
                "tdpbf16ps tmm1, tmm4, tmm7",
                "tileloadd tmm5, [{lower} + {left_stride}]",
                "tdpbf16ps tmm2, tmm5, tmm6",
                "tdpbf16ps tmm3, tmm5, tmm7",
            ]
        );
    }
}

/// One tile of rows × a panel.
///
/// # Safety
/// As for [`multiply_2x2`].
unsafe fn multiply_1x2(way: Way, left: *const u16, right: *const u16) {
    // SAFETY: the caller's promise.
    unsafe {
        multiply!(
            way,
            right,
            [left],
            [
                "tileloadd tmm4, [{left} + {left_stride}]",
                "tileloadd tmm6, [{right} + {right_stride}]",
                "tileloadd tmm7, [{right} + {right_stride} + 64]",
                "tdpbf16ps tmm0, tmm4, tmm6",
                "tdpbf16ps tmm1, tmm4, tmm7",
            ]
        );
    }
}

/// Four tiles of rows × half a panel.
///
/// # Safety
/// As for [`multiply_2x2`].
unsafe fn multiply_4x1(way: Way, left: [*const u16; 4], right: *const u16) {
    let [first, second, third, fourth] = left;
    // SAFETY: the caller's promise.
    unsafe {
        multiply!(
            way,
            right,
            [first, second, third, fourth],
            [
                "tileloadd tmm7, [{right} + {right_stride}]",
                "tileloadd tmm4, [{first} + {left_stride}]",
                "tdpbf16ps tmm0, tmm4, tmm7",
                "tileloadd tmm5, [{second} + {left_stride}]",
                "tdpbf16ps tmm1, tmm5, tmm7",
                "tileloadd tmm6, [{third} + {left_stride}]",
                "tdpbf16ps tmm2, tmm6, tmm7",
                "tileloadd tmm4, [{fourth} + {left_stride}]",
                "tdpbf16ps tmm3, tmm4, tmm7",
            ]
        );
    }
}

/// One tile of rows × half a panel.
///
/// # Safety
/// As for [`multiply_2x2`].
unsafe fn multiply_1x1(way: Way, left: *const u16, right: *const u16) {
    // SAFETY: the caller's promise.
    unsafe {
        multiply!(
            way,
            right,
            [left],
            [
                "tileloadd tmm7, [{right} + {right_stride}]",
                "tileloadd tmm4, [{left} + {left_stride}]",
                "tdpbf16ps tmm0, tmm4, tmm7",
            ]
        );
    }
}
