//! Identifies the images of a run, so that it is resumed with the same ones.

use crate::data::Dataset;
use serde::{Deserialize, Serialize};

/// Tells one set of images from another: two are equal where their images are, whatever their names. A
/// data set is often called by its folder, which may be renamed, copied or mounted elsewhere.
#[derive(Clone, Debug, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataIdentity {
    /// Name of the data set.
    pub name: String,
    /// Images to train on.
    pub train_images: usize,
    /// Images to validate with.
    pub validation_images: usize,
    /// CRC-32 of all their pixels and labels, and of the normalization.
    pub checksum: u32,
}

impl PartialEq for DataIdentity {
    fn eq(&self, other: &Self) -> bool {
        let counts = |identity: &Self| (identity.train_images, identity.validation_images);
        self.checksum == other.checksum && counts(self) == counts(other)
    }
}

impl DataIdentity {
    /// The identity of `dataset`.
    pub fn of(dataset: &Dataset) -> Self {
        let mut hasher = crc32fast::Hasher::new();
        for split in [&dataset.train, &*dataset.validation] {
            hasher.update(&split.images);
            hasher.update(&split.labels);
        }
        // The normalization comes from all training images; a run may use fewer.
        for number in [dataset.normalization.mean, dataset.normalization.std] {
            hasher.update(&number.to_le_bytes());
        }
        Self {
            name: dataset.name.clone(),
            train_images: dataset.train.len(),
            validation_images: dataset.validation.len(),
            checksum: hasher.finalize(),
        }
    }

    /// The data in a few words.
    pub fn description(&self) -> String {
        format!(
            "{} ({} training and {} validation images, checksum {:08x})",
            self.name, self.train_images, self.validation_images, self.checksum
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_pixel_label_or_count_is_other_data_and_a_name_is_not() {
        let dataset = Dataset::sample().unwrap();
        let identity = DataIdentity::of(&dataset);
        assert_eq!(identity, DataIdentity::of(&dataset.clone()));
        let mut pixel = dataset.clone();
        pixel.train.images[5] ^= 1;
        assert_ne!(identity, DataIdentity::of(&pixel));
        let mut label = dataset.clone();
        std::sync::Arc::make_mut(&mut label.validation).labels[5] ^= 1;
        assert_ne!(identity, DataIdentity::of(&label));
        let mut renamed = dataset.clone();
        renamed.name = "elsewhere".into();
        assert_eq!(identity, DataIdentity::of(&renamed));
        let mut fewer = dataset;
        fewer.limit_train(100);
        assert_ne!(identity, DataIdentity::of(&fewer));
    }
}
