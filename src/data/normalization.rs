//! The statistics by which pixels are normalised.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::{Mutex, PoisonError};

/// Pixels that a thread counts at a time.
const PIXELS_AT_ONCE: usize = 1 << 20;

/// Mean and standard deviation of pixels scaled to 0…1. A network is given
/// `(pixel / 255 − mean) / std`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Normalization {
    /// Over all pixels and channels.
    pub mean: f32,
    /// Over all pixels and channels (divided by `n`, not by `n − 1`); never 0.
    pub std: f32,
}

impl Normalization {
    /// Of these pixels. If all are equal, or there are none, `std` is 1.
    pub fn of(pixels: &[u8]) -> Self {
        Self::of_levels(&histogram(pixels))
    }

    /// Of pixels that have each grey level so often.
    fn of_levels(histogram: &[u64; 256]) -> Self {
        let count = histogram.iter().sum::<u64>().max(1) as f64;
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

/// How often each grey level occurs in pixels that come in parts, in any order and from any thread.
pub(super) struct LevelCounts(Mutex<[u64; 256]>);

impl LevelCounts {
    /// Of no pixels yet.
    pub fn new() -> Self {
        Self(Mutex::new([0; 256]))
    }

    /// Counts more pixels.
    pub fn add(&self, pixels: &[u8]) {
        let more = counts(pixels);
        let mut levels = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *levels = sum(*levels, more);
    }

    /// The statistics of all that were counted.
    pub fn normalization(self) -> Normalization {
        Normalization::of_levels(&self.0.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}

fn sum(left: [u64; 256], right: [u64; 256]) -> [u64; 256] {
    std::array::from_fn(|level| left[level] + right[level])
}

/// How often each grey level occurs. Counts are whole numbers: their sum is the same in any order.
fn histogram(pixels: &[u8]) -> [u64; 256] {
    if pixels.len() <= PIXELS_AT_ONCE {
        return counts(pixels);
    }
    let pieces = pixels.par_chunks(PIXELS_AT_ONCE);
    pieces.map(counts).reduce(|| [0; 256], sum)
}

/// The same, on one thread.
fn counts(pixels: &[u8]) -> [u64; 256] {
    // Four tables: in runs of one level (the background) each increment would otherwise wait for the
    // one before it.
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

    #[test]
    fn mean_and_std_are_those_of_scaled_pixels() {
        let normalization = Normalization::of(&[0, 255, 0, 255, 0, 255]);
        assert!((normalization.mean - 0.5).abs() < 1e-6);
        assert!((normalization.std - 0.5).abs() < 1e-6);
        assert_eq!(normalization.mean_level(), 128);
    }

    #[test]
    fn pixels_counted_by_several_threads_are_all_counted_once() {
        let pixels: Vec<u8> = (0..3 * PIXELS_AT_ONCE + 7)
            .map(|index| (index * index % 251) as u8)
            .collect();
        assert_eq!(histogram(&pixels), counts(&pixels));
        let levels = LevelCounts::new();
        pixels.chunks(1000).for_each(|part| levels.add(part));
        assert_eq!(levels.normalization(), Normalization::of(&pixels));
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
