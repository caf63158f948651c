//! Data sets: finding them, reading them, batches of them, and the built-in
//! sample set.
//!
//! [`locate`] decides on a folder, [`Dataset::load`] reads its IDX files,
//! [`shuffled_order`], [`TrainingBatch`] and [`fill`] make batches, [`augment`] changes them; [`fetch`] gets a published set from
//! the network and [`verify()`] compares a folder with it.

pub mod augment;
mod batches;
pub mod catalog;
mod checksum;
mod classes;
mod dataset;
mod error;
pub mod fetch;
mod files;
pub mod idx;
mod locate;
pub mod sample;
mod split;
mod verify;

pub use batches::{TrainingBatch, fill, shuffled_order};
pub use dataset::{Dataset, Source};
pub use error::DataError;
pub use locate::{ChosenBy, DATA_VARIABLE, Located, SAMPLE_NAME, locate, user_folder};
pub use split::{Normalization, Split};
pub use verify::{FileReport, Verdict, verify};
