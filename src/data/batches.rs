//! Turning images into a network's input.

use super::dataset::Dataset;
use super::normalization::Normalization;
use super::split::Split;
use crate::augment::{Mixture, augment, mixture};
use crate::parallel::Metered;
use crate::spec::Spec;
use rayon::prelude::*;

/// Replaces `pixels` by the normalised images, `[batch, channels, height, width]`, and
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
    pixels.reserve(indices.len() * split.size().bytes());
    for &index in indices {
        let image = split.image(index as usize);
        pixels.extend(image.iter().map(|&level| table[usize::from(level)]));
        labels.push(split.labels[index as usize]);
    }
}

/// A batch of training images as the network is given them. It keeps its memory from batch to batch.
#[derive(Debug, Default)]
pub struct TrainingBatch {
    /// `[batch, channels, height, width]`, normalised.
    pub pixels: Vec<f32>,
    /// `[batch]`.
    pub labels: Vec<u8>,
    /// How the images are mixed with each other, if the spec has MixUp.
    pub mixture: Option<Mixture>,
    /// `[batch]`: the labels of the images mixed in; empty without a mixture.
    pub partner_labels: Vec<u8>,
    /// `[batch, channels, height, width]`, before normalisation.
    levels: Vec<u8>,
}

impl TrainingBatch {
    /// Takes the images at `indices` of the training split, changed as the spec's augmentation says.
    /// `epoch` (from 1) and `step` (from 0, over the whole run) are part of the random numbers' keys;
    /// the images are prepared in parallel on the current thread pool.
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
        let size = split.size();
        let bytes = size.bytes();
        let table = levels(normalization);
        let mean = normalization.mean_level();
        self.levels.resize(indices.len() * bytes, 0);
        self.pixels.resize(indices.len() * bytes, 0.0);
        self.labels.clear();
        let labels = indices.iter().map(|index| split.labels[*index as usize]);
        self.labels.extend(labels);
        self.levels
            .par_chunks_exact_mut(bytes)
            .zip(self.pixels.par_chunks_exact_mut(bytes))
            .zip(indices)
            .with_min_len(IMAGES_PER_TASK)
            .for_each_metered(|((image, pixels), &index)| {
                image.copy_from_slice(split.image(index as usize));
                augment(image, size, what, mean, (spec.seed, epoch, index));
                for (pixel, level) in pixels.iter_mut().zip(&*image) {
                    *pixel = table[usize::from(*level)];
                }
            });
        if what.mixup > 0.0 {
            self.mix(
                mixture(indices.len(), what.mixup, spec.seed, step),
                bytes,
                &table,
            );
        }
    }

    /// Mixes each image with its partner, whose unmixed values are still in `levels`. An image has
    /// `bytes` values.
    fn mix(&mut self, mixture: Mixture, bytes: usize, table: &[f32; 256]) {
        let (levels, share) = (&self.levels, mixture.share);
        self.pixels
            .par_chunks_exact_mut(bytes)
            .zip(&mixture.partners)
            .with_min_len(IMAGES_PER_TASK)
            .for_each_metered(|(pixels, &partner)| {
                let other = &levels[partner as usize * bytes..][..bytes];
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

/// Images per parallel task, at least: smaller tasks cost more than they gain.
const IMAGES_PER_TASK: usize = 8;

/// The normalised value of each grey level: a table of 256 is faster than a division per pixel.
fn levels(normalization: Normalization) -> [f32; 256] {
    std::array::from_fn(|level| (level as f32 / 255.0 - normalization.mean) / normalization.std)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_normalised_and_replaces_the_last_one() {
        let split = Split {
            images: vec![0, 255, 51, 102],
            labels: vec![3, 4],
            channels: 1,
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

    /// Two training images of 3 channels, 2×2 pixels.
    fn colour() -> Dataset {
        let mut dataset = Dataset::sample().unwrap();
        dataset.train = Split {
            images: (0..24).map(|level| level * 10).collect(),
            labels: vec![3, 4],
            channels: 3,
            height: 2,
            width: 2,
        };
        dataset.normalization = Normalization {
            mean: 0.5,
            std: 0.25,
        };
        dataset
    }

    #[test]
    fn images_of_three_channels_are_augmented_and_normalised_in_all_of_them() {
        let dataset = colour();
        let normalised = |levels: &[u8]| -> Vec<f32> {
            let values = levels.iter().map(|level| f32::from(*level) / 255.0);
            values.map(|value| (value - 0.5) / 0.25).collect()
        };
        let mut spec = Spec::smallest();
        let mut batch = TrainingBatch::default();
        batch.load(&dataset, &[1, 0], &spec, (1, 0));
        assert_eq!(batch.labels, [4, 3]);
        let images = &dataset.train.images;
        assert_eq!(
            batch.pixels,
            normalised(&[&images[12..], &images[..12]].concat())
        );
        // np.flip(images[0], axis=(1, 2)), for images of shape (2, 3, 2, 2)
        spec.augmentation.horizontal_flip = 1.0;
        spec.augmentation.vertical_flip = 1.0;
        batch.load(&dataset, &[0], &spec, (1, 0));
        let expected = [30, 20, 10, 0, 70, 60, 50, 40, 110, 100, 90, 80];
        assert_eq!(batch.pixels, normalised(&expected));
        // Mixed: each value with its partner's at the same place.
        spec.augmentation.mixup = 0.5;
        batch.load(&dataset, &[0, 1], &spec, (1, 3));
        assert_eq!(batch.pixels.len(), 24);
        let mixture = batch.mixture.unwrap();
        let flipped = |image: usize| expected.map(|level| f32::from(level) + 120.0 * image as f32);
        for (image, partner) in mixture.partners.iter().enumerate() {
            let pairs = flipped(image).into_iter().zip(flipped(*partner as usize));
            let of = |level: f32| (level / 255.0 - 0.5) / 0.25;
            for (found, (own, other)) in batch.pixels[12 * image..].iter().zip(pairs) {
                let expected = mixture.share * of(own) + (1.0 - mixture.share) * of(other);
                assert!((found - expected).abs() < 1e-5);
            }
        }
    }
}
