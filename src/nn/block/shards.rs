//! How a batch is cut into parts, and in which order they are walked through.

use super::Shard;
use crate::nn::ops::Partial;
use rayon::prelude::*;
use std::ops::Range;

/// Parts a batch is cut into: enough for an even load on any laptop, few enough that their weight
/// gradients stay small.
pub(super) const SHARDS: usize = 16;

/// Images that go through a run of layers together: few, so that their values stay in the cache.
pub(super) const IMAGES_AT_ONCE: usize = 1;

/// The part of `0..batch` that belongs to shard `index`.
pub(super) fn shard_range(index: usize, batch: usize) -> Range<usize> {
    index * batch / SHARDS..(index + 1) * batch / SHARDS
}

/// The images of shard `index`, some at a time, by their position in the shard.
pub(super) fn chunks(
    index: usize,
    batch: usize,
) -> impl DoubleEndedIterator<Item = Range<usize>> + ExactSizeIterator {
    let images = shard_range(index, batch).len();
    (0..images)
        .step_by(IMAGES_AT_ONCE)
        .map(move |first| first..images.min(first + IMAGES_AT_ONCE))
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

/// Cuts `values` (`len` per image) at the borders of the shards.
pub(super) fn split_shards<T>(mut values: &mut [T], batch: usize, len: usize) -> Vec<&mut [T]> {
    (0..SHARDS)
        .map(|index| {
            let (part, rest) =
                std::mem::take(&mut values).split_at_mut(shard_range(index, batch).len() * len);
            values = rest;
            part
        })
        .collect()
}

/// The values of some images (`len` per image).
pub(super) fn of_images(images: &Range<usize>, len: usize) -> Range<usize> {
    images.start * len..images.end * len
}

/// What every shard has observed, in the order of the images.
pub(super) fn partials(shards: &[Shard], batch: usize, statistics_len: usize) -> Vec<Partial<'_>> {
    let shards = shards.iter().enumerate();
    shards
        .flat_map(|(index, shard)| {
            let sums = shard.sums.chunks_exact(statistics_len);
            chunks(index, batch)
                .zip(sums)
                .map(|(images, sums)| Partial {
                    images: images.len(),
                    sums,
                })
        })
        .collect()
}
