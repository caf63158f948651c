//! A decoded picture.

use crate::data::split::Split;
use image::DynamicImage;
use std::ops::Range;

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

    /// `image`, `[channels, height, width]`, of `split`; in grey where its channels are not colours.
    pub fn of_image(split: &Split, image: &[u8]) -> Self {
        let plane = split.size().plane();
        let grey = split.grey(image);
        let colour = |pixel: usize| match split.channels {
            3 => [0, 1, 2].map(|channel| image[channel * plane + pixel]),
            _ => [grey[pixel]; 3],
        };
        Self {
            height: split.height,
            width: split.width,
            colours: (0..plane).flat_map(colour).collect(),
            alpha: None,
        }
    }

    /// The part of it in these rows and columns, which it has.
    pub(super) fn part(&self, rows: Range<usize>, columns: Range<usize>) -> Self {
        let row = |row: usize| row * self.width + columns.start..row * self.width + columns.end;
        let colours = rows.clone().flat_map(|at| &self.colours()[row(at)]);
        let alpha = self.alpha.as_ref().map(|alpha| {
            let levels = rows.clone().flat_map(|at| &alpha[row(at)]);
            levels.copied().collect()
        });
        Self {
            height: rows.len(),
            width: columns.len(),
            colours: colours.flatten().copied().collect(),
            alpha,
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
