//! Pictures that were drawn: what a model says of them, and their files.

use crate::data::Split;
use crate::data::picture::encode;
use crate::fs::write_atomically;
use crate::insight::{Prediction, predict};
use crate::text::shown_path;
use crate::train::Validated;
use std::path::PathBuf;

/// Files of one name at the most.
const MOST_FILES: usize = 10_000;

/// What the model says of each picture.
///
/// # Errors
/// Why it cannot say anything.
pub fn judge(model: &Validated, pictures: &Split) -> Result<Vec<Prediction>, String> {
    let restored = model.snapshot.restore()?;
    let normalization = model.snapshot.info.normalization;
    predict(&restored, pictures, normalization).map_err(|error| error.to_string())
}

/// Writes a picture, `[1 or 3, height, width]`, into the working directory as `stem.png`, or with the first
/// number that is free.
///
/// # Errors
/// The sentence for the person at the screen.
pub fn write(stem: &str, picture: &Split) -> Result<PathBuf, String> {
    let bytes = encode(picture.image(0), picture.size()).map_err(|error| error.to_string())?;
    let name = |number: usize| match number {
        1 => PathBuf::from(format!("{stem}.png")),
        number => PathBuf::from(format!("{stem}-{number}.png")),
    };
    let mut names = (1..=MOST_FILES).map(name);
    let Some(path) = names.find(|path| !path.exists()) else {
        return Err(format!(
            "there are {MOST_FILES} files {stem}-N.png; delete some"
        ));
    };
    write_atomically(&path, &bytes)
        .map_err(|error| format!("cannot write {}: {error}", shown_path(&path)))?;
    Ok(path)
}
