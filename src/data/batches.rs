//! Shuffling, and turning images into a network's input.

use super::split::{Normalization, Split};
use crate::random::SplitMix64;

/// The order in which to visit `count` images in an epoch: each index once.
///
/// It depends on the arguments alone (never on the platform or on epochs that
/// went before), so a resumed run meets the same batches. `count` must fit `u32`,
/// as every loaded set does.
pub fn shuffled_order(count: usize, seed: u64, epoch: usize) -> Vec<u32> {
    let mut order: Vec<u32> = (0..count).map(|index| index as u32).collect();
    SplitMix64::stream(seed, epoch as u64).shuffle(&mut order);
    order
}

/// Replaces `pixels` by the normalised images, `[batch, 1, height, width]`, and
/// `labels` by their labels, `[batch]`.
///
/// # Panics
/// If an index is not below `split.len()`.
pub fn fill(
    split: &Split,
    indices: &[u32],
    normalization: Normalization,
    pixels: &mut Vec<f32>,
    labels: &mut Vec<u8>,
) {
    // A byte has 256 values: look up instead of dividing for each pixel.
    let table: [f32; 256] = std::array::from_fn(|level| {
        (level as f32 / 255.0 - normalization.mean) / normalization.std
    });
    pixels.clear();
    labels.clear();
    pixels.reserve(indices.len() * split.height * split.width);
    for &index in indices {
        let image = split.image(index as usize);
        pixels.extend(image.iter().map(|&level| table[usize::from(level)]));
        labels.push(split.labels[index as usize]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_order_never_changes_between_versions() {
        assert_eq!(shuffled_order(8, 42, 0), [7, 1, 0, 5, 2, 3, 4, 6]);
        assert_eq!(shuffled_order(8, 42, 1), [0, 5, 3, 6, 1, 2, 7, 4]);
    }

    #[test]
    fn epochs_and_seeds_differ() {
        assert_ne!(shuffled_order(100, 1, 0), shuffled_order(100, 1, 1));
        assert_ne!(shuffled_order(100, 1, 0), shuffled_order(100, 2, 0));
        assert_ne!(shuffled_order(100, 0, 1), shuffled_order(100, 1, 0));
    }

    #[test]
    fn every_place_is_equally_likely() {
        let mut first = [0; 10];
        for epoch in 0..10_000 {
            first[shuffled_order(10, 3, epoch)[0] as usize] += 1;
        }
        assert!(
            first.iter().all(|count| (850..1150).contains(count)),
            "{first:?}"
        );
    }

    #[test]
    fn a_batch_is_normalised_and_replaces_the_last_one() {
        let split = Split {
            images: vec![0, 255, 51, 102],
            labels: vec![3, 4],
            height: 1,
            width: 2,
        };
        let normalization = Normalization {
            mean: 0.2,
            std: 0.5,
        };
        let (mut pixels, mut labels) = (vec![9.0; 7], vec![9]);
        fill(&split, &[1, 0, 1], normalization, &mut pixels, &mut labels);
        assert_eq!(labels, [4, 3, 4]);
        let expected = [0.0, 0.4, -0.4, 1.6, 0.0, 0.4];
        assert_eq!(pixels.len(), expected.len());
        for (pixel, expected) in pixels.iter().zip(expected) {
            assert!((pixel - expected).abs() < 1e-6, "{pixels:?}");
        }
    }

    proptest! {
        #[test]
        fn every_image_comes_once(count in 0..500usize, seed: u64, epoch: usize) {
            let mut order = shuffled_order(count, seed, epoch);
            order.sort_unstable();
            prop_assert!(order.into_iter().eq(0..count as u32));
        }
    }
}
