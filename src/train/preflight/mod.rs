//! What is checked before a run: that the network fits the data and the machine's memory.

mod data;
mod memory;

pub(crate) use data::check_shapes;
pub use data::{check_classes, check_evaluation, check_fits, check_fits_model, check_inspection};
pub use memory::{MemoryNeed, available_memory};
