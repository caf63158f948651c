//! How a batch is cut into parts, and in which order they are walked through.

use super::Shard;
use crate::nn::ops::Partial;
use rayon::prelude::*;
use std::ops::Range;

/// Most parts a batch is cut into: enough for an even load on any laptop, few enough that their weight
/// gradients stay small.
pub const MOST_PARTS: usize = 16;

/// Images up to which a batch is cut into half as many parts, still enough for many threads: every part
/// adds up weight gradients of its own, and pays for that with the images it has.
const SMALL_BATCH: usize = 64;

/// Values between two layers that images going through a run of layers together may have: few enough
/// to stay in the cache.
const VALUES_AT_ONCE: usize = 32 << 10;

/// Images of `len` values between two layers that go through the layers together. Where images are
/// small, a layer's weights are what fills the cache: several images make more of them.
pub(super) fn images_at_once(len: usize) -> usize {
    (VALUES_AT_ONCE / len.max(1)).max(1)
}

/// Parts that a batch is cut into. They depend on nothing but the batch's size, so that sums over them
/// do not depend on the machine.
pub fn parts_of(batch: usize) -> usize {
    if batch > SMALL_BATCH {
        MOST_PARTS
    } else {
        MOST_PARTS / 2
    }
}

/// A batch, cut into parts.
#[derive(Clone, Copy)]
pub(super) struct Cut {
    pub batch: usize,
    pub parts: usize,
}

impl Cut {
    pub fn of(batch: usize) -> Self {
        let parts = parts_of(batch);
        Self { batch, parts }
    }

    /// The images of part `index`.
    pub fn range(self, index: usize) -> Range<usize> {
        index * self.batch / self.parts..(index + 1) * self.batch / self.parts
    }

    /// The images of part `index`, `at_once` at a time, by their position in the part.
    pub fn chunks(
        self,
        index: usize,
        at_once: usize,
    ) -> impl DoubleEndedIterator<Item = Range<usize>> + ExactSizeIterator {
        let images = self.range(index).len();
        (0..images)
            .step_by(at_once)
            .map(move |first| first..images.min(first + at_once))
    }

    /// Cuts `values` (`len` per image) at the borders of the parts.
    pub fn split<T>(self, mut values: &mut [T], len: usize) -> Vec<&mut [T]> {
        (0..self.parts)
            .map(|index| {
                let (part, rest) =
                    std::mem::take(&mut values).split_at_mut(self.range(index).len() * len);
                values = rest;
                part
            })
            .collect()
    }

    /// What every part has observed of its images, `at_once` at a time, in their order.
    pub fn partials(
        self,
        shards: &[Shard],
        at_once: usize,
        statistics_len: usize,
    ) -> Vec<Partial<'_>> {
        let shards = shards[..self.parts].iter().enumerate();
        shards
            .flat_map(|(index, shard)| {
                let sums = shard.sums.chunks_exact(statistics_len);
                self.chunks(index, at_once)
                    .zip(sums)
                    .map(|(images, sums)| Partial {
                        images: images.len(),
                        sums,
                    })
            })
            .collect()
    }
}

/// Which images a walk over the batch visits first.
///
/// Successive walks go to and fro: what the last one touched at its end is still in the cache.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    To,
    Fro,
}

impl Direction {
    pub(super) fn turn(&mut self) {
        *self = match self {
            Self::To => Self::Fro,
            Self::Fro => Self::To,
        };
    }

    /// The shards in this direction, each with its number, for all threads.
    pub(super) fn shards<T: Send>(
        self,
        shards: impl Iterator<Item = T>,
    ) -> rayon::vec::IntoIter<(usize, T)> {
        let mut shards: Vec<_> = shards.enumerate().collect();
        if self == Self::Fro {
            shards.reverse();
        }
        shards.into_par_iter()
    }

    /// The items in this direction, each with its number.
    pub(super) fn walk<I: DoubleEndedIterator + ExactSizeIterator>(
        self,
        items: I,
    ) -> impl Iterator<Item = (usize, I::Item)> {
        let mut items = items.enumerate();
        std::iter::from_fn(move || match self {
            Self::To => items.next(),
            Self::Fro => items.next_back(),
        })
    }
}

/// The values of some images (`len` per image).
pub(super) fn of_images(images: &Range<usize>, len: usize) -> Range<usize> {
    images.start * len..images.end * len
}
