//! What can be wrong with a data set, each said in one line with what to do.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::idx::{Kind, MAX_ITEMS, MAX_SIDE};

/// Why a data set could not be loaded. The text names the file and the remedy.
#[derive(Debug, Error)]
pub enum DataError {
    /// The folder is not there.
    #[error("{}: no such folder; check the path, or leave it out to use the built-in sample set; \
             `fmnist-tui data fetch` gets the real data", .dir.display())]
    NoFolder {
        /// The folder.
        dir: PathBuf,
    },

    /// A file stands where a folder is expected.
    #[error(
        "{}: not a folder; give the folder that holds the four data files; `fmnist-tui data import` makes one of \
         files in other formats",
        .path.display()
    )]
    NotAFolder {
        /// The file.
        path: PathBuf,
    },

    /// One or more of the four files are not in the folder.
    #[error(
        "{}: missing {}; put the files there, plain or as .gz, or choose another folder; \
         `fmnist-tui data fetch` gets the published ones, `fmnist-tui data import` makes them of other pictures",
        .dir.display(), .missing.join(", ")
    )]
    MissingFiles {
        /// The folder.
        dir: PathBuf,
        /// Each missing file, with the names that were looked for.
        missing: Vec<String>,
    },

    /// The file is not there.
    #[error("{}: no such file; check the path", .path.display())]
    NotFound {
        /// The file.
        path: PathBuf,
    },

    /// The file cannot be read.
    #[error("{}: cannot be read: {source}; check its permissions and the disk", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// The file begins as gzip but cannot be unpacked, or its checksum is wrong.
    #[error("{}: the gzip data is damaged or cut short ({reason}); get the file again", .path.display())]
    CorruptGzip {
        /// The file.
        path: PathBuf,
        /// What the decoder said.
        reason: String,
    },

    /// The file has no bytes.
    #[error("{}: the file is empty; get it again", .path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },

    /// Not an IDX file, or one of the other kind.
    #[error("{}: {}", .path.display(), wrong_magic(*.expected, .found))]
    WrongMagic {
        /// The file.
        path: PathBuf,
        /// What the file should hold.
        expected: Kind,
        /// Its first four bytes.
        found: [u8; 4],
    },

    /// A file of another kind that is known.
    #[error("{}: {what}", .path.display())]
    Mistaken {
        /// The file.
        path: PathBuf,
        /// What it is and what to do.
        what: String,
    },

    /// An image with another number of channels than a picture has.
    #[error(
        "{}: images of {channels} channels; the fourth size of the header must be 3, for red, green and blue",
        .path.display()
    )]
    WrongChannels {
        /// The file.
        path: PathBuf,
        /// As stated.
        channels: u32,
    },

    /// The file of class names cannot be used.
    #[error("{}: {reason}", .path.display())]
    ClassNames {
        /// The file.
        path: PathBuf,
        /// What is wrong and what to do.
        reason: String,
    },

    /// Images too large, or without pixels.
    #[error(
        "{}: images of {height}×{width} pixels; each side must be 1 to {MAX_SIDE}, so use smaller images",
        .path.display()
    )]
    SizeOutsideLimits {
        /// The file.
        path: PathBuf,
        /// As stated, pixels.
        height: u32,
        /// As stated, pixels.
        width: u32,
    },

    /// Too many items, or none.
    #[error(
        "{}: the header states {count} items; it must be 1 to {MAX_ITEMS}, so use a smaller set or get the file again",
        .path.display()
    )]
    CountOutsideLimits {
        /// The file.
        path: PathBuf,
        /// As stated.
        count: u32,
    },

    /// The file ends within its header.
    #[error("{}: cut short: its header ends too soon; get the file again", .path.display())]
    TruncatedHeader {
        /// The file.
        path: PathBuf,
    },

    /// The file ends before its last item.
    #[error("{}: cut short: the header states {stated} items, the file holds {held}; get it again", .path.display())]
    Truncated {
        /// The file.
        path: PathBuf,
        /// Items by the header.
        stated: usize,
        /// Whole items in the file.
        held: usize,
    },

    /// More bytes follow the last item.
    #[error("{}: more bytes follow the {stated} items its header states; get the file again", .path.display())]
    TrailingBytes {
        /// The file.
        path: PathBuf,
        /// Items by the header.
        stated: usize,
    },

    /// There is not enough memory for the items.
    #[error("{}: {bytes} bytes do not fit in memory; use a smaller set", .path.display())]
    OutOfMemory {
        /// The file.
        path: PathBuf,
        /// Size of the items.
        bytes: usize,
    },

    /// A split has not as many labels as images.
    #[error(
        "{} holds {images} images but {} holds {labels} labels; get both from the same set",
        .images_path.display(), .labels_path.display()
    )]
    CountsDisagree {
        /// The file of images.
        images_path: PathBuf,
        /// How many it holds.
        images: usize,
        /// The file of labels.
        labels_path: PathBuf,
        /// How many it holds.
        labels: usize,
    },

    /// A test label above all labels of the training images.
    #[error(
        "{}: label {label} at index {index}, but the training labels end at {}; get both from the same set",
        .path.display(), .classes.saturating_sub(1)
    )]
    LabelOutOfRange {
        /// The file.
        path: PathBuf,
        /// Of the first such label, from 0.
        index: usize,
        /// Its value.
        label: u8,
        /// One more than the largest training label.
        classes: usize,
    },

    /// Training and test images are not of one size.
    #[error(
        "{}: test images are {}×{} pixels, training images {}×{}; get both from the same set",
        .path.display(), .test.0, .test.1, .train.0, .train.1
    )]
    SizesDiffer {
        /// The file of the test images.
        path: PathBuf,
        /// Height and width, pixels.
        train: (usize, usize),
        /// Height and width, pixels.
        test: (usize, usize),
    },

    /// Only one of training and test images has colours.
    #[error(
        "{}: test images have {test} channel{}, training images {train}; get both from the same set",
        .path.display(), if *.test == 1 { "" } else { "s" }
    )]
    ChannelsDiffer {
        /// The file of the test images.
        path: PathBuf,
        /// Channels of a training image.
        train: usize,
        /// Channels of a test image.
        test: usize,
    },
}

fn wrong_magic(expected: Kind, found: &[u8; 4]) -> String {
    let number = u32::from_be_bytes(*found);
    let wanted = expected.magic();
    match Kind::from_magic(number) {
        Some(other) => format!(
            "holds {} where {} belong (magic number 0x{number:08x}, expected 0x{wanted:08x}); are two files swapped?",
            other.noun(),
            expected.noun()
        ),
        None => format!(
            "not an IDX file of {} (magic number 0x{number:08x}, expected 0x{wanted:08x}); get the file again",
            expected.noun()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swapped_files_are_called_swapped() {
        let error = DataError::WrongMagic {
            path: "train-images".into(),
            expected: Kind::Images,
            found: [0, 0, 8, 1],
        };
        assert_eq!(
            error.to_string(),
            "train-images: holds labels where images belong (magic number 0x00000801, expected 0x00000803); \
             are two files swapped?"
        );
    }

    #[test]
    fn each_missing_file_is_listed() {
        let error = DataError::MissingFiles {
            dir: "my-data".into(),
            missing: vec!["a".into(), "b".into()],
        };
        assert_eq!(
            error.to_string(),
            "my-data: missing a, b; put the files there, plain or as .gz, or choose another folder; \
             `fmnist-tui data fetch` gets the published ones, `fmnist-tui data import` makes them of other pictures"
        );
    }
}
