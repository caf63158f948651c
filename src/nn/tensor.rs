//! Tensors of the tape.

use super::NnError;
use dfdx::prelude::*;

/// What a network makes of a batch, `[batch, output_len]`, at the start of a tape.
pub type Outputs = Tensor<(usize, usize), f32, Cpu, OwnedTape<f32, Cpu>>;

/// A tensor of these values.
///
/// dfdx keeps the memory of a dropped tensor for the next of its size. Memory that it did not get
/// from there itself, it would keep as well: more with every step.
///
/// # Errors
/// When memory runs out.
pub fn tensor_of<S: Shape>(
    device: &Cpu,
    values: &[f32],
    shape: S,
) -> Result<Tensor<S, f32, Cpu>, NnError> {
    let mut tensor = device.try_zeros_like(&shape)?;
    tensor.copy_from(values);
    Ok(tensor)
}
