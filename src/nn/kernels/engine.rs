//! Which arithmetic multiplies matrices: f32 on the vector registers, or bf16 operands with f32 sums
//! on a unit made for them.

use super::{Arch, Output, Panels, Rows, outer, product};
use crate::nn::bf16::{self, Unit};
use rayon::prelude::*;
use std::cell::RefCell;

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
        let Some(unit) = self.unit_for(left.count()) else {
            return outer::add_outer_products(self.arch, left, right, out);
        };
        let (depth, m, n) = (left.count(), left.width(), right.width());
        assert_eq!(right.count(), depth, "inner sizes differ");
        assert_eq!(out.len(), m * n, "output");
        PACKED.with_borrow_mut(|[packed_left, packed_right]| {
            let left_len = bf16::left_len(m, depth);
            packed_left.resize(left_len.max(packed_left.len()), 0);
            let packed_left = &mut packed_left[..left_len];
            unit.pack_left_transposed(packed_left, left.for_bf16());
            let right_len = bf16::right_len(depth, n);
            packed_right.resize(right_len.max(packed_right.len()), 0);
            let packed_right = &mut packed_right[..right_len];
            unit.pack_right(packed_right, right.for_bf16());
            unit.product(
                bf16::Sums::new(out, m, n, n),
                bf16::Output::Accumulate,
                bf16::Left::new(packed_left, m, depth),
                bf16::Right::new(packed_right, depth, n),
            );
        });
    }
}

thread_local! {
    /// Operands rounded and packed for one product: left, right.
    static PACKED: RefCell<[Vec<u16>; 2]> = const { RefCell::new([Vec::new(), Vec::new()]) };
}

/// The right operand of a product, `[depth, columns]`, as an engine wants it.
#[derive(Clone)]
pub struct Weights(Layout);

#[derive(Clone)]
enum Layout {
    F32(Arch, Panels),
    Bf16 {
        unit: Unit,
        depth: usize,
        columns: usize,
        values: Vec<u16>,
    },
}

impl Weights {
    /// Zeros.
    pub fn new(engine: Engine, depth: usize, columns: usize) -> Self {
        Self(match engine.unit_for(depth) {
            None => Layout::F32(engine.arch, Panels::new(engine.arch, depth, columns)),
            Some(unit) => Layout::Bf16 {
                unit,
                depth,
                columns,
                values: vec![0; bf16::right_len(depth, columns)],
            },
        })
    }

    /// Takes over a matrix whose rows stand `stride` values apart.
    pub fn pack(&mut self, source: &[f32], stride: usize) {
        match &mut self.0 {
            Layout::F32(_, panels) => panels.pack(source, stride, 1),
            Layout::Bf16 {
                unit,
                depth,
                columns,
                values,
            } => unit.pack_right(values, bf16::Rows::new(source, *depth, *columns, stride)),
        }
    }

    /// Takes over the transpose of a matrix `[columns, depth]` whose rows stand `stride` values apart.
    pub fn pack_transposed(&mut self, source: &[f32], stride: usize) {
        match &mut self.0 {
            Layout::F32(_, panels) => panels.pack(source, 1, stride),
            Layout::Bf16 {
                unit,
                depth,
                columns,
                values,
            } => unit
                .pack_right_transposed(values, bf16::Rows::new(source, *columns, *depth, stride)),
        }
    }

    /// [`pack_transposed`](Self::pack_transposed) on all threads.
    pub fn pack_transposed_in_parallel(&mut self, source: &[f32], stride: usize) {
        match &mut self.0 {
            Layout::F32(_, panels) => panels.pack_in_parallel(source, 1, stride),
            Layout::Bf16 {
                unit,
                depth,
                columns,
                values,
            } => {
                let panel_len = bf16::right_len(*depth, bf16::PANEL);
                let panels = values.par_chunks_exact_mut(panel_len).enumerate();
                panels.for_each(|(panel, values)| {
                    let first = panel * bf16::PANEL;
                    let width = bf16::PANEL.min(*columns - first);
                    let source = bf16::Rows::new(&source[first * stride..], width, *depth, stride);
                    unit.pack_right_transposed(values, source);
                });
            }
        }
    }

    /// [`pack`](Self::pack) on all threads.
    pub fn pack_in_parallel(&mut self, source: &[f32], stride: usize) {
        match &mut self.0 {
            Layout::F32(_, panels) => panels.pack_in_parallel(source, stride, 1),
            Layout::Bf16 {
                unit,
                depth,
                columns,
                values,
            } => {
                let panel_len = bf16::right_len(*depth, bf16::PANEL);
                let panels = values.par_chunks_exact_mut(panel_len).enumerate();
                panels.for_each(|(panel, values)| {
                    let first = panel * bf16::PANEL;
                    let width = bf16::PANEL.min(*columns - first);
                    let source = bf16::Rows::new(&source[first..], *depth, width, stride);
                    unit.pack_right(values, source);
                });
            }
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
            Layout::Bf16 {
                unit,
                depth,
                columns,
                values,
            } => {
                assert_eq!(left.width(), *depth, "inner sizes differ");
                assert_eq!(out.len(), left.count() * *columns, "output");
                let output = match output {
                    Output::Overwrite => bf16::Output::Overwrite,
                    Output::Accumulate => bf16::Output::Accumulate,
                    Output::AddTo(line) => {
                        for row in out.chunks_exact_mut(*columns) {
                            row.copy_from_slice(line);
                        }
                        bf16::Output::Accumulate
                    }
                };
                PACKED.with_borrow_mut(|[packed, _]| {
                    let len = bf16::left_len(left.count(), *depth);
                    packed.resize(len.max(packed.len()), 0);
                    let packed = &mut packed[..len];
                    unit.pack_left(packed, left.for_bf16());
                    unit.product(
                        bf16::Sums::new(out, left.count(), *columns, *columns),
                        output,
                        bf16::Left::new(packed, left.count(), *depth),
                        bf16::Right::new(values, *depth, *columns),
                    );
                });
            }
        }
    }
}
