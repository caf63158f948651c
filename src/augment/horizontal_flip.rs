//! Mirroring left to right.

use super::ImageSize;

/// Reverses every row, in all channels.
pub fn flip(image: &mut [u8], size: ImageSize) {
    for row in image.chunks_exact_mut(size.width) {
        row.reverse();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_run_backwards() {
        let mut image = [1, 2, 3, 4, 5, 6];
        let size = ImageSize {
            channels: 1,
            height: 2,
            width: 3,
        };
        flip(&mut image, size);
        assert_eq!(image, [3, 2, 1, 6, 5, 4]);
    }
}
