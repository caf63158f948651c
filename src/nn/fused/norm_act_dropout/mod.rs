//! Batch norm, activation and dropout in one pass over the values.
//!
//! Of the values between them nothing is kept for the backward pass: what batch norm made of the input is
//! computed again, what the activation made of it follows from the output, and what was dropped is marked
//! in the output by the sign of a zero.
//!
//! `op` is the [`NormActDropout`] op, `image` its arithmetic.

mod image;
mod op;
#[cfg(test)]
mod tests;

pub use op::{Layers, NormActDropout};
