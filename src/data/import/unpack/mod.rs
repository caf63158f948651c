//! Archives: what is in them is written into a folder, within limits, and never outside of it.

mod room;
mod tar;
mod unpacked;
pub mod zip;

pub use unpacked::unpacked;
