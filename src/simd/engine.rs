//! Which arithmetic multiplies matrices: f32 on the vector registers, or bf16 operands with f32 sums
//! on a unit made for them.

use super::bf16_panels::{self, Bf16Panels, Source};
use super::panels::WIDEST_PANEL;
use super::{Arch, Output, Panels, Rows, outer, product};
use crate::simd::bf16::Unit;

/// Shorter sums than this stay in f32: rounding and packing would cost more than they save.
const SHORTEST_BF16_SUM: usize = 16;

/// What does the products of a network.
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

    /// Everything in f32, on these vectors.
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

    /// The vectors that do the rest.
    pub fn arch(self) -> Arch {
        self.arch
    }

    fn unit_for(self, depth: usize) -> Option<Unit> {
        self.bf16.filter(|_| depth >= SHORTEST_BF16_SUM)
    }

    /// `out += leftᵀ · right` on the calling thread: `left` `[depth, m]`, `right` `[depth, n]`, `out`
    /// `[m, n]` without gaps.
    ///
    /// # Panics
    /// If the sizes do not fit together.
    pub fn add_outer_products(self, left: Rows<'_>, right: Rows<'_>, out: &mut [f32]) {
        match self.unit_for(left.count()) {
            None => outer::add_outer_products(self.arch, left, right, out),
            Some(unit) => bf16_panels::add_outer_products(unit, left, right, out),
        }
    }
}

/// The right operand of a product, `[depth, columns]`, as an engine wants it.
#[derive(Clone)]
pub struct Weights(Layout);

#[derive(Clone)]
enum Layout {
    F32(Arch, Panels),
    Bf16(Bf16Panels),
}

impl Weights {
    /// Bytes that a matrix `[depth, columns]` takes on the machine that needs most for it.
    pub fn max_bytes(depth: usize, columns: usize) -> u64 {
        let columns = columns.next_multiple_of(WIDEST_PANEL);
        (size_of::<f32>() * depth * columns) as u64
    }

    /// Zeros.
    pub fn new(engine: Engine, depth: usize, columns: usize) -> Self {
        Self(match engine.unit_for(depth) {
            None => Layout::F32(engine.arch, Panels::new(engine.arch, depth, columns)),
            Some(unit) => Layout::Bf16(Bf16Panels::new(unit, depth, columns)),
        })
    }

    /// Takes over a matrix whose rows stand `stride` values apart.
    pub fn pack(&mut self, source: &[f32], stride: usize) {
        match &mut self.0 {
            Layout::F32(_, panels) => panels.pack(source, stride, 1),
            Layout::Bf16(panels) => panels.pack(source, stride, Source::AsItIs),
        }
    }

    /// Takes over the transpose of a matrix `[columns, depth]` whose rows stand `stride` values apart.
    pub fn pack_transposed(&mut self, source: &[f32], stride: usize) {
        match &mut self.0 {
            Layout::F32(_, panels) => panels.pack(source, 1, stride),
            Layout::Bf16(panels) => panels.pack(source, stride, Source::Transposed),
        }
    }

    /// [`pack`](Self::pack) on all threads.
    pub fn pack_in_parallel(&mut self, source: &[f32], stride: usize) {
        match &mut self.0 {
            Layout::F32(_, panels) => panels.pack_in_parallel(source, stride, 1),
            Layout::Bf16(panels) => panels.pack_in_parallel(source, stride, Source::AsItIs),
        }
    }

    /// [`pack_transposed`](Self::pack_transposed) on all threads.
    pub fn pack_transposed_in_parallel(&mut self, source: &[f32], stride: usize) {
        match &mut self.0 {
            Layout::F32(_, panels) => panels.pack_in_parallel(source, 1, stride),
            Layout::Bf16(panels) => panels.pack_in_parallel(source, stride, Source::Transposed),
        }
    }

    /// `out = left · self` (or `+=`) on the calling thread: `left` `[rows, depth]`, `out`
    /// `[rows, columns]` without gaps.
    ///
    /// # Panics
    /// If the sizes do not fit together.
    pub fn multiply(&self, left: Rows<'_>, out: &mut [f32], output: Output<'_>) {
        match &self.0 {
            Layout::F32(arch, panels) => product::product(*arch, left, panels, out, output),
            Layout::Bf16(panels) => panels.multiply(left, out, output),
        }
    }
}
