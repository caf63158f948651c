//! Memory aligned to a cache line.
//!
//! A vector, or a row of a tile, that crosses a cache line takes two accesses to load or store. The
//! allocator aligns to less than a line; in a [`Buffer`] the vectors of images and matrices whose rows fill
//! whole vectors never cross one. On AVX2 this makes products of 48×48 matrices 1.5 times as fast.

use aligned_vec::AVec;
use std::ops::{Deref, DerefMut};

/// Values that are reused from step to step, aligned to a cache line.
#[derive(Clone, Debug)]
pub struct Buffer<T = f32> {
    /// At least `len` values; it never shrinks.
    values: AVec<T>,
    len: usize,
}

impl<T> Default for Buffer<T> {
    fn default() -> Self {
        Self {
            values: AVec::new(0),
            len: 0,
        }
    }
}

impl<T: Copy + Default> Buffer<T> {
    /// `len` zeros.
    pub fn zeros(len: usize) -> Self {
        let mut buffer = Self::default();
        buffer.size(len);
        buffer
    }

    /// Makes it `len` values long; the values are arbitrary.
    pub fn size(&mut self, len: usize) -> &mut [T] {
        if self.values.len() < len {
            self.values.resize(len, T::default());
        }
        self.len = len;
        self
    }

    /// Copies these values.
    pub fn copy_from(&mut self, values: &[T]) {
        self.size(values.len()).copy_from_slice(values);
    }
}

impl<T: Copy + Default> From<&[T]> for Buffer<T> {
    fn from(values: &[T]) -> Self {
        let mut buffer = Self::default();
        buffer.copy_from(values);
        buffer
    }
}

impl<T> Deref for Buffer<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.values[..self.len]
    }
}

impl<T> DerefMut for Buffer<T> {
    fn deref_mut(&mut self) -> &mut [T] {
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
        assert_eq!(&Buffer::<f32>::zeros(4)[..], [0.0; 4]);
    }
}
