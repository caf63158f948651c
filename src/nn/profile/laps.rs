//! How long a thread works on each op.

use super::measured::Direction;
use crate::parallel::Participants;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Nanoseconds of an op, by direction.
pub(super) type Spent = [u64; Direction::ALL.len()];

/// What the threads spend on each op while they share the work.
#[derive(Default)]
pub(super) struct Walk {
    spent: Mutex<Vec<Spent>>,
    threads: Participants,
}

impl Walk {
    /// What was spent on each op, and whether several threads did it, to begin anew.
    pub fn take(&self) -> (Vec<Spent>, bool) {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        (std::mem::take(&mut *spent), self.threads.take())
    }
}

/// A thread's clock while it works on one op after the other. What it measured is added up when it is
/// dropped. A clock that is off does nothing.
pub struct Laps<'a>(Option<Running<'a>>);

struct Running<'a> {
    walk: &'a Walk,
    direction: Direction,
    since: Instant,
    /// Nanoseconds per op.
    spent: Vec<u64>,
}

impl<'a> Laps<'a> {
    /// A clock that is off.
    pub(super) fn off() -> Self {
        Self(None)
    }

    /// The calling thread's clock, which starts now and is added to `walk`.
    pub(super) fn start(walk: &'a Walk, direction: Direction) -> Self {
        walk.threads.note();
        Self(Some(Running {
            walk,
            direction,
            since: Instant::now(),
            spent: Vec::new(),
        }))
    }

    /// What the thread did since the clock started, or since the lap before, was for this op.
    pub fn end(&mut self, op: usize) {
        let Some(running) = &mut self.0 else {
            return;
        };
        let now = Instant::now();
        if running.spent.len() <= op {
            running.spent.resize(op + 1, 0);
        }
        running.spent[op] += nanoseconds(running.since, now);
        running.since = now;
    }
}

impl Drop for Laps<'_> {
    fn drop(&mut self) {
        if let Some(running) = &self.0 {
            let all = running.walk.spent.lock();
            let mut all = all.unwrap_or_else(PoisonError::into_inner);
            if all.len() < running.spent.len() {
                all.resize(running.spent.len(), Spent::default());
            }
            for (times, spent) in all.iter_mut().zip(&running.spent) {
                times[running.direction as usize] += spent;
            }
        }
    }
}

/// From `since` to `until`.
pub(super) fn nanoseconds(since: Instant, until: Instant) -> u64 {
    let time = until.saturating_duration_since(since);
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
