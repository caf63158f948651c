//! Writes gzipped IDX files whose bytes depend on their content alone.

use std::io::{self, Write};

use flate2::{Compression, GzBuilder};

use super::format::Kind;

/// "Unknown" in the gzip header, so that every platform writes the same.
const NO_OPERATING_SYSTEM: u8 = 255;

/// A gzipped IDX file of images; `pixels` is `[count, height, width]`, and a
/// remainder that does not fill an image is left out.
pub fn encode_images_gz(pixels: &[u8], height: usize, width: usize) -> Vec<u8> {
    let image_bytes = (height * width).max(1);
    let count = pixels.len() / image_bytes;
    let sizes = [count, height, width];
    compressed(Kind::Images, &sizes, &pixels[..count * image_bytes])
}

/// A gzipped IDX file of labels, `[count]`.
pub fn encode_labels_gz(labels: &[u8]) -> Vec<u8> {
    compressed(Kind::Labels, &[labels.len()], labels)
}

fn compressed(kind: Kind, sizes: &[usize], items: &[u8]) -> Vec<u8> {
    // `Vec` as a writer never fails, so neither can this.
    write(kind, sizes, items).unwrap_or_else(|error| unreachable!("write to memory: {error}"))
}

fn write(kind: Kind, sizes: &[usize], items: &[u8]) -> io::Result<Vec<u8>> {
    let mut gzip = GzBuilder::new()
        .mtime(0)
        .operating_system(NO_OPERATING_SYSTEM)
        .write(Vec::new(), Compression::best());
    gzip.write_all(&kind.magic().to_be_bytes())?;
    for &size in sizes {
        gzip.write_all(&(size as u32).to_be_bytes())?;
    }
    gzip.write_all(items)?;
    gzip.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_content_gives_the_same_bytes_with_no_date() {
        let bytes = encode_labels_gz(&[1, 2, 3]);
        assert_eq!(bytes, encode_labels_gz(&[1, 2, 3]));
        assert_eq!(bytes[4..8], [0; 4], "modification time");
    }
}
