//! Design, train and understand small convolutional networks on Fashion-MNIST, in the terminal.
//!
//! A run is a [`spec`]; a spec becomes a model; a model trained becomes events; events become the
//! screen and the run folder.
//!
//! - [`spec`]: what to train, checked, with every layer's shape. Knows nobody.
//! - [`data`]: image sets: finding, reading, batching, and the built-in sample set. Knows nobody.
//! - [`nn`]: networks on dfdx's tensors and tape. Knows `spec` and `data`.
//! - [`random`]: the random numbers that `data` and `nn` draw. Knows nobody.

pub mod data;
pub mod nn;
pub mod random;
pub mod spec;
