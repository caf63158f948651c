//! Random erasing (Zhong et al. 2017, <https://arxiv.org/abs/1708.04896>).

use crate::random::SplitMix64;

/// The smallest share of the image that is erased, and the flattest shape, as in the paper.
const SMALLEST_AREA: f32 = 0.02;
const FLATTEST: f32 = 0.3;
/// A rectangle that does not fit is drawn anew, but not for ever.
const TRIES: usize = 10;

/// Fills a random rectangle of up to `largest_area` (a share of the image) with `level`.
pub fn erase(
    image: &mut [u8],
    width: usize,
    largest_area: f32,
    level: u8,
    random: &mut SplitMix64,
) {
    let height = image.len() / width;
    for _ in 0..TRIES {
        let area = random.range(SMALLEST_AREA, largest_area) * image.len() as f32;
        let shape = random.range(FLATTEST.ln(), -FLATTEST.ln()).exp();
        let rows = (area * shape).sqrt().round() as usize;
        let columns = (area / shape).sqrt().round() as usize;
        if rows == 0 || columns == 0 || rows > height || columns > width {
            continue;
        }
        let top = random.below(height - rows + 1);
        let left = random.below(width - columns + 1);
        for row in image.chunks_exact_mut(width).skip(top).take(rows) {
            row[left..left + columns].fill(level);
        }
        return;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_rectangle_within_the_limits_is_filled() {
        let (mut least, mut most) = (784, 0);
        for seed in 0..2000 {
            let mut image = vec![9; 784];
            erase(&mut image, 28, 0.25, 73, &mut SplitMix64::new(seed));
            let rows: Vec<usize> = image
                .chunks_exact(28)
                .map(|row| row.iter().filter(|level| **level == 73).count())
                .collect();
            let erased: usize = rows.iter().sum();
            let columns = rows.iter().copied().max().unwrap();
            let touched = rows.iter().filter(|count| **count > 0).count();
            assert_eq!(erased, columns * touched, "no rectangle");
            assert!(erased <= 784 / 4 + 28, "{erased} pixels");
            (least, most) = (least.min(erased), most.max(erased));
        }
        assert!((8..30).contains(&least) && most > 150, "{least} to {most}");
    }
}
