//! Shuffling, and turning images into a network's input.

use super::Dataset;
use super::augment::{Mixture, augment, mixture};
use super::split::{Normalization, Split};
use crate::random::SplitMix64;
use crate::spec::Spec;
use rayon::prelude::*;

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
    let table = levels(normalization);
    pixels.clear();
    labels.clear();
    pixels.reserve(indices.len() * split.height * split.width);
    for &index in indices {
        let image = split.image(index as usize);
        pixels.extend(image.iter().map(|&level| table[usize::from(level)]));
        labels.push(split.labels[index as usize]);
    }
}

/// A batch of training images as the network is given them. It keeps its memory from batch to batch.
#[derive(Debug, Default)]
pub struct TrainingBatch {
    /// `[batch, 1, height, width]`, normalised.
    pub pixels: Vec<f32>,
    /// `[batch]`.
    pub labels: Vec<u8>,
    /// How the images are mixed with each other, where MixUp is asked for.
    pub mixture: Option<Mixture>,
    /// `[batch]`: the labels of what is mixed in; empty without a mixture.
    pub partner_labels: Vec<u8>,
    /// `[batch, height, width]`, before normalisation.
    levels: Vec<u8>,
}

impl TrainingBatch {
    /// Takes the images at `indices` of the training split, changed as the spec's augmentation says.
    /// `epoch` (from 1) and `step` (from 0, over the whole run) name the random numbers; the images
    /// are prepared side by side on the current thread pool.
    ///
    /// # Panics
    /// If an index is not below the number of training images.
    pub fn load(
        &mut self,
        dataset: &Dataset,
        indices: &[u32],
        spec: &Spec,
        (epoch, step): (usize, u64),
    ) {
        let (split, normalization) = (&dataset.train, dataset.normalization);
        let what = &spec.augmentation;
        self.mixture = None;
        self.partner_labels.clear();
        if !what.changes_anything() {
            fill(
                split,
                indices,
                normalization,
                &mut self.pixels,
                &mut self.labels,
            );
            return;
        }
        let size = split.height * split.width;
        let table = levels(normalization);
        let mean = normalization.mean_level();
        self.levels.resize(indices.len() * size, 0);
        self.pixels.resize(indices.len() * size, 0.0);
        self.labels.clear();
        let labels = indices.iter().map(|index| split.labels[*index as usize]);
        self.labels.extend(labels);
        self.levels
            .par_chunks_exact_mut(size)
            .zip(self.pixels.par_chunks_exact_mut(size))
            .zip(indices)
            .with_min_len(IMAGES_PER_TASK)
            .for_each(|((image, pixels), &index)| {
                image.copy_from_slice(split.image(index as usize));
                augment(image, split.width, what, mean, (spec.seed, epoch, index));
                for (pixel, level) in pixels.iter_mut().zip(&*image) {
                    *pixel = table[usize::from(*level)];
                }
            });
        if what.mixup > 0.0 {
            self.mix(
                mixture(indices.len(), what.mixup, spec.seed, step),
                size,
                &table,
            );
        }
    }

    /// Adds each image's partner, which is still there as levels, to its share of itself.
    fn mix(&mut self, mixture: Mixture, size: usize, table: &[f32; 256]) {
        let (levels, share) = (&self.levels, mixture.share);
        self.pixels
            .par_chunks_exact_mut(size)
            .zip(&mixture.partners)
            .with_min_len(IMAGES_PER_TASK)
            .for_each(|(pixels, &partner)| {
                let other = &levels[partner as usize * size..][..size];
                for (pixel, level) in pixels.iter_mut().zip(other) {
                    *pixel = share * *pixel + (1.0 - share) * table[usize::from(*level)];
                }
            });
        let labels = &self.labels;
        let partners = mixture.partners.iter();
        self.partner_labels
            .extend(partners.map(|partner| labels[*partner as usize]));
        self.mixture = Some(mixture);
    }
}

/// Fewer images are not worth a task of their own.
const IMAGES_PER_TASK: usize = 8;

/// What the network is given for each grey level: a byte has 256 values, so look up instead of
/// dividing for each pixel.
fn levels(normalization: Normalization) -> [f32; 256] {
    std::array::from_fn(|level| (level as f32 / 255.0 - normalization.mean) / normalization.std)
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

    fn loaded(change: impl Fn(&mut Spec), threads: usize) -> TrainingBatch {
        let dataset = Dataset::sample().unwrap();
        let mut spec = Spec::smallest();
        change(&mut spec);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let indices: Vec<u32> = (0..50).collect();
        let mut batch = TrainingBatch::default();
        pool.build()
            .unwrap()
            .install(|| batch.load(&dataset, &indices, &spec, (2, 70)));
        batch
    }

    #[test]
    fn batches_do_not_depend_on_the_threads() {
        let all = |spec: &mut Spec| {
            spec.augmentation.shift = 2;
            spec.augmentation.erasing = 0.5;
            spec.augmentation.mixup = 0.4;
        };
        let (one, three) = (loaded(all, 1), loaded(all, 3));
        assert_eq!(one.pixels, three.pixels);
        assert_eq!(one.mixture, three.mixture);
        assert_ne!(one.pixels, loaded(|_| {}, 1).pixels);
    }

    #[test]
    fn mixed_images_and_labels_are_both_in_their_shares() {
        let plain = loaded(|_| {}, 1);
        let mixed = loaded(|spec| spec.augmentation.mixup = 0.4, 1);
        let mixture = mixed.mixture.unwrap();
        assert_eq!(mixed.labels, plain.labels);
        for (image, &partner) in mixture.partners.iter().enumerate() {
            let partner = partner as usize;
            assert_eq!(mixed.partner_labels[image], plain.labels[partner]);
            for pixel in 0..784 {
                let of = |image: usize| plain.pixels[image * 784 + pixel];
                let expected = mixture.share * of(image) + (1.0 - mixture.share) * of(partner);
                assert!((mixed.pixels[image * 784 + pixel] - expected).abs() < 1e-5);
            }
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
