//! A small rasteriser: polygons, ellipses and strokes on a 28×28 grey canvas,
//! anti-aliased by 4×4 supersampling.
//!
//! Only `+ − × ÷` are used on floats: they round the same way on every platform,
//! so the sample set can be drawn again byte for byte anywhere.

use crate::geometry::{Point, SIDE, circle, rounded};
use fmnist_tui::random::SplitMix64;

const SUB: usize = 4;
const FINE: usize = SIDE * SUB;
/// Grey levels are multiples of this, so that noise compresses.
const GREY_STEP: f32 = 6.0;

/// What a shape does to what it covers.
#[derive(Clone, Copy, Debug)]
pub enum Ink {
    /// Paint this shade, 0…1.
    Shade(f32),
    /// Multiply what is already painted; the background stays empty.
    Times(f32),
    /// Back to background.
    Erase,
}

/// Where the drawing lies on the canvas; an affine map about its centre.
#[derive(Clone, Copy, Debug)]
pub struct Placement {
    pub scale: (f32, f32),
    /// x moved per y, and y moved per x.
    pub slant: (f32, f32),
    pub shift: (f32, f32),
}

pub struct Canvas {
    /// `[FINE, FINE]`; 0 is background.
    shades: Vec<f32>,
    placement: Placement,
}

impl Canvas {
    pub fn new(placement: Placement) -> Self {
        Self {
            shades: vec![0.0; FINE * FINE],
            placement,
        }
    }

    fn place(&self, (x, y): Point) -> Point {
        let p = &self.placement;
        let (x, y) = ((x - 14.0) * p.scale.0, (y - 14.0) * p.scale.1);
        (
            14.0 + x + p.slant.0 * y + p.shift.0,
            14.0 + y + p.slant.1 * x + p.shift.1,
        )
    }

    fn ink(&mut self, row: usize, column: usize, ink: Ink) {
        let shade = &mut self.shades[row * FINE + column];
        match ink {
            Ink::Shade(value) => *shade = value.clamp(0.02, 1.0),
            Ink::Times(factor) => *shade = (*shade * factor).min(1.0),
            Ink::Erase => *shade = 0.0,
        }
    }

    /// Fills a closed polygon (even-odd rule).
    pub fn fill(&mut self, corners: &[Point], ink: Ink) {
        let corners: Vec<Point> = corners.iter().map(|&corner| self.place(corner)).collect();
        let mut crossings = Vec::new();
        for row in 0..FINE {
            let y = (row as f32 + 0.5) / SUB as f32;
            crossings.clear();
            let mut from = corners[corners.len() - 1];
            for &to in &corners {
                if (from.1 <= y) != (to.1 <= y) {
                    crossings.push(from.0 + (to.0 - from.0) * (y - from.1) / (to.1 - from.1));
                }
                from = to;
            }
            crossings.sort_unstable_by(f32::total_cmp);
            for span in crossings.chunks_exact(2) {
                for column in fine_range(span[0], span[1]) {
                    self.ink(row, column, ink);
                }
            }
        }
    }

    /// Fills a polygon whose corners are rounded off.
    pub fn fill_smooth(&mut self, corners: &[Point], ink: Ink) {
        self.fill(&rounded(corners), ink);
    }

    pub fn ellipse(&mut self, (x, y): Point, radius_x: f32, radius_y: f32, ink: Ink) {
        let corners = circle().map(|(u, v)| (x + u * radius_x, y + v * radius_y));
        self.fill(&corners, ink);
    }

    /// A line of this width (pixels) through the points, with round ends.
    pub fn stroke(&mut self, points: &[Point], width: f32, ink: Ink) {
        let points: Vec<Point> = points.iter().map(|&point| self.place(point)).collect();
        let radius = width / 2.0;
        // Marked first, inked after: where two pieces overlap, ink goes on once.
        let mut covered = vec![false; FINE * FINE];
        for pair in points.windows(2) {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            let (dx, dy) = (x1 - x0, y1 - y0);
            let length2 = (dx * dx + dy * dy).max(1e-6);
            for row in fine_range(y0.min(y1) - radius, y0.max(y1) + radius) {
                for column in fine_range(x0.min(x1) - radius, x0.max(x1) + radius) {
                    let x = (column as f32 + 0.5) / SUB as f32 - x0;
                    let y = (row as f32 + 0.5) / SUB as f32 - y0;
                    let along = ((x * dx + y * dy) / length2).clamp(0.0, 1.0);
                    let (off_x, off_y) = (x - along * dx, y - along * dy);
                    if off_x * off_x + off_y * off_y <= radius * radius {
                        covered[row * FINE + column] = true;
                    }
                }
            }
        }
        for index in (0..covered.len()).filter(|&index| covered[index]) {
            self.ink(index / FINE, index % FINE, ink);
        }
    }

    /// Multiplies every painted spot by `factor(x, y)`, canvas pixels.
    pub fn texture(&mut self, factor: impl Fn(f32, f32) -> f32) {
        for (index, shade) in self
            .shades
            .iter_mut()
            .enumerate()
            .filter(|(_, shade)| **shade > 0.0)
        {
            let x = ((index % FINE) as f32 + 0.5) / SUB as f32;
            let y = ((index / FINE) as f32 + 0.5) / SUB as f32;
            *shade = (*shade * factor(x, y)).clamp(0.02, 1.0);
        }
    }

    /// The finished image, `[SIDE, SIDE]`, with noise of this strength (a
    /// fraction of the shade) where something is painted.
    pub fn finish(&self, noise: f32, random: &mut SplitMix64) -> Vec<u8> {
        let mut pixels = Vec::with_capacity(SIDE * SIDE);
        for row in 0..SIDE {
            for column in 0..SIDE {
                let mut sum = 0.0;
                for fine_row in row * SUB..(row + 1) * SUB {
                    let start = fine_row * FINE + column * SUB;
                    sum += self.shades[start..start + SUB].iter().sum::<f32>();
                }
                let mean = sum / (SUB * SUB) as f32;
                let grey = mean * (1.0 + noise * random.range(-1.0, 1.0)) * 255.0;
                let steps = (grey / GREY_STEP + 0.5) as u32 as f32;
                pixels.push((steps * GREY_STEP).min(255.0) as u8);
            }
        }
        pixels
    }
}

/// The fine rows or columns whose centres lie in `from..to` (pixels).
fn fine_range(from: f32, to: f32) -> std::ops::Range<usize> {
    // `as usize` saturates at 0, and + 0.5 rounds a fine centre up to its index.
    let index = |position: f32| ((position * SUB as f32 + 0.5) as usize).min(FINE);
    index(from)..index(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRAIGHT: Placement = Placement {
        scale: (1.0, 1.0),
        slant: (0.0, 0.0),
        shift: (0.0, 0.0),
    };

    fn finish(canvas: &Canvas) -> Vec<u8> {
        canvas.finish(0.0, &mut SplitMix64::new(0))
    }

    #[test]
    fn a_square_fills_its_pixels_and_no_others() {
        let mut canvas = Canvas::new(STRAIGHT);
        canvas.fill(
            &[(2.0, 3.0), (5.0, 3.0), (5.0, 7.0), (2.0, 7.0)],
            Ink::Shade(1.0),
        );
        let image = finish(&canvas);
        assert_eq!(image.iter().filter(|&&pixel| pixel > 250).count(), 3 * 4);
        assert_eq!(image.iter().filter(|&&pixel| pixel > 0).count(), 3 * 4);
        assert!(image[3 * SIDE + 2] > 250);
    }

    #[test]
    fn an_edge_through_a_pixel_is_anti_aliased() {
        let mut canvas = Canvas::new(STRAIGHT);
        canvas.fill(
            &[(2.5, 3.0), (5.0, 3.0), (5.0, 4.0), (2.5, 4.0)],
            Ink::Shade(1.0),
        );
        assert!((120..136).contains(&finish(&canvas)[3 * SIDE + 2]));
    }

    #[test]
    fn shapes_beyond_the_border_are_cut_off() {
        let mut canvas = Canvas::new(STRAIGHT);
        canvas.ellipse((0.0, 0.0), 100.0, 100.0, Ink::Shade(0.5));
        canvas.stroke(&[(-50.0, -50.0), (80.0, 80.0)], 3.0, Ink::Erase);
        assert_eq!(finish(&canvas)[0], 0);
    }
}
