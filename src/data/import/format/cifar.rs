//! CIFAR-10 and CIFAR-100 in their binary version.

use std::fs;
use std::io::Read;
use std::path::Path;

use super::definition::Format;
use crate::data::import::array::{Array, ArrayPart, Numbers, parts};
use crate::data::import::bytes::open;
use crate::data::import::class_labels::ClassLabels;
use crate::data::import::entries::{Entries, name_of};
use crate::data::import::error::ImportError;
use crate::data::import::part::PartName;
use crate::data::import::pictures::Found;
use crate::data::import::work::Work;

/// Red, green and blue of 32×32 pixels.
const PIXELS: usize = 3 * 32 * 32;
/// More pictures in a file are not CIFAR's.
const MAX_PICTURES: usize = 1_000_000;
/// A longer list of names is none.
const MAX_NAMES_BYTES: u64 = 1 << 16;

/// Files of records: labels, then the planes of the colours.
pub struct Cifar;

/// Which of the two sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    name: &'static str,
    /// Bytes before the pixels; the last one is the class.
    label_bytes: usize,
    /// Each is below this number.
    most: [u8; 2],
    names_file: &'static str,
}

const VERSIONS: [Version; 2] = [
    Version {
        name: "CIFAR-10",
        label_bytes: 1,
        most: [10, 10],
        names_file: "batches.meta.txt",
    },
    Version {
        name: "CIFAR-100",
        label_bytes: 2,
        most: [20, 100],
        names_file: "fine_label_names.txt",
    },
];

impl Version {
    fn record(self) -> usize {
        self.label_bytes + PIXELS
    }

    /// Whether these labels may begin a record.
    fn has(self, labels: &[u8]) -> bool {
        labels
            .iter()
            .zip(self.most)
            .all(|(label, most)| *label < most)
    }
}

impl Format for Cifar {
    fn description(&self) -> &'static str {
        "CIFAR-10 and CIFAR-100, binary version"
    }

    fn find(&self, place: &Path, work: &Work<'_>) -> Result<Option<Found>, ImportError> {
        let mut found = Vec::new();
        let mut labels = ClassLabels::default();
        let mut version = None;
        let entries = Entries::of(place)?;
        for path in &entries.files {
            let Some(of_file) = version_of(path, work)? else {
                continue;
            };
            if *version.get_or_insert(of_file) != of_file {
                return Err(ImportError::wrong(
                    place,
                    "holds files of CIFAR-10 and of CIFAR-100; give one of them",
                ));
            }
            let (classes, pixels) = parse(&mut open(path, work)?, of_file, path)?;
            let numbers = classes
                .iter()
                .map(|class| labels.number(&class.to_string()));
            found.push(ArrayPart {
                name: PartName::in_name(&name_of(path)).unwrap_or(PartName::Train),
                images: Array {
                    shape: vec![classes.len(), 3, 32, 32],
                    numbers: Numbers::Bytes(pixels),
                },
                labels: numbers
                    .collect::<Result<_, _>>()
                    .map_err(|reason| ImportError::wrong(path, reason))?,
                path: path.clone(),
            });
        }
        let Some(version) = version else {
            return Ok(None);
        };
        let folder = if place.is_file() {
            place.parent()
        } else {
            Some(place)
        };
        if let Some(folder) = folder {
            read_names(&folder.join(version.names_file), &mut labels);
        }
        let (parts, note) = parts(found)?;
        Ok(Some(Found {
            format: format!("{}, binary version", version.name),
            parts,
            labels,
            notes: note.into_iter().collect(),
        }))
    }
}

/// The version whose records fill the file.
fn version_of(path: &Path, work: &Work<'_>) -> Result<Option<Version>, ImportError> {
    let bytes = fs::metadata(path).map_or(0, |file| file.len());
    let fits = |version: &Version| bytes > 0 && bytes.is_multiple_of(version.record() as u64);
    let Some(version) = VERSIONS.into_iter().find(fits) else {
        return Ok(None);
    };
    let mut start = [0; 2];
    let labels = &mut start[..version.label_bytes];
    let read = open(path, work)?.read_exact(labels);
    Ok((read.is_ok() && version.has(labels)).then_some(version))
}

/// Reads records until the end: the classes, and the pixels `[count, 3, 32, 32]`.
///
/// # Errors
/// If a label is none of this set, the last record is cut short, or there is no memory.
pub fn parse(
    input: &mut dyn Read,
    version: Version,
    path: &Path,
) -> Result<(Vec<u8>, Vec<u8>), ImportError> {
    let (mut classes, mut pixels) = (Vec::new(), Vec::new());
    let mut record = vec![0; version.record()];
    while let Some(()) = next_record(input, &mut record, path)? {
        let (labels, picture) = record.split_at(version.label_bytes);
        if !version.has(labels) || classes.len() == MAX_PICTURES {
            let reason = format!(
                "is not {}: record {} has the labels {labels:?}; get the file again",
                version.name,
                classes.len()
            );
            return Err(ImportError::wrong(path, reason));
        }
        pixels
            .try_reserve(PIXELS)
            .map_err(|_| ImportError::NoMemory)?;
        pixels.extend_from_slice(picture);
        classes.extend(labels.last());
    }
    Ok((classes, pixels))
}

/// Fills `record`; none at the end of the file.
fn next_record(
    input: &mut dyn Read,
    record: &mut [u8],
    path: &Path,
) -> Result<Option<()>, ImportError> {
    let failed = |source| ImportError::read(path, source);
    let (first, rest) = record.split_at_mut(1);
    if input.read(first).map_err(failed)? == 0 {
        return Ok(None);
    }
    input.read_exact(rest).map_err(failed)?;
    Ok(Some(()))
}

/// Both versions, for those who have bytes and no file.
pub fn versions() -> [Version; 2] {
    VERSIONS
}

/// Reads the names of the classes, one a line in the order of the labels.
fn read_names(path: &Path, labels: &mut ClassLabels) {
    let Ok(bytes) = crate::fs::read_limited(path, MAX_NAMES_BYTES) else {
        // There are none: the classes are called by their labels.
        return;
    };
    let text = String::from_utf8_lossy(&bytes);
    let names = text.lines().map(str::trim).filter(|name| !name.is_empty());
    for (label, name) in names.enumerate() {
        labels.name(label.to_string(), name.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_labels_and_planes() {
        let [ten, hundred] = VERSIONS;
        let read = |version: Version, bytes: &[u8]| parse(&mut &*bytes, version, Path::new("f"));
        let mut file = vec![7; 1 + PIXELS];
        file.extend(vec![9; 1 + PIXELS]);
        let (classes, pixels) = read(ten, &file).unwrap();
        assert_eq!(
            (classes, pixels.len(), pixels[PIXELS]),
            (vec![7, 9], 2 * PIXELS, 9)
        );
        file[1 + PIXELS] = 10;
        assert!(read(ten, &file).is_err());
        assert!(read(ten, &file[..PIXELS]).is_err());
        let mut file = vec![3, 99];
        file.extend([5; PIXELS]);
        assert_eq!(read(hundred, &file).unwrap().0, [99]);
    }
}
