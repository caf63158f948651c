//! Vector kernels: matrix products (GEMM), Winograd transforms and elementwise functions.
//!
//! Every kernel is written once, over the vector types of the `pulp` crate, and compiled for each
//! instruction set: AVX-512, AVX2 with FMA, NEON, and scalar code. [`dispatch`] chooses one of them at
//! run time. Kernels work on slices and check their sizes; unsafe code is in [`bf16`],
//! [`matrix_mut`] and [`prefetch`] alone.
//!
//! A matrix product takes three steps, as in BLIS and GotoBLAS:
//!
//! 1. packing: the right operand is copied into panels as wide as the vector registers of one tile
//!    ([`PackedMatrix`]; [`packing`] for f32, [`bf16::packing`] for bf16);
//! 2. the microkernel: a tile of sums, some rows × one panel, stays in registers down as much of the depth
//!    as the L1 cache holds
//!    ([`matmul`]; [`matmul_tn`] for `Aᵀ·B`);
//! 3. the epilogue: what is done with the sums when the tile is stored ([`Epilogue`]).
//!
//! [`Engine`] says which arithmetic multiplies: f32, or bf16 operands with f32 sums.
//!
//! Sums are taken in an order that depends on the sizes alone, never on the thread.

pub mod bf16;
pub mod buffer;
pub mod channel_blocks;
mod dispatch;
pub mod elementwise;
mod engine;
mod epilogue;
mod masked;
mod matmul;
mod matmul_tn;
mod matrix;
mod matrix_mut;
mod packed_matrix;
mod packing;
pub mod parallel;
pub mod prefetch;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod tile;
mod windows;
pub mod winograd;

#[cfg(test)]
pub use dispatch::available;
pub(crate) use dispatch::on_vectors;
pub use dispatch::{Arch, Once, instruction_set, lanes};
pub use engine::Engine;
pub use epilogue::Epilogue;
pub use matrix::Matrix;
pub use matrix_mut::MatrixMut;
pub use packed_matrix::PackedMatrix;
pub use windows::{Layout as WindowLayout, Windows};
