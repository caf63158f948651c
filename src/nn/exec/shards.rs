//! How a batch is cut into parts, and in which order they are walked through.

use super::Shard;
use crate::nn::layers::Partial;
use rayon::prelude::*;
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

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

    /// Does `work` for every shard in this direction, each with its number, on all threads.
    pub(super) fn for_each_shard<T: Send>(
        self,
        shards: impl Iterator<Item = T>,
        work: impl Fn(usize, T) + Sync,
    ) {
        let mut shards: Vec<_> = shards.enumerate().collect();
        if self == Self::Fro {
            shards.reverse();
        }
        let tasks = (0..shards.len()).into_par_iter().with_max_len(1);
        let queues = Queues::new(shards);
        tasks.for_each(|_| {
            if let Some((index, shard)) = queues.take(rayon::current_thread_index()) {
                work(index, shard);
            }
        });
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

/// Shards that wait for a thread, each where it is at home.
///
/// A step walks over the batch many times. Every walk offers a thread the same shards first, whose
/// values the walk before has left in the cache of its core; what a slow thread has not come to, others
/// take over.
struct Queues<T> {
    /// One a thread.
    queues: Vec<Mutex<VecDeque<(usize, T)>>>,
}

impl<T> Queues<T> {
    fn new(shards: Vec<(usize, T)>) -> Self {
        let (threads, parts) = (rayon::current_num_threads(), shards.len());
        let mut queues: Vec<VecDeque<_>> = (0..threads).map(|_| VecDeque::new()).collect();
        for (index, shard) in shards {
            queues[index * threads / parts].push_back((index, shard));
        }
        let queues = queues.into_iter().map(Mutex::new).collect();
        Self { queues }
    }

    /// The next shard of `thread`'s own, or else the last of another's.
    fn take(&self, thread: Option<usize>) -> Option<(usize, T)> {
        let queue = |index: usize| {
            let queue = self.queues[index].lock();
            queue.unwrap_or_else(PoisonError::into_inner)
        };
        let own = thread.filter(|thread| *thread < self.queues.len());
        own.and_then(|thread| queue(thread).pop_front())
            .or_else(|| (0..self.queues.len()).find_map(|other| queue(other).pop_back()))
    }
}

/// The values of some images (`len` per image).
pub(super) fn of_images(images: &Range<usize>, len: usize) -> Range<usize> {
    images.start * len..images.end * len
}

#[cfg(test)]
mod tests {
    use super::*;
    use rayon::ThreadPoolBuilder;

    #[test]
    fn a_thread_takes_its_own_shards_in_order_then_those_others_have_left() {
        let pool = ThreadPoolBuilder::new().num_threads(2).build().unwrap();
        let taken = pool.install(|| {
            let shards = ["a", "b", "c", "d"].into_iter().enumerate().collect();
            let queues = Queues::new(shards);
            [Some(1), Some(1), Some(1), None, Some(1)].map(|thread| queues.take(thread))
        });
        let expected = [
            Some((2, "c")),
            Some((3, "d")),
            Some((1, "b")),
            Some((0, "a")),
            None,
        ];
        assert_eq!(taken, expected);
    }

    #[test]
    fn every_shard_is_worked_on_once_in_either_direction() {
        for direction in [Direction::To, Direction::Fro] {
            let mut visits = vec![(0, usize::MAX); MOST_PARTS];
            direction.for_each_shard(visits.iter_mut(), |index, visit| {
                *visit = (visit.0 + 1, index);
            });
            let expected: Vec<_> = (0..MOST_PARTS).map(|index| (1, index)).collect();
            assert_eq!(visits, expected);
        }
    }
}
