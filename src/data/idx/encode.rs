//! Writes gzipped IDX files whose bytes depend on their content alone.

use std::io::{self, Write};

use flate2::{Compression, GzBuilder};
use rayon::prelude::*;

use super::format::Kind;

/// "Unknown" in the gzip header, so that every platform writes the same.
const NO_OPERATING_SYSTEM: u8 = 255;

/// Bytes that are gzipped together. What is longer becomes several members, one after the other, each made
/// by a thread: RFC 1952 calls that a gzip file too, and every reader unpacks it as one.
const MEMBER_BYTES: usize = 8 << 20;

/// A gzipped IDX file of grey images; `pixels` is `[count, height, width]`, and a
/// remainder that does not fill an image is left out.
pub fn encode_images_gz(pixels: &[u8], height: usize, width: usize) -> Vec<u8> {
    let image_bytes = (height * width).max(1);
    let count = pixels.len() / image_bytes;
    let sizes = [count, height, width];
    compressed(Kind::Images, &sizes, &pixels[..count * image_bytes])
}

/// A gzipped IDX file of images with colours, `[count, height, width, 3]`; `pixels` is
/// `[count, 3, height, width]`, and a remainder that does not fill an image is left out.
pub fn encode_colour_images_gz(pixels: &[u8], height: usize, width: usize) -> Vec<u8> {
    let plane = (height * width).max(1);
    let images = pixels.chunks_exact(3 * plane);
    let sizes = [images.len(), height, width, 3];
    let mut items = Vec::with_capacity(pixels.len());
    for image in images {
        items.extend((0..3 * plane).map(|place| image[place % 3 * plane + place / 3]));
    }
    compressed(Kind::ColourImages, &sizes, &items)
}

/// A gzipped IDX file of labels, `[count]`.
pub fn encode_labels_gz(labels: &[u8]) -> Vec<u8> {
    compressed(Kind::Labels, &[labels.len()], labels)
}

fn compressed(kind: Kind, sizes: &[usize], items: &[u8]) -> Vec<u8> {
    let mut header = kind.magic().to_be_bytes().to_vec();
    for &size in sizes {
        header.extend((size as u32).to_be_bytes());
    }
    let (first, rest) = items.split_at(items.len().min(MEMBER_BYTES));
    let members: Vec<Vec<u8>> = std::iter::once((header, first))
        .chain(rest.chunks(MEMBER_BYTES).map(|items| (Vec::new(), items)))
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|(header, items)| member(&header, items))
        .collect();
    members.concat()
}

fn member(header: &[u8], items: &[u8]) -> Vec<u8> {
    // `Vec` as a writer never fails, so neither can this.
    write(header, items).unwrap_or_else(|error| unreachable!("write to memory: {error}"))
}

fn write(header: &[u8], items: &[u8]) -> io::Result<Vec<u8>> {
    let mut gzip = GzBuilder::new()
        .mtime(0)
        .operating_system(NO_OPERATING_SYSTEM)
        .write(Vec::new(), Compression::best());
    gzip.write_all(header)?;
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
