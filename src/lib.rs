//! Design, train and understand small convolutional networks on Fashion-MNIST, in the terminal.
//!
//! A run is a [`spec`]; a spec becomes a model; a model trained becomes events; events become the
//! screen and the run folder.
//!
//! - [`spec`]: what to train, checked, with every layer's shape. Knows `bounded`.
//! - [`optim`]: optimisers, plain arithmetic on slices. Knows `simd` and `text`.
//! - [`augment`]: random changes to training images. Knows `random` and `text`.
//! - [`data`]: image sets: finding, fetching, reading, batching, and the built-in sample set. Knows
//!   nobody.
//! - [`nn`]: networks on dfdx's tensors and tape. Knows `spec` and `data`.
//! - [`train`]: the epoch loop on its own thread, metrics, the run folder. Knows the three above.
//! - [`record`]: runs as their folders tell them afterwards. Knows `train` and `spec`.
//! - [`plot`]: pictures of runs and of what they got wrong. Knows `record`, `train` and `data`.
//! - [`export`]: runs for spreadsheets and for TensorBoard. Knows `record` and `train`.
//! - [`tui`]: the full-screen app. Knows `train` and what it needs of the others.
//! - [`cli`]: the command line. Knows `train`, `plot`, `export` and what it needs of the others.
//! - [`atomic`]: files that are there whole or not at all. Knows nobody.
//! - [`bounded`]: files read up to a size. Knows nobody.
//! - [`random`]: the random numbers that `data` and `nn` draw. Knows nobody.

pub mod augment;
pub mod cli;
pub mod data;
pub mod export;
pub mod fs;
pub mod nn;
pub mod optim;
pub mod plot;
pub mod random;
pub mod runs;
pub mod simd;
pub mod spec;
pub mod sweep;
pub mod text;
pub mod train;
pub mod tui;
