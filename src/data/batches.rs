//! Turning images into a network's input.

use super::dataset::Dataset;
use super::normalization::Normalization;
use super::split::Split;
use crate::augment::{Mixture, augment, mixture};
use crate::spec::Spec;
use rayon::prelude::*;

/// Does a piece of work that it is given, on the thread that calls it, and may look at the clock.
pub type Timer<'a> = &'a (dyn Fn(&mut dyn FnMut()) + Sync);

/// Replaces `pixels` by the normalised images, `[batch, channels, height, width]`, and
/// `labels` by their labels, `[batch]`; the current thread pool shares many images out.
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
    pixels.resize(indices.len() * split.size().bytes(), 0.0);
    normalise(split, indices, &levels(normalization), pixels, &|work| {
        work();
    });
    take_labels(split, indices, labels);
}

/// The normalised images at `indices`.
fn normalise(
    split: &Split,
    indices: &[u32],
    table: &[f32; 256],
    pixels: &mut [f32],
    timer: Timer<'_>,
) {
    let bytes = split.size().bytes();
    let some = |pixels: &mut [f32], indices: &[u32]| {
        timer(&mut || {
            // Copied first: that waits for memory once, and not at every line of the cache.
            let mut levels = Vec::with_capacity(indices.len() * bytes);
            for index in indices {
                levels.extend_from_slice(split.image(*index as usize));
            }
            look_up(table, &levels, pixels);
        });
    };
    let at_once = (VALUES_PER_TASK / bytes).max(1);
    if indices.len() <= at_once {
        return some(pixels, indices);
    }
    let pixels = pixels.par_chunks_mut(at_once * bytes);
    let tasks = pixels.zip(indices.par_chunks(at_once));
    tasks.for_each(|(pixels, indices)| some(pixels, indices));
}

fn look_up(table: &[f32; 256], levels: &[u8], pixels: &mut [f32]) {
    for (pixel, level) in pixels.iter_mut().zip(levels) {
        *pixel = table[usize::from(*level)];
    }
}

fn take_labels(split: &Split, indices: &[u32], labels: &mut Vec<u8>) {
    labels.clear();
    labels.extend(indices.iter().map(|index| split.labels[*index as usize]));
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
    pub fn load(&mut self, dataset: &Dataset, indices: &[u32], spec: &Spec, place: (usize, u64)) {
        self.load_timed(dataset, indices, spec, place, &|work| work());
    }

    /// The same; all of the work goes through `timer`, piece by piece, on several threads.
    ///
    /// # Panics
    /// As [`load`](Self::load).
    pub fn load_timed(
        &mut self,
        dataset: &Dataset,
        indices: &[u32],
        spec: &Spec,
        (epoch, step): (usize, u64),
        timer: Timer<'_>,
    ) {
        let (split, normalization) = (
            &dataset.train,
            dataset.normalization_for(spec.normalization),
        );
        let what = &spec.augmentation;
        self.mixture = None;
        self.partner_labels.clear();
        let size = split.size();
        let bytes = size.bytes();
        let table = levels(normalization);
        take_labels(split, indices, &mut self.labels);
        self.pixels.resize(indices.len() * bytes, 0.0);
        if !what.changes_anything() {
            return normalise(split, indices, &table, &mut self.pixels, timer);
        }
        let mean = normalization.mean_level();
        self.levels.resize(indices.len() * bytes, 0);
        let change = |image: &mut [u8], pixels: &mut [f32], index: u32| {
            image.copy_from_slice(split.image(index as usize));
            augment(image, size, what, mean, (spec.seed, epoch, index));
            look_up(&table, image, pixels);
        };
        self.levels
            .par_chunks_mut(IMAGES_PER_TASK * bytes)
            .zip(self.pixels.par_chunks_mut(IMAGES_PER_TASK * bytes))
            .zip(indices.par_chunks(IMAGES_PER_TASK))
            .for_each(|((images, pixels), indices)| {
                timer(&mut || {
                    let images = images.chunks_exact_mut(bytes);
                    let images = images.zip(pixels.chunks_exact_mut(bytes)).zip(indices);
                    images.for_each(|((image, pixels), index)| change(image, pixels, *index));
                });
            });
        if what.mixup > 0.0 {
            let mixture = mixture(indices.len(), what.mixup, spec.seed, step);
            self.mix(mixture, bytes, &table, timer);
        }
    }

    /// Mixes each image with its partner, whose unmixed values are still in `levels`. An image has
    /// `bytes` values.
    fn mix(&mut self, mixture: Mixture, bytes: usize, table: &[f32; 256], timer: Timer<'_>) {
        let (levels, share) = (&self.levels, mixture.share);
        let mix = |pixels: &mut [f32], partner: u32| {
            let other = &levels[partner as usize * bytes..][..bytes];
            for (pixel, level) in pixels.iter_mut().zip(other) {
                *pixel = share * *pixel + (1.0 - share) * table[usize::from(*level)];
            }
        };
        self.pixels
            .par_chunks_mut(IMAGES_PER_TASK * bytes)
            .zip(mixture.partners.par_chunks(IMAGES_PER_TASK))
            .for_each(|(pixels, partners)| {
                timer(&mut || {
                    let images = pixels.chunks_exact_mut(bytes).zip(partners);
                    images.for_each(|(pixels, partner)| mix(pixels, *partner));
                });
            });
        let labels = &self.labels;
        let partners = mixture.partners.iter();
        self.partner_labels
            .extend(partners.map(|partner| labels[*partner as usize]));
        self.mixture = Some(mixture);
    }
}

/// Images that a thread changes at a time.
const IMAGES_PER_TASK: usize = 8;
/// Values that a thread normalises at a time: fewer are not worth waking another for.
const VALUES_PER_TASK: usize = 1 << 15;

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
