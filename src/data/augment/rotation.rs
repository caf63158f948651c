//! Turning.

/// Turns an image about its centre, against the clock for positive degrees. Levels between pixels are
/// interpolated along both axes; what lies outside is black.
pub fn rotate(image: &mut [u8], width: usize, degrees: f32) {
    let height = image.len() / width;
    let source = image.to_vec();
    let level = |row: f32, column: f32| -> f32 {
        let inside = row >= 0.0 && column >= 0.0 && row < height as f32 && column < width as f32;
        match inside {
            true => f32::from(source[row as usize * width + column as usize]),
            false => 0.0,
        }
    };
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (middle_row, middle_column) = ((height as f32 - 1.0) / 2.0, (width as f32 - 1.0) / 2.0);
    for (row, line) in image.chunks_exact_mut(width).enumerate() {
        let y = row as f32 - middle_row;
        for (column, pixel) in line.iter_mut().enumerate() {
            let x = column as f32 - middle_column;
            // Rows count downwards, so this is where the pixel was before it was turned.
            let (from_row, from_column) = (
                middle_row + sin * x + cos * y,
                middle_column + cos * x - sin * y,
            );
            let (top, left) = (from_row.floor(), from_column.floor());
            let (below, right) = (from_row - top, from_column - left);
            let upper = level(top, left) * (1.0 - right) + level(top, left + 1.0) * right;
            let lower =
                level(top + 1.0, left) * (1.0 - right) + level(top + 1.0, left + 1.0) * right;
            *pixel = (upper * (1.0 - below) + lower * below).round() as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_turn_moves_pixels_exactly() {
        let mut image = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        rotate(&mut image, 3, 90.0);
        assert_eq!(image, [3, 6, 9, 2, 5, 8, 1, 4, 7]);
        rotate(&mut image, 3, -90.0);
        assert_eq!(image, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        rotate(&mut image, 3, 0.0);
        assert_eq!(image, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }

    #[test]
    fn corners_that_were_outside_are_black_and_the_middle_stays() {
        let mut image = [200; 81];
        rotate(&mut image, 9, 45.0);
        assert_eq!((image[0], image[8], image[72], image[80]), (0, 0, 0, 0));
        assert_eq!(image[40], 200);
    }
}
