//! What a file is, told by its first bytes, whatever its name.

use super::gzip::GZIP_MAGIC;

/// Bytes from the beginning of a file that are enough to tell.
pub(super) const START_BYTES: usize = 512;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Gzip around something else.
    Gzip,
    /// A zip archive; NumPy's `.npz` is one too.
    Zip,
    /// A tar archive.
    Tar,
    /// A NumPy array.
    Npy,
    /// An IDX file of the type with this code, and of so many dimensions.
    Idx(u8, u8),
    /// A picture of a format that is read.
    Picture,
    /// A page for a browser.
    WebPage,
    /// What Git stores in the place of a large file.
    LfsPointer,
    /// Python's serialised objects.
    Pickle,
    /// Something else that is known, and what a user calls it.
    Other(&'static str),
    /// Text, so perhaps a table.
    Text,
    /// Nothing that is known.
    Unknown,
}

const OTHERS: [(&[u8], &str); 8] = [
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"\x89HDF\r\n", "an HDF5 file"),
    (b"PAR1", "a Parquet file"),
    (b"MATLAB 5.0 MAT-file", "a MATLAB file"),
];

const PICTURES: [&[u8]; 6] = [
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"II*\0",
    b"MM\0*",
];

impl Content {
    /// Of a file that begins with `start`, at most [`START_BYTES`] of it.
    pub fn of(start: &[u8]) -> Self {
        let other = OTHERS.iter().find(|(magic, _)| start.starts_with(magic));
        if let Some((_, name)) = other {
            return Self::Other(name);
        }
        match start {
            _ if start.starts_with(&GZIP_MAGIC) => Self::Gzip,
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Self::Zip,
            _ if start.get(257..262) == Some(b"ustar") => Self::Tar,
            _ if start.starts_with(b"\x93NUMPY") => Self::Npy,
            [0, 0, kind @ (8 | 9 | 11..=14), dimensions @ 1..=8, ..] => {
                Self::Idx(*kind, *dimensions)
            }
            _ if is_picture(start) => Self::Picture,
            _ if start.starts_with(b"version https://git-lfs") => Self::LfsPointer,
            [0x80, 2..=5, ..] => Self::Pickle,
            _ if is_web_page(start) => Self::WebPage,
            _ if is_text(start) => Self::Text,
            _ => Self::Unknown,
        }
    }

    /// What it is and what to do, where it cannot be used as it is; for one line after a file's name.
    pub fn remark(self) -> Option<String> {
        Some(match self {
            Self::Gzip => "is gzipped twice; unpack it once: gunzip".into(),
            Self::Zip | Self::Tar => {
                "is an archive; `fmnist-tui data import` reads what is in it".into()
            }
            Self::Npy => "is a NumPy array; `fmnist-tui data import` reads it".into(),
            Self::Picture => {
                "is a picture; `fmnist-tui data import` reads a folder of pictures for each class".into()
            }
            Self::Idx(kind, dimensions) => format!(
                "is an IDX file of {} with {dimensions} dimension{}; `fmnist-tui data import` makes one of \
                 bytes where it can",
                idx_type(kind),
                if dimensions == 1 { "" } else { "s" }
            ),
            Self::WebPage => {
                "is a web page, not data: the address led to a page about the file; get the file itself"
                    .into()
            }
            Self::LfsPointer => {
                "is a Git LFS pointer, a note in the place of the file; `git lfs pull` gets the file".into()
            }
            Self::Pickle => {
                "is a Python pickle, which is never read, as it can run any code; save the arrays with \
                 numpy.savez, or get the binary version of the data"
                    .into()
            }
            Self::Other(name) => format!("is {name}, which is not read; unpack or convert it first"),
            Self::Text | Self::Unknown => return None,
        })
    }
}

/// What an IDX type code stands for.
pub(super) fn idx_type(kind: u8) -> &'static str {
    match kind {
        0x08 => "bytes",
        0x09 => "signed bytes",
        0x0b => "16-bit integers",
        0x0c => "32-bit integers",
        0x0d => "32-bit floats",
        _ => "64-bit floats",
    }
}

fn is_picture(start: &[u8]) -> bool {
    let is_webp = start.starts_with(b"RIFF") && start.get(8..12) == Some(b"WEBP");
    // "BM", the file's size, and four bytes that are 0.
    let is_bmp = start.starts_with(b"BM") && start.get(6..10) == Some(&[0; 4]);
    is_webp || is_bmp || PICTURES.iter().any(|magic| start.starts_with(magic))
}

fn is_web_page(start: &[u8]) -> bool {
    let text = start.trim_ascii_start().to_ascii_lowercase();
    [&b"<!doctype"[..], b"<html", b"<?xml"]
        .iter()
        .any(|tag| text.starts_with(tag))
}

/// Whether these are letters, digits, punctuation and white space alone.
fn is_text(start: &[u8]) -> bool {
    let is_printed = |byte: &u8| !byte.is_ascii_control() || byte.is_ascii_whitespace();
    !start.is_empty() && start.iter().all(is_printed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_data_is_called_by_its_name() {
        let said = |start: &[u8]| Content::of(start).remark().unwrap_or_default();
        assert!(said(b"\n<!DOCTYPE html><html>").contains("web page"));
        assert!(said(b"version https://git-lfs.github.com/spec/v1\n").contains("git lfs pull"));
        assert!(said(&[0, 0, 13, 3, 0, 0]).contains("32-bit floats with 3 dimensions"));
        assert!(said(&[0x80, 2, b'}']).contains("pickle"));
        assert!(said(b"\x89HDF\r\n\x1a\n").contains("HDF5"));
        assert_eq!(Content::of(b"label,pixel1\n"), Content::Text);
        assert_eq!(Content::of(b"\x01\x02\x03"), Content::Unknown);
        assert_eq!(Content::of(b""), Content::Unknown);
    }
}
