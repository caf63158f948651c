//! A split from its two IDX files: images and their labels.

use std::path::Path;

use super::body::Watch;
use super::read::{
    Images, parse_images, parse_labels, read_images, read_images_watched, read_labels,
};
use crate::data::error::DataError;
use crate::data::split::Split;

/// Reads a split from two files; `finished` is called with the path of each as it is read, and `watch`
/// is shown all pixels.
pub(super) fn read_split(
    images: &Path,
    labels: &Path,
    finished: &(dyn Fn(&Path) + Sync),
    watch: Option<Watch<'_>>,
) -> Result<Split, DataError> {
    let pixels = match watch {
        Some(watch) => read_images_watched(images, watch)?,
        None => read_images(images)?,
    };
    finished(images);
    let classes = read_labels(labels)?;
    finished(labels);
    pair((pixels, images), (classes, labels))
}

/// Reads a split from the content of two files; the paths are for errors.
pub fn parse_split(
    (images, images_path): (&[u8], &Path),
    (labels, labels_path): (&[u8], &Path),
) -> Result<Split, DataError> {
    let pixels = parse_images(images, images.len() as u64, images_path)?;
    let classes = parse_labels(labels, labels.len() as u64, labels_path)?;
    pair((pixels, images_path), (classes, labels_path))
}

fn pair(
    (images, images_path): (Images, &Path),
    (labels, labels_path): (Vec<u8>, &Path),
) -> Result<Split, DataError> {
    if images.count != labels.len() {
        return Err(DataError::CountsDisagree {
            images_path: images_path.into(),
            images: images.count,
            labels_path: labels_path.into(),
            labels: labels.len(),
        });
    }
    Ok(Split {
        images: images.pixels,
        labels,
        channels: images.channels,
        height: images.height,
        width: images.width,
    })
}
