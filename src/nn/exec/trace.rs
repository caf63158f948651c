//! What every layer makes of one image.

use super::block::{Block, lock};
use super::skip::ending_at;
use crate::nn::layers::{Pass, Scratch};
use crate::nn::parameter::Parameter;
use std::sync::Mutex;

/// The output of every layer of the spec for the image `x`, in evaluation mode; images as
/// `[height, width, channels]`.
pub fn trace(block: &Mutex<Block>, x: &[f32], parameters: &[Parameter]) -> Vec<Vec<f32>> {
    let mut working = lock(block);
    working.prepare(parameters, Pass::Evaluate);
    for op in &mut working.ops {
        op.use_running_statistics();
    }
    let mut scratch = Scratch::default();
    let mut inputs: Vec<Vec<f32>> = Vec::new();
    let mut x = x.to_vec();
    let mut outputs = Vec::new();
    for (k, op) in working.ops.iter().enumerate() {
        if let Some((_, skip)) = ending_at(&working.skips, k) {
            scratch.skip.copy_from(&inputs[skip.from]);
        }
        let parameters = &parameters[working.parameters[k].clone()];
        let y = op.trace(parameters, &x, &mut scratch, &mut outputs);
        inputs.push(std::mem::replace(&mut x, y));
    }
    outputs
}
