//! Networks in files: safetensors, with the names and layouts of PyTorch.

pub mod model_file;
pub mod safetensors;
pub mod snapshot;
pub mod state;
