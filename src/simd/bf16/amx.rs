//! Matrix products with AMX, whose registers are tiles of up to 16 rows of 64 bytes.
//!
//! `TDPBF16PS` adds the product of a left tile, 16 rows × 32 bf16, and a right tile, 16 pairs of
//! rows × 16 columns, to a tile of 16 × 16 sums. Rust has no stable intrinsics for these
//! instructions, so they are assembly here. The compiler itself never uses tile registers: their
//! values and configuration are kept from one block of assembly to the next.

use super::avx512;
use super::operands::{
    Left, LeftLayout, PANEL, Right, STEP, Store, Sums, at_least, left_len, padded_inner,
};
use std::arch::asm;
use std::arch::x86_64::{__cpuid, __cpuid_count, _xgetbv};
use std::cell::RefCell;

/// Rows of one tile, and columns of one tile of sums.
const TILE: usize = 16;

/// Whether this CPU has AMX for bf16, the operating system keeps its registers, and lets this process use
/// them. Only for CPUs known to have AVX-512, and with it `XGETBV`.
pub(super) fn is_available() -> bool {
    const BF16: u32 = 1 << 22;
    const TILES: u32 = 1 << 24;
    if __cpuid(0).eax < 7 || __cpuid_count(7, 0).edx & (BF16 | TILES) != BF16 | TILES {
        return false;
    }
    // SAFETY: AVX-512 was detected, which the operating system enables by XSETBV.
    let kept = unsafe { kept_states() };
    const TILE_STATES: u64 = 1 << 17 | 1 << 18;
    kept & TILE_STATES == TILE_STATES && request_permission()
}

/// The register states that the operating system keeps: XCR0.
#[target_feature(enable = "xsave")]
fn kept_states() -> u64 {
    // SAFETY: register 0 exists wherever the instruction does.
    unsafe { _xgetbv(0) }
}

/// Requests that Linux keep the tile registers, 8 KiB a thread, for every thread of this process.
/// Without that, the first instruction on them kills the process.
#[cfg(target_os = "linux")]
fn request_permission() -> bool {
    const ARCH_PRCTL: i64 = 158;
    const ARCH_REQ_XCOMP_PERM: u64 = 0x1023;
    const TILE_DATA: u64 = 18;
    let mut result = ARCH_PRCTL;
    // SAFETY: the call touches no memory of this process; the kernel overwrites rcx and r11.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") result,
            in("rdi") ARCH_REQ_XCOMP_PERM,
            in("rsi") TILE_DATA,
            lateout("rcx") _,
            lateout("r11") _,
            options(nostack),
        );
    }
    result == 0
}

/// Other systems have other ways, which this program does not know.
#[cfg(not(target_os = "linux"))]
fn request_permission() -> bool {
    false
}

/// The operand of `LDTILECFG`.
#[repr(C, align(64))]
pub(super) struct Shapes {
    palette: u8,
    start_row: u8,
    reserved: [u8; 14],
    bytes_per_row: [u16; 16],
    rows: [u8; 16],
}

impl Shapes {
    /// Tiles of 64 bytes a row, with these numbers of rows; all zero for the registers that do not exist.
    pub(super) fn new(tile_rows: [usize; 8]) -> Self {
        let mut shapes = Self {
            palette: 1,
            start_row: 0,
            reserved: [0; 14],
            bytes_per_row: [0; 16],
            rows: [0; 16],
        };
        for (register, rows) in tile_rows.into_iter().enumerate() {
            shapes.bytes_per_row[register] = 64;
            shapes.rows[register] = rows as u8;
        }
        shapes
    }
}

/// The tile registers with shapes loaded; released when dropped, so that the operating system need
/// not keep them for this thread any longer.
pub(super) struct Registers;

impl Registers {
    /// # Safety
    /// AMX is available, and nothing else holds the registers on this thread.
    pub(super) unsafe fn with(shapes: &Shapes) -> Self {
        // SAFETY: the caller's promise; the operand is 64 bytes of a valid configuration.
        unsafe {
            asm!(
                "ldtilecfg [{shapes}]",
                shapes = in(reg) shapes,
                out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
                out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
                options(nostack, readonly, preserves_flags),
            );
        }
        Self
    }
}

impl Drop for Registers {
    fn drop(&mut self) {
        // SAFETY: AMX is available: the value was made by `with`.
        unsafe {
            asm!(
                "tilerelease",
                out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
                out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
                options(nostack, nomem, preserves_flags),
            );
        }
    }
}

/// `sums = left · right`, or `+=`, for shapes that fit together with at least one row and an inner
/// size of at least 1.
///
/// # Safety
/// AMX is available; every operand's slice covers its shape.
pub(super) unsafe fn product(sums: Sums<'_>, store: Store, left: Left<'_>, right: Right<'_>) {
    // SAFETY: the caller's promise; a CPU with AMX has AVX-512 with bf16.
    unsafe {
        match left.layout {
            LeftLayout::Rows => product_of_rows(sums, store, left, right),
            // Tiles are loaded from rows.
            LeftLayout::Panels => ROWS.with_borrow_mut(|rows| {
                let panels = Right::new(left.values, left.inner, left.rows);
                let rows = at_least(rows, left_len(left.rows, left.inner));
                avx512::left_of_panels(rows, panels);
                let left = Left::new(rows, left.rows, left.inner);
                product_of_rows(sums, store, left, right);
            }),
        }
    }
}

thread_local! {
    /// The rows of a left operand that came in panels.
    static ROWS: RefCell<Vec<u16>> = const { RefCell::new(Vec::new()) };
}

/// [`product`] with a left operand in rows.
///
/// # Safety
/// As for [`product`].
unsafe fn product_of_rows(mut sums: Sums<'_>, store: Store, left: Left<'_>, right: Right<'_>) {
    let tall = left.rows / (2 * TILE);
    let mut first_row = tall * 2 * TILE;
    if tall > 0 {
        // SAFETY: the caller's promise; the registers are released at the end of the block.
        unsafe {
            let _registers = Registers::with(&Shapes::new([TILE; 8]));
            for tall in 0..tall {
                block_of_rows(&mut sums, store, left, right, tall * 2 * TILE, true);
            }
        }
    }
    let rest = left.rows - first_row;
    if rest > TILE {
        // SAFETY: as above; the rows of the lower tiles are those that are left.
        unsafe {
            let lower = rest - TILE;
            let rows = [TILE, TILE, lower, lower, TILE, lower, TILE, TILE];
            let _registers = Registers::with(&Shapes::new(rows));
            block_of_rows(&mut sums, store, left, right, first_row, true);
        }
        first_row = left.rows;
    }
    let rest = left.rows - first_row;
    if rest > 0 {
        // SAFETY: as above; the rows of all sums are those that are left.
        unsafe {
            let rows = [rest, rest, rest, rest, rest, TILE, TILE, TILE];
            let _registers = Registers::with(&Shapes::new(rows));
            block_of_rows(&mut sums, store, left, right, first_row, false);
        }
    }
}

/// Where the operands of one block of sums begin. Strides are in bytes.
struct Block {
    sums: *mut f32,
    sums_stride: usize,
    accumulate: bool,
    left: *const u16,
    left_stride: usize,
    right: *const u16,
    /// From one panel to the next.
    panel_bytes: usize,
    /// Steps of 32 along the inner size; at least 1.
    steps: usize,
}

/// The rows from `first_row` on, as many as the configured tiles have, of all columns: two tiles of
/// rows if `tall`, else one.
///
/// # Safety
/// As for [`product`]; the tiles are configured for these rows.
unsafe fn block_of_rows(
    sums: &mut Sums<'_>,
    store: Store,
    left: Left<'_>,
    right: Right<'_>,
    first_row: usize,
    tall: bool,
) {
    let left_stride = padded_inner(left.inner);
    let whole = right.columns / PANEL;
    let panels = right.columns.div_ceil(PANEL);
    let mut panel = 0;
    while panel < panels {
        let wide = !tall && panel + 2 <= whole;
        let mut block = Block {
            sums: sums
                .values
                .as_mut_ptr()
                .wrapping_add(first_row * sums.stride + panel * PANEL),
            sums_stride: sums.stride * size_of::<f32>(),
            accumulate: store == Store::Accumulate,
            left: left.values.as_ptr().wrapping_add(first_row * left_stride),
            left_stride: left_stride * size_of::<u16>(),
            right: right
                .values
                .as_ptr()
                .wrapping_add(panel * right.panel_len()),
            panel_bytes: right.panel_len() * size_of::<u16>(),
            steps: padded_inner(right.inner) / STEP,
        };
        if panel < whole {
            // SAFETY: the caller's promise; the block's panels have all their columns.
            unsafe { multiply(&block, tall, wide) };
        } else {
            // Tiles of sums have 16 columns, more than are left: they are stored to a buffer.
            let columns = right.columns - panel * PANEL;
            let rows = (sums.rows - first_row).min(if tall { 2 * TILE } else { TILE });
            let mut buffer = [[0.0f32; PANEL]; 2 * TILE];
            let places = |row: usize| (first_row + row) * sums.stride + panel * PANEL;
            if block.accumulate {
                for (row, buffer) in buffer[..rows].iter_mut().enumerate() {
                    buffer[..columns].copy_from_slice(&sums.values[places(row)..][..columns]);
                }
            }
            block.sums = buffer.as_flattened_mut().as_mut_ptr();
            block.sums_stride = size_of_val(&buffer[0]);
            // SAFETY: the caller's promise; the buffer holds two tiles of rows of a whole panel.
            unsafe { multiply(&block, tall, false) };
            for (row, buffer) in buffer[..rows].iter().enumerate() {
                sums.values[places(row)..][..columns].copy_from_slice(&buffer[..columns]);
            }
        }
        panel += if wide { 2 } else { 1 };
    }
}

/// The four tiles of sums, 2 × 2 if `tall`, or 1 × 4 if `wide`; else two, 1 × 2.
///
/// # Safety
/// The tiles are configured for the block's rows; those of the left operand, its panels of the right
/// one, and all its sums can be accessed.
unsafe fn multiply(block: &Block, tall: bool, wide: bool) {
    // SAFETY: the caller's promise.
    unsafe {
        if tall {
            multiply_tall(block);
        } else if wide {
            multiply_wide(block);
        } else {
            multiply_narrow(block);
        }
    }
}

/// Two tiles of rows × one panel. Four tiles of sums hide the multiplication's latency.
///
/// # Safety
/// As for [`multiply`].
unsafe fn multiply_tall(block: &Block) {
    let lower_sums = block.sums.wrapping_byte_add(TILE * block.sums_stride);
    let lower_left = block.left.wrapping_byte_add(TILE * block.left_stride);
    // SAFETY: the caller's promise; a step reads 64 bytes of each row on the left and 16 pairs of
    // rows, 128 bytes each, on the right.
    unsafe {
        asm!(
            "test {accumulate:e}, {accumulate:e}",
            "jz 2f",
            "tileloadd tmm0, [{sums} + {sums_stride}]",
            "tileloadd tmm1, [{sums} + {sums_stride} + 64]",
            "tileloadd tmm2, [{lower_sums} + {sums_stride}]",
            "tileloadd tmm3, [{lower_sums} + {sums_stride} + 64]",
            "jmp 3f",
            "2:",
            "tilezero tmm0",
            "tilezero tmm1",
            "tilezero tmm2",
            "tilezero tmm3",
            "3:",
            "tileloadd tmm4, [{left} + {left_stride}]",
            "tileloadd tmm6, [{right} + {right_stride}]",
            "tileloadd tmm7, [{right} + {right_stride} + 64]",
            "tdpbf16ps tmm0, tmm4, tmm6",
            "tileloadd tmm5, [{lower_left} + {left_stride}]",
            "tdpbf16ps tmm1, tmm4, tmm7",
            "tdpbf16ps tmm2, tmm5, tmm6",
            "tdpbf16ps tmm3, tmm5, tmm7",
            "add {left}, 64",
            "add {lower_left}, 64",
            "add {right}, 2048",
            "dec {steps}",
            "jnz 3b",
            "tilestored [{sums} + {sums_stride}], tmm0",
            "tilestored [{sums} + {sums_stride} + 64], tmm1",
            "tilestored [{lower_sums} + {sums_stride}], tmm2",
            "tilestored [{lower_sums} + {sums_stride} + 64], tmm3",
            accumulate = in(reg) u32::from(block.accumulate),
            sums = in(reg) block.sums,
            lower_sums = in(reg) lower_sums,
            sums_stride = in(reg) block.sums_stride,
            left = inout(reg) block.left => _,
            lower_left = inout(reg) lower_left => _,
            left_stride = in(reg) block.left_stride,
            right = inout(reg) block.right => _,
            right_stride = in(reg) 4 * PANEL,
            steps = inout(reg) block.steps => _,
            out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
            out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
            options(nostack),
        );
    }
}

/// One tile of rows × two panels: four tiles of sums again.
///
/// # Safety
/// As for [`multiply`].
unsafe fn multiply_wide(block: &Block) {
    // SAFETY: the caller's promise; steps as in `multiply_tall`, in two panels.
    unsafe {
        asm!(
            "test {accumulate:e}, {accumulate:e}",
            "jz 2f",
            "tileloadd tmm0, [{sums} + {sums_stride}]",
            "tileloadd tmm1, [{sums} + {sums_stride} + 64]",
            "tileloadd tmm2, [{sums} + {sums_stride} + 128]",
            "tileloadd tmm3, [{sums} + {sums_stride} + 192]",
            "jmp 3f",
            "2:",
            "tilezero tmm0",
            "tilezero tmm1",
            "tilezero tmm2",
            "tilezero tmm3",
            "3:",
            "tileloadd tmm4, [{left} + {left_stride}]",
            "tileloadd tmm5, [{right} + {right_stride}]",
            "tileloadd tmm6, [{right} + {right_stride} + 64]",
            "tdpbf16ps tmm0, tmm4, tmm5",
            "tileloadd tmm7, [{next} + {right_stride}]",
            "tdpbf16ps tmm1, tmm4, tmm6",
            "tileloadd tmm5, [{next} + {right_stride} + 64]",
            "tdpbf16ps tmm2, tmm4, tmm7",
            "tdpbf16ps tmm3, tmm4, tmm5",
            "add {left}, 64",
            "add {right}, 2048",
            "add {next}, 2048",
            "dec {steps}",
            "jnz 3b",
            "tilestored [{sums} + {sums_stride}], tmm0",
            "tilestored [{sums} + {sums_stride} + 64], tmm1",
            "tilestored [{sums} + {sums_stride} + 128], tmm2",
            "tilestored [{sums} + {sums_stride} + 192], tmm3",
            accumulate = in(reg) u32::from(block.accumulate),
            sums = in(reg) block.sums,
            sums_stride = in(reg) block.sums_stride,
            left = inout(reg) block.left => _,
            left_stride = in(reg) block.left_stride,
            right = inout(reg) block.right => _,
            next = inout(reg) block.right.wrapping_byte_add(block.panel_bytes) => _,
            right_stride = in(reg) 4 * PANEL,
            steps = inout(reg) block.steps => _,
            out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
            out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
            options(nostack),
        );
    }
}

/// One tile of rows × one panel: what is left over.
///
/// # Safety
/// As for [`multiply`].
unsafe fn multiply_narrow(block: &Block) {
    // SAFETY: the caller's promise; steps as in `multiply_tall`.
    unsafe {
        asm!(
            "test {accumulate:e}, {accumulate:e}",
            "jz 2f",
            "tileloadd tmm0, [{sums} + {sums_stride}]",
            "tileloadd tmm1, [{sums} + {sums_stride} + 64]",
            "jmp 3f",
            "2:",
            "tilezero tmm0",
            "tilezero tmm1",
            "3:",
            "tileloadd tmm4, [{left} + {left_stride}]",
            "tileloadd tmm5, [{right} + {right_stride}]",
            "tileloadd tmm6, [{right} + {right_stride} + 64]",
            "tdpbf16ps tmm0, tmm4, tmm5",
            "tdpbf16ps tmm1, tmm4, tmm6",
            "add {left}, 64",
            "add {right}, 2048",
            "dec {steps}",
            "jnz 3b",
            "tilestored [{sums} + {sums_stride}], tmm0",
            "tilestored [{sums} + {sums_stride} + 64], tmm1",
            accumulate = in(reg) u32::from(block.accumulate),
            sums = in(reg) block.sums,
            sums_stride = in(reg) block.sums_stride,
            left = inout(reg) block.left => _,
            left_stride = in(reg) block.left_stride,
            right = inout(reg) block.right => _,
            right_stride = in(reg) 4 * PANEL,
            steps = inout(reg) block.steps => _,
            out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
            out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
            options(nostack),
        );
    }
}
