//! The built-in sample set: 4,000 training and 1,000 test images of ten kinds of
//! garment, 28×28 grey, drawn by this module.
//!
//! It lets the program run with no download. It is **not** Fashion-MNIST: the
//! classes carry the same names, but every image is drawn, none is a photograph.

mod accessories;
mod body;
mod boots;
mod canvas;
mod geometry;
mod sandals;
mod shoes;
mod texture;
mod tops;

use super::idx;
use crate::random::SplitMix64;
use canvas::{Canvas, Ink, Placement, SIDE};

const TRAIN_COUNT: usize = 4_000;
const TEST_COUNT: usize = 1_000;
const CLASSES: usize = 10;
const SEED: u64 = 0x0066_6d6e_6973_7401;

macro_rules! embedded {
    ($name:literal) => {
        (
            $name,
            include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/sample/", $name)),
        )
    };
}

/// Official name and gzipped IDX bytes of the four files: training images,
/// training labels, test images, test labels.
pub(super) const EMBEDDED: [(&str, &[u8]); 4] = [
    embedded!("train-images-idx3-ubyte.gz"),
    embedded!("train-labels-idx1-ubyte.gz"),
    embedded!("t10k-images-idx3-ubyte.gz"),
    embedded!("t10k-labels-idx1-ubyte.gz"),
];

/// Draws the sample set again: official name and gzipped IDX bytes of each of
/// the four files. The same bytes every time, on every platform.
pub fn generate() -> [(&'static str, Vec<u8>); 4] {
    let (train_images, train_labels) = draw_split(TRAIN_COUNT, 0);
    let (test_images, test_labels) = draw_split(TEST_COUNT, 1);
    let images = |pixels: &[u8]| idx::encode_images_gz(pixels, SIDE, SIDE);
    [
        (EMBEDDED[0].0, images(&train_images)),
        (EMBEDDED[1].0, idx::encode_labels_gz(&train_labels)),
        (EMBEDDED[2].0, images(&test_images)),
        (EMBEDDED[3].0, idx::encode_labels_gz(&test_labels)),
    ]
}

/// Images `[count, SIDE, SIDE]` and labels; every class equally often.
fn draw_split(count: usize, split: u64) -> (Vec<u8>, Vec<u8>) {
    let mut labels: Vec<u8> = (0..count).map(|index| (index % CLASSES) as u8).collect();
    SplitMix64::stream(SEED, split).shuffle(&mut labels);
    let mut pixels = Vec::with_capacity(count * SIDE * SIDE);
    for (index, &label) in labels.iter().enumerate() {
        let mut random = SplitMix64::stream(SEED ^ (split + 1), index as u64);
        pixels.extend(draw(label, &mut random));
    }
    (pixels, labels)
}

/// One image, `[SIDE, SIDE]`.
fn draw(label: u8, random: &mut SplitMix64) -> Vec<u8> {
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

    #[test]
    fn drawing_the_set_again_gives_the_embedded_bytes() {
        for ((name, bytes), (embedded_name, embedded)) in generate().iter().zip(EMBEDDED) {
            assert_eq!(*name, embedded_name);
            // Not `assert_eq`: nobody wants a megabyte in the message.
            assert!(bytes == embedded, "{name} differs from data/sample");
        }
    }

    #[test]
    fn the_set_is_small_enough_to_embed() {
        let bytes: usize = EMBEDDED.iter().map(|(_, bytes)| bytes.len()).sum();
        assert!(bytes < 2_000_000, "{bytes} bytes");
    }

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
