//! Pictures of any size as images of one size.

use super::decoded::Picture;
use super::error::PictureError;
use super::luma::luma;
use super::resampling::Resampling;
use crate::augment::ImageSize;

impl Picture {
    /// The picture as an image `[channels, height, width]` of this size, in its middle and as large as its shape
    /// allows. What is left over, and what is transparent, has the colour of the background. A pixel is the mean of
    /// those it takes the place of; a picture smaller than the image is interpolated. One channel holds the luma
    /// of the colours (ITU-R BT.601), three hold red, green and blue.
    ///
    /// # Errors
    /// A number of channels that is neither 1 nor 3.
    pub fn fit(&self, size: ImageSize, background: [u8; 3]) -> Result<Vec<u8>, PictureError> {
        self.fit_within(size, (size.height, size.width), background)
    }

    /// The same, but no larger than so many rows and columns.
    pub(super) fn fit_within(
        &self,
        size: ImageSize,
        within: (usize, usize),
        background: [u8; 3],
    ) -> Result<Vec<u8>, PictureError> {
        if !matches!(size.channels, 1 | 3) {
            return Err(PictureError::Channels(size.channels));
        }
        let (height, width) = self.fitted(within);
        let pixels = self.scaled(height, width, background);
        let (above, before) = ((size.height - height) / 2, (size.width - width) / 2);
        let background = background.map(f32::from);
        let mut image = vec![0; size.bytes()];
        for y in 0..size.height {
            for x in 0..size.width {
                let place = y.checked_sub(above).zip(x.checked_sub(before));
                let inside = place.filter(|(y, x)| *y < height && *x < width);
                let pixel = inside.map_or(background, |(y, x)| pixels[y * width + x]);
                let at = y * size.width + x;
                if size.channels == 1 {
                    image[at] = level(luma(pixel));
                } else {
                    for (channel, value) in pixel.into_iter().enumerate() {
                        image[channel * size.plane() + at] = level(value);
                    }
                }
            }
        }
        Ok(image)
    }

    /// Rows and columns that it has within so many.
    fn fitted(&self, (height, width): (usize, usize)) -> (usize, usize) {
        let share = |side: usize, of: usize| side as f64 / of as f64;
        let scale = share(height, self.height()).min(share(width, self.width()));
        let scaled = |side: usize, most: usize| {
            let side = (side as f64 * scale).round() as usize;
            side.max(1).min(most)
        };
        (scaled(self.height(), height), scaled(self.width(), width))
    }

    /// `[height, width]`: red, green and blue, 0 to 255.
    fn scaled(&self, height: usize, width: usize, background: [u8; 3]) -> Vec<[f32; 3]> {
        let (rows, columns) = (
            Resampling::new(self.height(), height),
            Resampling::new(self.width(), width),
        );
        let mut scaled = Vec::with_capacity(height * width);
        // [width of the picture]: rows are long and many, so they are added up first.
        let mut sum = vec![[0.0; 3]; self.width()];
        for y in 0..height {
            sum.fill([0.0; 3]);
            for (row, weight) in rows.parts(y) {
                self.add_row(*row, *weight, background, &mut sum);
            }
            scaled.extend((0..width).map(|x| columns.sum(x, |from| sum[from])));
        }
        scaled
    }

    /// Adds a row of pixels, as they look over this background, to `sum`.
    fn add_row(&self, row: usize, weight: f32, background: [u8; 3], sum: &mut [[f32; 3]]) {
        let range = row * self.width()..(row + 1) * self.width();
        let colours = &self.colours()[range.clone()];
        match self.alpha() {
            None => {
                let levels = colours.as_flattened().iter();
                let sums = sum.as_flattened_mut().iter_mut();
                sums.zip(levels)
                    .for_each(|(sum, level)| *sum += weight * f32::from(*level));
            }
            Some(alpha) => {
                for ((sum, colour), alpha) in sum.iter_mut().zip(colours).zip(&alpha[range]) {
                    let alpha = f32::from(*alpha) / 255.0;
                    for ((sum, front), back) in sum.iter_mut().zip(colour).zip(background) {
                        let level = f32::from(*front) * alpha + f32::from(back) * (1.0 - alpha);
                        *sum += weight * level;
                    }
                }
            }
        }
    }
}

/// The nearest byte.
fn level(value: f32) -> u8 {
    value.round() as u8
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;

    fn size(channels: usize, height: usize, width: usize) -> ImageSize {
        ImageSize {
            channels,
            height,
            width,
        }
    }

    #[test]
    fn a_picture_of_the_images_size_keeps_its_pixels() {
        let picture = example::picture(3, 2, |x, y| [(x * 9) as u8, (y * 9) as u8, 77, 255]);
        let planes = [0, 9, 18, 0, 9, 18, 0, 0, 0, 9, 9, 9, 77, 77, 77, 77, 77, 77];
        assert_eq!(picture.fit(size(3, 2, 3), [0; 3]).unwrap(), planes);
        let red = example::picture(1, 1, |_, _| [255, 0, 0, 255]);
        assert_eq!(red.fit(size(1, 1, 1), [0; 3]).unwrap(), [76]);
        assert!(red.fit(size(2, 1, 1), [0; 3]).is_err());
    }

    #[test]
    fn a_larger_picture_is_averaged_and_keeps_its_shape() {
        // Twice as wide as high: rows of the background above and below.
        let picture = example::picture(8, 4, |x, _| {
            let level = if x % 2 == 0 { 0 } else { 200 };
            [level, level, level, 255]
        });
        let image = picture.fit(size(1, 4, 4), [7; 3]).unwrap();
        let [background, mean] = [[7; 4], [100; 4]];
        assert_eq!(image, [background, mean, mean, background].concat());
    }

    #[test]
    fn a_smaller_picture_is_interpolated_without_steps() {
        let picture = example::picture(2, 2, |x, _| [[0, 0, 0, 255], [200, 200, 200, 255]][x]);
        let image = picture.fit(size(1, 8, 8), [0; 3]).unwrap();
        assert_eq!(image[..8], [0, 0, 25, 75, 125, 175, 200, 200]);
    }

    #[test]
    fn what_is_transparent_shows_the_background() {
        let picture = example::picture(2, 1, |x, _| [[200, 200, 200, 0], [255, 255, 255, 255]][x]);
        let fit = |background| picture.fit(size(1, 1, 2), background).unwrap();
        assert_eq!(fit([0; 3]), [0, 255]);
        assert_eq!(fit([90; 3]), [90, 255]);
    }
}
