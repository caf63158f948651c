//! Images with their labels.

use crate::augment::ImageSize;
use rayon::prelude::*;
use std::borrow::Cow;

/// Images that a thread copies at a time, at least.
const IMAGES_PER_TASK: usize = 256;

/// Images and their labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// `[count, channels, height, width]`, one byte each.
    pub images: Vec<u8>,
    /// `[count]`.
    pub labels: Vec<u8>,
    /// Colour planes; 1 for grey images.
    pub channels: usize,
    /// Pixels.
    pub height: usize,
    /// Pixels.
    pub width: usize,
}

impl Split {
    /// The number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are no images.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The size of every image.
    pub fn size(&self) -> ImageSize {
        ImageSize {
            channels: self.channels,
            height: self.height,
            width: self.width,
        }
    }

    /// Levels of one image, `[channels, height, width]`.
    ///
    /// # Panics
    /// If `index` is not below [`len`](Self::len).
    pub fn image(&self, index: usize) -> &[u8] {
        let bytes = self.size().bytes();
        &self.images[index * bytes..(index + 1) * bytes]
    }

    /// `image`, `[channels, height, width]`, as a grey picture, `[height, width]`: the mean of its
    /// channels.
    pub fn grey<'a>(&self, image: &'a [u8]) -> Cow<'a, [u8]> {
        let (channels, plane) = (self.channels, self.size().plane());
        if channels == 1 {
            return Cow::Borrowed(image);
        }
        let mean = |pixel: usize| {
            let levels = image.iter().skip(pixel).step_by(plane);
            let sum: usize = levels.map(|level| usize::from(*level)).sum();
            (sum as f32 / channels as f32).round() as u8
        };
        (0..plane).map(mean).collect()
    }

    /// Keeps the first `count` images.
    pub fn truncate(&mut self, count: usize) {
        self.images
            .truncate(count.saturating_mul(self.size().bytes()));
        self.labels.truncate(count);
    }

    /// Copies of the images at `indices`, in their order.
    ///
    /// # Panics
    /// If an index is not below [`len`](Self::len).
    pub fn pick(&self, indices: &[u32]) -> Self {
        let bytes = self.size().bytes();
        let mut images = vec![0; indices.len() * bytes];
        images
            .par_chunks_exact_mut(bytes)
            .zip(indices)
            .with_min_len(IMAGES_PER_TASK)
            .for_each(|(image, &index)| image.copy_from_slice(self.image(index as usize)));
        let labels = indices.iter().map(|&index| self.labels[index as usize]);
        Self {
            images,
            labels: labels.collect(),
            channels: self.channels,
            height: self.height,
            width: self.width,
        }
    }

    /// Where the images of this split stand in `whole`, if it has all of them in this order, as images held out
    /// are a part of the training images.
    pub fn positions_in(&self, whole: &Self) -> Option<Vec<u32>> {
        if self.size() != whole.size() {
            return None;
        }
        let mut others = 0..whole.len();
        let place = |image: usize| {
            let is_same = |other: &usize| {
                self.labels[image] == whole.labels[*other]
                    && self.image(image) == whole.image(*other)
            };
            others.find(is_same).map(|other| other as u32)
        };
        (0..self.len()).map(place).collect()
    }

    /// The number of images of each class, `[classes]`. Larger labels are not counted.
    pub fn class_counts(&self, classes: usize) -> Vec<usize> {
        let mut counts = vec![0; classes];
        for &label in &self.labels {
            if let Some(count) = counts.get_mut(usize::from(label)) {
                *count += 1;
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> Split {
        Split {
            images: (0..12).collect(),
            labels: vec![1, 0, 1],
            channels: 1,
            height: 2,
            width: 2,
        }
    }

    #[test]
    fn an_image_is_its_own_pixels() {
        assert_eq!(three().image(1), [4, 5, 6, 7]);
    }

    #[test]
    fn truncating_keeps_the_first_images() {
        let mut split = three();
        split.truncate(2);
        assert_eq!((split.len(), split.images.len()), (2, 8));
        split.truncate(usize::MAX);
        assert_eq!(split.len(), 2);
    }

    #[test]
    fn classes_are_counted() {
        assert_eq!(three().class_counts(3), [1, 2, 0]);
    }

    /// Two images of 3 channels, 1×2 pixels.
    fn colour() -> Split {
        Split {
            images: vec![0, 30, 60, 90, 120, 150, 1, 2, 3, 4, 6, 7],
            labels: vec![0, 1],
            channels: 3,
            height: 1,
            width: 2,
        }
    }

    #[test]
    fn an_image_has_all_its_channels() {
        let mut split = colour();
        assert_eq!(split.image(1), [1, 2, 3, 4, 6, 7]);
        let picked = split.pick(&[1, 0]);
        assert_eq!(
            picked.images,
            [&split.images[6..], &split.images[..6]].concat()
        );
        assert_eq!(picked.size(), split.size());
        split.truncate(1);
        assert_eq!(split.images, [0, 30, 60, 90, 120, 150]);
    }

    #[test]
    fn a_grey_picture_is_the_mean_of_the_channels() {
        let split = colour();
        assert_eq!(*split.grey(split.image(0)), [60, 90]);
        assert_eq!(*split.grey(split.image(1)), [3, 4]);
        let grey = three();
        assert_eq!(*grey.grey(grey.image(2)), [8, 9, 10, 11]);
    }

    #[test]
    fn held_out_images_are_found_where_they_were() {
        let split = three();
        assert_eq!(split.pick(&[0, 2]).positions_in(&split), Some(vec![0, 2]));
        assert_eq!(split.pick(&[2, 0]).positions_in(&split), None);
        assert_eq!(split.positions_in(&split.pick(&[0, 1])), None);
        assert_eq!(colour().positions_in(&split), None);
    }
}
