//! Where the object of a picture is.

use super::background::Background;
use super::decoded::Picture;
use std::ops::Range;

/// A row or column belongs to the object if at least one pixel in so many stands out: specks do not.
const SPECKS: usize = 200;

/// The rows and columns that an object takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Of the picture.
    pub rows: Range<usize>,
    /// Of the picture.
    pub columns: Range<usize>,
}

impl Picture {
    /// Where something stands out from a plain background; none where that is not plain, or nothing does.
    pub fn object(&self, background: Background) -> Option<Object> {
        if !background.is_plain() {
            return None;
        }
        let (mut rows, mut columns) = (vec![0; self.height()], vec![0; self.width()]);
        for (at, colour) in self.colours().iter().enumerate() {
            let is_seen = self.alpha().is_none_or(|alpha| alpha[at] >= 128);
            if is_seen && !background.has(*colour) {
                rows[at / self.width()] += 1;
                columns[at % self.width()] += 1;
            }
        }
        Some(Object {
            rows: range(&rows, self.width())?,
            columns: range(&columns, self.height())?,
        })
    }
}

/// From the first line of `length` pixels with enough of them to the last.
fn range(counts: &[usize], length: usize) -> Option<Range<usize>> {
    let least = (length / SPECKS).max(1);
    let first = counts.iter().position(|count| *count >= least)?;
    let last = counts.iter().rposition(|count| *count >= least)?;
    Some(first..last + 1)
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;

    #[test]
    fn it_is_what_stands_out_from_the_paper() {
        let pixel = |x: usize, y: usize| match (x, y) {
            (10..14, 5..25) => [20, 30, 40, 255],
            // A shade of the paper.
            (20.., _) => [225, 225, 225, 255],
            _ => [240, 240, 240, 255],
        };
        let picture = example::picture(40, 30, pixel);
        let (rows, columns) = (5..25, 10..14);
        let object = Object { rows, columns };
        assert_eq!(picture.object(picture.background()), Some(object));
        let blank = example::picture(9, 9, |_, _| [7, 7, 7, 255]);
        assert_eq!(blank.object(blank.background()), None);
    }

    #[test]
    fn a_speck_is_no_object() {
        let pixel = |x: usize, y: usize| match (x, y) {
            (100..300, 100..300) => [0, 0, 0, 255],
            (900, 900) => [0, 0, 0, 255],
            _ => [255, 255, 255, 255],
        };
        let picture = example::picture(1000, 1000, pixel);
        let object = picture.object(picture.background()).unwrap();
        assert_eq!(object.rows, 100..300);
    }
}
