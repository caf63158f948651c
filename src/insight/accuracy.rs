//! How exact an accuracy is.

/// The standard error of the share `accuracy` of `images` images, `√(p·(1 − p) / n)`: how much it would vary
/// from one set of so many images to another. 0 without images.
pub fn standard_error(accuracy: f64, images: usize) -> f64 {
    match images {
        0 => 0.0,
        images => (accuracy * (1.0 - accuracy) / images as f64)
            .max(0.0)
            .sqrt(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_thousand_images_leave_a_quarter_of_a_point() {
        assert!((standard_error(0.93, 10_000) - 0.002_551).abs() < 1e-6);
        assert_eq!(standard_error(1.0, 100), 0.0);
        assert_eq!(standard_error(0.5, 0), 0.0);
    }
}
