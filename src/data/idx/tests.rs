use std::io::{self, BufRead, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::*;
use crate::data::error::DataError;
use crate::data::gzip::GZIP_MAGIC;

fn images(bytes: &[u8]) -> Result<Images, DataError> {
    parse_images(bytes, bytes.len() as u64, Path::new("images"))
}

fn labels(bytes: &[u8]) -> Result<Vec<u8>, DataError> {
    parse_labels(bytes, bytes.len() as u64, Path::new("labels"))
}

fn idx_bytes(magic: u32, sizes: &[u32], items: &[u8]) -> Vec<u8> {
    let mut bytes = magic.to_be_bytes().to_vec();
    for size in sizes {
        bytes.extend(size.to_be_bytes());
    }
    bytes.extend(items);
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Two images of 2×3 pixels.
fn good_images() -> Vec<u8> {
    let pixels: Vec<u8> = (0..12).collect();
    idx_bytes(0x803, &[2, 2, 3], &pixels)
}

#[test]
fn plain_and_gzipped_files_read_the_same() {
    let plain = images(&good_images()).unwrap();
    assert_eq!((plain.count, plain.height, plain.width), (2, 2, 3));
    assert_eq!(plain.pixels, (0..12).collect::<Vec<u8>>());
    assert_eq!(images(&gzip(&good_images())).unwrap(), plain);
    assert_eq!(
        images(&encode_images_gz(&plain.pixels, 2, 3)).unwrap(),
        plain
    );
    assert_eq!(labels(&encode_labels_gz(&[3, 1, 2])).unwrap(), [3, 1, 2]);
}

#[test]
fn gzip_is_told_by_content_not_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("labels.gz");
    std::fs::write(&path, idx_bytes(0x801, &[2], &[4, 5])).unwrap();
    assert_eq!(read_labels(&path).unwrap(), [4, 5]);
}

#[test]
fn a_missing_file_is_named() {
    let path = PathBuf::from("no/such/file");
    let error = read_labels(&path).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no/such/file: no such file; check the path"
    );
}

#[test]
fn a_folder_in_place_of_a_file_cannot_be_read() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(
        read_images(dir.path()),
        Err(DataError::Read { .. })
    ));
}

#[test]
fn an_empty_file_is_called_empty() {
    assert!(matches!(images(&[]), Err(DataError::Empty { .. })));
}

#[test]
fn labels_where_images_belong_are_recognised() {
    let error = images(&idx_bytes(0x801, &[1], &[0]))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("holds labels where images belong"),
        "{error}"
    );
    let error = images(b"abcd....").unwrap_err().to_string();
    assert!(error.contains("0x61626364, expected 0x00000803"), "{error}");
}

#[test]
fn what_else_a_file_is_is_said() {
    let twice = gzip(&gzip(&good_images()));
    let floats = idx_bytes(0xd03, &[1, 1, 1], &[0; 4]);
    for (bytes, said) in [
        (&b"<!DOCTYPE html>"[..], "web page"),
        (
            b"version https://git-lfs.github.com/spec/v1",
            "git lfs pull",
        ),
        (b"PK\x03\x04....", "data import"),
        (&twice, "gzipped twice"),
        (&floats, "32-bit floats"),
    ] {
        let error = images(bytes).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn colours_have_a_fourth_dimension_of_three() {
    let colours = images(&idx_bytes(0x804, &[1, 1, 2, 3], &[1, 2, 3, 4, 5, 6])).unwrap();
    assert_eq!(
        (colours.channels, colours.pixels),
        (3, vec![1, 4, 2, 5, 3, 6])
    );
    let error = images(&idx_bytes(0x804, &[1, 1, 2, 4], &[0; 8])).unwrap_err();
    assert!(
        error.to_string().contains("images of 4 channels"),
        "{error}"
    );
}

#[test]
fn sizes_and_counts_have_limits() {
    for (height, width) in [(0, 28), (28, 0), (65, 28), (28, u32::MAX)] {
        let error = images(&idx_bytes(0x803, &[1, height, width], &[0])).unwrap_err();
        assert!(
            matches!(error, DataError::SizeOutsideLimits { .. }),
            "{error}"
        );
    }
    for count in [0, 1_000_001, u32::MAX] {
        let error = images(&idx_bytes(0x803, &[count, 28, 28], &[0])).unwrap_err();
        assert!(
            matches!(error, DataError::CountOutsideLimits { .. }),
            "{error}"
        );
    }
}

#[test]
fn a_file_cut_short_says_what_it_holds() {
    let whole = good_images();
    for bytes in [
        whole[..whole.len() - 1].to_vec(),
        gzip(&whole[..whole.len() - 1]),
    ] {
        let error = images(&bytes).unwrap_err().to_string();
        assert!(
            error.contains("states 2 items, the file holds 1"),
            "{error}"
        );
    }
    assert!(matches!(
        images(&whole[..10]),
        Err(DataError::TruncatedHeader { .. })
    ));
}

#[test]
fn a_gzip_cut_short_or_damaged_is_corrupt() {
    let whole = gzip(&good_images());
    for end in [3, 12, whole.len() - 9, whole.len() - 1] {
        let error = images(&whole[..end]).unwrap_err();
        assert!(
            matches!(error, DataError::CorruptGzip { .. }),
            "{end}: {error}"
        );
    }
    let mut wrong_checksum = whole.clone();
    let position = whole.len() - 6;
    wrong_checksum[position] ^= 1;
    assert!(matches!(
        images(&wrong_checksum),
        Err(DataError::CorruptGzip { .. })
    ));
}

#[test]
fn bytes_after_the_end_are_refused() {
    let mut bytes = good_images();
    bytes.push(0);
    for bytes in [bytes.clone(), gzip(&bytes)] {
        assert!(matches!(
            images(&bytes),
            Err(DataError::TrailingBytes { .. })
        ));
    }
}

#[test]
fn a_gzip_bomb_is_left_after_its_stated_size() {
    struct Counted<'a>(&'a [u8], &'a AtomicUsize);
    impl Read for Counted<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0.read(buffer)
        }
    }
    impl BufRead for Counted<'_> {
        fn fill_buf(&mut self) -> io::Result<&[u8]> {
            Ok(&self.0[..self.0.len().min(64)])
        }
        fn consume(&mut self, amount: usize) {
            self.1.fetch_add(amount, Ordering::Relaxed);
            self.0.consume(amount);
        }
    }
    let mut bomb = good_images();
    bomb.resize(20_000_000, 0);
    let bomb = gzip(&bomb);
    let taken = AtomicUsize::new(0);
    let result = parse_images(Counted(&bomb, &taken), bomb.len() as u64, Path::new("bomb"));
    assert!(matches!(result, Err(DataError::TrailingBytes { .. })));
    let taken = taken.into_inner();
    assert!(taken < bomb.len() / 10, "{taken} of {} read", bomb.len());
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = images(&bytes);
        let _ = labels(&bytes);
        let _ = images(&[&GZIP_MAGIC[..], &bytes].concat());
    }

    #[test]
    fn any_header_is_read_or_refused(
        sizes in prop::array::uniform3(prop_oneof![any::<u32>(), 0..70u32]),
        items in prop::collection::vec(any::<u8>(), 0..100),
    ) {
        if let Ok(read) = images(&idx_bytes(0x803, &sizes, &items)) {
            prop_assert_eq!(&read.pixels, &items);
        }
        if let Ok(read) = labels(&idx_bytes(0x801, &sizes[..1], &items)) {
            prop_assert_eq!(read, items);
        }
    }

    #[test]
    fn a_truncated_file_is_always_refused(end in 0.0..1.0f64) {
        for whole in [good_images(), gzip(&good_images())] {
            let end = (end * whole.len() as f64) as usize;
            prop_assert!(images(&whole[..end]).is_err());
        }
    }

    #[test]
    fn a_flipped_bit_never_changes_gzipped_pixels_unseen(position in 0.0..1.0f64, bit in 0..8u8) {
        let whole = gzip(&good_images());
        let mut damaged = whole.clone();
        damaged[(position * whole.len() as f64) as usize] ^= 1 << bit;
        // Some header bits (time, system) mean nothing; all else is caught.
        if let Ok(read) = images(&damaged) {
            prop_assert_eq!(read, images(&good_images()).unwrap());
        }
    }
}
