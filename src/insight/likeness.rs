//! How usual a picture is among the images that a model was trained on.

use crate::data::Split;
use rayon::prelude::*;
use serde::Serialize;

/// A picture is unlike the training images if this share of them is nearer to their mean.
const UNLIKE: f64 = 0.99;
/// With fewer images there is no such share.
const LEAST_IMAGES: usize = 200;
/// Added to each variance, in squared levels, so that what never changes does not count without bounds.
const FLOOR: f64 = 1.0;
/// Numbers of an image.
const NUMBERS: usize = 4;

/// What is usual among the training images: the mean and covariance of four numbers of an image, and how far
/// each of them is from that mean (Mahalanobis' distance). The numbers are the mean level, the standard deviation, the
/// mean difference of neighbouring pixels (both ways added) and the mean level of the border, over all channels.
#[derive(Clone, Debug, PartialEq)]
pub struct Likeness {
    means: [f64; NUMBERS],
    /// The lower Cholesky factor of the covariance.
    factor: [[f64; NUMBERS]; NUMBERS],
    /// Of the training images, in order.
    distances: Vec<f64>,
}

/// Where a picture stands among the training images.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Standing {
    /// The share of the training images that are more usual, 0 to 1.
    pub more_usual: f64,
    /// Whether that is so many that the picture does not look like them.
    pub is_unlike: bool,
}

impl Likeness {
    /// Of the training images; none where they are too few.
    pub fn of(training: &Split) -> Option<Self> {
        if training.len() < LEAST_IMAGES {
            return None;
        }
        let images = 0..training.len();
        let numbers: Vec<[f64; NUMBERS]> = images
            .into_par_iter()
            .map(|image| numbers(training, training.image(image)))
            .collect();
        let count = numbers.len() as f64;
        let mean = |of: usize| numbers.iter().map(|it| it[of]).sum::<f64>() / count;
        let means: [f64; NUMBERS] = std::array::from_fn(mean);
        let covariance = |a: usize, b: usize| {
            let products = numbers
                .iter()
                .map(|it| (it[a] - means[a]) * (it[b] - means[b]));
            products.sum::<f64>() / count + if a == b { FLOOR } else { 0.0 }
        };
        let mut likeness = Self {
            means,
            factor: cholesky(covariance),
            distances: Vec::new(),
        };
        likeness.distances = numbers.iter().map(|it| likeness.distance(it)).collect();
        likeness.distances.sort_unstable_by(f64::total_cmp);
        Some(likeness)
    }

    /// Where `image`, `[channels, height, width]` of `split`, stands among them.
    pub fn standing(&self, split: &Split, image: &[u8]) -> Standing {
        let distance = self.distance(&numbers(split, image));
        let nearer = self.distances.partition_point(|other| *other < distance);
        let more_usual = nearer as f64 / self.distances.len() as f64;
        Standing {
            more_usual,
            is_unlike: more_usual >= UNLIKE,
        }
    }

    /// From the mean, in standard deviations.
    fn distance(&self, numbers: &[f64; NUMBERS]) -> f64 {
        // The length of y where factor · y is the difference.
        let mut solved = [0.0; NUMBERS];
        for row in 0..NUMBERS {
            let known: f64 = (0..row).map(|at| self.factor[row][at] * solved[at]).sum();
            solved[row] = (numbers[row] - self.means[row] - known) / self.factor[row][row];
        }
        solved.iter().map(|value| value * value).sum::<f64>().sqrt()
    }
}

impl Standing {
    /// The share in words, rounded so that it is never more than it is.
    pub fn words(self) -> String {
        let share = (self.more_usual * 1000.0).floor() / 10.0;
        let sentence = match self.is_unlike {
            true => ": this does not look like the training data",
            false => "",
        };
        format!("more unusual than {share:.1} % of the training images{sentence}")
    }
}

/// The four numbers of an image, in levels.
fn numbers(split: &Split, image: &[u8]) -> [f64; NUMBERS] {
    let (height, width) = (split.height, split.width);
    let count = image.len().max(1) as f64;
    let sum: u64 = image.iter().map(|level| u64::from(*level)).sum();
    let squares: u64 = image.iter().map(|level| u64::from(*level).pow(2)).sum();
    let mean = sum as f64 / count;
    let deviation = (squares as f64 / count - mean * mean).max(0.0).sqrt();
    let (mut across, mut down, mut border) = (0_u64, 0_u64, 0_u64);
    let mut border_pixels = 0_u64;
    for plane in image.chunks_exact(split.size().plane().max(1)) {
        let rows = || plane.chunks_exact(width.max(1));
        for row in rows() {
            across += row.iter().zip(&row[1..]).map(apart).sum::<u64>();
        }
        for (upper, lower) in rows().zip(rows().skip(1)) {
            down += upper.iter().zip(lower).map(apart).sum::<u64>();
        }
        for (at, row) in rows().enumerate() {
            let is_whole = at == 0 || at + 1 == height;
            let step = if is_whole { 1 } else { (width - 1).max(1) };
            for level in row.iter().step_by(step) {
                border += u64::from(*level);
                border_pixels += 1;
            }
        }
    }
    let channels = split.channels as f64;
    let pairs = |pairs: usize| (pairs as f64 * channels).max(1.0);
    let edges = across as f64 / pairs(height * width.saturating_sub(1))
        + down as f64 / pairs(height.saturating_sub(1) * width);
    let border = border as f64 / border_pixels.max(1) as f64;
    [mean, deviation, edges, border]
}

fn apart((one, other): (&u8, &u8)) -> u64 {
    u64::from(one.abs_diff(*other))
}

/// The lower triangle whose product with its transpose is a covariance.
fn cholesky(covariance: impl Fn(usize, usize) -> f64) -> [[f64; NUMBERS]; NUMBERS] {
    let mut factor = [[0.0_f64; NUMBERS]; NUMBERS];
    for row in 0..NUMBERS {
        for column in 0..=row {
            let known: f64 = (0..column)
                .map(|at| factor[row][at] * factor[column][at])
                .sum();
            let left = covariance(row, column) - known;
            factor[row][column] = match row == column {
                // Never below the floor but for rounding.
                true => left.max(FLOOR / 2.0).sqrt(),
                false => left / factor[column][column],
            };
        }
    }
    factor
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Dataset;
    use crate::random::SplitMix64;

    fn standing_of(image: impl Fn(usize) -> u8) -> Standing {
        let training = Dataset::sample().unwrap().train;
        let image: Vec<u8> = (0..784).map(image).collect();
        let likeness = Likeness::of(&training).unwrap();
        likeness.standing(&training, &image)
    }

    #[test]
    fn garments_it_was_not_trained_on_look_like_it() {
        let data = Dataset::sample().unwrap();
        let likeness = Likeness::of(&data.train).unwrap();
        let split = &data.validation;
        let unlike = |image: &usize| likeness.standing(split, split.image(*image)).is_unlike;
        let unlike = (0..split.len()).filter(unlike).count();
        assert!(unlike * 20 < split.len(), "{unlike} of {}", split.len());
    }

    #[test]
    fn noise_writing_blanks_and_negatives_do_not() {
        let garment = Dataset::sample().unwrap().train.image(3).to_vec();
        let noise: Vec<u8> = {
            let mut random = SplitMix64::new(1);
            (0..784).map(|_| random.below(256) as u8).collect()
        };
        for standing in [
            standing_of(|at| noise[at]),
            standing_of(|_| 0),
            standing_of(|_| 128),
            standing_of(|_| 255),
            standing_of(|at| 255 - garment[at]),
            // Lines of small strokes.
            standing_of(|at| {
                if at / 28 % 4 < 2 && at % 3 != 0 && noise[at] > 70 {
                    230
                } else {
                    0
                }
            }),
        ] {
            assert!(standing.is_unlike, "{standing:?}");
            assert!(standing.words().contains("does not look like"));
        }
    }

    #[test]
    fn too_few_images_say_nothing() {
        let mut training = Dataset::sample().unwrap().train;
        training.truncate(LEAST_IMAGES - 1);
        assert_eq!(Likeness::of(&training), None);
    }

    #[test]
    fn pixels_of_any_size_and_number_of_channels_are_counted() {
        for (channels, height, width) in [(1, 1, 1), (3, 1, 5), (3, 5, 1), (2, 4, 3)] {
            let size = channels * height * width;
            let split = Split {
                images: vec![9; size],
                labels: vec![0],
                channels,
                height,
                width,
            };
            assert_eq!(numbers(&split, split.image(0)), [9.0, 0.0, 0.0, 9.0]);
        }
    }
}
