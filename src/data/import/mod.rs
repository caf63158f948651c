//! Makes a folder of IDX files, which this program trains on, of other people's pictures.
//!
//! [`import`] takes a folder or a file. An archive is unpacked first; a [`format`] recognises what is there by
//! its content and gives pictures with labels; every picture is fitted into images of one size; the folder is
//! written beside its place and renamed at the end. The same pictures give the same bytes. [`prepare`] stops before
//! anything is written, so that the images can be looked at.

mod array;
mod bytes;
mod class_labels;
mod entries;
mod error;
mod event;
mod find;
pub mod format;
mod images;
mod options;
mod part;
mod pictures;
mod record;
mod run;
mod share;
pub mod unpack;
mod work;
mod write;

pub use array::{Array, Numbers};
pub use error::ImportError;
pub use event::ImportEvent;
pub use options::{Colours, ImportOptions, Invert};
pub use record::{Imported, Skipped};
pub use run::{Prepared, import, prepare};
