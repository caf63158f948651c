//! What is inside each layer: its activations while training and in evaluation, units that are never active,
//! gradients, and the norms of its kernels.
//!
//! - `statistics`: all of it as plain data.
//! - `tally`: many values, counted so that a histogram of any range can be made of them.
//! - `measure`: a model and some images become statistics.

mod measure;
mod statistics;
mod tally;

pub use measure::{ProbeImages, images_at_once, probe, probe_bytes};
pub use statistics::{
    Activations, BINS, KernelNorms, LayerStatistics, NetworkStatistics, ParameterStatistics, Units,
};
