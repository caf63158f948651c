//! bf16 values in memory aligned to a cache line.

use aligned_vec::AVec;
use std::ops::{Deref, DerefMut};

/// Values that are reused from step to step. A row of a tile that crosses a cache line takes two accesses.
#[derive(Clone, Debug)]
pub struct Rounded {
    /// At least `len` values; it never shrinks.
    values: AVec<u16>,
    len: usize,
}

impl Default for Rounded {
    fn default() -> Self {
        Self {
            values: AVec::new(0),
            len: 0,
        }
    }
}

impl Rounded {
    /// Makes it `len` values long; the values are arbitrary.
    pub fn size(&mut self, len: usize) -> &mut [u16] {
        if self.values.len() < len {
            self.values.resize(len, 0);
        }
        self.len = len;
        self
    }
}

impl Deref for Rounded {
    type Target = [u16];

    fn deref(&self) -> &[u16] {
        &self.values[..self.len]
    }
}

impl DerefMut for Rounded {
    fn deref_mut(&mut self) -> &mut [u16] {
        &mut self.values[..self.len]
    }
}
