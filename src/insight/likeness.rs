//! How much a picture looks like the images that a model was trained on.

use super::audit::{Sums, correlation};
use crate::data::Split;
use rayon::prelude::*;
use serde::Serialize;

/// A picture is unlike the training images if this share of them have one that is more similar to them.
const UNLIKE: f64 = 0.99;
/// Training images that pictures are compared with.
const NEIGHBOURS: usize = 5000;
/// Other training images, which say how similar the most similar one usually is.
const JUDGES: usize = 1000;
/// For each of these, there are so many of the others where there are not enough images for both.
const RATIO: usize = 5;
/// With fewer of these nothing can be said.
const LEAST_JUDGES: usize = 100;

/// What is usual among the training images: how similar the most similar one is. Two images are as similar as the
/// correlation of their values says, which neither brightness nor contrast changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Likeness {
    neighbours: Split,
    /// Of each of them.
    sums: Vec<Sums>,
    /// The correlation of some other training images with the most similar neighbour, in order.
    usual: Vec<f64>,
}

/// Where a picture stands among the training images.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Standing {
    /// Its correlation with the training image that is most similar, -1 to 1.
    pub similarity: f64,
    /// The share of training images that are more similar to another one, 0 to 1.
    pub more_usual: f64,
    /// Whether that is so many that the picture does not look like them.
    pub is_unlike: bool,
}

impl Likeness {
    /// Of some training images, spread over all; none where they are too few.
    pub fn of(training: &Split) -> Option<Self> {
        let judges = (training.len() / (RATIO + 1)).min(JUDGES);
        if judges < LEAST_JUDGES {
            return None;
        }
        let count = judges + (judges * RATIO).min(NEIGHBOURS);
        let spread = |at: usize| (at * training.len() / count) as u32;
        let (judges, neighbours): (Vec<usize>, Vec<usize>) =
            (0..count).partition(|at| at.is_multiple_of(RATIO + 1));
        let images = |chosen: Vec<usize>| -> Vec<u32> { chosen.into_iter().map(spread).collect() };
        let neighbours = training.pick(&images(neighbours));
        let each = 0..neighbours.len();
        let sums = each.map(|image| Sums::of(neighbours.image(image)));
        let mut likeness = Self {
            sums: sums.collect(),
            neighbours,
            usual: Vec::new(),
        };
        let judged = images(judges).into_par_iter();
        let similarity = |image: u32| likeness.similarity(training.image(image as usize));
        let mut usual: Vec<f64> = judged.map(similarity).collect();
        usual.sort_unstable_by(f64::total_cmp);
        likeness.usual = usual;
        Some(likeness)
    }

    /// Where an image of their size stands among them.
    pub fn standing(&self, image: &[u8]) -> Standing {
        let similarity = self.similarity(image);
        let less = self.usual.partition_point(|usual| *usual <= similarity);
        let more_usual = 1.0 - less as f64 / self.usual.len() as f64;
        Standing {
            similarity,
            more_usual,
            is_unlike: more_usual >= UNLIKE,
        }
    }

    /// The correlation with the most similar neighbour.
    fn similarity(&self, image: &[u8]) -> f64 {
        let sums = Sums::of(image);
        let neighbours = self.sums.iter().enumerate();
        let similarities =
            neighbours.map(|(at, of)| correlation((image, sums), (self.neighbours.image(at), *of)));
        similarities.fold(-1.0, f64::max)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Dataset;
    use crate::random::SplitMix64;

    #[test]
    fn garments_it_was_not_trained_on_look_like_it() {
        let data = Dataset::sample().unwrap();
        let likeness = Likeness::of(&data.train).unwrap();
        let split = &data.validation;
        let unlike = |image: &usize| likeness.standing(split.image(*image)).is_unlike;
        let unlike = (0..200).filter(unlike).count();
        assert!(unlike < 10, "{unlike} of 200");
    }

    #[test]
    fn noise_writing_blanks_and_negatives_do_not() {
        let training = Dataset::sample().unwrap().train;
        let likeness = Likeness::of(&training).unwrap();
        let garment = training.image(3);
        let mut random = SplitMix64::new(1);
        let noise: Vec<u8> = (0..784).map(|_| random.below(256) as u8).collect();
        let negative = garment.iter().map(|level| 255 - level).collect();
        let stroke = |at: usize| at / 28 % 4 < 2 && !at.is_multiple_of(3) && noise[at] > 70;
        let lines = (0..784).map(|at| if stroke(at) { 230 } else { 0 });
        for image in [
            lines.collect(),
            negative,
            vec![0; 784],
            vec![128; 784],
            noise.clone(),
        ] {
            let standing = likeness.standing(&image);
            assert!(standing.is_unlike, "{standing:?}");
            assert!(standing.words().contains("does not look like"));
        }
    }

    #[test]
    fn too_few_images_say_nothing() {
        let mut training = Dataset::sample().unwrap().train;
        training.truncate(LEAST_JUDGES * (RATIO + 1) - 1);
        assert_eq!(Likeness::of(&training), None);
    }
}
