//! A decoded picture.

use crate::augment::ImageSize;
use image::DynamicImage;

/// A picture as it is seen: upright, eight bits a channel, at least one pixel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    height: usize,
    width: usize,
    /// `[height, width, 3]`: red, green and blue.
    colours: Vec<u8>,
    /// `[height, width]`, from 0 (nothing is seen) to 255; none for a picture without any transparency.
    alpha: Option<Vec<u8>>,
}

impl Picture {
    /// Of what the decoder gives. Wider values than bytes are rounded.
    pub(super) fn new(image: DynamicImage) -> Self {
        let (width, height) = (image.width() as usize, image.height() as usize);
        let (colours, alpha) = if image.color().has_alpha() {
            let pixels = image.into_rgba8().into_raw();
            let (pixels, _) = pixels.as_chunks();
            let alpha: Vec<u8> = pixels.iter().map(|[_, _, _, alpha]| *alpha).collect();
            let colours = pixels.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]);
            (colours.collect(), Some(alpha))
        } else {
            (image.into_rgb8().into_raw(), None)
        };
        Self {
            height,
            width,
            colours,
            alpha: alpha.filter(|alpha| alpha.iter().any(|level| *level < 255)),
        }
    }

    /// Of an image `[channels, height, width]` with three channels, or of one that is grey.
    pub fn of_image(image: &[u8], size: ImageSize) -> Self {
        let plane = size.plane();
        let level = |pixel: usize, channel: usize| {
            let place = channel.min(size.channels.saturating_sub(1)) * plane + pixel;
            image.get(place).copied().unwrap_or(0)
        };
        let colours = (0..plane).flat_map(|pixel| [0, 1, 2].map(|channel| level(pixel, channel)));
        Self {
            height: size.height,
            width: size.width,
            colours: colours.collect(),
            alpha: None,
        }
    }

    /// Rows of pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Pixels of a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// `[height, width]`: red, green and blue, as if nothing were transparent.
    pub fn colours(&self) -> &[[u8; 3]] {
        self.colours.as_chunks().0
    }

    /// `[height, width]`, from 0 (nothing is seen) to 255; none for a picture without any transparency.
    pub fn alpha(&self) -> Option<&[u8]> {
        self.alpha.as_deref()
    }
}
