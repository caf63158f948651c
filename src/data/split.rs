//! Images with their labels, and the statistics of their pixels.

use serde::{Deserialize, Serialize};

/// Grey images and their labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// `[count, height, width]`, one byte each.
    pub images: Vec<u8>,
    /// `[count]`.
    pub labels: Vec<u8>,
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

    /// Pixels of one image, `[height, width]`.
    ///
    /// # Panics
    /// If `index` is not below [`len`](Self::len).
    pub fn image(&self, index: usize) -> &[u8] {
        let size = self.height * self.width;
        &self.images[index * size..(index + 1) * size]
    }

    /// Keeps the first `count` images.
    pub fn truncate(&mut self, count: usize) {
        self.images
            .truncate(count.saturating_mul(self.height * self.width));
        self.labels.truncate(count);
    }

    /// Copies of the images at `indices`, in their order.
    ///
    /// # Panics
    /// If an index is not below [`len`](Self::len).
    pub fn pick(&self, indices: &[u32]) -> Self {
        let mut picked = Self {
            images: Vec::with_capacity(indices.len() * self.height * self.width),
            labels: Vec::with_capacity(indices.len()),
            height: self.height,
            width: self.width,
        };
        for &index in indices {
            picked.images.extend_from_slice(self.image(index as usize));
            picked.labels.push(self.labels[index as usize]);
        }
        picked
    }

    /// How many images each class has, `[classes]`. Labels beyond are not counted.
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

/// Mean and standard deviation of pixels scaled to 0…1. A network is given
/// `(pixel / 255 − mean) / std`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Normalization {
    /// Over all pixels.
    pub mean: f32,
    /// Over all pixels (not a sample's `n − 1`); never 0.
    pub std: f32,
}

impl Normalization {
    /// Of these pixels. If all are equal, or there are none, `std` is 1.
    pub fn of(pixels: &[u8]) -> Self {
        let histogram = histogram(pixels);
        let count = pixels.len().max(1) as f64;
        let levels = || {
            histogram
                .iter()
                .enumerate()
                .map(|(level, &n)| (level as f64 / 255.0, n as f64))
        };
        let mean = levels().map(|(level, n)| level * n).sum::<f64>() / count;
        let variance = levels()
            .map(|(level, n)| (level - mean) * (level - mean) * n)
            .sum::<f64>()
            / count;
        let std = variance.sqrt() as f32;
        Self {
            mean: mean as f32,
            std: if std > 1e-6 { std } else { 1.0 },
        }
    }

    /// The grey level nearest to the mean.
    pub fn mean_level(self) -> u8 {
        (self.mean * 255.0).round() as u8
    }
}

/// How often each grey level occurs.
fn histogram(pixels: &[u8]) -> [u64; 256] {
    // Four tables: runs of one level (the background) would otherwise make each
    // increment wait for the one before it.
    let mut tables = [[0u64; 256]; 4];
    let mut quads = pixels.chunks_exact(4);
    for quad in &mut quads {
        for (table, &level) in tables.iter_mut().zip(quad) {
            table[usize::from(level)] += 1;
        }
    }
    for &level in quads.remainder() {
        tables[0][usize::from(level)] += 1;
    }
    std::array::from_fn(|level| tables.iter().map(|table| table[level]).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> Split {
        Split {
            images: (0..12).collect(),
            labels: vec![1, 0, 1],
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

    #[test]
    fn mean_and_std_are_those_of_scaled_pixels() {
        let normalization = Normalization::of(&[0, 255, 0, 255, 0, 255]);
        assert!((normalization.mean - 0.5).abs() < 1e-6);
        assert!((normalization.std - 0.5).abs() < 1e-6);
        assert_eq!(normalization.mean_level(), 128);
    }

    #[test]
    fn equal_pixels_do_not_divide_by_zero() {
        assert_eq!(
            Normalization::of(&[51; 9]),
            Normalization {
                mean: 0.2,
                std: 1.0
            }
        );
        assert_eq!(
            Normalization::of(&[]),
            Normalization {
                mean: 0.0,
                std: 1.0
            }
        );
    }
}
