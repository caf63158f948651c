//! Rotation.

use super::ImageSize;
use crate::simd::{Arch, on_vectors};

/// Rows and columns of black around the image: as far as a pixel outside and its neighbours reach.
const BORDER: usize = 2;
/// Pixels that are turned at a time, on vector registers.
const BLOCK: usize = 32;

/// Turns an image about its centre, counterclockwise for positive degrees. Levels between pixels are
/// bilinearly interpolated; what lies outside is black.
pub fn rotate(image: &mut [u8], size: ImageSize, degrees: f32) {
    for plane in image.chunks_exact_mut(size.plane()) {
        rotate_plane(plane, size, degrees);
    }
}

fn rotate_plane(plane: &mut [u8], size: ImageSize, degrees: f32) {
    let ImageSize { height, width, .. } = size;
    let stride = width + 2 * BORDER;
    let mut source = vec![0.0; stride * (height + 2 * BORDER)];
    let lines = source.chunks_exact_mut(stride).skip(BORDER);
    for (line, to) in plane.chunks_exact(width).zip(lines) {
        for (level, to) in line.iter().zip(&mut to[BORDER..]) {
            *to = f32::from(*level);
        }
    }
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (middle_row, middle_column) = ((height as f32 - 1.0) / 2.0, (width as f32 - 1.0) / 2.0);
    on_vectors!(Arch::new(), {
        let (mut starts, mut rights, mut belows) = ([0; BLOCK], [0.0; BLOCK], [0.0; BLOCK]);
        let mut corners = [[0.0; BLOCK]; 4];
        let mut levels = [0; BLOCK];
        for (row, line) in plane.chunks_exact_mut(width).enumerate() {
            let y = row as f32 - middle_row;
            for (block, line) in line.chunks_mut(BLOCK).enumerate() {
                for at in 0..BLOCK {
                    let x = (block * BLOCK + at) as f32 - middle_column;
                    // Rows count downwards, so this is where the pixel was before it was turned.
                    let (top, below) = split(middle_row + sin * x + cos * y);
                    let (left, right) = split(middle_column + cos * x - sin * y);
                    starts[at] = in_border(top, height) * stride as i32 + in_border(left, width);
                    (rights[at], belows[at]) = (right, below);
                }
                let [upper_left, upper_right, lower_left, lower_right] = &mut corners;
                for (at, start) in starts.iter().enumerate().take(line.len()) {
                    let start = *start as usize;
                    let (upper, lower) = (&source[start..][..2], &source[start + stride..][..2]);
                    (upper_left[at], upper_right[at]) = (upper[0], upper[1]);
                    (lower_left[at], lower_right[at]) = (lower[0], lower[1]);
                }
                for at in 0..BLOCK {
                    let (right, below) = (rights[at], belows[at]);
                    let upper = upper_left[at] * (1.0 - right) + upper_right[at] * right;
                    let lower = lower_left[at] * (1.0 - right) + lower_right[at] * right;
                    let level = upper * (1.0 - below) + lower * below;
                    // Half a level added and the fraction cut off: rounded, as no level is negative.
                    levels[at] = (level + 0.5) as u8;
                }
                line.copy_from_slice(&levels[..line.len()]);
            }
        }
    });
}

/// `floor` of the place and the distance to it. By a cast, because not every processor that this is
/// compiled for has an instruction for `floor`.
#[inline(always)]
fn split(place: f32) -> (i32, f32) {
    let towards_zero = place as i32;
    let whole = towards_zero - i32::from(place < towards_zero as f32);
    (whole, place - whole as f32)
}

/// Index of row or column `place` (of `count`) in the image with its border. Places outside the border
/// are black too, so any place in it stands for them.
#[inline(always)]
fn in_border(place: i32, count: usize) -> i32 {
    place.clamp(-(BORDER as i32), count as i32) + BORDER as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(channels: usize, side: usize) -> ImageSize {
        ImageSize {
            channels,
            height: side,
            width: side,
        }
    }

    #[test]
    fn a_quarter_turn_moves_pixels_exactly() {
        let mut image = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        rotate(&mut image, size(1, 3), 90.0);
        assert_eq!(image, [3, 6, 9, 2, 5, 8, 1, 4, 7]);
        rotate(&mut image, size(1, 3), -90.0);
        assert_eq!(image, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        rotate(&mut image, size(1, 3), 0.0);
        assert_eq!(image, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }

    #[test]
    fn corners_that_were_outside_are_black_and_the_middle_stays() {
        let mut image = [200; 81];
        rotate(&mut image, size(1, 9), 45.0);
        assert_eq!((image[0], image[8], image[72], image[80]), (0, 0, 0, 0));
        assert_eq!(image[40], 200);
    }

    #[test]
    fn every_channel_is_turned_about_its_own_centre() {
        let plane: Vec<u8> = (0..25).map(|pixel| pixel * 9).collect();
        let mut turned = plane.clone();
        rotate(&mut turned, size(1, 5), 33.0);
        let mut image = [plane.clone(), plane.clone(), plane].concat();
        rotate(&mut image, size(3, 5), 33.0);
        assert!(image.chunks_exact(25).all(|plane| plane == turned));
    }
}
