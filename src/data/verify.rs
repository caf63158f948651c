//! Says of each file in a folder whether it is the published one, a known copy of it, or another.

use std::path::Path;

use super::catalog::published;
use super::checksum;
use super::error::DataError;
use super::folder::check_folder;
use super::idx::{STEMS, find_one, read_images, read_labels};

/// Files that are known but not published: stem, MD5 of the unpacked content, data set, what they
/// are.
const KNOWN_COPIES: [(&str, &str, &str, &str); 2] = [
    (
        "train-images-idx3-ubyte",
        "938bd8816c5ea7ce3ab953d0508b12c0",
        "fashion-mnist",
        REBUILT,
    ),
    (
        "t10k-images-idx3-ubyte",
        "02a4866945b55e388f5169ccfac49055",
        "fashion-mnist",
        REBUILT,
    ),
];
const REBUILT: &str =
    "rebuilt: every pixel within one grey level of the published one, 13 % of them not equal";
const REPACKED: &str = "packed in another way, the content is the published one";

/// What a file is.
#[derive(Debug)]
pub enum Verdict {
    /// Byte for byte the file its authors publish.
    Official {
        /// Name of the data set.
        set: String,
    },
    /// Not that file, but known to hold the same or nearly the same.
    KnownCopy {
        /// Name of the data set.
        set: String,
        /// In what it differs.
        note: &'static str,
    },
    /// A readable file that is not known.
    Unknown,
    /// Not there.
    Missing,
    /// Damaged, or cannot be read.
    Unusable(DataError),
}

/// A file and what it is.
#[derive(Debug)]
pub struct FileReport {
    /// Its name.
    pub name: String,
    /// Its size, where it is there.
    pub bytes: Option<u64>,
    /// Its MD5, where it could be read.
    pub md5: Option<String>,
    /// What it is.
    pub verdict: Verdict,
}

impl FileReport {
    /// The data set the file belongs to, if that is known.
    pub fn set(&self) -> Option<&str> {
        match &self.verdict {
            Verdict::Official { set } | Verdict::KnownCopy { set, .. } => Some(set),
            Verdict::Unknown | Verdict::Missing | Verdict::Unusable(_) => None,
        }
    }
}

/// Looks at the four files of a folder.
///
/// # Errors
/// If there is no such folder.
pub fn verify(dir: &Path) -> Result<Vec<FileReport>, DataError> {
    check_folder(dir)?;
    let report = |stem| match find_one(dir, stem) {
        Some(path) => of(stem, &path),
        None => FileReport {
            name: format!("{stem}.gz"),
            bytes: None,
            md5: None,
            verdict: Verdict::Missing,
        },
    };
    Ok(STEMS.map(report).into())
}

fn of(stem: &str, path: &Path) -> FileReport {
    let name = path.file_name().unwrap_or_default();
    let bytes = std::fs::metadata(path).ok().map(|file| file.len());
    let (md5, verdict) = match checksum::of_file(path) {
        Ok(md5) => {
            let verdict = judge(stem, path, &md5);
            (Some(md5), verdict.unwrap_or_else(Verdict::Unusable))
        }
        Err(source) => {
            let path = path.into();
            (None, Verdict::Unusable(DataError::Read { path, source }))
        }
    };
    FileReport {
        name: name.to_string_lossy().into_owned(),
        bytes,
        md5,
        verdict,
    }
}

fn judge(stem: &str, path: &Path, md5: &str) -> Result<Verdict, DataError> {
    let candidates: Vec<_> = published()
        .into_iter()
        .flat_map(|set| {
            set.files
                .into_iter()
                .map(move |file| (set.name.clone(), file))
        })
        .filter(|(_, file)| file.stem() == stem)
        .collect();
    if let Some((set, _)) = candidates.iter().find(|(_, file)| file.md5 == md5) {
        return Ok(Verdict::Official { set: set.clone() });
    }
    // For a damaged file: its error says more than a checksum that differs.
    if stem.contains("images") {
        read_images(path)?;
    } else {
        read_labels(path)?;
    }
    let content = checksum::of_content(path).map_err(|source| DataError::Read {
        path: path.into(),
        source,
    })?;
    if let Some((set, _)) = candidates
        .iter()
        .find(|(_, file)| file.content_md5 == content)
    {
        let set = set.clone();
        return Ok(Verdict::KnownCopy {
            set,
            note: REPACKED,
        });
    }
    let copy = KNOWN_COPIES
        .into_iter()
        .find(|(of, known, _, _)| *of == stem && *known == content);
    Ok(match copy {
        Some((_, _, set, note)) => Verdict::KnownCopy {
            set: set.into(),
            note,
        },
        None => Verdict::Unknown,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::sample;

    #[test]
    fn another_set_is_unknown_and_what_is_missing_or_damaged_is_said() {
        let dir = tempfile::tempdir().unwrap();
        let [_, labels, test_images, test_labels] = sample::FILES;
        for (name, bytes) in [labels, test_images] {
            std::fs::write(dir.path().join(name), bytes).unwrap();
        }
        let half = &test_labels.1[..test_labels.1.len() / 2];
        std::fs::write(dir.path().join(test_labels.0), half).unwrap();
        let reports = verify(dir.path()).unwrap();
        let verdicts: Vec<_> = reports.iter().map(|report| &report.verdict).collect();
        assert!(
            matches!(
                verdicts[..],
                [
                    Verdict::Missing,
                    Verdict::Unknown,
                    Verdict::Unknown,
                    Verdict::Unusable(_)
                ]
            ),
            "{verdicts:?}"
        );
        assert!(reports.iter().all(|report| report.set().is_none()));
    }
}
