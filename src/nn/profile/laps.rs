//! How long a thread works on each op.

use super::measured::{Direction, Measured};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// A thread's clock while it works on one op after the other. What it measured is added up when it is
/// dropped. A clock that is off does nothing.
pub struct Laps<'a>(Option<Running<'a>>);

struct Running<'a> {
    measured: &'a Mutex<Measured>,
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

    /// A clock that starts now, and is added to `measured`.
    pub(super) fn start(measured: &'a Mutex<Measured>, direction: Direction) -> Self {
        Self(Some(Running {
            measured,
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
            let measured = running.measured.lock();
            let mut measured = measured.unwrap_or_else(PoisonError::into_inner);
            for (times, spent) in measured.ops.iter_mut().zip(&running.spent) {
                times[running.direction as usize].busy += spent;
            }
        }
    }
}

/// From `since` to `until`.
pub(super) fn nanoseconds(since: Instant, until: Instant) -> u64 {
    let time = until.saturating_duration_since(since);
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
