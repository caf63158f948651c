//! Parts of a data set that are arrays.

use rayon::prelude::*;
use std::path::PathBuf;

use super::definition::Array;
use super::levels::Levels;
use super::numbers::Numbers;
use super::shape::Shape;
use crate::augment::ImageSize;
use crate::data::idx::MAX_ITEMS;
use crate::data::import::error::ImportError;
use crate::data::import::part::PartName;
use crate::data::import::pictures::{Part, Pictures};
use crate::data::picture::Picture;
use crate::data::split::Split;

/// Pictures of an array and the numbers of their labels.
pub struct ArrayPart {
    /// What it is for.
    pub name: PartName,
    /// The pictures.
    pub images: Array,
    /// As many.
    pub labels: Vec<u32>,
    /// Where the pictures are from.
    pub path: PathBuf,
}

/// A part with what it is for.
type NamedPart = (PartName, Part);

/// The arrays as parts, all with levels made in one way; and what is to be said about that.
///
/// # Errors
/// Arrays that are no pictures, and labels that are not as many.
pub fn parts(arrays: Vec<ArrayPart>) -> Result<(Vec<NamedPart>, Option<String>), ImportError> {
    let first = arrays.first().map(|part| part.path.clone());
    let (levels, note) = Levels::of(arrays.iter().map(|part| &part.images.numbers))
        .map_err(|reason| ImportError::wrong(first.unwrap_or_default(), reason))?;
    let parts = arrays.into_iter().map(|part| {
        let wrong = |reason: String| ImportError::wrong(&part.path, reason);
        let shape = Shape::of(&part.images).map_err(wrong)?;
        if shape.count != part.labels.len() {
            return Err(wrong(format!(
                "has {} pictures for {} labels; get both from the same set",
                shape.count,
                part.labels.len()
            )));
        }
        if shape.count > MAX_ITEMS as usize {
            return Err(wrong(format!(
                "has more than {MAX_ITEMS} pictures; import fewer"
            )));
        }
        let ImageSize {
            channels,
            height,
            width,
        } = shape.size;
        let split = Split {
            images: planes(part.images.numbers, shape, levels)?,
            labels: Vec::new(),
            channels,
            height,
            width,
        };
        let pictures = Box::new(Planes {
            count: shape.count,
            split,
        });
        let labels = part.labels;
        Ok((part.name, Part { pictures, labels }))
    });
    Ok((parts.collect::<Result<_, _>>()?, note))
}

/// The levels of all pictures, `[count, channels, height, width]`.
fn planes(numbers: Numbers, shape: Shape, levels: Levels) -> Result<Vec<u8>, ImportError> {
    // The usual case needs no second copy.
    let numbers = match numbers {
        Numbers::Bytes(bytes)
            if !shape.is_interleaved && levels.level(255.0) == 255 && levels.level(1.0) == 1 =>
        {
            return Ok(bytes);
        }
        numbers => numbers,
    };
    let mut pixels = Vec::new();
    let room = pixels.try_reserve_exact(numbers.len());
    room.map_err(|_| ImportError::NoMemory)?;
    pixels.resize(numbers.len(), 0);
    let (bytes, plane) = (shape.size.bytes(), shape.size.plane());
    let pictures = pixels.par_chunks_exact_mut(bytes).enumerate();
    pictures.for_each(|(index, picture)| {
        for (place, level) in picture.iter_mut().enumerate() {
            let from = index * bytes + shape.place(place / plane, place % plane);
            *level = levels.level(numbers.get(from));
        }
    });
    Ok(pixels)
}

/// Pictures in memory.
struct Planes {
    count: usize,
    /// Without labels: those of a source are not classes yet.
    split: Split,
}

impl Pictures for Planes {
    fn len(&self) -> usize {
        self.count
    }

    fn size(&self) -> Option<ImageSize> {
        Some(self.split.size())
    }

    fn name(&self, index: usize) -> String {
        format!("picture {index}")
    }

    fn are_files(&self) -> bool {
        false
    }

    fn draw(&self, index: usize, size: ImageSize, into: &mut [u8]) -> Result<(), String> {
        let image = self.split.image(index);
        if size == self.split.size() {
            into.copy_from_slice(image);
            return Ok(());
        }
        let picture = Picture::of_image(&self.split, image);
        let background = picture.background().colour;
        let fitted = picture.fit(size, background);
        into.copy_from_slice(&fitted.map_err(|error| error.to_string())?);
        Ok(())
    }
}
