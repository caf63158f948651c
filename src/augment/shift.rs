//! Shifting, which is a crop of the image padded with black.

use super::ImageSize;

/// Moves an image by whole pixels; what comes in is black, what goes out is lost.
pub fn shift(image: &mut [u8], size: ImageSize, right: isize, down: isize) {
    for plane in image.chunks_exact_mut(size.plane()) {
        shift_plane(plane, size, right, down);
    }
}

fn shift_plane(plane: &mut [u8], size: ImageSize, right: isize, down: isize) {
    let ImageSize { height, width, .. } = size;
    let source = plane.to_vec();
    plane.fill(0);
    let (to_x, to_y) = (right.max(0) as usize, down.max(0) as usize);
    let (from_x, from_y) = ((-right).max(0) as usize, (-down).max(0) as usize);
    let columns = width.saturating_sub(right.unsigned_abs());
    let rows = height.saturating_sub(down.unsigned_abs());
    if columns == 0 {
        return;
    }
    for row in 0..rows {
        let from = (from_y + row) * width + from_x;
        let to = (to_y + row) * width + to_x;
        plane[to..to + columns].copy_from_slice(&source[from..from + columns]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(channels: usize) -> ImageSize {
        ImageSize {
            channels,
            height: 2,
            width: 3,
        }
    }

    fn shifted(right: isize, down: isize) -> [u8; 6] {
        let mut image = [1, 2, 3, 4, 5, 6];
        shift(&mut image, size(1), right, down);
        image
    }

    #[test]
    fn pixels_move_and_black_comes_in() {
        assert_eq!(shifted(0, 0), [1, 2, 3, 4, 5, 6]);
        assert_eq!(shifted(1, 0), [0, 1, 2, 0, 4, 5]);
        assert_eq!(shifted(-2, 0), [3, 0, 0, 6, 0, 0]);
        assert_eq!(shifted(1, 1), [0, 0, 0, 0, 1, 2]);
        assert_eq!(shifted(0, -1), [4, 5, 6, 0, 0, 0]);
    }

    #[test]
    fn a_shift_past_the_edge_leaves_black() {
        for (right, down) in [(3, 0), (-9, 0), (0, 2), (0, -32)] {
            assert_eq!(shifted(right, down), [0; 6]);
        }
    }

    #[test]
    fn no_channel_moves_into_the_next() {
        let mut image = [[1, 2, 3, 4, 5, 6], [7; 6], [8; 6]].concat();
        shift(&mut image, size(3), 1, 1);
        let expected = [[0, 0, 0, 0, 1, 2], [0, 0, 0, 0, 7, 7], [0, 0, 0, 0, 8, 8]];
        assert_eq!(image, expected.concat());
    }
}
