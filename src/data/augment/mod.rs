//! Random changes to training images, one file each. An image is `[height, width]`, one byte a pixel.

mod erasing;
mod flip;
mod mixup;
mod rotation;
mod shift;
mod tone;

pub use mixup::{Mixture, mixture};

use crate::random::SplitMix64;
use crate::spec::Augmentation;

/// First part of the keys of the random numbers used here.
const STREAM: u64 = 0x6175_676d_656e_7400;

/// Changes `image` as training does when it meets it for the `visit`th time (its epoch, from 1).
///
/// The changes follow from the arguments alone: a resumed run, another number of threads and whoever
/// wants to look at them get the same. `index` is the image's place in the training split, `mean` the
/// grey level that erased places get.
pub fn augment(
    image: &mut [u8],
    width: usize,
    what: &Augmentation,
    mean: u8,
    (seed, visit, index): (u64, usize, u32),
) {
    let mut random = SplitMix64::keyed(&[STREAM, seed, visit as u64, u64::from(index)]);
    let within = |random: &mut SplitMix64, most: f64| random.range(-most as f32, most as f32);
    if what.rotation > 0.0 {
        rotation::rotate(image, width, within(&mut random, what.rotation));
    }
    if what.shift > 0 {
        let mut pixels = || random.below(2 * what.shift + 1) as isize - what.shift as isize;
        let (right, down) = (pixels(), pixels());
        shift::shift(image, width, right, down);
    }
    if random.chance(what.horizontal_flip as f32) {
        flip::flip(image, width);
    }
    if what.contrast + what.brightness > 0.0 {
        let contrast = 1.0 + within(&mut random, what.contrast);
        let brightness = 1.0 + within(&mut random, what.brightness);
        tone::change(image, contrast, brightness);
    }
    if random.chance(what.erasing as f32) {
        erasing::erase(image, width, what.erasing_area as f32, mean, &mut random);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture() -> Vec<u8> {
        (0..784_u32).map(|pixel| (pixel * 7 % 251) as u8).collect()
    }

    fn all() -> Augmentation {
        Augmentation {
            rotation: 15.0,
            shift: 3,
            horizontal_flip: 0.5,
            contrast: 0.3,
            brightness: 0.3,
            erasing: 0.5,
            erasing_area: 0.25,
            mixup: 0.2,
        }
    }

    fn augmented(what: &Augmentation, key: (u64, usize, u32)) -> Vec<u8> {
        let mut image = picture();
        augment(&mut image, 28, what, 73, key);
        image
    }

    #[test]
    fn the_same_key_gives_the_same_image_and_another_key_another() {
        let once = augmented(&all(), (1, 1, 5));
        assert_eq!(once, augmented(&all(), (1, 1, 5)));
        for key in [(2, 1, 5), (1, 2, 5), (1, 1, 6)] {
            assert_ne!(once, augmented(&all(), key));
        }
    }

    #[test]
    fn nothing_is_changed_where_nothing_is_asked_for() {
        assert_eq!(augmented(&Augmentation::default(), (1, 1, 5)), picture());
    }

    #[test]
    fn probabilities_hold() {
        let what = Augmentation {
            horizontal_flip: 0.25,
            ..Augmentation::default()
        };
        let flipped = (0..4000)
            .filter(|index| augmented(&what, (1, 1, *index)) != picture())
            .count();
        assert!((900..1100).contains(&flipped), "{flipped} of 4000");
    }

    #[test]
    fn every_shift_within_the_limit_comes_and_none_beyond() {
        let what = Augmentation {
            shift: 1,
            ..Augmentation::default()
        };
        let mut seen = std::collections::BTreeSet::new();
        let mut dot = vec![0; 25];
        dot[12] = 9;
        for index in 0..500 {
            let mut image = dot.clone();
            augment(&mut image, 5, &what, 0, (3, 1, index));
            let at = image.iter().position(|level| *level == 9).unwrap();
            seen.insert((at / 5, at % 5));
        }
        let expected = (1..=3).flat_map(|row| (1..=3).map(move |column| (row, column)));
        assert!(seen.into_iter().eq(expected));
    }
}
