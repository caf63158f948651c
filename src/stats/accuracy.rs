//! How exact an accuracy is, and how it is written.

use std::fmt;

/// The standard error of the share `accuracy` of `images` images, `√(p·(1 − p) / n)`: how much it would vary
/// from one set of so many images to another. 0 without images.
///
/// Where all images are right, or none is, the formula would say that this is certain. There the share is taken
/// that Laplace's rule of succession expects of another image, `1 / (n + 2)` away.
pub fn standard_error(accuracy: f64, images: usize) -> f64 {
    if images == 0 {
        return 0.0;
    }
    let images = images as f64;
    let least = 1.0 / (images + 2.0);
    let share = match accuracy {
        ..=0.0 | 1.0.. => least,
        share => share,
    };
    (share * (1.0 - share) / images).sqrt()
}

/// An accuracy with its error. Written `0.9331 ± 0.0025`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Accuracy {
    /// The share of images that are predicted correctly, from 0 to 1.
    pub share: f64,
    /// Its [standard error](standard_error), a share too; none where it is not known how many images these were.
    pub error: Option<f64>,
}

impl Accuracy {
    /// The share of so many images; 0 stands for a number that is not known.
    pub fn of(share: f64, images: usize) -> Self {
        let error = (images > 0).then(|| standard_error(share, images));
        Self { share, error }
    }

    /// In percent, for tables of percentages: `93.31 ± 0.25`.
    pub fn percent(&self) -> String {
        in_percent(self.share, self.error)
    }
}

impl fmt::Display for Accuracy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&written(self.share, self.error))
    }
}

/// A share with its error: `0.9331 ± 0.0025`.
pub(super) fn written(share: f64, error: Option<f64>) -> String {
    match error {
        Some(error) => format!("{share:.4} ± {error:.4}"),
        None => format!("{share:.4}"),
    }
}

/// The same in percent: `93.31 ± 0.25`.
pub(super) fn in_percent(share: f64, error: Option<f64>) -> String {
    match error {
        Some(error) => format!("{:.2} ± {:.2}", 100.0 * share, 100.0 * error),
        None => format!("{:.2}", 100.0 * share),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_thousand_images_leave_a_quarter_of_a_point() {
        assert!((standard_error(0.93, 10_000) - 0.002_551).abs() < 1e-6);
        // All right is not certain: √(1/102 · 101/102 / 100).
        assert!((standard_error(1.0, 100) - 0.009_853).abs() < 1e-6);
        assert_eq!(standard_error(0.0, 100), standard_error(1.0, 100));
        assert_eq!(standard_error(0.5, 0), 0.0);
    }

    #[test]
    fn an_accuracy_is_written_with_its_error_where_that_is_known() {
        let known = Accuracy::of(0.9331, 10_000);
        assert_eq!(known.to_string(), "0.9331 ± 0.0025");
        assert_eq!(known.percent(), "93.31 ± 0.25");
        assert_eq!(format!("{known:>17}"), "  0.9331 ± 0.0025");
        let unknown = Accuracy::of(0.9331, 0);
        assert_eq!(unknown.to_string(), "0.9331");
        assert_eq!(unknown.percent(), "93.31");
    }
}
