//! Random erasing (Zhong et al. 2017, <https://arxiv.org/abs/1708.04896>).

use super::ImageSize;
use crate::random::SplitMix64;

/// The smallest share of the image that is erased, as in the paper.
const SMALLEST_AREA: f32 = 0.02;
/// The smallest ratio of a rectangle's sides, either way, as in the paper.
const SMALLEST_RATIO: f32 = 0.3;
/// Rectangles drawn until one fits into the image; after these nothing is erased.
const TRIES: usize = 10;

/// Fills a random rectangle of up to `largest_area` (a share of the image) with `level`, the same in
/// every channel.
pub fn erase(
    image: &mut [u8],
    size: ImageSize,
    largest_area: f32,
    level: u8,
    random: &mut SplitMix64,
) {
    let ImageSize { height, width, .. } = size;
    for _ in 0..TRIES {
        let area = random.range(SMALLEST_AREA, largest_area) * size.plane() as f32;
        let ratio = random.range(SMALLEST_RATIO.ln(), -SMALLEST_RATIO.ln());
        let ratio = ratio.exp();
        let rows = (area * ratio).sqrt().round() as usize;
        let columns = (area / ratio).sqrt().round() as usize;
        if rows == 0 || columns == 0 || rows > height || columns > width {
            continue;
        }
        let top = random.below(height - rows + 1);
        let left = random.below(width - columns + 1);
        for plane in image.chunks_exact_mut(size.plane()) {
            for row in plane.chunks_exact_mut(width).skip(top).take(rows) {
                row[left..left + columns].fill(level);
            }
        }
        return;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_rectangle_within_the_limits_is_filled() {
        let size = ImageSize {
            channels: 1,
            height: 28,
            width: 28,
        };
        let (mut least, mut most) = (784, 0);
        for seed in 0..2000 {
            let mut image = vec![9; 784];
            erase(&mut image, size, 0.25, 73, &mut SplitMix64::new(seed));
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

    #[test]
    fn the_same_rectangle_is_filled_in_every_channel() {
        let size = |channels| ImageSize {
            channels,
            height: 12,
            width: 9,
        };
        for seed in 0..50 {
            let (mut grey, mut colour) = (vec![9; 108], vec![9; 324]);
            erase(&mut grey, size(1), 0.5, 73, &mut SplitMix64::new(seed));
            erase(&mut colour, size(3), 0.5, 73, &mut SplitMix64::new(seed));
            assert!(grey.contains(&73));
            assert!(colour.chunks_exact(108).all(|plane| plane == grey));
        }
    }
}
