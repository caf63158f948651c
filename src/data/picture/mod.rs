//! Pictures: files of the usual formats as the pixels of images, and images as PNG files.

mod adjust;
mod background;
mod decode;
mod decoded;
mod encode;
mod error;
#[cfg(test)]
mod example;
mod fit;
mod luma;
mod object;
mod resampling;
mod style;

pub use adjust::{Adjusted, Adjustments};
pub use background::Background;
pub use decode::{decode, read_picture};
pub use decoded::Picture;
pub use encode::encode;
pub use error::PictureError;
pub use object::Object;
pub use style::Style;
