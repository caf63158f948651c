//! IDX files by any of the names in use: MNIST's, EMNIST's, KMNIST's, QMNIST's, with numbers of any type.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::definition::Format;
use crate::data::content::Content;
use crate::data::import::array::{Array, ArrayPart, Element, Numbers, count_of, parts};
use crate::data::import::bytes::{content_of, open};
use crate::data::import::class_labels::ClassLabels;
use crate::data::import::entries::{Entries, name_of};
use crate::data::import::error::ImportError;
use crate::data::import::part::PartName;
use crate::data::import::pictures::Found;
use crate::data::import::work::Work;

/// A longer list of names is none.
const MAX_MAPPING_BYTES: u64 = 1 << 16;

/// IDX files, one pair for each part.
pub struct IdxFiles;

/// The files of one part.
#[derive(Default)]
struct Pair {
    images: Option<PathBuf>,
    labels: Option<PathBuf>,
}

/// By what stands before the part's name: one set's parts.
type Sets = BTreeMap<String, BTreeMap<PartName, Pair>>;

impl Format for IdxFiles {
    fn description(&self) -> &'static str {
        "IDX files of images and labels (MNIST, EMNIST, KMNIST, QMNIST)"
    }

    fn find(&self, place: &Path, work: &Work<'_>) -> Result<Option<Found>, ImportError> {
        let folder = match place.parent() {
            Some(folder) if place.is_file() => folder,
            _ => place,
        };
        if place.is_file() && !is_idx(place) {
            return Ok(None);
        }
        let mut sets = sets(folder)?;
        if place.is_file() {
            let wanted = set_name(&name_of(place));
            sets.retain(|name, _| *name == wanted);
        }
        let Some((name, pairs)) = sets.pop_first() else {
            return Ok(None);
        };
        if !sets.is_empty() {
            let names = std::iter::once(&name).chain(sets.keys());
            let names: Vec<&str> = names.map(String::as_str).collect();
            let reason = format!(
                "holds several sets ({}); give the file of images of one of them",
                names.join(", ")
            );
            return Err(ImportError::wrong(folder, reason));
        }
        read_set(&name, pairs, folder, work).map(Some)
    }
}

fn is_idx(file: &Path) -> bool {
    matches!(content_of(file), Ok(Content::Idx(_, _)))
}

/// The sets of a folder.
fn sets(folder: &Path) -> Result<Sets, ImportError> {
    let mut sets = Sets::new();
    for path in Entries::of(folder)?.files {
        let Ok(Content::Idx(_, dimensions)) = content_of(&path) else {
            continue;
        };
        let name = name_of(&path);
        let part = PartName::in_name(&name).unwrap_or(PartName::Train);
        let pair = sets
            .entry(set_name(&name))
            .or_default()
            .entry(part)
            .or_default();
        let file = match dimensions {
            1 | 2 => &mut pair.labels,
            _ => &mut pair.images,
        };
        // The same file, gzipped and not: the first is taken.
        file.get_or_insert(path);
    }
    Ok(sets)
}

/// What stands before the part's name, as `emnist-letters` in `emnist-letters-train-images-idx3-ubyte`.
fn set_name(file: &str) -> String {
    let lower = file.to_ascii_lowercase();
    let parts = ["train", "test", "t10k", "val"];
    let start = parts.iter().filter_map(|part| lower.find(part)).min();
    let before = &lower[..start.unwrap_or(0)];
    before.trim_end_matches(['-', '_', '.', ' ']).to_owned()
}

fn read_set(
    name: &str,
    pairs: BTreeMap<PartName, Pair>,
    folder: &Path,
    work: &Work<'_>,
) -> Result<Found, ImportError> {
    let mut labels = ClassLabels::default();
    let mut arrays = Vec::new();
    let is_transposed = name.starts_with("emnist");
    for (part, pair) in pairs {
        let (Some(images_path), Some(labels_path)) = (pair.images, pair.labels) else {
            let reason = format!(
                "has only one of the two IDX files, images and labels, whose names say {part:?}; put both there"
            );
            return Err(ImportError::wrong(folder, reason));
        };
        let mut images = read(&images_path, work)?;
        if is_transposed && let [_, height, width] = images.shape[..] {
            images = transposed(&images, height, width).ok_or(ImportError::NoMemory)?;
        }
        let found = read(&labels_path, work)?;
        // QMNIST's labels have eight columns; the first is the class.
        let columns = found.shape.get(1).copied().unwrap_or(1);
        let wrong = |reason| ImportError::wrong(&labels_path, reason);
        let values = found.numbers.labels(columns).map_err(wrong)?;
        let values = values.iter().map(|value| labels.number(&value.to_string()));
        arrays.push(ArrayPart {
            name: part,
            images,
            labels: values.collect::<Result<_, _>>().map_err(wrong)?,
            path: images_path,
        });
    }
    read_mapping(&folder.join(format!("{name}-mapping.txt")), &mut labels);
    let (parts, note) = parts(arrays)?;
    let mut format = "IDX files".to_owned();
    if is_transposed {
        format.push_str(", EMNIST's rows and columns exchanged");
    }
    Ok(Found {
        format,
        parts,
        labels,
        notes: note.into_iter().collect(),
    })
}

fn read(path: &Path, work: &Work<'_>) -> Result<Array, ImportError> {
    parse(&mut open(path, work)?, path)
}

/// Reads an IDX file of any type, unpacked.
///
/// # Errors
/// If it is no such file, is cut short, or does not fit in memory.
pub fn parse(input: &mut dyn Read, path: &Path) -> Result<Array, ImportError> {
    let mut four_bytes = || {
        let mut bytes = [0; 4];
        let read = input.read_exact(&mut bytes);
        read.map_err(|source| ImportError::read(path, source))?;
        Ok(bytes)
    };
    let magic = four_bytes()?;
    let Content::Idx(kind, dimensions) = Content::of(&magic) else {
        return Err(ImportError::wrong(path, "is no IDX file; get it again"));
    };
    let element = Element::of_idx(kind);
    let mut shape = Vec::new();
    for _ in 0..dimensions {
        shape.push(four_bytes().map(u32::from_be_bytes)? as usize);
    }
    let count = count_of(&shape).map_err(|reason| ImportError::wrong(path, reason))?;
    let numbers = Numbers::read(input, element, true, count, path)?;
    Ok(Array { shape, numbers })
}

/// The images with rows for columns. EMNIST stores them so.
fn transposed(images: &Array, height: usize, width: usize) -> Option<Array> {
    let mut numbers = Numbers::default();
    let plane = height * width;
    for start in (0..images.numbers.len()).step_by(plane) {
        for place in 0..plane {
            let (row, column) = (place / height, place % height);
            let number = images.numbers.get(start + column * width + row);
            numbers.push(f64::from(number)).ok()?;
        }
    }
    let shape = vec![images.shape.first().copied()?, width, height];
    Some(Array { shape, numbers })
}

/// Reads what EMNIST's labels stand for: lines of a label and the codes of its letters.
fn read_mapping(path: &Path, labels: &mut ClassLabels) {
    let Ok(bytes) = crate::fs::read_limited(path, MAX_MAPPING_BYTES) else {
        // There is none, or it says nothing: the classes are called by their labels.
        return;
    };
    for line in String::from_utf8_lossy(&bytes).lines() {
        let mut numbers = line.split_whitespace().map(str::parse::<u32>);
        let Some(Ok(label)) = numbers.next() else {
            continue;
        };
        let letters = numbers.filter_map(|code| char::from_u32(code.ok()?));
        labels.name(label.to_string(), letters.collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_told_apart_by_what_stands_before_the_part() {
        assert_eq!(
            set_name("emnist-letters-train-images-idx3-ubyte.gz"),
            "emnist-letters"
        );
        assert_eq!(set_name("t10k-labels-idx1-ubyte"), "");
        assert_eq!(set_name("qmnist-test-labels-idx2-int.gz"), "qmnist");
    }

    #[test]
    fn a_transposed_image_has_columns_for_rows() {
        let array = Array {
            shape: vec![1, 2, 3],
            numbers: Numbers::Bytes(vec![1, 2, 3, 4, 5, 6]),
        };
        let turned = transposed(&array, 2, 3).unwrap();
        assert_eq!(turned.shape, [1, 3, 2]);
        assert_eq!(turned.numbers, Numbers::Bytes(vec![1, 4, 2, 5, 3, 6]));
    }
}
