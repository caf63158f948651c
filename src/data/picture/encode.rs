//! Images as PNG files.

use super::error::PictureError;
use crate::augment::ImageSize;
use png::ColorType;

/// The content of a PNG file with an image `[channels, height, width]` of one channel or three.
///
/// # Errors
/// Another number of channels, or a failure of the encoder.
pub fn encode(image: &[u8], size: ImageSize) -> Result<Vec<u8>, PictureError> {
    let color = match size.channels {
        1 => ColorType::Grayscale,
        3 => ColorType::Rgb,
        channels => return Err(PictureError::Channels(channels)),
    };
    let plane = size.plane();
    let pixels = (0..plane).flat_map(|pixel| image.iter().skip(pixel).step_by(plane.max(1)));
    let pixels: Vec<u8> = pixels.copied().collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, size.width as u32, size.height as u32);
    encoder.set_color(color);
    let mut writer = encoder.write_header().map_err(PictureError::Encoder)?;
    writer
        .write_image_data(&pixels)
        .map_err(PictureError::Encoder)?;
    drop(writer);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::super::decode;
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let size = |channels| ImageSize {
            channels,
            height: 2,
            width: 3,
        };
        let read = |bytes: &[u8], channels| decode(bytes).unwrap().fit(size(channels), [0; 3]);
        let grey = [0, 7, 100, 254, 255, 1];
        let bytes = encode(&grey, size(1)).unwrap();
        assert_eq!(read(&bytes, 1).unwrap(), grey);
        // As colours, a grey picture has each level three times.
        assert_eq!(read(&bytes, 3).unwrap(), [grey, grey, grey].concat());
        let colours: Vec<u8> = (0..18).map(|level| level * 13).collect();
        let bytes = encode(&colours, size(3)).unwrap();
        assert_eq!(read(&bytes, 3).unwrap(), colours);
        assert!(encode(&colours, size(9)).is_err());
    }
}
