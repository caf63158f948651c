//! Tensors and models as bytes and files.

pub mod model_file;
pub mod state;
