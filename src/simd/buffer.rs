//! Memory aligned to a cache line.
//!
//! A vector that crosses a cache line takes two accesses to load or store. The allocator aligns to less
//! than a line; in a [`Buffer`] the vectors of images and matrices whose rows fill whole vectors never
//! cross one. On AVX2 this makes products of 48×48 matrices 1.5 times as fast.

use aligned_vec::AVec;
use std::ops::{Deref, DerefMut};

/// Values that are reused from step to step, aligned to a cache line.
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
    /// `len` zeros.
    pub fn zeros(len: usize) -> Self {
        let mut buffer = Self::default();
        buffer.size(len);
        buffer
    }

    /// Makes it `len` values long; the values are arbitrary.
    pub fn size(&mut self, len: usize) -> &mut [f32] {
        if self.values.len() < len {
            self.values.resize(len, 0.0);
        }
        self.len = len;
        self
    }

    /// Copies these values.
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
    fn is_aligned_to_a_cache_line_and_holds_what_it_was_given() {
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
