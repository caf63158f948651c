//! A block on dfdx's tape.

use super::block::{Block, lock};
use crate::nn::NnError;
use crate::nn::layers::Pass;
use crate::nn::parameter::{GradientRange, Parameter};
use crate::nn::tensor::tensor_of;
use dfdx::prelude::*;
use std::sync::{Arc, Mutex};

/// Puts the block on the tape of `x` `[batch, input_len]` and returns its output
/// `[batch, output_len]`. `parameters` are those of its ops, in their order; the backward pass adds to
/// their `gradients`.
///
/// # Errors
/// When memory runs out.
pub fn apply<T: Tape<f32, Cpu>>(
    block: &Arc<Mutex<Block>>,
    x: Tensor<(usize, usize), f32, Cpu, T>,
    parameters: &[Parameter],
    gradients: GradientRange,
    pass: Pass,
) -> Result<Tensor<(usize, usize), f32, Cpu, T>, NnError> {
    let (x, mut tape) = x.split_tape();
    let batch = x.shape().0;
    let mut working = lock(block);
    working.load(parameters, pass);
    x.copy_into(working.values[0].size(x.shape().num_elements()));
    let output = match pass {
        Pass::Evaluate => working.evaluate(),
        Pass::Train { .. } => working.train_forward(pass),
    };
    let y = tensor_of(x.device(), output, (batch, output.len() / batch))?;
    drop(working);
    let (x_ghost, y_ghost) = (x.ghost(), y.ghost());
    let block = Arc::clone(block);
    tape.add_backward_op(move |store| {
        let mut working = lock(&block);
        // Copied, so that the gradient's memory goes back to where dfdx keeps it for the next step.
        let dy = store.get_or_alloc_mut(&y_ghost)?;
        working.upstream.copy_from(dy);
        let dx = if working.propagates {
            let dx = store.get_or_alloc_mut(&x_ghost)?;
            Some(dx.as_mut_slice())
        } else {
            None
        };
        let parameter_gradients = working.backward(dx, pass);
        gradients.update(|gradients| {
            for (total, values) in gradients.iter_mut().zip(&parameter_gradients) {
                for (total, value) in total.iter_mut().zip(values) {
                    *total += value;
                }
            }
        });
        Ok(())
    });
    Ok(y.put_tape(tape))
}
