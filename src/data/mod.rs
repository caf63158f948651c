//! Data sets: finding them, reading them, batches of them, and the built-in
//! sample set.
//!
//! [`locate`] decides on a folder and [`Source`] loads it; [`shuffled_order`], [`TrainingBatch`] and
//! [`fill`] make batches; [`fetch`] gets a published set from the network and [`verify()`] compares a
//! folder with it.

mod batches;
pub mod catalog;
mod checksum;
mod classes;
mod content;
mod dataset;
mod error;
mod exclusions;
pub mod fetch;
mod folder;
mod formats;
mod gzip;
pub mod idx;
pub mod import;
mod locate;
mod normalization;
mod order;
pub mod picture;
pub mod sample;
mod source;
mod split;
mod verify;

pub use batches::{Timer, TrainingBatch, fill};
pub use dataset::{Dataset, Origin};
pub use error::DataError;
pub use exclusions::{Exclusions, ExclusionsError};
pub use locate::{
    ChosenBy, DATA_VARIABLE, Located, SAMPLE_NAME, locate, use_user_folder, user_folder,
};
pub use normalization::Normalization;
pub use order::shuffled_order;
pub use source::{Progress, Source};
pub use split::Split;
pub use verify::{FileReport, Verdict, verify};
