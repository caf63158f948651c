//! A folder with the four IDX files of a data set.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::files::{FileSet, any_in};
use super::split::read_split;
use crate::data::classes;
use crate::data::dataset::{Dataset, Origin};
use crate::data::error::DataError;
use crate::data::folder::{check_folder, folder_name};
use crate::data::normalization::LevelCounts;
use crate::data::source::{Progress, Source};

/// The folder. Its `t10k` files are the validation images.
#[derive(Clone, Debug)]
pub struct IdxFolder {
    dir: PathBuf,
}

impl IdxFolder {
    /// The folder `dir`; nothing is checked before it is loaded.
    pub fn new(dir: &Path) -> Self {
        Self { dir: dir.into() }
    }

    /// The folder `dir`, if it holds at least one of the four files.
    pub fn detect(dir: &Path) -> Option<Self> {
        any_in(dir).then(|| Self::new(dir))
    }
}

impl Source for IdxFolder {
    /// # Errors
    /// If the folder or a file is missing, cannot be read, is damaged or breaks a
    /// limit, or if the four do not belong together.
    fn load(&self, progress: Progress<'_>) -> Result<Dataset, DataError> {
        let dir = &self.dir;
        check_folder(dir)?;
        let files = FileSet::find(dir)?;
        let size = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
        let total: u64 = files.all().into_iter().map(size).sum();
        let done = AtomicU64::new(0);
        let finished = |path: &Path| {
            let bytes = done.fetch_add(size(path), Ordering::Relaxed) + size(path);
            progress(bytes as f64 / total.max(1) as f64);
        };
        // Unpacking takes nearly all the time, so the two splits are read in parallel.
        let levels = LevelCounts::new();
        let count = |pixels: &[u8]| levels.add(pixels);
        let (train, validation) = rayon::join(
            || {
                let (images, labels) = (&files.train_images, &files.train_labels);
                read_split(images, labels, &finished, Some(&count))
            },
            || read_split(&files.test_images, &files.test_labels, &finished, None),
        );
        let (train, validation) = (train?, validation?);
        let (name, known_names) = classes::identify(&train.labels, &folder_name(dir));
        let class_names = classes::read_names(dir, &train.labels)?.unwrap_or(known_names);
        let dataset = Dataset {
            name,
            origin: Origin::Folder(dir.clone()),
            class_names,
            source_images: train.len(),
            train,
            validation: Arc::new(validation),
            normalization: levels.normalization(),
        };
        check_agreement(&dataset, &files)?;
        Ok(dataset)
    }
}

/// Whether training and test files are of one set.
fn check_agreement(dataset: &Dataset, files: &FileSet) -> Result<(), DataError> {
    let (train, test) = (&dataset.train, &dataset.validation);
    if (train.height, train.width) != (test.height, test.width) {
        return Err(DataError::SizesDiffer {
            path: files.test_images.clone(),
            train: (train.height, train.width),
            test: (test.height, test.width),
        });
    }
    if train.channels != test.channels {
        return Err(DataError::ChannelsDiffer {
            path: files.test_images.clone(),
            train: train.channels,
            test: test.channels,
        });
    }
    let classes = dataset.classes();
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

#[cfg(test)]
mod tests {
    use super::super::encode::{encode_colour_images_gz, encode_images_gz, encode_labels_gz};
    use super::*;
    use tempfile::TempDir;

    /// Writes a set of `2×side` images: training and test labels as given.
    fn folder(train: &[u8], test: &[u8], test_side: usize) -> TempDir {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: Vec<u8>| fs::write(dir.path().join(name), bytes).unwrap();
        write(
            "train-images-idx3-ubyte.gz",
            encode_images_gz(&vec![7; train.len() * 6], 2, 3),
        );
        write("train-labels-idx1-ubyte.gz", encode_labels_gz(train));
        write(
            "t10k-images-idx3-ubyte.gz",
            encode_images_gz(&vec![7; test.len() * 2 * test_side], 2, test_side),
        );
        write("t10k-labels-idx1-ubyte.gz", encode_labels_gz(test));
        dir
    }

    #[test]
    fn a_folder_is_loaded_and_named_after_itself() {
        let dir = folder(&[0, 1, 2], &[2, 0], 3);
        let set = Dataset::load(dir.path()).unwrap();
        assert_eq!(set.name, dir.path().file_name().unwrap().to_string_lossy());
        assert_eq!(set.class_names, ["0", "1", "2"]);
        assert_eq!((set.train.len(), set.validation.len()), (3, 2));
        assert_eq!(
            (set.channels(), set.height(), set.width(), set.classes()),
            (1, 2, 3, 3)
        );
        assert_eq!(set.origin, Origin::Folder(dir.path().into()));
        assert_eq!(set.notice(), None);
        assert_eq!(
            set.normalization,
            crate::data::Normalization::of(&set.train.images)
        );
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let error = Dataset::load(&dir.path().join("nowhere")).unwrap_err();
        assert!(matches!(error, DataError::NoFolder { .. }), "{error}");
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(matches!(
            Dataset::load(&file),
            Err(DataError::NotAFolder { .. })
        ));
    }

    #[test]
    fn images_and_labels_must_be_equally_many() {
        let dir = folder(&[0, 1, 2], &[2, 0], 3);
        fs::write(
            dir.path().join("train-labels-idx1-ubyte.gz"),
            encode_labels_gz(&[0, 1]),
        )
        .unwrap();
        let error = Dataset::load(dir.path()).unwrap_err().to_string();
        assert!(error.contains("holds 3 images but"), "{error}");
        assert!(error.contains("holds 2 labels"), "{error}");
    }

    #[test]
    fn a_test_label_no_training_image_has_is_named_with_its_index() {
        let dir = folder(&[0, 1, 2], &[2, 3], 3);
        let error = Dataset::load(dir.path()).unwrap_err().to_string();
        assert!(
            error.contains("label 3 at index 1, but the training labels end at 2"),
            "{error}"
        );
    }

    #[test]
    fn test_images_must_have_the_size_of_training_images() {
        let dir = folder(&[0, 1], &[1], 4);
        let error = Dataset::load(dir.path()).unwrap_err().to_string();
        assert!(
            error.contains("test images are 2×4 pixels, training images 2×3"),
            "{error}"
        );
    }

    #[test]
    fn images_with_colours_and_names_of_classes_are_read() {
        let dir = folder(&[0, 1], &[1], 3);
        let pixels: Vec<u8> = (0..36).collect();
        let write = |name: &str, bytes: &[u8]| fs::write(dir.path().join(name), bytes).unwrap();
        for (part, count) in [("train", 2), ("t10k", 1)] {
            fs::remove_file(dir.path().join(format!("{part}-images-idx3-ubyte.gz"))).unwrap();
            let bytes = encode_colour_images_gz(&pixels[..count * 18], 2, 3);
            write(&format!("{part}-images-idx4-ubyte.gz"), &bytes);
        }
        write("classes.txt", "cat\ndog\n".as_bytes());
        let set = Dataset::load(dir.path()).unwrap();
        assert_eq!((set.channels(), set.height(), set.width()), (3, 2, 3));
        assert_eq!(set.train.images, pixels);
        assert_eq!(set.class_names, ["cat", "dog"]);
        for (names, said) in [
            ("cat\n", "label 1"),
            ("cat\n\n", "line 2"),
            ("a\na\n", "twice"),
        ] {
            write("classes.txt", names.as_bytes());
            let error = Dataset::load(dir.path()).unwrap_err().to_string();
            assert!(
                error.contains("classes.txt") && error.contains(said),
                "{error}"
            );
        }
    }

    #[test]
    fn loading_tells_how_far_it_is() {
        let dir = tempfile::tempdir().unwrap();
        for (name, bytes) in crate::data::sample::FILES {
            std::fs::write(dir.path().join(name), bytes).unwrap();
        }
        let shares = std::sync::Mutex::new(Vec::new());
        let folder = IdxFolder::detect(dir.path()).unwrap();
        folder
            .load(&|share| shares.lock().unwrap().push(share))
            .unwrap();
        let mut shares = shares.into_inner().unwrap();
        shares.sort_by(f64::total_cmp);
        assert_eq!(shares.len(), 4);
        assert!(shares[0] > 0.0 && shares[3] == 1.0, "{shares:?}");
    }
}
