//! How many images the classes have.

use crate::data::Dataset;

/// Numbers of images, by class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balance {
    /// Training images, `[classes]`.
    pub training: Vec<usize>,
    /// Validation images, `[classes]`.
    pub validation: Vec<usize>,
}

impl Balance {
    /// Counts the images of a data set.
    pub fn of(dataset: &Dataset) -> Self {
        let classes = dataset.classes();
        Self {
            training: dataset.train.class_counts(classes),
            validation: dataset.validation.class_counts(classes),
        }
    }

    /// How many times as many images the largest class has as the smallest one that has any.
    pub fn ratio(counts: &[usize]) -> f64 {
        let there = || counts.iter().copied().filter(|count| *count > 0);
        match (there().max(), there().min()) {
            (Some(largest), Some(smallest)) => largest as f64 / smallest as f64,
            _ => 1.0,
        }
    }

    /// The classes that have no images.
    pub fn empty(counts: &[usize]) -> Vec<usize> {
        let classes = counts.iter().enumerate();
        let empty = classes.filter(|(_, count)| **count == 0);
        empty.map(|(class, _)| class).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_without_images_do_not_make_the_ratio_infinite() {
        assert_eq!(Balance::ratio(&[30, 10, 0]), 3.0);
        assert_eq!(Balance::ratio(&[0, 0]), 1.0);
        assert_eq!(Balance::empty(&[30, 0, 0]), [1, 2]);
    }
}
