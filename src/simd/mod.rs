//! The arithmetic that takes the time: matrix products and Winograd transforms on vector registers.
//!
//! Every kernel is written once, over the vector types of the `pulp` crate, and compiled for each
//! instruction set: AVX-512, AVX2 with FMA, NEON, and plain code. [`Arch`] says at run time which one
//! the machine has. Kernels work on slices and check their sizes; there is no unsafe code here.
//!
//! [`Engine`] chooses between them and bf16 products, which [`bf16`](super::simd::bf16) has.
//!
//! Sums are taken in an order that depends on the sizes alone, never on the thread.

pub mod bf16;
mod bf16_panels;
pub mod buffer;
pub mod elementary;
mod engine;
mod lanes;
mod line;
mod outer;
mod panels;
mod product;
mod rows;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
pub mod winograd;

pub use engine::{Engine, Weights};
#[cfg(test)]
pub use lanes::available;
pub(crate) use lanes::on_vectors;
pub use lanes::{Arch, Once, lanes};
use panels::Panels;
pub use product::Output;
pub use rows::Rows;
