//! How long a thread works on each op.

use super::measured::{Direction, Section};
use crate::parallel::Participants;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Nanoseconds of an op, by direction.
pub(super) type Spent = [u64; Direction::ALL.len()];

/// What the threads spend on each op, and on sections beside them, while they share the work.
#[derive(Default)]
pub(super) struct Walk {
    ops: Mutex<Vec<Spent>>,
    beside: [AtomicU64; Section::ALL.len()],
    threads: Participants,
}

impl Walk {
    /// The calling thread has spent so many nanoseconds on something of this section.
    pub fn beside(&self, section: Section, spent: u64) {
        self.threads.note();
        self.beside[section as usize].fetch_add(spent, Ordering::Relaxed);
    }

    /// What was spent on each op, on each section beside them, and whether several threads took part; to
    /// begin anew.
    pub fn take(&self) -> (Vec<Spent>, [u64; Section::ALL.len()], bool) {
        let mut ops = self.ops.lock().unwrap_or_else(PoisonError::into_inner);
        let beside = self.beside.each_ref();
        let beside = beside.map(|spent| spent.swap(0, Ordering::Relaxed));
        (std::mem::take(&mut *ops), beside, self.threads.take())
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
            let all = running.walk.ops.lock();
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
