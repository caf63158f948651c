//! Memory that begins where a cache line does.
//!
//! A vector register whose values lie in two lines takes two accesses to load or store. The system
//! begins its memory anywhere; from here, images and matrices whose rows fill whole vectors have every
//! vector in one line. On AVX2 products of 48×48 matrices run half as fast again.

use aligned_vec::AVec;
use std::ops::{Deref, DerefMut};

/// Numbers that a step after the other writes over.
#[derive(Clone, Debug)]
pub struct Buffer {
    /// At least `len` values; it never shrinks.
    values: AVec<f32>,
    len: usize,
}

impl Default for Buffer {
    fn default() -> Self {
        Self {
            values: AVec::new(0),
            len: 0,
        }
    }
}

impl Buffer {
    /// As many zeros.
    pub fn zeros(len: usize) -> Self {
        let mut buffer = Self::default();
        buffer.size(len);
        buffer
    }

    /// Makes it `len` values long, whatever they are.
    pub fn size(&mut self, len: usize) -> &mut [f32] {
        if self.values.len() < len {
            self.values.resize(len, 0.0);
        }
        self.len = len;
        self
    }

    /// Takes over these values.
    pub fn copy_from(&mut self, values: &[f32]) {
        self.size(values.len()).copy_from_slice(values);
    }
}

impl From<&[f32]> for Buffer {
    fn from(values: &[f32]) -> Self {
        let mut buffer = Self::default();
        buffer.copy_from(values);
        buffer
    }
}

impl Deref for Buffer {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.values[..self.len]
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.values[..self.len]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn begins_where_a_cache_line_does_and_holds_what_it_was_given() {
        let mut buffer = Buffer::default();
        assert!(buffer.is_empty());
        for len in [3, 1000, 17, 5000] {
            buffer.size(len).fill(0.5);
            assert_eq!(&buffer[..], vec![0.5; len]);
            assert_eq!(buffer.as_ptr().addr() % 64, 0);
        }
        buffer.copy_from(&[1.0, 2.0]);
        assert_eq!(&buffer.clone()[..], [1.0, 2.0]);
        assert_eq!(&Buffer::zeros(4)[..], [0.0; 4]);
    }
}
