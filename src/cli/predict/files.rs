//! The picture files that are meant.

use crate::text::shown_path;
use color_eyre::eyre::{Result, WrapErr, bail};
use std::path::{Path, PathBuf};

/// More files of a folder are refused: it is no folder of pictures.
const MOST: usize = 1_000_000;

/// The files, in the order they were given; a folder stands for the files in it and in its folders by their names,
/// without hidden ones.
pub fn listed<'a>(paths: impl Iterator<Item = &'a PathBuf>) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        match path.is_dir() {
            true => files.extend(in_folder(path)?),
            false => files.push(path.clone()),
        }
    }
    Ok(files)
}

fn in_folder(folder: &Path) -> Result<Vec<PathBuf>> {
    let shown = shown_path(folder);
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        let cannot = || format!("{}: cannot read the folder", shown_path(&inner));
        for entry in inner.read_dir().wrap_err_with(cannot)? {
            let entry = entry.wrap_err_with(cannot)?;
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            let path = entry.path();
            // A link to a folder may lead back here.
            if entry.file_type().wrap_err_with(cannot)?.is_dir() {
                folders.push(path);
            } else if path.is_file() {
                files.push(path);
            }
            if files.len().max(folders.len()) > MOST {
                bail!("{shown}: more than {MOST} files; give a folder with fewer");
            }
        }
    }
    if files.is_empty() {
        bail!("{shown}: there are no files in the folder; give one with pictures");
    }
    files.sort();
    Ok(files)
}
