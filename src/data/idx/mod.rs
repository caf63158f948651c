//! IDX files, the format of MNIST and Fashion-MNIST: a magic number, the sizes (big-endian `u32`),
//! then one byte per pixel, channel of a pixel, or label.
//!
//! A file is not trusted: sizes are checked before memory is taken, and reading stops one byte after
//! the stated end.

mod body;
mod encode;
mod files;
mod folder;
mod format;
mod read;
mod split;
#[cfg(test)]
mod tests;

pub use encode::{encode_colour_images_gz, encode_images_gz, encode_labels_gz};
pub(super) use files::{STEMS, colour_stem, find_one};
pub use folder::IdxFolder;
pub use format::{Kind, MAX_ITEMS, MAX_SIDE};
pub use read::{Images, parse_images, parse_labels, read_images, read_labels};
pub(super) use split::parse_split;
