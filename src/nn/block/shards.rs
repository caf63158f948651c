//! How a batch is cut into parts, and in which order they are walked through.

use super::Shard;
use crate::nn::ops::Partial;
use rayon::prelude::*;
use std::ops::Range;

/// Parts a batch is cut into: enough for an even load on any laptop, few enough that their weight
/// gradients stay small.
pub(super) const SHARDS: usize = 16;

/// Values between two layers that images going through a run of layers together may have: few enough
/// to stay in the cache.
const VALUES_AT_ONCE: usize = 32 << 10;

/// Images of `len` values between two layers that go through the layers together. Where images are
/// small, a layer's weights are what fills the cache: several images make more of them.
pub(super) fn images_at_once(len: usize) -> usize {
    (VALUES_AT_ONCE / len.max(1)).max(1)
}

/// The part of `0..batch` that belongs to shard `index`.
pub(super) fn shard_range(index: usize, batch: usize) -> Range<usize> {
    index * batch / SHARDS..(index + 1) * batch / SHARDS
}

/// The images of shard `index`, `at_once` at a time, by their position in the shard.
pub(super) fn chunks(
    index: usize,
    batch: usize,
    at_once: usize,
) -> impl DoubleEndedIterator<Item = Range<usize>> + ExactSizeIterator {
    let images = shard_range(index, batch).len();
    (0..images)
        .step_by(at_once)
        .map(move |first| first..images.min(first + at_once))
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

/// What every shard has observed of its images, `at_once` at a time, in their order.
pub(super) fn partials(
    shards: &[Shard],
    batch: usize,
    at_once: usize,
    statistics_len: usize,
) -> Vec<Partial<'_>> {
    let shards = shards.iter().enumerate();
    shards
        .flat_map(|(index, shard)| {
            let sums = shard.sums.chunks_exact(statistics_len);
            chunks(index, batch, at_once)
                .zip(sums)
                .map(|(images, sums)| Partial {
                    images: images.len(),
                    sums,
                })
        })
        .collect()
}
