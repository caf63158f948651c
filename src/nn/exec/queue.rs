//! Which thread works on which chunk of a batch.

use super::traversal::Traversal;
use crate::nn::profile::Recorder;
use rayon::prelude::*;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Calls `work` for every chunk in the order of `traversal`, each with its index, on all threads, which
/// keep their own times for the `recorder`.
pub(super) fn for_each_chunk<T: Send>(
    recorder: &Recorder,
    traversal: Traversal,
    chunks: impl Iterator<Item = T>,
    work: impl Fn(usize, T) + Sync,
) {
    let mut chunks: Vec<_> = chunks.enumerate().collect();
    if traversal == Traversal::LastToFirst {
        chunks.reverse();
    }
    let tasks = (0..chunks.len()).into_par_iter().with_max_len(1);
    let queues = WorkQueues::new(chunks);
    let work = |_| {
        if let Some((index, chunk)) = queues.take(rayon::current_thread_index()) {
            work(index, chunk);
        }
    };
    recorder.shared(|| tasks.for_each(work));
}

/// A queue of chunks for each thread, with work stealing.
///
/// A step walks over the batch many times. Every walk offers a thread the same chunks first, whose
/// values the walk before has left in the cache of its core; chunks that a slow thread has not reached
/// are taken by others.
struct WorkQueues<T> {
    /// One per thread.
    queues: Vec<Mutex<VecDeque<(usize, T)>>>,
}

impl<T> WorkQueues<T> {
    fn new(chunks: Vec<(usize, T)>) -> Self {
        let (threads, count) = (rayon::current_num_threads(), chunks.len());
        let mut queues: Vec<VecDeque<_>> = (0..threads).map(|_| VecDeque::new()).collect();
        for (index, chunk) in chunks {
            queues[index * threads / count].push_back((index, chunk));
        }
        let queues = queues.into_iter().map(Mutex::new).collect();
        Self { queues }
    }

    /// The next chunk of `thread`'s own, or else the last of another's.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::exec::partition::MAX_CHUNKS;
    use rayon::ThreadPoolBuilder;

    #[test]
    fn a_thread_takes_its_own_chunks_in_order_then_those_others_have_left() {
        let pool = ThreadPoolBuilder::new().num_threads(2).build().unwrap();
        let taken = pool.install(|| {
            let chunks = ["a", "b", "c", "d"].into_iter().enumerate().collect();
            let queues = WorkQueues::new(chunks);
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
    fn every_chunk_is_worked_on_once_in_either_direction() {
        for traversal in [Traversal::FirstToLast, Traversal::LastToFirst] {
            let mut visits = vec![(0, usize::MAX); MAX_CHUNKS];
            for_each_chunk(
                &Recorder::default(),
                traversal,
                visits.iter_mut(),
                |index, visit| {
                    *visit = (visit.0 + 1, index);
                },
            );
            let expected: Vec<_> = (0..MAX_CHUNKS).map(|index| (1, index)).collect();
            assert_eq!(visits, expected);
        }
    }
}
