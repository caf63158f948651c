//! How similar two images are: the correlation of their values, which neither brightness nor contrast changes. And
//! a coarse copy of an image that tells most pairs apart without looking at all values.

use crate::data::Split;

/// Rows and columns of the coarse copy.
const CELLS: usize = 7;

/// The sums that correlations are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sums {
    sum: u64,
    squares: u64,
}

impl Sums {
    /// Of one image.
    pub fn of(image: &[u8]) -> Self {
        let values = || image.iter().map(|value| u64::from(*value));
        Self {
            sum: values().sum(),
            squares: values().map(|value| value * value).sum(),
        }
    }

    /// The squared deviations from the mean, times the number of values; 0 for an image of one level.
    fn spread(self, values: usize) -> f64 {
        // All are whole numbers below 2⁵³: the result is exact.
        (values as u64 * self.squares - self.sum * self.sum) as f64
    }

    /// Whether all values are the same.
    pub fn is_flat(self, values: usize) -> bool {
        self.spread(values) == 0.0
    }
}

/// Pearson's correlation of two images of as many values, from -1 to 1; 0 where one of them is flat.
pub fn correlation((a, of_a): (&[u8], Sums), (b, of_b): (&[u8], Sums)) -> f64 {
    let values = a.len();
    let products: u64 = a
        .chunks(1024)
        .zip(b.chunks(1024))
        .map(|(a, b)| {
            let products = a.iter().zip(b).map(|(a, b)| u32::from(*a) * u32::from(*b));
            u64::from(products.sum::<u32>())
        })
        .sum();
    let common = (values as u64 * products) as f64 - (of_a.sum * of_b.sum) as f64;
    let spread = of_a.spread(values) * of_b.spread(values);
    match spread > 0.0 {
        true => (common / spread.sqrt()).clamp(-1.0, 1.0),
        false => 0.0,
    }
}

/// The squared distance of two images of correlation `r`, each brought to mean 0 and length 1.
pub fn squared_distance(r: f64) -> f64 {
    2.0 * (1.0 - r)
}

/// How an image is divided into the cells of its coarse copy.
#[derive(Clone, Debug)]
pub struct Grid {
    /// The cell of each value of an image.
    cell_of: Vec<u32>,
    /// Values of each cell.
    sizes: Vec<u32>,
}

impl Grid {
    /// For the images of `split`.
    pub fn of(split: &Split) -> Self {
        let (height, width) = (split.height, split.width);
        let (down, across) = (height.min(CELLS), width.min(CELLS));
        let mut cell_of = Vec::with_capacity(split.size().bytes());
        for channel in 0..split.channels {
            for row in 0..height {
                for column in 0..width {
                    let line = channel * down + row * down / height;
                    cell_of.push((line * across + column * across / width) as u32);
                }
            }
        }
        let mut sizes = vec![0; split.channels * down * across];
        for cell in &cell_of {
            sizes[*cell as usize] += 1;
        }
        Self { cell_of, sizes }
    }

    /// Cells.
    pub fn cells(&self) -> usize {
        self.sizes.len()
    }

    /// Writes the coarse copy `[cells]` of an image that is brought to mean 0 and length 1. The copies of two images
    /// are never further from each other than the images: a cell's mean times the root of its size is a projection
    /// on a vector of length 1, and the cells' vectors are orthogonal.
    pub fn coarse(&self, image: &[u8], sums: Sums, out: &mut [f32]) {
        let mut totals = vec![0_u64; self.cells()];
        for (cell, value) in self.cell_of.iter().zip(image) {
            totals[*cell as usize] += u64::from(*value);
        }
        let values = image.len() as f64;
        let mean = sums.sum as f64 / values;
        let length = (sums.spread(image.len()) / values).sqrt();
        for ((out, total), size) in out.iter_mut().zip(totals).zip(&self.sizes) {
            let size = f64::from(*size);
            let above = total as f64 - size * mean;
            *out = match length > 0.0 {
                true => (above / (length * size.sqrt())) as f32,
                false => 0.0,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SplitMix64;

    #[test]
    fn the_correlation_is_numpys() {
        // numpy.corrcoef([0, 10, 20, 250], [5, 4, 30, 200])[0, 1]
        let (a, b) = ([0, 10, 20, 250], [5, 4, 30, 200]);
        let of = |a: &[u8], b: &[u8]| correlation((a, Sums::of(a)), (b, Sums::of(b)));
        assert!((of(&a, &b) - 0.996_888_862).abs() < 1e-8, "{}", of(&a, &b));
        // Neither brightness nor contrast matters, a negative does, and a flat image is like none.
        assert!((of(&[0, 10, 20, 100], &[55, 60, 65, 105]) - 1.0).abs() < 1e-12);
        assert!((of(&[0, 10, 20, 100], &[255, 245, 235, 155]) + 1.0).abs() < 1e-12);
        assert_eq!(of(&[7; 4], &a), 0.0);
    }

    #[test]
    fn coarse_copies_are_never_further_apart_than_the_images() {
        for (channels, height, width) in [(1, 28, 28), (3, 9, 5), (1, 1, 2), (4, 64, 3)] {
            let mut random = SplitMix64::new(3);
            let size = channels * height * width;
            let images: Vec<u8> = (0..20 * size).map(|_| random.below(256) as u8).collect();
            let split = Split {
                images,
                labels: vec![0; 20],
                channels,
                height,
                width,
            };
            let grid = Grid::of(&split);
            let coarse = |image: usize| {
                let mut out = vec![0.0; grid.cells()];
                let image = split.image(image);
                grid.coarse(image, Sums::of(image), &mut out);
                out
            };
            for (a, b) in (0..20).flat_map(|a| (0..a).map(move |b| (a, b))) {
                let of = |image: usize| (split.image(image), Sums::of(split.image(image)));
                let whole = squared_distance(correlation(of(a), of(b)));
                let pairs = coarse(a).into_iter().zip(coarse(b));
                let apart: f64 = pairs.map(|(a, b)| f64::from(a - b).powi(2)).sum();
                assert!(apart <= whole + 1e-5, "{apart} {whole}");
            }
        }
    }
}
