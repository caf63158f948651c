//! The operations dfdx lacks on stable Rust: each file is one layer's forward pass with its backward
//! pass beside it.
//!
//! An [`Op`] works on one image at a time, so that a [`Block`](super::block::Block) can send each
//! image through several layers while it is in the cache and share the images out over threads.

pub mod activation;
pub mod avg_pool2d;
pub mod batch_norm;
pub mod conv2d;
pub mod dropout;
pub mod global_avg_pool;
pub mod im2col;
pub mod max_pool2d;
pub mod reduce;
pub mod window;

pub use activation::Activation;
pub use avg_pool2d::AvgPool2d;
pub use batch_norm::{BatchNorm, RunningStatistics};
pub use conv2d::Conv2d;
pub use dropout::Dropout;
pub use global_avg_pool::GlobalAvgPool;
pub use max_pool2d::MaxPool2d;

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

/// Buffers that an op may overwrite; one per shard, kept from step to step.
#[derive(Default)]
pub struct Scratch {
    /// Unfolded windows of one image.
    pub columns: Vec<f32>,
    /// Gradient of the unfolded windows.
    pub column_gradients: Vec<f32>,
}

/// Which pass an op takes part in, and for which image.
#[derive(Clone, Copy)]
pub struct Place {
    /// What the pass is for.
    pub pass: Pass,
    /// The image's position in the batch.
    pub image: usize,
}

/// What the backward pass of one image starts from.
#[derive(Clone, Copy)]
pub struct Saved<'a> {
    /// The op's input.
    pub x: &'a [f32],
    /// The op's output.
    pub y: &'a [f32],
    /// The output's gradient.
    pub dy: &'a [f32],
}

/// One layer's forward and backward pass.
pub trait Op: Send + Sync {
    /// Values of one image that go in.
    fn input_len(&self) -> usize;

    /// Values of one image that come out.
    fn output_len(&self) -> usize;

    /// Where the block copies the trainable parameters to before every pass, in the order of their
    /// names in the saved model.
    fn parameters_mut(&mut self) -> Vec<&mut [f32]> {
        Vec::new()
    }

    /// Whether training needs the whole batch at once, before the first image goes through.
    fn needs_whole_batch(&self) -> bool {
        false
    }

    /// Training, ops that need the whole batch: looks at all inputs `[batch, input_len]`.
    fn observe_batch(&mut self, _x: &[f32]) {}

    /// Evaluation, ops that need the whole batch: takes what training has gathered instead.
    fn use_running_statistics(&mut self) {}

    /// One image's output `y` from its input `x`.
    fn forward(&self, place: Place, x: &[f32], y: &mut [f32], scratch: &mut Scratch);

    /// Training, ops that need the whole batch: looks at all output gradients `[batch, output_len]`
    /// and adds to its parameters' `gradients`.
    fn observe_batch_gradient(&mut self, _x: &[f32], _dy: &[f32], _gradients: &mut [Vec<f32>]) {}

    /// One image's backward pass: adds to the parameters' `gradients` and, if it is asked for,
    /// overwrites the input's gradient `dx`.
    fn backward(
        &self,
        place: Place,
        saved: Saved<'_>,
        dx: Option<&mut [f32]>,
        scratch: &mut Scratch,
        gradients: &mut [Vec<f32>],
    );

    /// Batch norm's statistics, for saving.
    fn running_statistics(&self) -> Option<&RunningStatistics> {
        None
    }

    /// Batch norm's statistics, for loading.
    fn running_statistics_mut(&mut self) -> Option<&mut RunningStatistics> {
        None
    }
}
