//! One image of a class: a garment, its folds, hidden parts and noise.

use crate::canvas::{Canvas, Ink, Placement};
use crate::{accessories, boots, geometry, sandals, shoes, texture, tops};
use fmnist_tui::random::SplitMix64;

/// The number of classes.
pub const CLASSES: usize = 10;

/// One image, `[SIDE, SIDE]`.
pub fn draw(label: u8, random: &mut SplitMix64) -> Vec<u8> {
    let scale = random.range(0.96, 1.08);
    let mut canvas = Canvas::new(Placement {
        scale: (
            scale * random.range(0.92, 1.06),
            scale * random.range(0.96, 1.02),
        ),
        slant: (random.range(-0.06, 0.06), random.range(-0.04, 0.04)),
        shift: (random.range(-1.0, 1.0), random.range(-0.7, 0.7)),
    });
    match label {
        0 => tops::t_shirt(&mut canvas, random),
        1 => accessories::trousers(&mut canvas, random),
        2 => tops::pullover(&mut canvas, random),
        3 => tops::dress(&mut canvas, random),
        4 => tops::coat(&mut canvas, random),
        5 => sandals::sandal(&mut canvas, random),
        6 => tops::shirt(&mut canvas, random),
        7 => shoes::sneaker(&mut canvas, random),
        8 => accessories::bag(&mut canvas, random),
        _ => boots::ankle_boot(&mut canvas, random),
    }
    texture::folds(&mut canvas, random);
    if random.chance(0.06) {
        hide_a_part(&mut canvas, random);
    }
    let noise = random.range(0.02, 0.08);
    canvas.finish(noise, random)
}

/// Cuts a strip or a corner away, as a crop or a fold would.
fn hide_a_part(canvas: &mut Canvas, random: &mut SplitMix64) {
    if random.chance(0.5) {
        let x = random.range(3.0, 7.0);
        let strip = [
            (-4.0, -4.0),
            (x, -4.0),
            (x + random.range(-2.0, 2.0), 32.0),
            (-4.0, 32.0),
        ];
        let strip = if random.chance(0.5) {
            geometry::mirror(&strip)
        } else {
            strip.to_vec()
        };
        canvas.fill(&strip, Ink::Erase);
    } else {
        let centre = (random.range(4.0, 24.0), random.range(4.0, 24.0));
        canvas.ellipse(
            centre,
            random.range(1.5, 3.5),
            random.range(1.5, 3.5),
            Ink::Erase,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::SIDE;

    #[test]
    fn every_image_shows_something_on_an_empty_background() {
        for label in 0..CLASSES as u8 {
            for index in 0..50 {
                let image = draw(label, &mut SplitMix64::stream(1, index));
                let painted = image.iter().filter(|&&pixel| pixel > 0).count();
                assert!(
                    (15..650).contains(&painted),
                    "class {label}: {painted} pixels"
                );
            }
        }
    }

    /// Mean height and width of what is painted, pixels, over 100 images.
    fn mean_extent(label: u8) -> (f32, f32) {
        let (mut rows, mut columns) = (0, 0);
        for index in 0..100 {
            let image = draw(label, &mut SplitMix64::stream(2, index));
            let painted = |row: usize, column: usize| image[row * SIDE + column] > 0;
            rows += (0..SIDE)
                .filter(|&row| (0..SIDE).any(|column| painted(row, column)))
                .count();
            columns += (0..SIDE)
                .filter(|&column| (0..SIDE).any(|row| painted(row, column)))
                .count();
        }
        (rows as f32 / 100.0, columns as f32 / 100.0)
    }

    #[test]
    fn trousers_and_dresses_are_tall_shoes_and_sandals_are_wide() {
        for label in [1, 3] {
            let (height, width) = mean_extent(label);
            assert!(height > 1.4 * width, "class {label}: {height}×{width}");
        }
        for label in [5, 7] {
            let (height, width) = mean_extent(label);
            assert!(width > 1.4 * height, "class {label}: {height}×{width}");
        }
    }
}
