//! What is checked before a run: that data, network and machine go together.

mod fits;
mod memory;

pub(crate) use fits::check_shapes;
pub use fits::{check_evaluation, check_fits, check_fits_model};
pub use memory::{MemoryNeed, available_memory};
