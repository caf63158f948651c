//! What models do and how they differ, as plain data. Screens show it, commands print it.

mod accuracy;
mod paired;
mod spec_difference;
mod spread;

pub use accuracy::{Accuracy, standard_error};
pub use paired::Paired;
pub use spec_difference::{Change, differences};
pub use spread::{Spread, band};
