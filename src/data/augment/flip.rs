//! Mirroring.

/// Mirrors an image left to right.
pub fn flip(image: &mut [u8], width: usize) {
    for row in image.chunks_exact_mut(width) {
        row.reverse();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_run_backwards() {
        let mut image = [1, 2, 3, 4, 5, 6];
        flip(&mut image, 3);
        assert_eq!(image, [3, 2, 1, 6, 5, 4]);
    }
}
