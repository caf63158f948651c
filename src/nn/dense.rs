//! The dense layer: dfdx's matrix product and broadcast sum.

use super::NnError;
use super::parameter::ParameterTensor;
use dfdx::prelude::*;

/// `x · weightᵀ + bias`: `[batch, in]` → `[batch, out]`, for `weight` `[out, in]` and `bias` `[out]`.
///
/// # Errors
/// When memory runs out, or `weight` and `bias` are not a matrix and a vector.
pub fn dense<T: Tape<f32, Cpu>>(
    x: Tensor<(usize, usize), f32, Cpu, T>,
    weight: &ParameterTensor,
    bias: &ParameterTensor,
) -> Result<Tensor<(usize, usize), f32, Cpu, T>, NnError> {
    let (ParameterTensor::Matrix(weight), ParameterTensor::Vector(bias)) = (weight, bias) else {
        return Err(NnError::Size {
            what: "dimensions of a dense layer's weight",
            expected: 2,
            found: weight.shape().len(),
        });
    };
    let transposed = weight
        .retaped::<T>()
        .try_permute::<(usize, usize), Axes2<1, 0>>()?;
    let product = x.try_matmul(transposed)?;
    let shape = *product.shape();
    let bias = bias
        .retaped::<T>()
        .try_broadcast_like::<_, Axis<0>>(&shape)?;
    Ok(product.try_add(bias)?)
}
