//! A data set in memory: training and validation images, their classes.

use std::path::PathBuf;
use std::sync::Arc;

use super::exclusions::Exclusions;
use super::normalization::Normalization;
use super::order::shuffled_order;
use super::split::Split;
use crate::spec::{Input, InputNormalization};

/// Seed of the choice of images that are held out; it never changes.
const HOLD_OUT: u64 = 0x686f_6c64;

/// Where a data set came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Read from this folder.
    Folder(PathBuf),
    /// Built into the program.
    Sample,
}

/// Images to train on and images to validate with, all of one size.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// `fashion-mnist`, `mnist` (both recognised by their labels), `sample`, or the
    /// name of the folder.
    pub name: String,
    /// Where it came from.
    pub origin: Origin,
    /// `[classes]`, in the order of the labels.
    pub class_names: Vec<String>,
    /// Images to train on.
    pub train: Split,
    /// Images to validate with.
    pub validation: Arc<Split>,
    /// Mean and standard deviation of all training pixels.
    pub normalization: Normalization,
    /// Training images of the source, those that a limit leaves out too.
    pub source_images: usize,
}

impl Dataset {
    /// Rows of an image, pixels.
    pub fn height(&self) -> usize {
        self.train.height
    }

    /// Columns of an image, pixels.
    pub fn width(&self) -> usize {
        self.train.width
    }

    /// Colour planes; 1 for grey images.
    pub fn channels(&self) -> usize {
        self.train.channels
    }

    /// What a network for these images takes.
    pub fn input(&self) -> Input {
        Input {
            channels: self.channels(),
            height: self.height(),
            width: self.width(),
        }
    }

    /// The mean and deviation that this way of normalising takes.
    pub fn normalization_for(&self, input: InputNormalization) -> Normalization {
        match input {
            InputNormalization::Standardize => self.normalization,
            InputNormalization::Scale => Normalization {
                mean: 0.0,
                std: 1.0,
            },
            InputNormalization::Given { mean, std } => Normalization {
                mean: mean as f32,
                std: std as f32,
            },
        }
    }

    /// The number of classes.
    pub fn classes(&self) -> usize {
        self.class_names.len()
    }

    /// What must be shown beside any accuracy on this set.
    pub fn notice(&self) -> Option<&'static str> {
        (self.origin == Origin::Sample).then_some("sample set, not Fashion-MNIST")
    }

    /// Keeps the first `count` training images, at least one. Classes and
    /// normalization stay those of the whole set.
    pub fn limit_train(&mut self, count: usize) {
        self.train.truncate(count.max(1));
    }

    /// The data with `count` training images taken out, and these as the validation images. The choice
    /// depends on the two counts alone, so all runs that hold out the same number validate on the same
    /// images. Classes and normalization stay those of the whole set.
    ///
    /// # Panics
    /// If there are not more than `count` training images.
    pub fn with_hold_out(&self, count: usize) -> Self {
        self.divided(Some(count), &Exclusions::default())
    }

    /// The data without the training images of a list, and with `held_out` of the others as the validation
    /// images, if any are to be held out. They are chosen before the list is looked at: with a list and without
    /// one no image that is trained on here validates there.
    ///
    /// # Panics
    /// If there are not more than `held_out` training images.
    pub fn divided(&self, held_out: Option<usize>, excluded: &Exclusions) -> Self {
        let images = self.train.len();
        let order = match held_out {
            Some(_) => shuffled_order(images, HOLD_OUT, 0),
            None => (0..images as u32).collect(),
        };
        let part = |part: &[u32]| {
            let mut part = part.to_vec();
            part.retain(|image| !excluded.contains(*image));
            part.sort_unstable();
            self.train.pick(&part)
        };
        let (validating, training) = order.split_at(held_out.unwrap_or(0));
        Self {
            name: self.name.clone(),
            origin: self.origin.clone(),
            class_names: self.class_names.clone(),
            train: part(training),
            validation: match held_out {
                Some(_) => Arc::new(part(validating)),
                None => Arc::clone(&self.validation),
            },
            normalization: self.normalization,
            source_images: self.source_images,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limiting_keeps_the_first_training_images() {
        let mut set = Dataset::sample().unwrap();
        let first = set.train.image(0).to_vec();
        set.limit_train(10);
        assert_eq!((set.train.len(), set.train.images.len()), (10, 7_840));
        assert_eq!(set.train.image(0), first);
        set.limit_train(0);
        assert_eq!(set.train.len(), 1);
    }

    #[test]
    fn a_spec_says_how_pixels_are_normalised() {
        let set = Dataset::sample().unwrap();
        let of = |input| set.normalization_for(input);
        assert_eq!(of(InputNormalization::Standardize), set.normalization);
        let (mean, std) = (0.0, 1.0);
        assert_eq!(of(InputNormalization::Scale), Normalization { mean, std });
        let given = of(InputNormalization::Given {
            mean: 0.25,
            std: 0.5,
        });
        let (mean, std) = (0.25, 0.5);
        assert_eq!(given, Normalization { mean, std });
    }

    #[test]
    fn images_held_out_are_always_the_same_and_leave_the_training_images() {
        let whole = Dataset::sample().unwrap();
        let held = whole.with_hold_out(500);
        assert_eq!(held, whole.with_hold_out(500));
        assert_eq!((held.train.len(), held.validation.len()), (3500, 500));
        let all = |splits: &[&Split]| {
            let images = splits.iter().flat_map(|split| {
                (0..split.len()).map(|image| (split.image(image).to_vec(), split.labels[image]))
            });
            let mut images: Vec<_> = images.collect();
            images.sort();
            images
        };
        assert_eq!(all(&[&held.train, &held.validation]), all(&[&whole.train]));
        // By chance, not the first or the last.
        let counts = held.validation.class_counts(10);
        assert!(
            counts.iter().all(|count| (25..80).contains(count)),
            "{counts:?}"
        );
        assert_ne!(held.validation.image(0), whole.train.image(0));
    }

    #[test]
    fn a_list_takes_images_out_and_moves_none_between_training_and_validation() {
        let whole = Dataset::sample().unwrap();
        let listed = Exclusions::sorted(vec![0, 7, 3999]).unwrap();
        let without = whole.divided(None, &listed);
        assert_eq!(without.train.len(), 3997);
        assert_eq!(without.train.image(0), whole.train.image(1));
        assert_eq!(without.validation, whole.validation);
        // What is held out is what would be held out without a list, less what the list names.
        let held = whole.with_hold_out(500);
        let both = whole.divided(Some(500), &listed);
        assert_eq!(both.train.len() + both.validation.len(), 3997);
        let all: Vec<&[u8]> = (0..500).map(|image| held.validation.image(image)).collect();
        let mut kept = (0..both.validation.len()).map(|image| both.validation.image(image));
        assert!(kept.all(|image| all.contains(&image)));
    }
}
