//! What the threads of a pool do together: how busy they are, and that they are there at once.

mod awake;
mod metered;

pub use awake::awake;
pub use metered::{Metered, Participants, Region, SharedTime, metered};
