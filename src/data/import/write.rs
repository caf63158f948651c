//! The folder that an import makes: written beside its place, and renamed when it is complete.

use serde::Serialize;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

use super::error::ImportError;
use super::images::Images;
use super::record::Imported;
use super::work::Work;
use crate::data::classes::NAMES_FILE;
use crate::data::idx::{
    STEMS, colour_stem, encode_colour_images_gz, encode_images_gz, encode_labels_gz,
};
use crate::fs::{TEMPORARY_PREFIX, sync_folder_of, write_atomically};

/// What the import did.
const RECORD_FILE: &str = "import.json";
/// The pictures that could not be used, one a line.
const SKIPPED_FILE: &str = "skipped.txt";
/// Which picture became which image.
const PICTURES_FILE: &str = "pictures.csv";

/// A folder in the making. Dropped before it is finished, it leaves nothing.
pub struct NewFolder {
    to: PathBuf,
    /// Holds what is unpacked and what is written.
    beside: TempDir,
}

/// A part as it is written.
pub struct WrittenPart<'a> {
    /// The images.
    pub images: &'a Images,
    /// A class for each.
    pub classes: Vec<u8>,
    /// The file of each, if they were files.
    pub files: Option<Vec<String>>,
}

impl NewFolder {
    /// At `to`, which must not exist or be empty.
    ///
    /// # Errors
    /// If it is not, or nothing can be written there.
    pub fn at(to: &Path) -> Result<Self, ImportError> {
        match fs::read_dir(to).map(|mut entries| entries.next().is_some()) {
            Ok(false) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Ok(true) => return Err(ImportError::NotEmpty(to.into())),
            Err(source) => return Err(cannot(to, source)),
        }
        let parents = to
            .ancestors()
            .skip(1)
            .map(|parent| match parent.as_os_str().is_empty() {
                true => Path::new("."),
                false => parent,
            });
        let parent = parents.into_iter().find(|parent| parent.is_dir());
        let mut builder = tempfile::Builder::new();
        builder.prefix(TEMPORARY_PREFIX);
        let beside = builder.tempdir_in(parent.unwrap_or(Path::new(".")));
        Ok(Self {
            to: to.into(),
            beside: beside.map_err(|error| cannot(to, error.kind().into()))?,
        })
    }

    /// Where an archive may be unpacked.
    pub fn unpacked(&self) -> PathBuf {
        self.beside.path().join("unpacked")
    }

    /// Writes the files, and gives the folder its name.
    ///
    /// # Errors
    /// The system's, and if the work is stopped.
    pub fn finish(
        self,
        parts: &[WrittenPart<'_>; 2],
        imported: &Imported,
        work: &Work<'_>,
    ) -> Result<(), ImportError> {
        let dir = self.beside.path().join("set");
        fs::create_dir(&dir).map_err(|source| cannot(&self.to, source))?;
        for (name, bytes) in files(parts, imported) {
            let written = write_atomically(&dir.join(&name), &bytes);
            written.map_err(|source| cannot(&self.to.join(&name), source))?;
        }
        work.check()?;
        let failed = |source| cannot(&self.to, source);
        if let Some(parent) = self
            .to
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty())
        {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        if self.to.is_dir() {
            // It is empty; not every system renames over a folder.
            fs::remove_dir(&self.to).map_err(failed)?;
        }
        fs::rename(&dir, &self.to).map_err(failed)?;
        sync_folder_of(&self.to).map_err(failed)
    }
}

fn cannot(path: &Path, source: io::Error) -> ImportError {
    ImportError::Write {
        path: path.into(),
        source,
    }
}

/// The names of the files and their content.
fn files(parts: &[WrittenPart<'_>; 2], imported: &Imported) -> Vec<(String, Vec<u8>)> {
    let images = |stem: &str, part: &WrittenPart<'_>| {
        let Images { size, pixels, .. } = part.images;
        match size.channels {
            1 => (
                format!("{stem}.gz"),
                encode_images_gz(pixels, size.height, size.width),
            ),
            _ => {
                let bytes = encode_colour_images_gz(pixels, size.height, size.width);
                (format!("{}.gz", colour_stem(stem)), bytes)
            }
        }
    };
    let [train, test] = parts;
    let (train_images, test_images) =
        rayon::join(|| images(STEMS[0], train), || images(STEMS[2], test));
    let mut files = vec![
        train_images,
        (format!("{}.gz", STEMS[1]), encode_labels_gz(&train.classes)),
        test_images,
        (format!("{}.gz", STEMS[3]), encode_labels_gz(&test.classes)),
        (NAMES_FILE.into(), lines(imported.classes.iter().cloned())),
        (RECORD_FILE.into(), json(imported)),
    ];
    if !imported.skipped_pictures.is_empty() {
        let skipped = imported.skipped_pictures.iter();
        let skipped = skipped.map(|picture| format!("{}: {}", picture.file, picture.reason));
        files.push((SKIPPED_FILE.into(), lines(skipped)));
    }
    if let [Some(train), Some(test)] = [&train.files, &test.files] {
        files.push((PICTURES_FILE.into(), pictures(train, test)));
    }
    files
}

fn lines(lines: impl Iterator<Item = String>) -> Vec<u8> {
    let escaped = lines.map(|line| crate::text::escape_controls(&line) + "\n");
    escaped.collect::<String>().into_bytes()
}

fn json(value: &impl Serialize) -> Vec<u8> {
    let text = serde_json::to_string_pretty(value);
    // Plain fields are always written.
    let text = text.unwrap_or_else(|error| unreachable!("write to memory: {error}"));
    (crate::text::escape_json(&text) + "\n").into_bytes()
}

/// A table of the set, the number of the image, and the file.
fn pictures(train: &[String], test: &[String]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let sets = [("train", train), ("test", test)];
    let rows = sets.into_iter().flat_map(|(set, files)| {
        files
            .iter()
            .enumerate()
            .map(move |(index, file)| [set.to_owned(), index.to_string(), file.clone()])
    });
    let header = ["set", "image", "file"].map(str::to_owned);
    let written = std::iter::once(header)
        .chain(rows)
        .try_for_each(|row| writer.write_record(row));
    let bytes = written.ok().and_then(|()| writer.into_inner().ok());
    bytes.unwrap_or_default()
}
