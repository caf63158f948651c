//! The right operand of a matrix product, packed for the arithmetic that multiplies.

use super::dispatch::Arch;
use super::engine::Engine;
use super::epilogue::Epilogue;
use super::matmul::matmul;
use super::matrix::Matrix;
use super::matrix_mut::MatrixMut;
use super::packing::{Panels, WIDEST_PANEL};
use super::windows::Windows;
use crate::simd::bf16::{Bf16Panels, Source};
use crate::simd::buffer::Buffer;

/// The right operand B, `[depth, columns]`, in packed panels; it is packed once per step and used for
/// many products.
#[derive(Clone)]
pub struct PackedMatrix(Layout);

#[derive(Clone)]
enum Layout {
    F32(Arch, Panels),
    Bf16(Bf16Panels),
}

impl PackedMatrix {
    /// Zeros.
    pub fn new(engine: Engine, depth: usize, columns: usize) -> Self {
        let arch = engine.arch();
        Self(match engine.unit_for(depth) {
            None => Layout::F32(arch, Panels::new(arch, depth, columns)),
            Some(unit) => Layout::Bf16(Bf16Panels::new(unit, depth, columns)),
        })
    }

    /// Makes it a matrix `[depth, columns]` for the products of `engine`; the values are arbitrary.
    pub fn reshape(&mut self, engine: Engine, depth: usize, columns: usize) {
        match (&mut self.0, engine.unit_for(depth)) {
            (Layout::F32(_, panels), None) => panels.reshape(depth, columns),
            _ => *self = Self::new(engine, depth, columns),
        }
    }

    /// Bytes that a packed matrix `[depth, columns]` takes with the instruction set that needs most.
    pub const fn max_bytes(depth: usize, columns: usize) -> u64 {
        (size_of::<f32>() * depth * columns.next_multiple_of(WIDEST_PANEL)) as u64
    }

    /// Packs a matrix `[depth, columns]` whose rows start `stride` values apart.
    pub fn pack(&mut self, source: &[f32], stride: usize) {
        match &mut self.0 {
            Layout::F32(_, panels) => panels.pack(source, stride, 1),
            Layout::Bf16(panels) => panels.pack(source, stride, Source::Plain),
        }
    }

    /// Packs the transpose of a matrix `[columns, depth]` whose rows start `stride` values apart.
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
            Layout::Bf16(panels) => panels.pack_in_parallel(source, stride, Source::Plain),
        }
    }

    /// [`pack_transposed`](Self::pack_transposed) on all threads.
    pub fn pack_transposed_in_parallel(&mut self, source: &[f32], stride: usize) {
        match &mut self.0 {
            Layout::F32(_, panels) => panels.pack_in_parallel(source, 1, stride),
            Layout::Bf16(panels) => panels.pack_in_parallel(source, stride, Source::Transposed),
        }
    }

    /// `out = left · self`, as `epilogue` says, on the calling thread: `left` `[rows, depth]`, `out`
    /// `[rows, columns]` without gaps.
    ///
    /// # Panics
    /// If the sizes do not fit together.
    pub fn matmul(&self, left: Matrix<'_>, out: &mut [f32], epilogue: Epilogue<'_>) {
        match &self.0 {
            Layout::F32(arch, panels) => {
                let out = &mut MatrixMut::new(out, left.row_count(), panels.columns());
                matmul(*arch, left.into(), panels, out, epilogue);
            }
            Layout::Bf16(panels) => panels.matmul(left, out, epilogue),
        }
    }

    /// The same with the windows of an image as the rows of `left`; `copy` is for arithmetic that wants
    /// them as a matrix.
    ///
    /// # Panics
    /// If the sizes do not fit together.
    pub fn matmul_windows(
        &self,
        left: Windows<'_>,
        out: &mut [f32],
        epilogue: Epilogue<'_>,
        copy: &mut Buffer,
    ) {
        match &self.0 {
            Layout::F32(arch, panels) => {
                let out = &mut MatrixMut::new(out, left.row_count(), panels.columns());
                matmul(*arch, left, panels, out, epilogue);
            }
            Layout::Bf16(panels) => panels.matmul(left.to_matrix(copy), out, epilogue),
        }
    }

    /// The same where `out` may be a part of a wider matrix.
    ///
    /// # Panics
    /// If the sizes do not fit together.
    pub fn matmul_into(&self, left: Matrix<'_>, out: &mut MatrixMut<'_>, epilogue: Epilogue<'_>) {
        match &self.0 {
            Layout::F32(arch, panels) => matmul(*arch, left.into(), panels, out, epilogue),
            Layout::Bf16(_) => {
                let (rows, columns) = (out.row_count(), out.column_count());
                let mut product = vec![0.0; rows * columns];
                for (row, product) in product.chunks_exact_mut(columns.max(1)).enumerate() {
                    product.copy_from_slice(out.row_part(row, 0, columns));
                }
                self.matmul(left, &mut product, epilogue);
                for (row, product) in product.chunks_exact(columns.max(1)).enumerate() {
                    out.row_part(row, 0, columns).copy_from_slice(product);
                }
            }
        }
    }
}
