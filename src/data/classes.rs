//! Recognises a data set by its training labels, and names its classes.

use std::collections::HashSet;
use std::io::ErrorKind;
use std::path::Path;

use flate2::Crc;

use super::error::DataError;
use crate::fs::read_limited;

/// The file of the classes' names, one a line, in the order of the labels.
pub(super) const NAMES_FILE: &str = "classes.txt";
/// Most characters of a name.
pub(super) const MAX_NAME: usize = 80;
/// Labels are bytes.
pub(super) const MAX_CLASSES: usize = 256;

pub(super) const FASHION_MNIST_CLASSES: [&str; 10] = [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
];

/// CRC-32 of the 60,000 training labels, without the file's header.
const FASHION_MNIST_CRC: u32 = 0x2ed6_e46a;
const MNIST_CRC: u32 = 0xba07_e8ef;

/// The name and class names of a set with these training labels. An unknown set is called
/// `fallback_name` and its classes are numbered.
pub(super) fn identify(train_labels: &[u8], fallback_name: &str) -> (String, Vec<String>) {
    let mut crc = Crc::new();
    crc.update(train_labels);
    match crc.sum() {
        FASHION_MNIST_CRC => ("fashion-mnist".into(), fashion_mnist()),
        MNIST_CRC => ("mnist".into(), numbered(10)),
        _ => {
            let classes = train_labels
                .iter()
                .max()
                .map_or(0, |&max| usize::from(max) + 1);
            (fallback_name.into(), numbered(classes))
        }
    }
}

/// The names in the folder's `classes.txt`, if there is one.
///
/// # Errors
/// If it cannot be read, has no name for a label, or holds what is no name.
pub(super) fn read_names(dir: &Path, labels: &[u8]) -> Result<Option<Vec<String>>, DataError> {
    let path = dir.join(NAMES_FILE);
    let most = (MAX_CLASSES * (MAX_NAME * 4 + 2)) as u64;
    let bytes = match read_limited(&path, most) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(DataError::Read { path, source }),
    };
    match parse_names(&bytes, labels) {
        Ok(names) => Ok(Some(names)),
        Err(reason) => Err(DataError::ClassNames { path, reason }),
    }
}

fn parse_names(bytes: &[u8], labels: &[u8]) -> Result<Vec<String>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "is no UTF-8 text; save it as such")?;
    let names: Vec<String> = text.lines().map(|line| line.trim().to_owned()).collect();
    let mut seen = HashSet::new();
    for (index, name) in names.iter().enumerate() {
        let line = index + 1;
        if !(1..=MAX_NAME).contains(&name.chars().count()) {
            return Err(format!(
                "line {line} must be the name of class {index}, of 1 to {MAX_NAME} characters"
            ));
        }
        if !seen.insert(name) {
            return Err(format!(
                "line {line} names a class twice; make the names differ"
            ));
        }
    }
    let largest = labels.iter().max().map_or(0, |label| usize::from(*label));
    if names.len() <= largest || names.len() > MAX_CLASSES {
        return Err(format!(
            "names {} classes, and the training images have the label {largest}; give one name a line, for \
             each label from 0 on, at most {MAX_CLASSES}",
            names.len()
        ));
    }
    Ok(names)
}

pub(super) fn fashion_mnist() -> Vec<String> {
    FASHION_MNIST_CLASSES.map(String::from).to_vec()
}

fn numbered(classes: usize) -> Vec<String> {
    (0..classes).map(|class| class.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_set_keeps_its_name_and_counts_its_classes() {
        let (name, classes) = identify(&[0, 2, 1, 2], "letters");
        assert_eq!(name, "letters");
        assert_eq!(classes, ["0", "1", "2"]);
    }

    #[test]
    fn there_may_be_256_classes() {
        assert_eq!(identify(&[255], "bytes").1.len(), 256);
    }
}
