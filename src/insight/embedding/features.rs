//! What the last layers of a network see of images.

use super::error::EmbedError;
use crate::data::{self, Normalization, Split};
use crate::nn::{FeatureExtractor, Snapshot};

/// Images that go through the network at a time.
const BATCH: usize = 100;
/// The most that the features of all images may take, in bytes.
const MOST_BYTES: usize = 1 << 29;

/// The inputs of a model's last layer for some images, their mean subtracted.
#[derive(Clone, Debug, PartialEq)]
pub struct Features {
    /// Positions of the images among those of the split.
    pub images: Vec<u32>,
    /// Values of an image.
    pub width: usize,
    /// `[images, width]`.
    pub values: Vec<f32>,
}

impl Features {
    /// Those of at most `most` images of `split`, as many of each class. `go_on` is told the share that is
    /// done, and stops the work by returning false; then there are none.
    ///
    /// # Errors
    /// Without images, when the model and its tensors do not belong together, or when something that the
    /// network makes of the images is no number.
    pub fn of(
        snapshot: &Snapshot,
        split: &Split,
        most: usize,
        go_on: &mut dyn FnMut(f64) -> bool,
    ) -> Result<Option<Self>, EmbedError> {
        let extractor = FeatureExtractor::new(snapshot)?;
        let width = extractor.features_len();
        let fit = MOST_BYTES / size_of::<f32>() / width.max(1);
        let images = super::evenly::evenly(&split.labels, most.min(fit));
        if images.is_empty() {
            return Err(EmbedError::NoImages);
        }
        let normalization: Normalization = snapshot.info.normalization;
        let mut values = Vec::with_capacity(images.len() * width);
        let (mut pixels, mut labels) = (Vec::new(), Vec::new());
        for batch in images.chunks(BATCH) {
            if !go_on(values.len() as f64 / (images.len() * width.max(1)) as f64) {
                return Ok(None);
            }
            data::fill(split, batch, normalization, &mut pixels, &mut labels);
            values.extend(extractor.features(&pixels)?);
        }
        let features = Self {
            images,
            width,
            values,
        };
        features.centred().map(Some)
    }

    fn centred(mut self) -> Result<Self, EmbedError> {
        let mut means = vec![0.0_f64; self.width];
        for row in self.values.chunks_exact(self.width.max(1)) {
            for (mean, value) in means.iter_mut().zip(row) {
                *mean += f64::from(*value);
            }
        }
        let count = self.images.len() as f64;
        means.iter_mut().for_each(|mean| *mean /= count);
        for row in self.values.chunks_exact_mut(self.width.max(1)) {
            for (value, mean) in row.iter_mut().zip(&means) {
                *value = (f64::from(*value) - mean) as f32;
            }
        }
        // Squares of larger values are no numbers in f32.
        let is_usable = |value: &f32| value.abs() < 1e15;
        match self.values.iter().all(is_usable) {
            true => Ok(self),
            false => Err(EmbedError::NotFinite),
        }
    }
}

#[cfg(test)]
impl Features {
    /// Any vectors `[images, width]`, for tests.
    pub fn of_values(values: &[f32], width: usize) -> Self {
        let images = (0..(values.len() / width) as u32).collect();
        let features = Self {
            images,
            width,
            values: values.to_vec(),
        };
        features.centred().unwrap()
    }
}
