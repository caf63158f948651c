//! Draws the sample set of `data/sample`: 4,000 training and 1,000 test images of ten kinds of
//! garment, 28×28 grey. The same bytes every time, on every platform.
//!
//! ```sh
//! cargo run --release --example draw-sample -- FOLDER
//! ```
//!
//! writes the four files. The program has them built in, so drawing is only needed to change them.

mod accessories;
mod body;
mod boots;
mod canvas;
mod geometry;
mod image;
mod sandals;
mod shoes;
mod texture;
mod tops;

use fmnist_tui::data::idx::{encode_images_gz, encode_labels_gz};
use fmnist_tui::data::sample::FILES;
use fmnist_tui::random::SplitMix64;
use geometry::SIDE;
use std::path::Path;

const TRAIN_COUNT: usize = 4_000;
const TEST_COUNT: usize = 1_000;
const SEED: u64 = 0x0066_6d6e_6973_7401;

fn main() -> std::io::Result<()> {
    let folder = std::env::args_os().nth(1);
    let folder = folder.unwrap_or_else(|| "data/sample".into());
    std::fs::create_dir_all(&folder)?;
    for (name, bytes) in draw_files() {
        std::fs::write(Path::new(&folder).join(name), bytes)?;
    }
    Ok(())
}

/// Official name and gzipped IDX bytes of each of the four files.
fn draw_files() -> [(&'static str, Vec<u8>); 4] {
    let (train_images, train_labels) = draw_split(TRAIN_COUNT, 0);
    let (test_images, test_labels) = draw_split(TEST_COUNT, 1);
    let images = |pixels: &[u8]| encode_images_gz(pixels, SIDE, SIDE);
    [
        (FILES[0].0, images(&train_images)),
        (FILES[1].0, encode_labels_gz(&train_labels)),
        (FILES[2].0, images(&test_images)),
        (FILES[3].0, encode_labels_gz(&test_labels)),
    ]
}

/// Images `[count, SIDE, SIDE]` and labels; every class equally often.
fn draw_split(count: usize, split: u64) -> (Vec<u8>, Vec<u8>) {
    let mut labels: Vec<u8> = (0..count)
        .map(|index| (index % image::CLASSES) as u8)
        .collect();
    SplitMix64::stream(SEED, split).shuffle(&mut labels);
    let mut pixels = Vec::with_capacity(count * SIDE * SIDE);
    for (index, &label) in labels.iter().enumerate() {
        let mut random = SplitMix64::stream(SEED ^ (split + 1), index as u64);
        pixels.extend(image::draw(label, &mut random));
    }
    (pixels, labels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use std::io::Read;

    fn unpacked(bytes: &[u8]) -> Vec<u8> {
        let mut content = Vec::new();
        GzDecoder::new(bytes).read_to_end(&mut content).unwrap();
        content
    }

    #[test]
    fn drawing_the_set_again_gives_the_embedded_content() {
        for ((name, bytes), (embedded_name, embedded)) in draw_files().iter().zip(FILES) {
            assert_eq!(*name, embedded_name);
            // Another version of the packer may pack the same content otherwise. Not `assert_eq`: a
            // failure would print megabytes.
            let is_same = unpacked(bytes) == unpacked(embedded);
            assert!(is_same, "{name} differs from data/sample");
        }
    }
}
