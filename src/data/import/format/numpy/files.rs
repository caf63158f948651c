//! NumPy's arrays: `.npz` and `.npy` files with the names that Keras, MedMNIST, KMNIST and scripts give them.

use std::path::{Path, PathBuf};

use super::archive::{arrays_of, is_npz};
use super::npy::parse;
use super::roles::{NAMES, Role, role_of};
use crate::data::content::Content;
use crate::data::import::array::{Array, ArrayPart, parts};
use crate::data::import::bytes::{content_of, open};
use crate::data::import::class_labels::ClassLabels;
use crate::data::import::entries::Entries;
use crate::data::import::error::ImportError;
use crate::data::import::format::Format;
use crate::data::import::part::PartName;
use crate::data::import::pictures::Found;
use crate::data::import::work::Work;

/// Arrays of pictures and arrays of labels.
pub struct NumPy;

/// An array that has a name.
struct Named {
    name: String,
    part: PartName,
    role: Role,
    array: Array,
    path: PathBuf,
}

impl Format for NumPy {
    fn description(&self) -> &'static str {
        "NumPy .npz or .npy files (x_train, y_train; train_images, train_labels)"
    }

    fn find(&self, place: &Path, work: &Work<'_>) -> Result<Option<Found>, ImportError> {
        let mut arrays = Vec::new();
        for path in Entries::of(place)?.files {
            match content_of(&path) {
                Ok(Content::Npy) => {
                    let name = stem(&path);
                    let read = |role| {
                        let array = parse(&mut open(&path, work)?, &path)?;
                        Ok::<_, ImportError>(named(name.clone(), role, array, &path))
                    };
                    arrays.extend(role_of(&name).map(read).transpose()?);
                }
                Ok(Content::Zip) if is_npz(&path) => {
                    for (name, array) in arrays_of(&path, work)? {
                        // `savez` without names numbers the arrays: then the file's name says more.
                        let is_nameless = name.starts_with("arr_");
                        let name = if is_nameless { stem(&path) } else { name };
                        arrays.extend(role_of(&name).map(|role| named(name, role, array, &path)));
                    }
                }
                _ => {}
            }
        }
        if arrays.is_empty() {
            let is_npz =
                place.is_file() && matches!(content_of(place), Ok(Content::Zip)) && is_npz(place);
            return if is_npz {
                Err(ImportError::wrong(place, NAMES))
            } else {
                Ok(None)
            };
        }
        found(arrays, place).map(Some)
    }
}

fn named(name: String, role: Role, array: Array, path: &Path) -> Named {
    Named {
        part: PartName::in_name(&name).unwrap_or(PartName::Train),
        name,
        role,
        array,
        path: path.to_owned(),
    }
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// Puts the pictures and labels of each part together.
fn found(mut arrays: Vec<Named>, place: &Path) -> Result<Found, ImportError> {
    let mut labels = ClassLabels::default();
    let mut found = Vec::new();
    let mut names = Vec::new();
    for part in [PartName::Train, PartName::Validation, PartName::Test] {
        let Some(images) = take(&mut arrays, part, Role::Images) else {
            continue;
        };
        let Some(values) = take(&mut arrays, part, Role::Labels) else {
            let reason = format!(
                "has the pictures {} and no labels for them; add an array as {}",
                images.name,
                images
                    .name
                    .replace("images", "labels")
                    .replace(['x', 'X'], "y")
            );
            return Err(ImportError::wrong(&images.path, reason));
        };
        let wrong = |reason: String| {
            ImportError::wrong(&values.path, format!("the array {} {reason}", values.name))
        };
        let numbers = match values.array.shape[..] {
            [_] | [_, 1] => values.array.numbers.labels(1).map_err(wrong)?,
            ref shape => {
                return Err(wrong(format!(
                    "has the shape {shape:?}; labels are [count], one class for each picture"
                )));
            }
        };
        let numbers = numbers
            .iter()
            .map(|value| labels.number(&value.to_string()));
        names.push(format!("{} with {}", images.name, values.name));
        found.push(ArrayPart {
            name: part,
            images: images.array,
            labels: numbers.collect::<Result<_, _>>().map_err(wrong)?,
            path: images.path,
        });
    }
    if found.is_empty() {
        let reason =
            "has arrays of labels and none of pictures; pictures are [count, height, width]";
        return Err(ImportError::wrong(place, reason));
    }
    let (parts, note) = parts(found)?;
    Ok(Found {
        format: format!("NumPy arrays {}", names.join(", ")),
        parts,
        labels,
        notes: note.into_iter().collect(),
    })
}

/// The array for this; of several the one of most dimensions, and of these the first.
fn take(arrays: &mut Vec<Named>, part: PartName, role: Role) -> Option<Named> {
    let fits = |named: &Named| named.part == part && named.role == role;
    let most = arrays
        .iter()
        .filter(|named| fits(named))
        .map(|named| named.array.shape.len())
        .max()?;
    let index = arrays
        .iter()
        .position(|named| fits(named) && named.array.shape.len() == most)?;
    Some(arrays.remove(index))
}
