//! The parts of a CPU that multiply bf16 matrices, and the choice among them.

use super::operands::{Left, Right, Store, Sums};
#[cfg(target_arch = "x86_64")]
use super::{amx, avx512};
use super::{packing, portable, portable::InMemory};
use crate::simd::matrix::Matrix;
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
}
