//! How a batch is divided into chunks, one piece of work each, and a chunk into micro-batches, which
//! go through the layers while they are in the cache.

use std::ops::Range;

/// Most chunks of a batch: enough for an even load on any laptop, few enough that their weight
/// gradients stay small.
pub const MAX_CHUNKS: usize = 16;

/// Images up to which a batch has half as many chunks, still enough for many threads: every chunk adds
/// up weight gradients of its own, which must be worth its images.
const SMALL_BATCH: usize = 64;

/// A batch, divided into chunks.
#[derive(Clone, Copy)]
pub(super) struct Partition {
    pub batch: usize,
    pub chunks: usize,
}

impl Partition {
    /// The number of chunks depends on nothing but the batch's size, so that sums over them do not
    /// depend on the machine.
    pub fn of(batch: usize) -> Self {
        let chunks = if batch > SMALL_BATCH {
            MAX_CHUNKS
        } else {
            MAX_CHUNKS / 2
        };
        Self { batch, chunks }
    }

    /// The images of chunk `index`.
    pub fn range(self, index: usize) -> Range<usize> {
        index * self.batch / self.chunks..(index + 1) * self.batch / self.chunks
    }

    /// The images of chunk `index`, `size` at a time, by their position in the chunk.
    pub fn micro_batches(
        self,
        index: usize,
        size: usize,
    ) -> impl DoubleEndedIterator<Item = Range<usize>> + ExactSizeIterator {
        let images = self.range(index).len();
        (0..images)
            .step_by(size)
            .map(move |first| first..images.min(first + size))
    }

    /// Divides `values` (`len` per image) at the borders of the chunks.
    pub fn split<T>(self, mut values: &mut [T], len: usize) -> Vec<&mut [T]> {
        (0..self.chunks)
            .map(|index| {
                let (chunk, rest) =
                    std::mem::take(&mut values).split_at_mut(self.range(index).len() * len);
                values = rest;
                chunk
            })
            .collect()
    }
}

/// Where the values of some images lie (`len` per image).
pub(super) fn of_images(images: &Range<usize>, len: usize) -> Range<usize> {
    images.start * len..images.end * len
}
