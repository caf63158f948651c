//! Specs as Python programs: the network, its weights' loader, predictions and training.

mod file;
mod keras;
mod template;
mod torch;

pub use file::PythonModel;
pub use keras::to_keras;
pub use torch::to_torch;
