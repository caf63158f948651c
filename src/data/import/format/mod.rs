//! The formats in which other people's pictures come. Each is a file or a folder that implements [`Format`].

mod all;
pub mod cifar;
pub mod csv;
mod definition;
pub mod idx;
pub mod numpy;
mod tree;

pub use all::FORMATS;
pub use definition::Format;
