//! Convolution: `y[o] = bias[o] + Σ weight[o, c, i, j] · x[row·stride + i - padding, …, c]`.
//!
//! Algorithms with the same result: an implicit GEMM works for every kernel; Winograd's minimal filtering
//! needs fewer products for 3×3 and 5×5 kernels with stride 1; on a bf16 unit images are rounded and
//! multiplied where they are. A cost model chooses ([`Conv2dAlgorithm::fastest`]).

mod algorithm;
mod bias;
mod direct_conv2d;
mod im2col;
mod im2col_conv2d;
mod images;
mod onnx;
mod parameters;
mod python;
#[cfg(test)]
mod tests;
mod weight_gradient;
mod winograd;

pub use algorithm::{Conv2dAlgorithm, conv2d};
pub use bias::add_bias_gradient;
pub use onnx::onnx;
pub use python::python;
