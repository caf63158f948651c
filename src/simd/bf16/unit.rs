//! The parts of a CPU that multiply bf16 matrices, and the choice among them.

use super::operands::{Left, Right, Store, Sums, right_len};
use super::packing::{self, Border};
use super::tiling::{Start, Tiling};
#[cfg(target_arch = "x86_64")]
use super::{amx, amx_tiles, avx512};
use super::{portable, portable::InMemory};
use crate::simd::matrix::Matrix;
use std::ops::Range;
use std::sync::OnceLock;

/// The instructions that multiply and round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// The tile registers of Intel's server CPUs (Sapphire Rapids and later).
    Amx,
    /// The bf16 vector instructions (AMD Zen 4, Intel Cooper Lake and later).
    Avx512Bf16,
    /// No particular instructions: on every CPU, but slower than products in f32.
    Portable,
}

/// Availability of ([`Unit::Amx`], [`Unit::Avx512Bf16`]), detected once.
static HARDWARE: OnceLock<(bool, bool)> = OnceLock::new();

#[cfg(target_arch = "x86_64")]
fn find_hardware() -> (bool, bool) {
    let avx512 = avx512::is_available();
    // Operands for AMX are packed by AVX-512, which every CPU with AMX has.
    (avx512 && amx::is_available(), avx512)
}

#[cfg(not(target_arch = "x86_64"))]
fn find_hardware() -> (bool, bool) {
    (false, false)
}

impl Unit {
    /// The fastest unit of this CPU; none where bf16 would not be faster than f32.
    pub fn detect() -> Option<Self> {
        [Self::Amx, Self::Avx512Bf16]
            .into_iter()
            .find(|unit| unit.is_available())
    }

    /// Every unit that works here, the fastest first.
    pub fn available() -> Vec<Self> {
        let mut units = vec![Self::Amx, Self::Avx512Bf16, Self::Portable];
        units.retain(|unit| unit.is_available());
        units
    }

    /// Whether this CPU (and, for AMX, the operating system) lets the unit be used.
    pub fn is_available(self) -> bool {
        let (amx, avx512) = *HARDWARE.get_or_init(find_hardware);
        match self {
            Self::Amx => amx,
            Self::Avx512Bf16 => avx512,
            Self::Portable => true,
        }
    }

    /// Whether packing goes by AVX-512.
    ///
    /// # Panics
    /// If the unit is not available: its instructions must never be reached then.
    fn packs_by_avx512(self) -> bool {
        assert!(self.is_available(), "this CPU has no {self:?}");
        self != Self::Portable
    }

    /// Rounds each value of `from` to the bf16 in `to`, as [`to_bf16`](super::to_bf16) does.
    ///
    /// # Panics
    /// If the lengths differ or the unit is not available.
    pub fn round(self, from: &[f32], to: &mut [u16]) {
        if self.packs_by_avx512() {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the unit is available, so the CPU has the instructions.
            unsafe {
                avx512::round(from, to);
            }
        } else {
            // SAFETY: `InMemory` needs no particular instructions.
            unsafe { packing::round::<InMemory>(from, to) }
        }
    }

    /// Rounds `from`, `[rows][inner]`, into a [`Left`] of [`left_len`](super::left_len) values.
    ///
    /// # Panics
    /// If `to` has another length or the unit is not available.
    pub fn pack_left(self, to: &mut [u16], from: Matrix<'_>) {
        if self.packs_by_avx512() {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the unit is available, so the CPU has the instructions.
            unsafe {
                avx512::pack_left(to, from);
            }
        } else {
            // SAFETY: `InMemory` needs no particular instructions.
            unsafe { packing::left::<InMemory>(to, from) }
        }
    }

    /// Rounds `from`, `[inner][columns]`, into a [`Right`] of [`right_len`](super::right_len) values.
    ///
    /// # Panics
    /// If `to` has another length or the unit is not available.
    pub fn pack_right(self, to: &mut [u16], from: Matrix<'_>) {
        if self.packs_by_avx512() {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the unit is available, so the CPU has the instructions.
            unsafe {
                avx512::pack_right(to, from);
            }
        } else {
            // SAFETY: `InMemory` needs no particular instructions.
            unsafe { packing::right::<InMemory>(to, from) }
        }
    }

    /// Rounds `from`, `[columns][inner]`, into a [`Right`] of [`right_len`](super::right_len) values.
    ///
    /// # Panics
    /// If `to` has another length or the unit is not available.
    pub fn pack_right_transposed(self, to: &mut [u16], from: Matrix<'_>) {
        if self.packs_by_avx512() {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the unit is available, so the CPU has the instructions.
            unsafe {
                avx512::pack_right_transposed(to, from);
            }
        } else {
            // SAFETY: `InMemory` needs no particular instructions.
            unsafe { packing::right_transposed::<InMemory>(to, from) }
        }
    }

    /// `sums = left · right`, or `sums += left · right`, on the calling thread.
    ///
    /// The hardware units take bf16 denormals for zeros and make zeros of sums that are denormal.
    ///
    /// # Panics
    /// If the shapes do not fit together or the unit is not available.
    pub fn product(self, sums: Sums<'_>, store: Store, left: Left<'_>, right: Right<'_>) {
        assert!(self.is_available(), "this CPU has no {self:?}");
        assert_eq!(left.inner, right.inner, "inner sizes differ");
        assert_eq!(sums.rows, left.rows, "rows of the product");
        assert_eq!(sums.columns, right.columns, "columns of the product");
        // The hardware's loops begin with a first step and a first row.
        if left.inner == 0 || left.rows == 0 {
            return portable::product(sums, store, left, right);
        }
        match self {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the unit is available; the shapes fit, and the operands checked their slices.
            Self::Amx => unsafe { amx::product(sums, store, left, right) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Self::Avx512Bf16 => unsafe { avx512::product(sums, store, left, right) },
            _ => portable::product(sums, store, left, right),
        }
    }

    /// Rounds `from`, lines that follow each other, into `to` with zeros around them.
    ///
    /// # Panics
    /// If the lines do not fit or the unit is not available.
    pub fn pad(self, to: &mut [u16], from: &[f32], border: Border) {
        if self.packs_by_avx512() {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the unit is available, so the CPU has the instructions.
            unsafe {
                avx512::padded(to, from, border);
            }
        } else {
            // SAFETY: `InMemory` needs no particular instructions.
            unsafe { packing::padded::<InMemory>(to, from, border) }
        }
    }

    /// Writes `from`, bf16 `[positions][channels]`, as planes `[channels][plane]` with zeros beyond the
    /// positions.
    ///
    /// # Panics
    /// If `plane` is no multiple of 32, `to` has another length, or the unit is not available.
    pub fn planes(self, to: &mut [u16], from: &[u16], channels: usize, plane: usize) {
        if self.packs_by_avx512() {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the unit is available, so the CPU has the instructions.
            unsafe {
                avx512::planes(to, from, channels, plane);
            }
        } else {
            // SAFETY: `InMemory` needs no particular instructions.
            unsafe { packing::planes::<InMemory>(to, from, channels, plane) }
        }
    }

    /// Writes `from`, bf16 `[positions][columns]`, as `rows` of a [`Right`] of `inner` rows, of whose panels
    /// those from `first_panel` on are in `to`; zeros beyond the positions. The rows begin and end with even
    /// ones.
    ///
    /// # Panics
    /// If `to` has no whole panels, the rows are not there, or the unit is not available.
    pub fn rows_of_right(
        self,
        to: &mut [u16],
        (first_panel, inner): (usize, usize),
        from: &[u16],
        columns: usize,
        rows: Range<usize>,
    ) {
        let panel_len = right_len(inner, 1);
        assert_eq!(to.len() % panel_len.max(1), 0, "panels of {panel_len}");
        assert!(
            rows.start.is_multiple_of(2) && rows.end.is_multiple_of(2),
            "rows {rows:?}"
        );
        let panels = (first_panel, panel_len);
        if self.packs_by_avx512() {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the unit is available, so the CPU has the instructions.
            unsafe {
                avx512::rows_of_right(to, panels, from, columns, rows);
            }
        } else {
            // SAFETY: `InMemory` needs no particular instructions.
            unsafe { packing::rows_of_right::<InMemory>(to, panels, from, columns, rows) }
        }
    }

    /// `sums = start + left · right` on the calling thread, with the rows on the left that `tiling` says:
    /// `sums` `[rows][columns]` without gaps.
    ///
    /// # Panics
    /// If the operands do not fit the tiling or the unit is not available.
    pub fn product_of_tiles(
        self,
        tiling: &Tiling,
        left: &[u16],
        right: Right<'_>,
        sums: &mut [f32],
        start: Start<'_>,
    ) {
        assert!(self.is_available(), "this CPU has no {self:?}");
        let segments = tiling.check(left, right.inner, right.columns, sums, start);
        if segments == 0 {
            return portable::product_of_tiles(tiling, left, right, sums, start);
        }
        match self {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the unit is available; the tiling checked the operands, and there is a step.
            Self::Amx => unsafe { amx_tiles::product(tiling, left, right, segments, sums, start) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Self::Avx512Bf16 => unsafe {
                avx512::product_of_tiles(tiling, left, right, segments, sums, start);
            },
            _ => portable::product_of_tiles(tiling, left, right, sums, start),
        }
    }
}
