//! Convolution: `y[o] = bias[o] + Σ weight[o, c, i, j] · x[row·stride + i - padding, …, c]`.
//!
//! Two algorithms with the same result: im2col and a GEMM work for every kernel; Winograd's minimal
//! filtering needs fewer products for the common 3×3 kernel with stride 1.

mod algorithm;
mod bias;
mod im2col;
mod im2col_conv2d;
#[cfg(test)]
mod tests;
mod weight_gradient;
mod winograd;

pub use algorithm::{Conv2dAlgorithm, conv2d};
pub use bias::add_bias_gradient;
