//! A network's layers on dfdx's tape.

use super::block::{Block, lock};
use crate::nn::NnError;
use crate::nn::layers::Pass;
use crate::nn::parameter::{Gradients, Parameter};
use crate::nn::profile::Section;
use crate::nn::tensor::{Outputs, tensor_of};
use crate::simd::parallel::copy;
use dfdx::prelude::*;
use std::sync::{Arc, Mutex};

/// The output `[batch, output_len]` for the images `x` `[batch, input_len]` in evaluation mode.
pub fn evaluate(block: &Mutex<Block>, x: &[f32], parameters: &[Parameter]) -> Vec<f32> {
    let mut working = lock(block);
    working.prepare(parameters, Pass::Evaluate);
    copy(x, working.values[0].size(x.len()));
    working.forward(parameters, Pass::Evaluate).to_vec()
}

/// The output `[batch, output_len]` for the images `x` `[batch, input_len]`, at the start of a new
/// tape, whose backward pass writes the parameters' `gradients`.
///
/// # Errors
/// When memory runs out.
pub fn apply(
    block: &Arc<Mutex<Block>>,
    x: &[f32],
    device: &Cpu,
    parameters: &Arc<Vec<Parameter>>,
    gradients: &Gradients,
    pass: Pass,
) -> Result<Outputs, NnError> {
    let mut working = lock(block);
    let batch = x.len() / working.input_len().max(1);
    let recorder = Arc::clone(&working.recorder);
    recorder.enter(Section::Prepare);
    working.prepare(parameters, pass);
    recorder.enter(Section::Forward);
    recorder.metered(|| copy(x, working.values[0].size(x.len())));
    let output = working.forward(parameters, pass);
    let y = tensor_of(device, output, (batch, output.len() / batch.max(1)))?;
    drop(working);
    let y_ghost = y.ghost();
    let (y, mut tape) = y.leaky_traced().split_tape();
    let (block, gradients) = (Arc::clone(block), gradients.clone());
    let parameters = Arc::clone(parameters);
    gradients.size(&parameters);
    tape.add_backward_op(move |store| {
        let mut working = lock(&block);
        recorder.enter(Section::Backward);
        working
            .upstream
            .copy_from(store.get_or_alloc_mut(&y_ghost)?);
        working.backward(&parameters, &mut gradients.lock(), pass);
        recorder.enter(Section::Loss);
        Ok(())
    });
    Ok(y.put_tape(tape))
}
