//! Outlines: circles, arches, mirrored and rounded polygons.

use std::f32::consts::FRAC_1_SQRT_2;

/// Height and width of an image, pixels.
pub const SIDE: usize = 28;

/// `(x, y)` in pixels, y downwards, before a canvas places it.
pub type Point = (f32, f32);

/// A polygon with its corners rounded off.
pub fn rounded(corners: &[Point]) -> Vec<Point> {
    chaikin(&chaikin(corners))
}

/// One round of Chaikin's corner cutting.
fn chaikin(corners: &[Point]) -> Vec<Point> {
    let mut cut = Vec::with_capacity(corners.len() * 2);
    for (index, &from) in corners.iter().enumerate() {
        let to = corners[(index + 1) % corners.len()];
        cut.push((0.75 * from.0 + 0.25 * to.0, 0.75 * from.1 + 0.25 * to.1));
        cut.push((0.25 * from.0 + 0.75 * to.0, 0.25 * from.1 + 0.75 * to.1));
    }
    cut
}

/// Sixteen points of the unit circle, clockwise from the right.
pub fn circle() -> [Point; 16] {
    const QUARTER: [Point; 4] = [
        (1.0, 0.0),
        (0.923_88, 0.382_68),
        (FRAC_1_SQRT_2, FRAC_1_SQRT_2),
        (0.382_68, 0.923_88),
    ];
    let mut points = [(0.0, 0.0); 16];
    for (index, point) in points.iter_mut().enumerate() {
        let (x, y) = QUARTER[index % 4];
        *point = [(x, y), (-y, x), (-x, -y), (y, -x)][index / 4];
    }
    points
}

/// The upper half of an ellipse, left to right: a handle, a strap.
pub fn arch((x, y): Point, radius_x: f32, radius_y: f32) -> Vec<Point> {
    let points = circle();
    (8..=16)
        .map(|index| points[index % 16])
        .map(|(u, v)| (x + u * radius_x, y + v * radius_y))
        .collect()
}

/// The left half of an outline, top to bottom, closed by its mirror image about
/// the centre line.
pub fn mirrored(left: &[Point]) -> Vec<Point> {
    let right = left.iter().rev().map(|&(x, y)| (SIDE as f32 - x, y));
    left.iter().copied().chain(right).collect()
}

/// The mirror image of each point about the centre line.
pub fn mirror(points: &[Point]) -> Vec<Point> {
    points.iter().map(|&(x, y)| (SIDE as f32 - x, y)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arch_goes_from_left_to_right_over_the_top() {
        let points = arch((14.0, 10.0), 4.0, 3.0);
        assert_eq!(points[0], (10.0, 10.0));
        assert_eq!(points[4], (14.0, 7.0));
        assert_eq!(points[8], (18.0, 10.0));
    }

    #[test]
    fn a_mirrored_outline_closes_about_the_centre_line() {
        assert_eq!(
            mirrored(&[(14.0, 1.0), (9.0, 5.0)]),
            [(14.0, 1.0), (9.0, 5.0), (19.0, 5.0), (14.0, 1.0)]
        );
    }

    #[test]
    fn rounding_stays_inside_the_polygon() {
        let square = [(0.0, 0.0), (8.0, 0.0), (8.0, 8.0), (0.0, 8.0)];
        let inside = |value: f32| (0.0..=8.0).contains(&value);
        assert!(
            rounded(&square)
                .iter()
                .all(|&(x, y)| inside(x) && inside(y) && (x, y) != (0.0, 0.0))
        );
    }
}
