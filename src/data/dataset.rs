//! A data set in memory: training and validation images, their classes.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::batches::shuffled_order;
use super::classes;
use super::error::DataError;
use super::files::FileSet;
use super::idx::{self, Images};
use super::sample;
use super::split::{Normalization, Split};

/// Seed of the choice of images that are held out; it never changes.
const HOLD_OUT: u64 = 0x686f_6c64;

/// Where a data set came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Read from this folder.
    Folder(PathBuf),
    /// Built into the program.
    Sample,
}

/// Images to train on and images to validate with, all of one size.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// `fashion-mnist`, `mnist` (both told by their labels), `sample`, or the
    /// name of the folder.
    pub name: String,
    /// Where it came from.
    pub source: Source,
    /// `[classes]`, in the order of the labels.
    pub class_names: Vec<String>,
    /// Images to train on.
    pub train: Split,
    /// Images to validate with: the `t10k` files.
    pub validation: Arc<Split>,
    /// Of all training pixels.
    pub normalization: Normalization,
}

impl Dataset {
    /// Loads the four IDX files of a folder.
    ///
    /// # Errors
    /// If the folder or a file is missing, cannot be read, is damaged or breaks a
    /// limit, or if the four do not belong together.
    pub fn load(dir: &Path) -> Result<Self, DataError> {
        Self::load_reporting(dir, &|_| {})
    }

    /// As [`Dataset::load`]; after every file `progress` is told the share of all bytes that are
    /// read, 0 to 1, from one of two threads.
    ///
    /// # Errors
    /// Those of [`Dataset::load`].
    pub fn load_reporting(dir: &Path, progress: &(dyn Fn(f64) + Sync)) -> Result<Self, DataError> {
        check_folder(dir)?;
        let files = FileSet::find(dir)?;
        let size = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
        let total: u64 = files.all().into_iter().map(size).sum();
        let done = AtomicU64::new(0);
        let finished = |path: &Path| {
            let bytes = done.fetch_add(size(path), Ordering::Relaxed) + size(path);
            progress(bytes as f64 / total.max(1) as f64);
        };
        // Unpacking takes nearly all the time, so the two splits run side by side.
        let (train, validation) = std::thread::scope(|scope| {
            let test =
                scope.spawn(|| read_split(&files.test_images, &files.test_labels, &finished));
            let train =
                read_split(&files.train_images, &files.train_labels, &finished).map(|split| {
                    let normalization = Normalization::of(&split.images);
                    (split, normalization)
                });
            let test = test
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            (train, test)
        });
        let ((train, normalization), validation) = (train?, validation?);
        let (name, class_names) = classes::identify(&train.labels, &folder_name(dir));
        let dataset = Self {
            name,
            source: Source::Folder(dir.into()),
            class_names,
            train,
            validation: Arc::new(validation),
            normalization,
        };
        dataset.check_agreement(&files)?;
        Ok(dataset)
    }

    /// The built-in sample set: 4,000 + 1,000 drawn garments, 28×28.
    ///
    /// # Errors
    /// If the bytes in the program are damaged.
    pub fn sample() -> Result<Self, DataError> {
        let [train_images, train_labels, test_images, test_labels] = sample::EMBEDDED
            .map(|(name, bytes)| (PathBuf::from(format!("built-in {name}")), bytes));
        let split = |images: &(PathBuf, &[u8]), labels: &(PathBuf, &[u8])| {
            pair(
                (
                    idx::parse_images(images.1, images.1.len() as u64, &images.0)?,
                    &images.0,
                ),
                (
                    idx::parse_labels(labels.1, labels.1.len() as u64, &labels.0)?,
                    &labels.0,
                ),
            )
        };
        let train = split(&train_images, &train_labels)?;
        let validation = split(&test_images, &test_labels)?;
        Ok(Self {
            name: "sample".into(),
            source: Source::Sample,
            class_names: classes::fashion_mnist(),
            normalization: Normalization::of(&train.images),
            train,
            validation: Arc::new(validation),
        })
    }

    /// Pixels.
    pub fn height(&self) -> usize {
        self.train.height
    }

    /// Pixels.
    pub fn width(&self) -> usize {
        self.train.width
    }

    /// 1: images are grey.
    pub fn channels(&self) -> usize {
        1
    }

    /// The number of classes.
    pub fn classes(&self) -> usize {
        self.class_names.len()
    }

    /// What must be said beside any accuracy on this set.
    pub fn notice(&self) -> Option<&'static str> {
        (self.source == Source::Sample).then_some("sample set, not Fashion-MNIST")
    }

    /// Keeps the first `count` training images, at least one. Classes and
    /// normalization stay those of the whole set.
    pub fn limit_train(&mut self, count: usize) {
        self.train.truncate(count.max(1));
    }

    /// The data with `count` training images taken out, and these as the validation images. Which ones
    /// depends on the numbers alone, so all runs that hold out as many validate on the same.
    /// Classes and normalization stay those of the whole set.
    ///
    /// # Panics
    /// If there are not more than `count` training images.
    pub fn with_hold_out(&self, count: usize) -> Self {
        let order = shuffled_order(self.train.len(), HOLD_OUT, 0);
        let (mut held_out, mut kept) = (order[..count].to_vec(), order[count..].to_vec());
        held_out.sort_unstable();
        kept.sort_unstable();
        Self {
            name: self.name.clone(),
            source: self.source.clone(),
            class_names: self.class_names.clone(),
            train: self.train.pick(&kept),
            validation: Arc::new(self.train.pick(&held_out)),
            normalization: self.normalization,
        }
    }

    fn check_agreement(&self, files: &FileSet) -> Result<(), DataError> {
        let (train, test) = (&self.train, &self.validation);
        if (train.height, train.width) != (test.height, test.width) {
            return Err(DataError::SizesDiffer {
                path: files.test_images.clone(),
                train: (train.height, train.width),
                test: (test.height, test.width),
            });
        }
        let classes = self.classes();
        match test
            .labels
            .iter()
            .position(|&label| usize::from(label) >= classes)
        {
            Some(index) => Err(DataError::LabelOutOfRange {
                path: files.test_labels.clone(),
                index,
                label: test.labels[index],
                classes,
            }),
            None => Ok(()),
        }
    }
}

pub(super) fn check_folder(dir: &Path) -> Result<(), DataError> {
    match fs::read_dir(dir) {
        Ok(_) => Ok(()),
        Err(source) => Err(match source.kind() {
            ErrorKind::NotFound => DataError::NoFolder { dir: dir.into() },
            ErrorKind::NotADirectory => DataError::NotAFolder { path: dir.into() },
            _ => DataError::Read {
                path: dir.into(),
                source,
            },
        }),
    }
}

fn read_split(
    images: &Path,
    labels: &Path,
    finished: &(dyn Fn(&Path) + Sync),
) -> Result<Split, DataError> {
    let pixels = idx::read_images(images)?;
    finished(images);
    let classes = idx::read_labels(labels)?;
    finished(labels);
    pair((pixels, images), (classes, labels))
}

fn pair(
    (images, images_path): (Images, &Path),
    (labels, labels_path): (Vec<u8>, &Path),
) -> Result<Split, DataError> {
    if images.count != labels.len() {
        return Err(DataError::CountsDisagree {
            images_path: images_path.into(),
            images: images.count,
            labels_path: labels_path.into(),
            labels: labels.len(),
        });
    }
    Ok(Split {
        images: images.pixels,
        labels,
        height: images.height,
        width: images.width,
    })
}

/// The folder's own name, fit for a screen: `.` is resolved, control characters
/// are dropped.
fn folder_name(dir: &Path) -> String {
    let full = fs::canonicalize(dir).unwrap_or_else(|_| dir.into());
    let name = full.file_name().unwrap_or_default().to_string_lossy();
    let name: String = name.chars().filter(|letter| !letter.is_control()).collect();
    if name.is_empty() { "data".into() } else { name }
}

#[cfg(test)]
mod tests;
