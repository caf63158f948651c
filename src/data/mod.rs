//! Data sets: finding them, reading them, batches of them, and the built-in
//! sample set.
//!
//! [`locate`] decides on a folder, [`Dataset::load`] reads its IDX files,
//! [`shuffled_order`] and [`fill`] make batches. This module depends on no other.

mod batches;
mod classes;
mod dataset;
mod error;
mod files;
pub mod idx;
mod locate;
pub mod sample;
mod split;

pub use batches::{fill, shuffled_order};
pub use dataset::{Dataset, Source};
pub use error::DataError;
pub use locate::{ChosenBy, DATA_VARIABLE, Located, SAMPLE_NAME, locate};
pub use split::{Normalization, Split};
