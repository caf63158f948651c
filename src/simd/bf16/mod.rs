//! Matrix products of bf16 operands with f32 sums, for training in mixed precision.
//!
//! bf16 is the upper half of an f32: its exponent, and 8 bits of significand (Kalamkar et al. 2019).
//! Some CPUs multiply it much faster than f32: AMX works on tiles of 16 × 16 sums, AVX512-BF16 on
//! vectors of 16. Both need the right operand with pairs of successive rows interleaved; the packing
//! functions round f32 matrices into that layout. A bf16 is stored as its bits, a `u16`.
//!
//! Every [`Unit`] rounds to the same bits. The units sum in different orders, so that products differ in
//! the last bits between units; on one unit they are always the same.

#[cfg(target_arch = "x86_64")]
mod amx;
#[cfg(target_arch = "x86_64")]
mod amx_tiles;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod convert;
mod convolution;
mod matmul;
mod operands;
mod packing;
mod portable;
#[cfg(test)]
mod tests;
mod tiling;
mod unit;

pub use convert::{to_bf16, to_f32};
pub use convolution::{Convolution, ConvolutionScratch, ConvolutionShape};
pub use matmul::{Bf16Panels, Source, add_matmul_tn};
pub use operands::{Left, PANEL, Right, Store, Sums, at_least, left_len, padded_inner, right_len};
pub use packing::Border;
pub use tiling::{Start, Tiling};
pub use unit::Unit;
