//! The four files of a data set, under any of the names in use.

use std::path::{Path, PathBuf};

use crate::data::error::DataError;

/// Their names, without extension.
pub const STEMS: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];

/// Where the four files are.
pub(super) struct FileSet {
    pub train_images: PathBuf,
    pub train_labels: PathBuf,
    pub test_images: PathBuf,
    pub test_labels: PathBuf,
}

impl FileSet {
    /// All four.
    pub fn all(&self) -> [&Path; 4] {
        [
            &self.train_images,
            &self.train_labels,
            &self.test_images,
            &self.test_labels,
        ]
    }

    /// Finds the four files in a folder.
    ///
    /// # Errors
    /// [`DataError::MissingFiles`], which lists all that are missing.
    pub fn find(dir: &Path) -> Result<Self, DataError> {
        let found = STEMS.map(|stem| find_one(dir, stem));
        let missing: Vec<String> = STEMS
            .iter()
            .zip(&found)
            .filter(|(_, path)| path.is_none())
            .map(|(stem, _)| format!("{stem} (or {stem}.gz, {0} or {0}.gz)", dotted(stem)))
            .collect();
        match found {
            [
                Some(train_images),
                Some(train_labels),
                Some(test_images),
                Some(test_labels),
            ] => Ok(Self {
                train_images,
                train_labels,
                test_images,
                test_labels,
            }),
            _ => Err(DataError::MissingFiles {
                dir: dir.into(),
                missing,
            }),
        }
    }
}

/// Whether a folder holds at least one of the four.
pub(super) fn any_in(dir: &Path) -> bool {
    STEMS.iter().any(|stem| find_one(dir, stem).is_some())
}

/// The file called `stem`, plain or gzipped; images may have four dimensions.
pub fn find_one(dir: &Path, stem: &str) -> Option<PathBuf> {
    [stem.into(), colour_stem(stem)]
        .into_iter()
        .flat_map(|stem| {
            let dotted = dotted(&stem);
            [
                stem.clone(),
                format!("{stem}.gz"),
                format!("{dotted}.gz"),
                dotted,
            ]
        })
        .map(|name| dir.join(name))
        .find(|path| path.is_file())
}

/// The number in the name is that of the dimensions: images with colours have four.
pub fn colour_stem(stem: &str) -> String {
    stem.replace("-idx3-", "-idx4-")
}

/// Some tools unpack `train-images-idx3-ubyte` as `train-images.idx3-ubyte`.
fn dotted(stem: &str) -> String {
    stem.replace("-idx", ".idx")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn plain_gzipped_and_dotted_names_are_found() {
        let dir = tempfile::tempdir().unwrap();
        for name in [
            "train-images.idx3-ubyte",
            "train-labels-idx1-ubyte",
            "t10k-images-idx3-ubyte.gz",
            "t10k-labels.idx1-ubyte.gz",
        ] {
            fs::write(dir.path().join(name), "").unwrap();
        }
        let files = FileSet::find(dir.path()).unwrap();
        assert!(files.train_images.ends_with("train-images.idx3-ubyte"));
        assert!(files.test_labels.ends_with("t10k-labels.idx1-ubyte.gz"));
    }

    #[test]
    fn all_missing_files_are_listed() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(STEMS[0]), "").unwrap();
        assert!(any_in(dir.path()));
        match FileSet::find(dir.path()) {
            Err(DataError::MissingFiles { missing, .. }) => {
                assert_eq!(missing.len(), 3);
                assert!(missing[0].contains("train-labels-idx1-ubyte.gz"));
                assert!(missing[0].contains("train-labels.idx1-ubyte"));
            }
            _ => panic!("three files are missing"),
        }
    }

    #[test]
    fn a_folder_with_a_file_name_is_no_file() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join(STEMS[0])).unwrap();
        assert!(!any_in(dir.path()));
        fs::write(dir.path().join("train-images-idx4-ubyte.gz"), "").unwrap();
        assert!(any_in(dir.path()));
    }
}
