//! A folder of pictures for each class, below `train` and `test` or not.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::definition::Format;
use crate::augment::ImageSize;
use crate::data::content::{Content, START_BYTES};
use crate::data::import::class_labels::{ClassLabels, natural_order};
use crate::data::import::entries::{Entries, is_visible, name_of};
use crate::data::import::error::ImportError;
use crate::data::import::part::PartName;
use crate::data::import::pictures::{Found, Part, Pictures};
use crate::data::import::work::Work;
use crate::data::picture::read_picture;

/// Most pictures.
const MAX_PICTURES: usize = 2_000_000;
/// Files of a folder that are looked at to see whether there are pictures.
const FIRST_FILES: usize = 20;
/// Folders one in the other.
const MAX_DEPTH: usize = 16;

const NO_CLASSES: &str =
    "has pictures of no class; put those of each class into a folder that has its name";

/// Folders of pictures.
pub struct PictureTree;

impl Format for PictureTree {
    fn description(&self) -> &'static str {
        "a folder of pictures (PNG, JPEG, WebP, GIF, BMP, TIFF) for each class, with or without train and test \
         folders around them"
    }

    fn find(&self, place: &Path, work: &Work<'_>) -> Result<Option<Found>, ImportError> {
        let entries = Entries::of(place)?;
        let mut labels = ClassLabels::default();
        let mut notes = Vec::new();
        let named = entries.folders.iter().filter_map(|folder| {
            let name = PartName::of_folder(&name_of(folder))?;
            Some((name, folder))
        });
        let named: Vec<(PartName, &PathBuf)> = named.collect();
        let mut parts = Vec::new();
        // Without one to train on, these are classes with such names.
        if named.iter().any(|(name, _)| *name == PartName::Train) {
            for (name, folder) in named {
                let classes = class_folders(folder)?;
                if !classes.is_empty() {
                    parts.push((name, part(classes, place, &mut labels, work)?));
                } else if has_pictures(folder) {
                    if name == PartName::Train {
                        return Err(ImportError::wrong(folder, NO_CLASSES));
                    }
                    let folder = name_of(folder);
                    notes.push(format!(
                        "{folder} has no folders of classes and is left out"
                    ));
                }
            }
        }
        if parts.is_empty() {
            let classes = class_folders(place)?;
            match classes.len() {
                0 if place.is_dir() && entries.files.iter().any(|file| is_picture(file)) => {
                    return Err(ImportError::wrong(place, NO_CLASSES));
                }
                0 => return Ok(None),
                // Perhaps a folder around the classes.
                1 if !class_folders(&classes[0])?.is_empty() => return Ok(None),
                _ => parts.push((PartName::Train, part(classes, place, &mut labels, work)?)),
            }
        }
        Ok(Some(Found {
            format: "a folder of pictures for each class".into(),
            parts,
            labels,
            notes,
        }))
    }
}

/// The folders in a folder that have pictures in them, or in folders in them.
fn class_folders(folder: &Path) -> Result<Vec<PathBuf>, ImportError> {
    let folders = Entries::of(folder)?.folders.into_iter();
    Ok(folders.filter(|class| has_pictures(class)).collect())
}

/// Whether pictures are among the first files below a folder.
fn has_pictures(folder: &Path) -> bool {
    let mut first = files_below(folder).take(FIRST_FILES);
    first.any(|file| is_picture(&file))
}

/// The files below a folder that a person means.
fn files_below(folder: &Path) -> impl Iterator<Item = PathBuf> {
    // Links are followed, those in a circle are not.
    let entries = WalkDir::new(folder).follow_links(true).max_depth(MAX_DEPTH);
    let seen = entries.into_iter().filter_entry(|entry| {
        entry.depth() == 0 || is_visible(&entry.file_name().to_string_lossy())
    });
    let files = seen
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file());
    files.map(walkdir::DirEntry::into_path)
}

fn is_picture(file: &Path) -> bool {
    let mut start = Vec::new();
    let read =
        File::open(file).and_then(|file| file.take(START_BYTES as u64).read_to_end(&mut start));
    read.is_ok() && Content::of(&start) == Content::Picture
}

/// The pictures of all classes in turn, so that the first ones are of every class.
fn part(
    classes: Vec<PathBuf>,
    place: &Path,
    labels: &mut ClassLabels,
    work: &Work<'_>,
) -> Result<Part, ImportError> {
    let mut pictures = Vec::new();
    for class in classes {
        work.check()?;
        let label = labels.number(&name_of(&class));
        let label = label.map_err(|reason| ImportError::wrong(place, reason))?;
        let name = |path: &Path| {
            path.strip_prefix(place)
                .unwrap_or(path)
                .to_string_lossy()
                .into_owned()
        };
        let mut files: Vec<(String, PathBuf)> = files_below(&class)
            .map(|path| (name(&path), path))
            .take(MAX_PICTURES + 1 - pictures.len())
            .collect();
        files.sort_by(|(one, _), (other, _)| natural_order(one, other));
        let count = files.len();
        let placed = files.into_iter().enumerate().map(|(place, (name, path))| {
            // Where it lies within its class, in units that are the same for all classes.
            let share = (2 * place + 1) as f64 / (2 * count) as f64;
            (share, label, PictureFile { name, path })
        });
        pictures.extend(placed);
        if pictures.len() > MAX_PICTURES {
            let reason = format!("has more than {MAX_PICTURES} pictures; import fewer");
            return Err(ImportError::wrong(place, reason));
        }
    }
    // Stable: of equal shares the class that came first is first.
    pictures.sort_by(|(one, _, _), (other, _, _)| one.total_cmp(other));
    let labels = pictures.iter().map(|(_, label, _)| *label).collect();
    let files = pictures.into_iter().map(|(_, _, file)| file).collect();
    Ok(Part {
        pictures: Box::new(Files(files)),
        labels,
    })
}

/// A picture that is a file.
struct PictureFile {
    /// Its path within the source.
    name: String,
    path: PathBuf,
}

/// Pictures that are files.
struct Files(Vec<PictureFile>);

impl Pictures for Files {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn size(&self) -> Option<ImageSize> {
        None
    }

    fn name(&self, index: usize) -> String {
        self.0
            .get(index)
            .map_or_else(String::new, |file| file.name.clone())
    }

    fn are_files(&self) -> bool {
        true
    }

    fn draw(&self, index: usize, size: ImageSize, into: &mut [u8]) -> Result<(), String> {
        let file = self.0.get(index).ok_or("is not there")?;
        let picture = read_picture(&file.path).map_err(|error| reason(&error))?;
        let background = picture.background().colour;
        let image = picture
            .fit(size, background)
            .map_err(|error| error.to_string())?;
        into.copy_from_slice(&image);
        Ok(())
    }
}

/// What is wrong, without the path, which is known already.
fn reason(error: &dyn std::error::Error) -> String {
    error
        .source()
        .map_or_else(|| error.to_string(), ToString::to_string)
}
