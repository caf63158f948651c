//! Mirroring top to bottom.

use super::{ImageSize, STREAM};
use crate::random::SplitMix64;

/// Whether the image named by `(seed, visit, index)` is flipped. This has a stream of its own: with
/// or without vertical flips, the other changes draw the same numbers.
pub fn is_drawn(probability: f64, (seed, visit, index): (u64, usize, u32)) -> bool {
    let key = [STREAM, seed, visit as u64, u64::from(index), 0];
    probability > 0.0 && SplitMix64::keyed(&key).chance(probability as f32)
}

/// Reverses the order of the rows, in every channel.
pub fn flip(image: &mut [u8], size: ImageSize) {
    let ImageSize { height, width, .. } = size;
    for plane in image.chunks_exact_mut(size.plane()) {
        for row in 0..height / 2 {
            let (upper, lower) = plane.split_at_mut((height - 1 - row) * width);
            upper[row * width..][..width].swap_with_slice(&mut lower[..width]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Augmentation, augment, horizontal_flip};
    use super::*;

    fn size(channels: usize, height: usize, width: usize) -> ImageSize {
        ImageSize {
            channels,
            height,
            width,
        }
    }

    #[test]
    fn a_flipped_image_is_numpys() {
        // np.flip(np.arange(12).reshape(1, 4, 3), axis=1).ravel()
        let mut grey: Vec<u8> = (0..12).collect();
        flip(&mut grey, size(1, 4, 3));
        assert_eq!(grey, [9, 10, 11, 6, 7, 8, 3, 4, 5, 0, 1, 2]);
        // np.flip(np.arange(18).reshape(3, 3, 2), axis=1).ravel()
        let mut colour: Vec<u8> = (0..18).collect();
        flip(&mut colour, size(3, 3, 2));
        let expected = [4, 5, 2, 3, 0, 1, 10, 11, 8, 9, 6, 7, 16, 17, 14, 15, 12, 13];
        assert_eq!(colour, expected);
    }

    #[test]
    fn the_rows_of_every_channel_are_reversed_and_a_second_flip_undoes_it() {
        for channels in [1, 3] {
            let size = size(channels, 5, 4);
            let image: Vec<u8> = (0..size.bytes() as u8).map(|level| level * 3).collect();
            let mut flipped = image.clone();
            flip(&mut flipped, size);
            let reversed = |plane: &[u8]| {
                let rows = plane.chunks_exact(4).rev();
                rows.flatten().copied().collect::<Vec<u8>>()
            };
            let expected: Vec<u8> = image.chunks_exact(20).flat_map(reversed).collect();
            assert_eq!(flipped, expected);
            flip(&mut flipped, size);
            assert_eq!(flipped, image);
        }
    }

    #[test]
    fn with_a_horizontal_flip_it_is_half_a_turn() {
        for channels in [1, 3] {
            let size = size(channels, 3, 4);
            let image: Vec<u8> = (0..size.bytes() as u8).collect();
            let what = Augmentation {
                horizontal_flip: 1.0,
                vertical_flip: 1.0,
                ..Augmentation::default()
            };
            let mut both = image.clone();
            augment(&mut both, size, &what, 0, (1, 1, 0));
            let turned = image.chunks_exact(12).flat_map(|plane| plane.iter().rev());
            assert!(both.iter().eq(turned), "{both:?}");
            // The order of the two does not matter.
            let mut other = image.clone();
            flip(&mut other, size);
            horizontal_flip::flip(&mut other, size);
            assert_eq!(both, other);
        }
    }

    #[test]
    fn its_probability_holds_and_is_independent_of_the_horizontal_flips() {
        let what = |vertical_flip| Augmentation {
            horizontal_flip: 0.5,
            vertical_flip,
            ..Augmentation::default()
        };
        let changed = |what: &Augmentation, index: u32| {
            let mut image = [0, 1, 2, 3];
            augment(&mut image, size(1, 2, 2), what, 0, (4, 2, index));
            image
        };
        let (mut flipped, mut both) = (0, 0);
        for index in 0..4000 {
            let (mut without, with) = (changed(&what(0.0), index), changed(&what(0.25), index));
            if with != without {
                flipped += 1;
                both += usize::from(without == [1, 0, 3, 2]);
                // All but the vertical flip is as it was.
                flip(&mut without, size(1, 2, 2));
                assert_eq!(with, without);
            }
        }
        assert!((900..1100).contains(&flipped), "{flipped} of 4000");
        assert!((430..570).contains(&both), "{both} of {flipped}");
    }
}
