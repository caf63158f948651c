//! Pictures brought into the form of the images that a model was trained on.

use super::decoded::Picture;
use super::error::PictureError;
use super::object::Object;
use super::style::Style;
use crate::augment::ImageSize;

/// A picture as the network sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjusted {
    /// `[channels, height, width]`.
    pub image: Vec<u8>,
    /// What was done.
    pub done: Adjustments,
}

/// What was done to a picture beside scaling it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Adjustments {
    /// The object was cut out and is now as large as those of the training images, in the middle.
    pub centred: bool,
    /// Dark became light.
    pub inverted: bool,
    /// The background got the level that it has in the training images.
    pub levelled: bool,
}

impl Adjustments {
    /// In words: `centred, inverted`, or that it was only scaled.
    pub fn words(self) -> String {
        let parts = [
            (self.centred, "centred"),
            (self.inverted, "inverted"),
            (self.levelled, "background levelled"),
        ];
        let done: Vec<&str> = parts.iter().filter(|it| it.0).map(|it| it.1).collect();
        match done.is_empty() {
            true => "only scaled".to_owned(),
            false => done.join(", "),
        }
    }
}

impl Picture {
    /// The picture as an image of this size, only scaled; or inverted too.
    ///
    /// # Errors
    /// A number of channels that is neither 1 nor 3.
    pub fn scaled_to(&self, size: ImageSize, invert: bool) -> Result<Adjusted, PictureError> {
        let mut image = self.fit(size, self.background().colour)?;
        if invert {
            negate(&mut image);
        }
        let done = Adjustments {
            inverted: invert,
            ..Adjustments::default()
        };
        Ok(Adjusted { image, done })
    }

    /// The picture as an image of this size in the style of a data set. Where both have plain backgrounds, its object
    /// is centred and gets the size that objects have there, unless it has the images' size already. A grey image is
    /// also inverted where one of the two is dark on light and the other is not, and its background gets the level that
    /// it has there. `invert` inverts it in any case.
    ///
    /// # Errors
    /// A number of channels that is neither 1 nor 3.
    pub fn adjusted_to(
        &self,
        size: ImageSize,
        style: Style,
        invert: bool,
    ) -> Result<Adjusted, PictureError> {
        let background = self.background();
        if !style.is_plain || !background.is_plain() {
            return self.scaled_to(size, invert);
        }
        let has_size = (self.height(), self.width()) == (size.height, size.width);
        let object = self.object(background).filter(|_| !has_size);
        let mut image = match &object {
            Some(object) => self.centred(object, size, style.fill)?,
            None => self.fit(size, background.colour)?,
        };
        let is_grey = size.channels == 1;
        let inverted = invert || (is_grey && background.is_light() != style.is_light());
        if inverted {
            negate(&mut image);
        }
        let level = match inverted {
            true => 255 - background.level(),
            false => background.level(),
        };
        let levelled = is_grey && level != style.background;
        if levelled {
            level_to(&mut image, level, style);
        }
        let done = Adjustments {
            centred: object.is_some(),
            inverted,
            levelled,
        };
        Ok(Adjusted { image, done })
    }

    /// Its object in the middle of an image, its longer side this share of the image's.
    fn centred(
        &self,
        object: &Object,
        size: ImageSize,
        fill: f32,
    ) -> Result<Vec<u8>, PictureError> {
        let side = |side: usize| ((side as f32 * fill).round() as usize).clamp(1, side);
        let within = (side(size.height), side(size.width));
        let background = self.background().colour;
        let part = self.part(object.rows.clone(), object.columns.clone());
        part.fit_within(size, within, background)
    }
}

fn negate(image: &mut [u8]) {
    image.iter_mut().for_each(|level| *level = 255 - *level);
}

/// Moves the background from `level` to the style's, and the brightest (of light objects) or darkest possible level
/// not at all; between them evenly.
fn level_to(image: &mut [u8], level: u8, style: Style) {
    let end = if style.is_light() { 0.0 } else { 255.0 };
    let (from, to) = (f32::from(level), f32::from(style.background));
    // The background is on the style's side of the middle, or was inverted in vain by order.
    let scale = match (end - from).abs() < 1.0 {
        true => return,
        false => (end - to) / (end - from),
    };
    for value in image {
        *value = (to + (f32::from(*value) - from) * scale)
            .round()
            .clamp(0.0, 255.0) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;

    const SIZE: ImageSize = ImageSize {
        channels: 1,
        height: 8,
        width: 8,
    };

    /// A dark square of 20 on grey paper of 100×60, not in the middle.
    fn photo() -> Picture {
        example::picture(100, 60, |x, y| match (x, y) {
            (70..90, 10..30) => [0, 0, 0, 255],
            _ => [204, 204, 204, 255],
        })
    }

    #[test]
    fn a_photo_becomes_an_image_like_those_of_the_data() {
        let style = Style {
            fill: 0.5,
            ..Style::GARMENTS
        };
        let adjusted = photo().adjusted_to(SIZE, style, false).unwrap();
        let [empty, full] = [[0; 8], [0, 0, 255, 255, 255, 255, 0, 0]];
        let rows = [empty, empty, full, full, full, full, empty, empty];
        assert_eq!(adjusted.image, rows.concat());
        assert_eq!(
            adjusted.done.words(),
            "centred, inverted, background levelled"
        );
    }

    #[test]
    fn nothing_is_done_where_a_background_is_not_plain() {
        let style = Style {
            is_plain: false,
            ..Style::GARMENTS
        };
        let plain = photo().scaled_to(SIZE, false).unwrap();
        assert_eq!(photo().adjusted_to(SIZE, style, false).unwrap(), plain);
        assert_eq!(plain.done.words(), "only scaled");
        let stripes = example::picture(40, 40, |x, _| match x % 8 {
            0..4 => [255, 255, 255, 255],
            _ => [0, 0, 0, 255],
        });
        let adjusted = stripes.adjusted_to(SIZE, Style::GARMENTS, false).unwrap();
        assert_eq!(adjusted.done, Adjustments::default());
    }

    #[test]
    fn colours_are_centred_but_not_inverted() {
        let size = ImageSize {
            channels: 3,
            ..SIZE
        };
        let adjusted = photo().adjusted_to(size, Style::GARMENTS, false).unwrap();
        assert_eq!(adjusted.done.words(), "centred");
        assert!(adjusted.image.iter().all(|level| *level == 0));
        let forced = photo().adjusted_to(size, Style::GARMENTS, true).unwrap();
        assert!(forced.done.inverted);
    }

    #[test]
    fn an_image_of_the_right_size_keeps_its_place() {
        let picture = example::picture(8, 8, |x, y| match (x, y) {
            (1..3, 1..3) => [255, 255, 255, 255],
            _ => [0, 0, 0, 255],
        });
        let adjusted = picture.adjusted_to(SIZE, Style::GARMENTS, false).unwrap();
        assert_eq!(adjusted.done, Adjustments::default());
        assert_eq!((adjusted.image[9], adjusted.image[36]), (255, 0));
    }
}
