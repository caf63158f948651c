//! Pictures that are drawn or read: what a model says of them, and their files.

use crate::data::picture::{Style, encode, read_picture};
use crate::data::{Dataset, Split};
use crate::fs::write_atomically;
use crate::insight::{Likeness, Prediction, predict};
use crate::text::shown_path;
use crate::train::Validated;
use crate::tui::message::Answer;
use std::path::PathBuf;
use std::sync::Arc;

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

/// Reads a picture file and makes it like the images of the data set.
///
/// # Errors
/// The sentence for the person at the screen.
pub fn load(path: PathBuf, dataset: &Dataset) -> Result<Answer, String> {
    let training = &dataset.train;
    let picture = read_picture(&path);
    let adjusted =
        picture.and_then(|it| it.adjusted_to(training.size(), Style::of(training), false));
    let adjusted = adjusted.map_err(|error| one_line(&error))?;
    let picture = Split {
        images: adjusted.image,
        labels: vec![0],
        ..training.pick(&[])
    };
    let likeness = Likeness::of(training);
    let standing = likeness.map(|likeness| likeness.standing(picture.image(0)));
    let standing = standing.map_or(String::new(), |standing| format!("; {}", standing.words()));
    Ok(Answer::PictureLoaded {
        about: format!("{}{standing}", adjusted.done.words()),
        picture: Arc::new(picture),
        path,
    })
}

/// An error with its causes.
fn one_line(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let causes: Vec<String> = causes.map(ToString::to_string).collect();
    causes.join(": ")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_negative_of_a_garment_is_turned_back_and_what_is_no_picture_is_named() {
        let data = Dataset::sample().unwrap();
        let split = data.validation.pick(&[3]);
        let negative: Vec<u8> = split.images.iter().map(|level| 255 - level).collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("garment.png");
        std::fs::write(&path, encode(&negative, split.size()).unwrap()).unwrap();
        let Ok(Answer::PictureLoaded { picture, about, .. }) = load(path.clone(), &data) else {
            panic!("a picture is read");
        };
        assert_eq!(picture.images, split.images);
        assert!(about.starts_with("inverted; more unusual than"), "{about}");
        std::fs::write(&path, "no picture").unwrap();
        let problem = load(path, &data).unwrap_err();
        assert!(problem.contains("garment.png: not a PNG"), "{problem}");
    }
}
