//! Matrix products of bf16 operands with f32 sums, for training in mixed precision.
//!
//! bf16 is the upper half of an f32: its exponent, and 8 bits of significand (Kalamkar et al. 2019).
//! Some CPUs multiply it much faster than f32: AMX works on tiles of 16 × 16 sums, AVX512-BF16 on
//! vectors of 16. Both want the right operand with pairs of successive rows interleaved, which the
//! packing functions produce from f32 matrices while they round. A bf16 is stored as its bits, a
//! `u16`.
//!
//! Every [`Unit`] rounds to the same bits. Their sums are added up in different orders, so products
//! differ in the last bits from unit to unit; on one unit they are always the same.

#[cfg(target_arch = "x86_64")]
mod amx;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod convert;
mod operands;
mod pack;
mod portable;
#[cfg(test)]
mod tests;
mod unit;

pub use convert::{to_bf16, to_f32};
pub use operands::{
    Left, Output, PANEL, Right, Rows, Sums, at_least, left_len, padded_inner, right_len,
};
pub use unit::Unit;
