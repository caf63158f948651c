//! Batch norm, activation, 2×2 max pooling and dropout in one pass over the values: the epilogue of a
//! convolution.
//!
//! Between a convolution and the next layer these four only read and write memory. Done together they
//! read the convolution's output once and write a quarter of it, and leave one byte per output value
//! for the backward pass: which pixel was the largest, on which side of 0, and whether it was dropped.
//!
//! `op` is the [`NormActPoolDropout`] op, `image` its loops over an image, `window` its arithmetic,
//! `placed` the activations before or after the pooling.

mod image;
mod layers;
mod op;
mod placed;
#[cfg(test)]
mod tests;
mod window;

pub use layers::Layers;
pub use op::NormActPoolDropout;
