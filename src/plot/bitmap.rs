//! A sheet as PNG.

use super::lettering::{Label, Setter, Typeface};
use super::sheet::{Picture, Sheet, UNIT};
use super::{Figure, PlotError, Size};
use plotters::backend::BitMapBackend;
use plotters::drawing::IntoDrawingArea;

/// Everything is drawn this many times larger and then averaged down, which smooths the edges.
const SMOOTHING: usize = 2;
/// Bytes of a pixel.
const CHANNELS: usize = 3;

/// The figure as a PNG file.
///
/// # Errors
/// No memory for the pixels, or an error of plotters or the encoder.
pub fn render(figure: &impl Figure, size: Size) -> Result<Vec<u8>, PlotError> {
    let (width, height) = (size.width() * UNIT, size.height() * UNIT);
    let failed = |error: &dyn std::fmt::Display| PlotError(error.to_string());
    let mut canvas = Canvas::new(width as usize, height as usize)?;
    let (labels, pictures, face) = {
        let backend = BitMapBackend::with_buffer(&mut canvas.pixels, (width, height));
        let mut sheet = Sheet::new(backend.into_drawing_area(), size, Setter::Program)?;
        figure.draw(&mut sheet).map_err(|error| failed(&error))?;
        sheet.shapes().present().map_err(|error| failed(&error))?;
        sheet.into_parts()
    };
    for picture in &pictures {
        canvas.picture(picture);
    }
    for label in &labels {
        canvas.label(label, &face);
    }
    let small = canvas.smoothed();
    encode(
        &small.pixels,
        small.width,
        small.height,
        png::ColorType::Rgb,
    )
}

/// A PNG file of pixels with eight bits a channel.
///
/// # Errors
/// An error of the encoder.
pub fn encode(
    pixels: &[u8],
    width: usize,
    height: usize,
    color: png::ColorType,
) -> Result<Vec<u8>, PlotError> {
    let failed = |error: png::EncodingError| PlotError(error.to_string());
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width as u32, height as u32);
    encoder.set_color(color);
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(pixels).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(bytes)
}

/// Pixels of red, green and blue.
struct Canvas {
    pixels: Vec<u8>,
    width: usize,
    height: usize,
}

impl Canvas {
    fn new(width: usize, height: usize) -> Result<Self, PlotError> {
        let size = width * height * CHANNELS;
        let mut pixels = Vec::new();
        pixels
            .try_reserve_exact(size)
            .map_err(|_| PlotError("there is no memory for it; give a smaller --size".into()))?;
        pixels.resize(size, 255);
        Ok(Self {
            pixels,
            width,
            height,
        })
    }

    /// The place of a pixel, if it is on the canvas.
    fn place(&self, x: i32, y: i32) -> Option<usize> {
        let (x, y) = (usize::try_from(x).ok()?, usize::try_from(y).ok()?);
        (x < self.width && y < self.height).then_some((y * self.width + x) * CHANNELS)
    }

    fn label(&mut self, label: &Label, face: &Typeface) {
        let color = label.lettering.color;
        let color = [color.0, color.1, color.2];
        face.paint(label, f64::from(UNIT), |x, y, covered| {
            let Some(place) = self.place(x, y) else {
                return;
            };
            for (channel, to) in self.pixels[place..].iter_mut().zip(color) {
                let from = f32::from(*channel);
                *channel = (from + (f32::from(to) - from) * covered.clamp(0.0, 1.0)).round() as u8;
            }
        });
    }

    /// Copies a picture onto the canvas, by its nearest pixels.
    fn picture(&mut self, picture: &Picture) {
        let unit = f64::from(UNIT);
        let scaled = |value: f64| (value * unit).round() as i32;
        let (left, top) = (scaled(picture.at.0), scaled(picture.at.1));
        let (wide, high) = (scaled(picture.size.0), scaled(picture.size.1));
        for y in 0..high {
            for x in 0..wide {
                let column = x as usize * picture.width / wide as usize;
                let row = y as usize * picture.height / high as usize;
                let mut pixels = picture.pixels.chunks_exact(picture.channels.max(1));
                let pixel = pixels.nth(row * picture.width + column);
                if let (Some(pixel), Some(place)) = (pixel, self.place(left + x, top + y)) {
                    // A grey level is that of all channels.
                    let levels = pixel.iter().cycle();
                    for (to, level) in self.pixels[place..place + CHANNELS].iter_mut().zip(levels) {
                        *to = *level;
                    }
                }
            }
        }
    }

    /// The canvas at its final size: each pixel the mean of a square.
    fn smoothed(&self) -> Self {
        let (width, height) = (self.width / SMOOTHING, self.height / SMOOTHING);
        let mut pixels = Vec::with_capacity(width * height * CHANNELS);
        let many = (SMOOTHING * SMOOTHING) as u32;
        for y in 0..height {
            for x in 0..width {
                for channel in 0..CHANNELS {
                    let mut sum = many / 2;
                    for row in 0..SMOOTHING {
                        for column in 0..SMOOTHING {
                            let at = (y * SMOOTHING + row) * self.width + x * SMOOTHING + column;
                            sum += u32::from(self.pixels[at * CHANNELS + channel]);
                        }
                    }
                    pixels.push((sum / many) as u8);
                }
            }
        }
        Self {
            pixels,
            width,
            height,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smoothing_takes_the_mean_of_four() {
        let mut canvas = Canvas::new(4, 2).unwrap();
        canvas.pixels.fill(0);
        canvas.pixels[..3].fill(200);
        let small = canvas.smoothed();
        assert_eq!((small.width, small.height), (2, 1));
        assert_eq!(small.pixels, [50, 50, 50, 0, 0, 0]);
    }

    #[test]
    fn a_picture_keeps_its_orientation_and_stays_on_the_canvas() {
        let mut canvas = Canvas::new(24, 16).unwrap();
        canvas.picture(&Picture {
            at: (1.0, 0.0),
            size: (4.0, 8.0),
            pixels: vec![1, 2, 3, 4],
            channels: 1,
            width: 2,
            height: 2,
        });
        let level = |x: usize, y: usize| canvas.pixels[(y * 24 + x) * CHANNELS];
        assert_eq!(level(3, 0), 255);
        assert_eq!([level(4, 0), level(12, 0)], [1, 2]);
        assert_eq!(level(20, 0), 255);
        canvas.picture(&Picture {
            at: (-2.0, 3.0),
            size: (40.0, 40.0),
            pixels: vec![9, 8, 7],
            channels: 3,
            width: 1,
            height: 1,
        });
        assert_eq!(canvas.pixels[24 * 15 * CHANNELS..][..3], [9, 8, 7]);
    }
}
