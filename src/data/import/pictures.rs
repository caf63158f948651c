//! Pictures with labels, wherever they come from.

use super::class_labels::ClassLabels;
use super::part::PartName;
use crate::augment::ImageSize;

/// Some pictures, in order.
pub trait Pictures: Send + Sync {
    /// How many.
    fn len(&self) -> usize;

    /// The size that all have, where it is known before they are looked at.
    fn size(&self) -> Option<ImageSize>;

    /// What one is called: its file, or its place.
    fn name(&self, index: usize) -> String;

    /// Whether names are those of files.
    fn are_files(&self) -> bool;

    /// Writes one as an image `[channels, height, width]`.
    ///
    /// # Errors
    /// Why it cannot be used.
    fn draw(&self, index: usize, size: ImageSize, into: &mut [u8]) -> Result<(), String>;
}

/// Pictures and the [numbers](ClassLabels::number) of their labels.
pub struct Part {
    /// The pictures.
    pub pictures: Box<dyn Pictures>,
    /// As many.
    pub labels: Vec<u32>,
}

/// What a format found.
pub struct Found {
    /// The format, and what it took for what, in a few words.
    pub format: String,
    /// In any order; several of one name are joined.
    pub parts: Vec<(PartName, Part)>,
    /// The labels of all parts.
    pub labels: ClassLabels,
    /// What else a user should know.
    pub notes: Vec<String>,
}

/// The pictures to train on and those to test with, if there are any.
pub struct Parts {
    /// To train on.
    pub train: Part,
    /// To test with.
    pub test: Option<Part>,
}

impl Parts {
    /// Of parts by their names. Where there is no test part, that to validate with is it; else it is trained on,
    /// since a run holds images out by itself.
    ///
    /// # Errors
    /// If there is nothing to train on.
    pub fn of(parts: Vec<(PartName, Part)>, notes: &mut Vec<String>) -> Result<Self, String> {
        let has_test = parts.iter().any(|(name, _)| *name == PartName::Test);
        let (mut train, mut validation, mut test) = (vec![], vec![], vec![]);
        for (name, part) in parts {
            match name {
                PartName::Train => train.push(part),
                PartName::Validation => validation.push(part),
                PartName::Test => test.push(part),
            }
        }
        if train.is_empty() {
            return Err("has no pictures to train on, only others; name a part \"train\"".into());
        }
        if !validation.is_empty() {
            let use_it = if has_test {
                "join the training pictures, since a run holds some out by itself"
            } else {
                "are the test set, since there is no other"
            };
            notes.push(format!("the validation pictures {use_it}"));
            if has_test { &mut train } else { &mut test }.append(&mut validation);
        }
        Ok(Self {
            train: joined(train),
            test: (!test.is_empty()).then(|| joined(test)),
        })
    }
}

fn joined(mut parts: Vec<Part>) -> Part {
    if parts.len() == 1
        && let Some(part) = parts.pop()
    {
        return part;
    }
    let labels = parts.iter().flat_map(|part| part.labels.iter().copied());
    Part {
        labels: labels.collect(),
        pictures: Box::new(Joined(
            parts.into_iter().map(|part| part.pictures).collect(),
        )),
    }
}

/// Pictures one after the other.
struct Joined(Vec<Box<dyn Pictures>>);

impl Joined {
    fn at(&self, mut index: usize) -> Option<(&dyn Pictures, usize)> {
        for pictures in &self.0 {
            if index < pictures.len() {
                return Some((&**pictures, index));
            }
            index -= pictures.len();
        }
        None
    }
}

impl Pictures for Joined {
    fn len(&self) -> usize {
        self.0.iter().map(|pictures| pictures.len()).sum()
    }

    fn size(&self) -> Option<ImageSize> {
        let mut sizes = self.0.iter().map(|pictures| pictures.size());
        let size = sizes.next()??;
        sizes.all(|other| other == Some(size)).then_some(size)
    }

    fn name(&self, index: usize) -> String {
        self.at(index)
            .map_or_else(String::new, |(pictures, index)| pictures.name(index))
    }

    fn are_files(&self) -> bool {
        self.0.iter().all(|pictures| pictures.are_files())
    }

    fn draw(&self, index: usize, size: ImageSize, into: &mut [u8]) -> Result<(), String> {
        match self.at(index) {
            Some((pictures, index)) => pictures.draw(index, size, into),
            None => Err("is not there".into()),
        }
    }
}
