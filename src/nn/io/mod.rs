//! Networks in files: safetensors, with the names and layouts of PyTorch.

pub mod foreign;
pub mod model_file;
mod other_format;
pub mod safetensors;
pub mod snapshot;
pub mod state;
pub mod state_dict;
