//! Which dimensions of an array are what.

use super::definition::Array;
use crate::augment::ImageSize;

/// Rows that are looked at to tell how flat pictures with colours are stored.
const ROWS: usize = 50;
/// A larger side is no picture of an array.
const MAX_SIDE: usize = 4096;

/// An array as pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// How many.
    pub count: usize,
    /// Of each.
    pub size: ImageSize,
    /// Whether the channels of a pixel stand together; else there is a plane for each channel.
    pub is_interleaved: bool,
}

impl Shape {
    /// Of `[n, h, w]`, `[n, h, w, c]`, `[n, c, h, w]`, or square pictures in flat rows.
    ///
    /// # Errors
    /// A shape that pictures do not have.
    pub fn of(array: &Array) -> Result<Self, String> {
        let shape = |count, channels, height, width, is_interleaved| Self {
            count,
            size: ImageSize {
                channels,
                height,
                width,
            },
            is_interleaved,
        };
        let found = match array.shape[..] {
            [count, height, width] => shape(count, 1, height, width, false),
            [count, height, width, channels @ (1 | 3)] => {
                shape(count, channels, height, width, channels == 3)
            }
            [count, channels @ (1 | 3), height, width] => {
                shape(count, channels, height, width, false)
            }
            [count, row] => match (side(row), side(row / 3)) {
                (Some(side), _) => shape(count, 1, side, side, false),
                (None, Some(side)) if row % 3 == 0 => {
                    let is_interleaved = is_interleaved(array, side);
                    shape(count, 3, side, side, is_interleaved)
                }
                _ => {
                    return Err(format!(
                        "has {row} pixels for each picture, which is no square, neither grey nor with three \
                         colours; save the pictures as [count, height, width]"
                    ));
                }
            },
            _ => {
                return Err(format!(
                    "has the shape {:?}; pictures are [count, height, width], [count, height, width, 3] or \
                     [count, 3, height, width]",
                    array.shape
                ));
            }
        };
        if found.size.height > MAX_SIDE || found.size.width > MAX_SIDE {
            return Err(format!(
                "has pictures of more than {MAX_SIDE} pixels a side; make them smaller"
            ));
        }
        Ok(found)
    }

    /// Where in a picture the level of a channel at a pixel is.
    pub fn place(self, channel: usize, pixel: usize) -> usize {
        if self.is_interleaved {
            pixel * self.size.channels + channel
        } else {
            channel * self.size.plane() + pixel
        }
    }
}

/// The side of a square.
fn side(pixels: usize) -> Option<usize> {
    let side = pixels.isqrt();
    (side > 0 && side * side == pixels).then_some(side)
}

/// Whether neighbours are more alike if the channels of a pixel are taken to stand together.
fn is_interleaved(array: &Array, side: usize) -> bool {
    let pixels = side * side;
    let difference = |row: usize, one: usize, other: usize| {
        let at = |place: usize| array.numbers.get(row * 3 * pixels + place);
        f64::from((at(one) - at(other)).abs())
    };
    let roughness = |place: &dyn Fn(usize, usize) -> usize| {
        let mut sum = 0.0;
        for row in 0..array.shape.first().map_or(0, |rows| ROWS.min(*rows)) {
            for channel in 0..3 {
                for pixel in 0..pixels {
                    let here = place(channel, pixel);
                    if pixel % side + 1 < side {
                        sum += difference(row, here, place(channel, pixel + 1));
                    }
                    if pixel + side < pixels {
                        sum += difference(row, here, place(channel, pixel + side));
                    }
                }
            }
        }
        sum
    };
    let together = roughness(&|channel, pixel| pixel * 3 + channel);
    let planes = roughness(&|channel, pixel| channel * pixels + pixel);
    together < planes
}

#[cfg(test)]
mod tests {
    use super::super::numbers::Numbers;
    use super::*;

    fn of(shape: &[usize]) -> Result<(usize, usize, usize, usize, bool), String> {
        let array = Array {
            shape: shape.to_vec(),
            numbers: Numbers::default(),
        };
        let Shape {
            count,
            size,
            is_interleaved,
        } = Shape::of(&array)?;
        Ok((
            count,
            size.channels,
            size.height,
            size.width,
            is_interleaved,
        ))
    }

    #[test]
    fn the_usual_shapes_are_pictures() {
        assert_eq!(of(&[5, 8, 9]), Ok((5, 1, 8, 9, false)));
        assert_eq!(of(&[5, 8, 9, 3]), Ok((5, 3, 8, 9, true)));
        assert_eq!(of(&[5, 8, 9, 1]), Ok((5, 1, 8, 9, false)));
        assert_eq!(of(&[5, 3, 8, 9]), Ok((5, 3, 8, 9, false)));
        assert_eq!(of(&[5, 784]), Ok((5, 1, 28, 28, false)));
        assert_eq!(of(&[5, 3072]), Ok((5, 3, 32, 32, false)));
        for wrong in [
            &[5][..],
            &[5, 50],
            &[5, 2, 8, 9],
            &[1, 5, 8, 9, 3],
            &[1, 5000, 2],
        ] {
            assert!(of(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn flat_colours_are_told_by_what_makes_neighbours_alike() {
        let level = |channel: usize, y: usize, x: usize| (channel * 60 + 2 * x + 3 * y) as u8;
        let mut together = Vec::new();
        let mut planes = vec![0; 3 * 64];
        for pixel in 0..64 {
            for channel in 0..3 {
                let level = level(channel, pixel / 8, pixel % 8);
                together.push(level);
                planes[channel * 64 + pixel] = level;
            }
        }
        for (levels, expected) in [(together, true), (planes, false)] {
            let array = Array {
                shape: vec![1, 192],
                numbers: Numbers::Bytes(levels),
            };
            assert_eq!(Shape::of(&array).unwrap().is_interleaved, expected);
        }
    }
}
