//! Which arithmetic multiplies matrices: f32 on the vector registers, or bf16 operands with f32 sums
//! on a unit made for them.

use super::dispatch::Arch;
use super::matmul_tn::matmul_tn;
use super::matrix::Matrix;
use super::windows::Windows;
use crate::simd::bf16;
use crate::simd::bf16::Unit;
use crate::simd::buffer::Buffer;

/// Shorter sums than this stay in f32: rounding and packing would cost more than they save.
const SHORTEST_BF16_SUM: usize = 16;

/// The arithmetic of a network's matrix products.
#[derive(Clone, Copy, Debug)]
pub struct Engine {
    arch: Arch,
    bf16: Option<Unit>,
}

impl Engine {
    /// Everything in f32.
    pub fn f32() -> Self {
        Self::on(Arch::new())
    }

    /// Everything in f32, on this instruction set.
    pub fn on(arch: Arch) -> Self {
        Self { arch, bf16: None }
    }

    /// Products with bf16 operands on `unit`, the rest in f32.
    ///
    /// # Panics
    /// If the CPU does not have the unit.
    pub fn bf16(unit: Unit) -> Self {
        assert!(unit.is_available(), "this CPU has no {unit:?}");
        Self {
            bf16: Some(unit),
            ..Self::f32()
        }
    }

    /// The same with everything in f32.
    pub fn in_f32(self) -> Self {
        Self::on(self.arch)
    }

    /// The instruction set of everything in f32.
    pub fn arch(self) -> Arch {
        self.arch
    }

    /// The bf16 unit for sums of `depth` products; none where they are taken in f32.
    pub fn unit_for(self, depth: usize) -> Option<Unit> {
        self.bf16.filter(|_| depth >= SHORTEST_BF16_SUM)
    }

    /// `out += leftᵀ · right` on the calling thread: `left` `[depth, m]`, `right` `[depth, n]`, `out`
    /// `[m, n]` without gaps. Gradients of weights are such products.
    ///
    /// # Panics
    /// If the sizes do not fit together.
    pub fn add_matmul_tn(self, left: Matrix<'_>, right: Matrix<'_>, out: &mut [f32]) {
        match self.unit_for(left.row_count()) {
            None => matmul_tn(self.arch, left.into(), right, out, true),
            Some(unit) => bf16::add_matmul_tn(unit, left, right, out),
        }
    }

    /// The same with the windows of an image as the rows of `left`; `copy` is for arithmetic that wants
    /// them as a matrix.
    ///
    /// # Panics
    /// If the sizes do not fit together.
    pub fn add_matmul_tn_windows(
        self,
        left: Windows<'_>,
        right: Matrix<'_>,
        out: &mut [f32],
        copy: &mut Buffer,
    ) {
        match self.unit_for(left.row_count()) {
            None => matmul_tn(self.arch, left, right, out, true),
            Some(unit) => bf16::add_matmul_tn(unit, left.to_matrix(copy), right, out),
        }
    }

    /// The same as [`add_matmul_tn`](Self::add_matmul_tn), `out = leftᵀ · right`.
    ///
    /// # Panics
    /// If the sizes do not fit together.
    pub fn matmul_tn(self, left: Matrix<'_>, right: Matrix<'_>, out: &mut [f32]) {
        match self.unit_for(left.row_count()) {
            None => matmul_tn(self.arch, left.into(), right, out, false),
            Some(unit) => {
                out.fill(0.0);
                bf16::add_matmul_tn(unit, left, right, out);
            }
        }
    }
}
