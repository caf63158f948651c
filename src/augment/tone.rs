//! Contrast and brightness.

/// Multiplies the levels' distances from their mean (of all channels) by `contrast`, then all levels by
/// `brightness`; results are clamped to 0 to 255.
pub fn change(image: &mut [u8], contrast: f32, brightness: f32) {
    let sum: u32 = image.iter().map(|level| u32::from(*level)).sum();
    let mean = sum as f32 / image.len().max(1) as f32;
    let table: [u8; 256] = std::array::from_fn(|level| {
        let stretched = (level as f32 - mean) * contrast + mean;
        // The cast clamps.
        (stretched * brightness).round() as u8
    });
    for level in image {
        *level = table[usize::from(*level)];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_stretched_and_cut_off() {
        let mut image = [0, 100, 200];
        change(&mut image, 0.5, 1.0);
        assert_eq!(image, [50, 100, 150]);
        change(&mut image, 1.0, 2.0);
        assert_eq!(image, [100, 200, 255]);
        let mut image = [0, 100, 200];
        change(&mut image, 1.5, 1.0);
        assert_eq!(image, [0, 100, 250]);
    }
}
