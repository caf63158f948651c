//! Many numbers: as bytes while all are whole and from 0 to 255, which most pixels are.

use std::collections::TryReserveError;
use std::io::{ErrorKind, Read};
use std::path::Path;

use super::element::Element;
use crate::data::import::error::ImportError;

/// Bytes that are read at a time.
const PIECE_BYTES: usize = 256 * 1024;

/// Numbers.
#[derive(Clone, Debug, PartialEq)]
pub enum Numbers {
    /// All whole and from 0 to 255.
    Bytes(Vec<u8>),
    /// Any.
    Reals(Vec<f32>),
}

impl Default for Numbers {
    fn default() -> Self {
        Self::Bytes(Vec::new())
    }
}

impl Numbers {
    /// How many.
    pub fn len(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::Reals(reals) => reals.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number at `index`; 0 beyond the end.
    pub fn get(&self, index: usize) -> f32 {
        match self {
            Self::Bytes(bytes) => bytes.get(index).map_or(0.0, |byte| f32::from(*byte)),
            Self::Reals(reals) => reals.get(index).copied().unwrap_or(0.0),
        }
    }

    /// Adds a number.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub fn push(&mut self, number: f64) -> Result<(), TryReserveError> {
        let byte = number as u8;
        match self {
            Self::Bytes(bytes) if f64::from(byte) == number => {
                bytes.try_reserve(1)?;
                bytes.push(byte);
            }
            Self::Bytes(bytes) => {
                let mut reals = Vec::new();
                reals.try_reserve(bytes.len() + 1)?;
                reals.extend(bytes.iter().map(|byte| f32::from(*byte)));
                reals.push(number as f32);
                *self = Self::Reals(reals);
            }
            Self::Reals(reals) => {
                reals.try_reserve(1)?;
                reals.push(number as f32);
            }
        }
        Ok(())
    }

    /// Reads `count` numbers. No more memory is taken than there are bytes to read.
    ///
    /// # Errors
    /// If there are fewer, they cannot be read, or do not fit in memory.
    pub fn read(
        input: &mut dyn Read,
        element: Element,
        big_endian: bool,
        count: usize,
        path: &Path,
    ) -> Result<Self, ImportError> {
        let mut numbers = Self::default();
        let mut piece = vec![0; PIECE_BYTES.min(count.saturating_mul(element.bytes()))];
        let mut left = count;
        while left > 0 {
            let wanted = left.min(PIECE_BYTES / element.bytes());
            let bytes = &mut piece[..wanted * element.bytes()];
            input.read_exact(bytes).map_err(|error| match error.kind() {
                ErrorKind::UnexpectedEof => ImportError::wrong(
                    path,
                    format!("is cut short: {count} numbers are stated, fewer are there; get it again"),
                ),
                _ => ImportError::read(path, error),
            })?;
            let added = match &mut numbers {
                Self::Bytes(all) if element == Element::U8 => {
                    let room = all.try_reserve(wanted);
                    room.map(|()| all.extend_from_slice(bytes))
                }
                numbers => {
                    let mut outcome = Ok(());
                    element.decode(bytes, big_endian, &mut |number| {
                        if outcome.is_ok() {
                            outcome = numbers.push(number);
                        }
                    });
                    outcome
                }
            };
            added.map_err(|_| ImportError::NoMemory)?;
            left -= wanted;
        }
        Ok(numbers)
    }

    /// The numbers as whole ones, one a row of `columns`: the first of each.
    ///
    /// # Errors
    /// If one is not whole, or too large to be told from its neighbours.
    pub fn labels(&self, columns: usize) -> Result<Vec<i32>, String> {
        let firsts = (0..self.len()).step_by(columns.max(1));
        let label = |index: usize| {
            let number = self.get(index);
            let is_label = number.fract() == 0.0 && number.abs() < (1 << 24) as f32;
            is_label.then_some(number as i32).ok_or_else(|| {
                format!("has the label {number} at {index}; labels must be whole numbers, one for each picture")
            })
        };
        firsts.map(label).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_bytes_as_long_as_they_can() {
        let file = [0_i64, 255, 7].map(i64::to_be_bytes).concat();
        let read = |count| Numbers::read(&mut &file[..], Element::I64, true, count, Path::new("f"));
        assert_eq!(read(3).unwrap(), Numbers::Bytes(vec![0, 255, 7]));
        assert!(read(4).unwrap_err().to_string().contains("cut short"));
        let mut numbers = read(2).unwrap();
        numbers.push(0.5).unwrap();
        numbers.push(256.0).unwrap();
        assert_eq!(numbers, Numbers::Reals(vec![0.0, 255.0, 0.5, 256.0]));
        assert!(numbers.labels(1).is_err());
        assert_eq!(numbers.labels(3).unwrap(), [0, 256]);
    }
}
