//! Lists of training images to leave out: a text file with the number of an image a line, counted from 0.
//! What follows a `#` is for people.

use crate::fs::read_limited;
use crate::text::{escape_controls, first, grouped, shown_path};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// A million lines with a reason each take less.
const MAX_BYTES: u64 = 128 << 20;
/// Characters of a wrong line that an error repeats.
const SHOWN: usize = 20;

/// The training images that are left out, each once, in ascending order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exclusions(Vec<u32>);

/// Why a list cannot be used.
#[derive(Debug, Error)]
pub enum ExclusionsError {
    /// The file cannot be read.
    #[error("{}: cannot read the list of images to leave out: {source}", shown_path(.path))]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A line is no number of a training image, or stands there twice.
    #[error("{}:{line}: {problem}", shown_path(.path))]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it and what to do.
        problem: String,
    },
}

impl Exclusions {
    /// Reads a list for data with so many training images.
    ///
    /// # Errors
    /// When the file cannot be read, or its first line that is wrong.
    pub fn read(path: &Path, images: usize) -> Result<Self, ExclusionsError> {
        let bytes = read_limited(path, MAX_BYTES).map_err(|source| ExclusionsError::Read {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(&bytes, path, images)
    }

    /// Parses a list; `origin` stands for the file in errors.
    ///
    /// # Errors
    /// The first line that is not the number of one of the `images`, or names one again.
    pub fn parse(bytes: &[u8], origin: &Path, images: usize) -> Result<Self, ExclusionsError> {
        let mut lines_of: HashMap<u32, usize> = HashMap::new();
        // Some editors begin a text with a mark of its encoding.
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
            let line_number = index + 1;
            let wrong = |problem| ExclusionsError::Line {
                path: origin.to_owned(),
                line: line_number,
                problem,
            };
            let number = line.split(|byte| *byte == b'#').next().unwrap_or(line);
            let number = number.trim_ascii();
            if number.is_empty() {
                continue;
            }
            let image = image_number(number, images).map_err(wrong)?;
            if let Some(before) = lines_of.insert(image, line_number) {
                return Err(wrong(format!(
                    "image {image} stands in line {before} already; remove one of the two"
                )));
            }
        }
        let mut images: Vec<u32> = lines_of.into_keys().collect();
        images.sort_unstable();
        Ok(Self(images))
    }

    /// A list that is in order already, such as one that a run keeps; none where it is not.
    pub fn sorted(images: Vec<u32>) -> Option<Self> {
        images.is_sorted_by(|a, b| a < b).then_some(Self(images))
    }

    /// The numbers, in ascending order.
    pub fn images(&self) -> &[u32] {
        &self.0
    }

    /// Those of the first `count` training images.
    #[must_use]
    pub fn below(mut self, count: usize) -> Self {
        self.0.retain(|image| (*image as usize) < count);
        self
    }

    /// Whether an image is left out.
    pub fn contains(&self, image: u32) -> bool {
        self.0.binary_search(&image).is_ok()
    }

    /// The line of a list that leaves out `image`, with the reason for people.
    pub fn line(image: u32, reason: &str) -> String {
        match reason {
            "" => format!("{image}\n"),
            reason => format!("{image}  # {}\n", escape_controls(reason)),
        }
    }
}

/// The number of one of so many images.
fn image_number(text: &[u8], images: usize) -> Result<u32, String> {
    // A sign would be taken for a part of the number.
    let digits = std::str::from_utf8(text).ok().filter(|text| {
        let mut bytes = text.bytes();
        bytes.all(|byte| byte.is_ascii_digit())
    });
    let Some(digits) = digits else {
        let shown = escape_controls(&String::from_utf8_lossy(text));
        return Err(format!(
            "{:?} is not the number of an image; write one number a line, and what else is to be said \
             behind a #",
            first(&shown, SHOWN)
        ));
    };
    // More digits than a number can hold are past the end too.
    let number: Option<u32> = digits.parse().ok();
    number
        .filter(|number| (*number as usize) < images)
        .ok_or_else(|| {
            format!(
                "there is no training image {}; the data has {}, counted from 0",
                first(digits, SHOWN),
                grouped(images as u64)
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Vec<u32>, String> {
        let list = Exclusions::parse(text.as_bytes(), Path::new("list.txt"), 100);
        let list = list.map_err(|error| error.to_string())?;
        Ok(list.images().to_vec())
    }

    #[test]
    fn numbers_are_read_and_what_is_for_people_is_not() {
        let text = "# made by hand\n7\n\n 3  # a copy of 7\r\n99 #\n#5\n";
        assert_eq!(parse(text), Ok(vec![3, 7, 99]));
        assert_eq!(parse("\u{feff}0"), Ok(vec![0]));
        assert_eq!(parse(""), Ok(vec![]));
        let written = Exclusions::line(4, "one\ntwo") + &Exclusions::line(2, "");
        assert_eq!(parse(&written), Ok(vec![2, 4]));
    }

    #[test]
    fn a_wrong_line_is_named_with_what_is_wrong() {
        let error = |text: &str| parse(text).unwrap_err();
        let last = error("1\n2\n100  # too many\n");
        assert_eq!(
            last,
            "list.txt:3: there is no training image 100; the data has 100, counted from 0"
        );
        assert!(error("99999999999999999999999").contains("there is no training image"));
        let twice = error("5\n6\n5\n");
        assert!(twice.starts_with("list.txt:3: image 5 stands in line 1 already"));
        for text in ["-1", "+1", "1.0", "1,000", "1 2", "x\u{1b}[0m", "½"] {
            let error = error(&format!("0\n{text}\n"));
            assert!(error.starts_with("list.txt:2: "), "{error}");
            assert!(error.contains("is not the number of an image"), "{error}");
            assert!(!error.contains('\u{1b}'), "{error}");
        }
        let gone = Exclusions::read(Path::new("no/list.txt"), 9).unwrap_err();
        assert!(gone.to_string().starts_with("no/list.txt: cannot read"));
    }
}
