//! The built-in sample set: 4,000 training and 1,000 test images of ten kinds of
//! garment, 28×28 grey.
//!
//! It lets the program run with no download. It is **not** Fashion-MNIST: the
//! classes carry the same names, but every image is drawn (by `examples/draw-sample`), none is a
//! photograph.

use std::path::PathBuf;
use std::sync::Arc;

use super::classes;
use super::dataset::{Dataset, Origin};
use super::error::DataError;
use super::idx::parse_split;
use super::normalization::Normalization;
use super::source::{Progress, Source};

macro_rules! embedded {
    ($name:literal) => {
        (
            $name,
            include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/sample/", $name)),
        )
    };
}

/// Official name and gzipped IDX bytes of the four files: training images,
/// training labels, test images, test labels.
pub const FILES: [(&str, &[u8]); 4] = [
    embedded!("train-images-idx3-ubyte.gz"),
    embedded!("train-labels-idx1-ubyte.gz"),
    embedded!("t10k-images-idx3-ubyte.gz"),
    embedded!("t10k-labels-idx1-ubyte.gz"),
];

/// The sample set, loaded from the program itself.
#[derive(Clone, Copy, Debug)]
pub struct SampleSet;

impl Source for SampleSet {
    /// # Errors
    /// If the bytes in the program are damaged.
    fn load(&self, _: Progress<'_>) -> Result<Dataset, DataError> {
        let files = FILES.map(|(name, bytes)| (bytes, PathBuf::from(format!("built-in {name}"))));
        let [train_images, train_labels, test_images, test_labels] = files
            .each_ref()
            .map(|(bytes, path)| (*bytes, path.as_path()));
        let (train, validation) = rayon::join(
            || parse_split(train_images, train_labels),
            || parse_split(test_images, test_labels),
        );
        let (train, validation) = (train?, validation?);
        Ok(Dataset {
            name: "sample".into(),
            origin: Origin::Sample,
            class_names: classes::fashion_mnist(),
            normalization: Normalization::of(&train.images),
            source_images: train.len(),
            train,
            validation: Arc::new(validation),
        })
    }
}

impl Dataset {
    /// The built-in sample set: 4,000 + 1,000 drawn garments, 28×28.
    ///
    /// # Errors
    /// If the bytes in the program are damaged.
    pub fn sample() -> Result<Self, DataError> {
        SampleSet.load(&|_| {})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_set_is_small_enough_to_embed() {
        let bytes: usize = FILES.iter().map(|(_, bytes)| bytes.len()).sum();
        assert!(bytes < 2_000_000, "{bytes} bytes");
    }

    #[test]
    fn the_sample_set_says_that_it_is_not_fashion_mnist() {
        let set = Dataset::sample().unwrap();
        assert_eq!(set.notice(), Some("sample set, not Fashion-MNIST"));
        assert_eq!((set.train.len(), set.validation.len()), (4_000, 1_000));
        assert_eq!((set.height(), set.width(), set.classes()), (28, 28, 10));
        assert_eq!(set.train.class_counts(10), [400; 10]);
        assert_eq!(set.validation.class_counts(10), [100; 10]);
    }
}
