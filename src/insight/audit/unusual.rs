//! Images unlike all others: of one level, or with a background as bright as that of others is dark.

use crate::data::Split;
use rayon::prelude::*;

/// How far the background's mean level must be from the usual one of the class: half of all levels.
const FAR: f64 = 127.5;

/// What is unusual about an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// All its pixels are the same.
    Constant,
    /// Its border is bright where the class's is dark, or dark where that is bright.
    Inverted,
}

/// The unusual images of a split with their positions, in its order.
pub fn unusual(split: &Split, classes: usize) -> Vec<(u32, Oddity)> {
    let plane = split.size().plane();
    // One pixel is always of one level, and all border.
    if plane < 2 {
        return Vec::new();
    }
    let border = border(split);
    let means: Vec<f64> = (0..split.len())
        .into_par_iter()
        .map(|image| border_mean(split.image(image), &border))
        .collect();
    let mut of_class = vec![Vec::new(); classes];
    for (label, mean) in split.labels.iter().zip(&means) {
        if let Some(means) = of_class.get_mut(usize::from(*label)) {
            means.push(*mean);
        }
    }
    let usual: Vec<f64> = of_class.into_iter().map(median).collect();
    let oddity = |image: usize| {
        let mut channels = split.image(image).chunks_exact(plane);
        if channels.all(|channel| channel.iter().all(|level| *level == channel[0])) {
            return Some(Oddity::Constant);
        }
        let usual = usual.get(usize::from(split.labels[image]))?;
        ((means[image] - usual).abs() > FAR).then_some(Oddity::Inverted)
    };
    let found = (0..split.len()).filter_map(|image| Some((image as u32, oddity(image)?)));
    found.collect()
}

/// Positions of the values of the outermost pixels.
fn border(split: &Split) -> Vec<usize> {
    let (height, width) = (split.height, split.width);
    let is_border = |at: &usize| {
        let (row, column) = (at / width % height, at % width);
        row == 0 || row == height - 1 || column == 0 || column == width - 1
    };
    (0..split.size().bytes()).filter(is_border).collect()
}

fn border_mean(image: &[u8], border: &[usize]) -> f64 {
    let sum: u64 = border.iter().map(|at| u64::from(image[*at])).sum();
    sum as f64 / border.len().max(1) as f64
}

/// The middle one; 0 without any.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Dataset;

    #[test]
    fn an_empty_image_and_a_negative_are_unusual_and_garments_are_not() {
        let mut split = Dataset::sample().unwrap().train;
        assert_eq!(unusual(&split, 10), []);
        split.images[784 * 5..784 * 6].fill(9);
        for level in &mut split.images[784 * 8..784 * 9] {
            *level = 255 - *level;
        }
        let expected = [(5, Oddity::Constant), (8, Oddity::Inverted)];
        assert_eq!(unusual(&split, 10), expected);
    }

    #[test]
    fn an_image_of_one_pixel_is_not_unusual() {
        let split = Split {
            images: vec![0, 255, 3],
            labels: vec![0, 0, 1],
            channels: 1,
            height: 1,
            width: 1,
        };
        assert_eq!(unusual(&split, 2), []);
    }
}
