//! Small made sources.

use image::{DynamicImage, ImageFormat, RgbImage};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

/// The levels of an 8×8 picture: a dark one with a light bar that stands where its class says.
pub fn grey(class: usize, index: usize) -> Vec<u8> {
    let level = |place: usize| match (place / 8, place % 8) {
        (0 | 7, _) | (_, 0 | 7) => 0,
        (row, _) if row == 1 + class % 6 => 200,
        _ => (index % 7) as u8,
    };
    (0..64).map(level).collect()
}

/// A picture file of one colour with a border of another.
pub fn picture(format: ImageFormat, side: u32, border: [u8; 3], inner: [u8; 3]) -> Vec<u8> {
    let edge = side / 4;
    let pixels = RgbImage::from_fn(side, side, |x, y| {
        let is_inner = (edge..side - edge).contains(&x) && (edge..side - edge).contains(&y);
        image::Rgb(if is_inner { inner } else { border })
    });
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(pixels)
        .write_to(&mut bytes, format)
        .unwrap();
    bytes.into_inner()
}

/// A PNG with no colours.
pub fn grey_png(level: u8) -> Vec<u8> {
    picture(ImageFormat::Png, 16, [0; 3], [level; 3])
}

/// An IDX file of a type.
pub fn idx(kind: u8, sizes: &[u32], items: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, kind, sizes.len() as u8];
    sizes
        .iter()
        .for_each(|size| bytes.extend(size.to_be_bytes()));
    [bytes, items.to_vec()].concat()
}

/// A NumPy array; `shape` as Python writes it, as in `(2, 3)`.
pub fn npy(descr: &str, shape: &str, data: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n");
    let mut bytes = b"\x93NUMPY\x01\0".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    [&bytes, header.as_bytes(), data].concat()
}

/// A zip archive.
pub fn zip(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A gzipped tar archive.
pub fn tar_gz(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        // `set_path` would refuse a path that leaves the folder.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        tar.append(&header, bytes.as_slice()).unwrap();
    }
    gz(&tar.into_inner().unwrap())
}

/// Gzip.
pub fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}
