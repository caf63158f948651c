//! What every layer implements: its passes and what they need.

use super::memory::OpMemory;
use super::parameter_shape::ParameterShape;
use super::running_statistics::RunningStatistics;
use crate::nn::parameter::Parameter;
use crate::simd::PackedMatrix;
use crate::simd::bf16::ConvolutionScratch;
use crate::simd::buffer::Buffer;

/// What one pass through the network is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Outputs only: no dropout, running statistics.
    Evaluate,
    /// Training: dropout's random numbers are those of (`seed`, `step`).
    Train {
        /// The run's seed.
        seed: u64,
        /// Optimiser steps done before this one.
        step: u64,
    },
}

/// Buffers that an op may overwrite; one per chunk of the batch, kept from step to step.
#[derive(Default)]
pub struct Scratch {
    /// The im2col matrix, or transformed Winograd tiles, of the input.
    pub input: Buffer,
    /// The same of the output, or of a gradient.
    pub output: Buffer,
    /// The im2col matrix for arithmetic that cannot read windows where they are.
    pub copy: Buffer,
    /// The images and gradients of a convolution in bf16.
    pub rounded: ConvolutionScratch,
    /// What a skip connection brings to the op that adds it, put there by the block.
    pub skip: Buffer,
    /// Its gradient, left there by that op.
    pub skip_gradient: Buffer,
    /// The right operand of a product of the whole batch.
    pub packed: Option<PackedMatrix>,
}

/// The pass that an op is called in, for which images, and with which parameters.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// What the pass is for.
    pub pass: Pass,
    /// The first image's position in the batch.
    pub image: usize,
    /// The op's trainable parameters, in the order of [`Op::parameters`].
    pub parameters: &'a [Parameter],
}

/// What the backward pass of some images starts from.
#[derive(Clone, Copy)]
pub struct Saved<'a> {
    /// The op's input; empty unless it [needs](Op::needs_input) it.
    pub x: &'a [f32],
    /// The op's output; empty unless it [needs](Op::needs_output) it.
    pub y: &'a [f32],
    /// What the forward pass noted.
    pub notes: &'a [u8],
    /// The output's gradient.
    pub dy: &'a [f32],
}

/// Sums over some images of the batch that an op asked for.
#[derive(Clone, Copy)]
pub struct Partial<'a> {
    /// Number of images.
    pub images: usize,
    /// The sums, [`Op::statistics_len`] of them.
    pub sums: &'a [f32],
}

/// One layer's forward and backward pass, or that of a few layers at once.
///
/// An op that depends on the whole batch, as batch norm does, says so by its
/// [`statistics_len`](Op::statistics_len): all images are observed before the first goes through, in
/// either direction.
pub trait Op: Send + Sync {
    /// Values of one image that go in.
    fn input_len(&self) -> usize;

    /// Values of one image that come out.
    fn output_len(&self) -> usize;

    /// Values of one image that a skip connection brings, in [`Scratch::skip`]; the backward pass
    /// leaves their gradient in [`Scratch::skip_gradient`]. 0 for an op that has its input alone.
    fn skip_len(&self) -> usize {
        0
    }

    /// The trainable parameters, in the order of their names in the saved model.
    fn parameters(&self) -> Vec<ParameterShape> {
        Vec::new()
    }

    /// What the op holds in memory beside its activations and gradients. Every op answers this
    /// itself, so that none is left out of the estimate of what a run needs.
    fn memory(&self) -> OpMemory;

    /// Takes the memory for parameters and statistics. Before this an op knows its sizes only.
    fn allocate(&mut self) {}

    /// Called before every pass with the trainable parameters, in the order of
    /// [`parameters`](Op::parameters): transforms and packs them. What only training needs may be left
    /// out in evaluation.
    fn prepare(&mut self, _parameters: &[Parameter], _pass: Pass) {}

    /// Whether [`forward`](Op::forward) and [`backward`](Op::backward) are called once, with all images
    /// of the batch, and share the work out over the threads themselves. Such an op keeps its weights in
    /// the cache for all images; its backward pass overwrites `gradients`, which are then in the
    /// parameters' own layout.
    fn takes_whole_batch(&self) -> bool {
        false
    }

    /// Whether the backward pass reads the input.
    fn needs_input(&self) -> bool {
        true
    }

    /// Whether the backward pass reads the output.
    fn needs_output(&self) -> bool {
        false
    }

    /// Bytes per image that the forward pass leaves for the backward pass.
    fn notes_len(&self) -> usize {
        0
    }

    /// Sums to gather over the batch, in either direction; 0 for an op that treats every image alone.
    fn statistics_len(&self) -> usize {
        0
    }

    /// Training: writes the sums over the inputs `x` of some images.
    fn observe(&self, _x: &[f32], _sums: &mut [f32]) {}

    /// Training: all images have been observed.
    fn conclude(&mut self, _partials: &[Partial<'_>]) {}

    /// Evaluation: normalises with the statistics that training has gathered.
    fn use_running_statistics(&mut self) {}

    /// The outputs `y` of some images from their inputs `x`.
    fn forward(
        &self,
        place: Place<'_>,
        x: &[f32],
        y: &mut [f32],
        notes: &mut [u8],
        scratch: &mut Scratch,
    );

    /// Writes the sums over the output gradients of some images.
    fn observe_gradient(&self, _saved: Saved<'_>, _sums: &mut [f32]) {}

    /// All gradients have been observed; adds to the parameters' `gradients`.
    fn conclude_gradient(&mut self, _partials: &[Partial<'_>], _gradients: &mut [Buffer]) {}

    /// Sizes of the buffers that [`backward`](Op::backward) adds the parameters' gradients to, in a
    /// layout of the op's choice; none for an op that takes the whole batch.
    fn gradient_lens(&self) -> Vec<usize> {
        Vec::new()
    }

    /// The backward pass of some images: adds to `gradients` and, if there is one, overwrites the
    /// input's gradient `dx`.
    fn backward(
        &self,
        place: Place<'_>,
        saved: Saved<'_>,
        dx: Option<&mut [f32]>,
        scratch: &mut Scratch,
        gradients: &mut [Buffer],
    );

    /// Overwrites the parameters' `gradients`, in their own layout, by what the backward passes added
    /// up.
    fn write_gradients(&self, sums: &[Buffer], gradients: &mut [Buffer]) {
        for (gradient, sums) in gradients.iter_mut().zip(sums) {
            gradient.copy_from_slice(sums);
        }
    }

    /// The output of one image in evaluation mode. Pushes the output of every layer of the spec that
    /// the op stands for to `outputs`, in the ops' layout.
    fn trace(
        &self,
        parameters: &[Parameter],
        x: &[f32],
        scratch: &mut Scratch,
        outputs: &mut Vec<Vec<f32>>,
    ) -> Vec<f32> {
        let y = self.evaluate_one(parameters, x, scratch);
        outputs.push(y.clone());
        y
    }

    /// The output of one image in evaluation mode.
    fn evaluate_one(&self, parameters: &[Parameter], x: &[f32], scratch: &mut Scratch) -> Vec<f32> {
        let place = Place {
            pass: Pass::Evaluate,
            image: 0,
            parameters,
        };
        let mut y = vec![0.0; self.output_len()];
        let mut notes = vec![0; self.notes_len()];
        self.forward(place, x, &mut y, &mut notes, scratch);
        y
    }

    /// Batch norm's statistics, for saving.
    fn running_statistics(&self) -> Option<&RunningStatistics> {
        None
    }

    /// Batch norm's statistics, for loading.
    fn running_statistics_mut(&mut self) -> Option<&mut RunningStatistics> {
        None
    }
}
