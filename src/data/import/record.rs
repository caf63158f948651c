//! What an import did.

use serde::Serialize;

/// A picture that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// Its file, or its place in an array.
    pub file: String,
    /// Why.
    pub reason: String,
}

/// What an import did; the file `import.json` in its folder.
#[derive(Clone, Debug, Serialize)]
pub struct Imported {
    /// The name of the file or folder that was imported.
    pub source: String,
    /// Its format, and what was taken for what.
    pub format: String,
    /// Images to train on.
    pub train_images: usize,
    /// Images to validate with.
    pub test_images: usize,
    /// The classes' names, in the order of the labels.
    pub classes: Vec<String>,
    /// Colour planes; 1 for grey images.
    pub channels: usize,
    /// Rows of an image, pixels.
    pub height: usize,
    /// Columns of an image, pixels.
    pub width: usize,
    /// Whether dark and light were exchanged.
    pub inverted: bool,
    /// The share of each class that became the test set, if the source had none.
    pub split: Option<f64>,
    /// What else a user should know.
    pub notes: Vec<String>,
    /// How many pictures could not be used; the file `skipped.txt` names them.
    pub skipped: usize,
    /// These pictures.
    #[serde(skip)]
    pub skipped_pictures: Vec<Skipped>,
}
