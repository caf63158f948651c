//! The size of the images that are changed.

/// `[channels, height, width]` of an image whose values are bytes, one plane after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageSize {
    /// Colour planes; 1 for grey images.
    pub channels: usize,
    /// Rows of pixels.
    pub height: usize,
    /// Pixels of a row.
    pub width: usize,
}

impl ImageSize {
    /// Bytes of one channel.
    pub fn plane(self) -> usize {
        self.height * self.width
    }

    /// Bytes of the image.
    pub fn bytes(self) -> usize {
        self.channels * self.plane()
    }
}
