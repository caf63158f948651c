//! What the passes tell how long they took.

use super::laps::{Laps, nanoseconds};
use super::measured::{Direction, Measured, OpTime, Section};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Records where the time of training steps goes, once it is [asked to](Self::turn_on). Until then, and
/// between steps, each of its methods costs one branch.
///
/// Sections are those of the training thread. Its work is its own unless it is done by
/// [`shared`](Self::shared), [`evenly`](Self::evenly) or [`by_all`](Self::by_all).
#[derive(Default)]
pub struct Recorder {
    is_asked: AtomicBool,
    /// Within a step that is recorded.
    is_on: AtomicBool,
    /// Above 0 while the threads share the work of the step.
    sharing: AtomicUsize,
    clock: Mutex<Option<Clock>>,
    measured: Mutex<Measured>,
}

/// Where the training thread is.
#[derive(Clone, Copy)]
struct Clock {
    section: Section,
    since: Instant,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Plain sums: a panic elsewhere leaves them as they are.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Recorder {
    /// A recorder for a network of `ops` ops.
    pub fn new(ops: usize) -> Self {
        let recorder = Self::default();
        lock(&recorder.measured).ops = vec![[OpTime::default(); 3]; ops];
        recorder
    }

    /// Records every step from the next one on, from zero.
    pub fn turn_on(&self) {
        self.take();
        self.is_asked.store(true, Ordering::Relaxed);
    }

    /// Records no further step.
    pub fn turn_off(&self) {
        self.is_asked.store(false, Ordering::Relaxed);
    }

    /// What was recorded since the last time, between two steps.
    pub fn take(&self) -> Measured {
        let mut measured = lock(&self.measured);
        let fresh = Measured {
            ops: vec![[OpTime::default(); 3]; measured.ops.len()],
            ..Measured::default()
        };
        std::mem::replace(&mut measured, fresh)
    }

    /// A training step begins, in this section.
    pub fn begin_step(&self, section: Section) {
        if !self.is_asked.load(Ordering::Relaxed) {
            return;
        }
        lock(&self.measured).threads = rayon::current_num_threads();
        *lock(&self.clock) = Some(Clock {
            section,
            since: Instant::now(),
        });
        self.is_on.store(true, Ordering::Relaxed);
    }

    /// The training thread goes on with this section.
    pub fn enter(&self, section: Section) {
        if !self.is_on() {
            return;
        }
        let now = Instant::now();
        let next = Clock {
            section,
            since: now,
        };
        if let Some(last) = lock(&self.clock).replace(next) {
            let spent = nanoseconds(last.since, now);
            lock(&self.measured).sections[last.section as usize].wall += spent;
        }
    }

    /// The step, of so many images, is done.
    pub fn end_step(&self, images: usize) {
        if !self.is_on() {
            return;
        }
        self.enter(Section::Rest);
        self.is_on.store(false, Ordering::Relaxed);
        let mut measured = lock(&self.measured);
        measured.steps += 1;
        measured.images += images as u64;
    }

    /// The clock of a thread that takes part in [`shared`](Self::shared) work.
    pub fn laps(&self, direction: Direction) -> Laps<'_> {
        if self.is_on() {
            Laps::start(&self.measured, direction)
        } else {
            Laps::off()
        }
    }

    /// Work in which every thread keeps its own [`laps`](Self::laps).
    pub fn shared<T>(&self, work: impl FnOnce() -> T) -> T {
        self.timed(self.sharing(work), |measured, section, spent| {
            measured.sections[section as usize].shared += spent;
        })
    }

    /// Does a `step`'s work and what is done `beside` it on the same threads; the training thread then
    /// waits for that in `section`, or helps.
    pub fn join<T: Send>(
        &self,
        section: Section,
        step: impl FnOnce() -> T + Send,
        beside: impl FnOnce() + Send,
    ) -> T {
        let step = || {
            let result = step();
            self.enter(section);
            self.sharing.fetch_add(1, Ordering::Relaxed);
            (result, Instant::now())
        };
        let ((result, since), ()) = rayon::join(step, beside);
        self.sharing.fetch_sub(1, Ordering::Relaxed);
        if self.is_on() {
            let spent = nanoseconds(since, Instant::now());
            lock(&self.measured).sections[section as usize].shared += spent;
        }
        result
    }

    /// Work of `section` that a thread does whatever section the training thread is in. Where the
    /// threads share that one's work, this is a part of it; else it is on a core that had nothing to
    /// do, and costs no time.
    pub fn beside<T>(&self, section: Section, work: impl FnOnce() -> T) -> T {
        if !self.is_on() {
            return work();
        }
        let is_shared = || self.sharing.load(Ordering::Relaxed) > 0;
        let (begun, was_shared) = (Instant::now(), is_shared());
        let result = work();
        if was_shared && is_shared() {
            let spent = nanoseconds(begun, Instant::now());
            lock(&self.measured).sections[section as usize].busy += spent;
        }
        result
    }

    /// Work of no op that is shared out evenly: all threads count as busy.
    pub fn evenly<T>(&self, work: impl FnOnce() -> T) -> T {
        self.timed(self.sharing(work), |measured, section, spent| {
            let threads = measured.threads as u64;
            let time = &mut measured.sections[section as usize];
            time.shared += spent;
            time.busy += threads * spent;
        })
    }

    /// Work of an op that shares it out itself: all threads count as busy.
    pub fn by_all<T>(&self, op: usize, direction: Direction, work: impl FnOnce() -> T) -> T {
        self.timed(self.sharing(work), |measured, section, spent| {
            measured.sections[section as usize].shared += spent;
            let threads = measured.threads as u64;
            measured.ops[op][direction as usize].busy += threads * spent;
        })
    }

    /// Work of an op that the training thread does alone.
    pub fn alone<T>(&self, op: usize, direction: Direction, work: impl FnOnce() -> T) -> T {
        self.timed(work, |measured, _, spent| {
            measured.ops[op][direction as usize].alone += spent;
        })
    }

    /// `work`, known to be shared by the threads while it is done.
    fn sharing<T>(&self, work: impl FnOnce() -> T) -> impl FnOnce() -> T {
        || {
            self.sharing.fetch_add(1, Ordering::Relaxed);
            let result = work();
            self.sharing.fetch_sub(1, Ordering::Relaxed);
            result
        }
    }

    fn is_on(&self) -> bool {
        self.is_on.load(Ordering::Relaxed)
    }

    /// Does `work` and lets `add` add the nanoseconds it took.
    fn timed<T>(
        &self,
        work: impl FnOnce() -> T,
        add: impl FnOnce(&mut Measured, Section, u64),
    ) -> T {
        if !self.is_on() {
            return work();
        }
        let begun = Instant::now();
        let result = work();
        let spent = nanoseconds(begun, Instant::now());
        let clock = *lock(&self.clock);
        if let Some(Clock { section, .. }) = clock {
            add(&mut lock(&self.measured), section, spent);
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn rest() {
        std::thread::sleep(Duration::from_micros(200));
    }

    #[test]
    fn nothing_is_recorded_between_steps_nor_before_anybody_asks() {
        let recorder = Recorder::new(1);
        let step = || {
            recorder.begin_step(Section::Data);
            recorder.alone(0, Direction::Forward, rest);
            recorder.shared(|| recorder.laps(Direction::Backward).end(0));
            recorder.end_step(7);
        };
        step();
        assert_eq!(recorder.take().wall(), 0);
        recorder.turn_on();
        recorder.alone(0, Direction::Forward, rest);
        recorder.laps(Direction::Forward).end(0);
        assert_eq!(recorder.take().ops, [[OpTime::default(); 3]]);
        step();
        let measured = recorder.take();
        assert_eq!((measured.steps, measured.images), (1, 7));
        assert!(measured.ops[0][Direction::Forward as usize].alone >= 200_000);
        recorder.turn_off();
        step();
        assert_eq!(recorder.take().steps, 0);
    }

    #[test]
    fn every_moment_of_a_step_belongs_to_one_section() {
        let recorder = Recorder::new(2);
        recorder.turn_on();
        let begun = Instant::now();
        recorder.begin_step(Section::Data);
        recorder.evenly(rest);
        recorder.enter(Section::Forward);
        recorder.shared(|| {
            let mut laps = recorder.laps(Direction::Forward);
            rest();
            laps.end(1);
            rest();
            laps.end(0);
        });
        recorder.by_all(1, Direction::Forward, rest);
        recorder.enter(Section::Rest);
        rest();
        recorder.end_step(1);
        let elapsed = nanoseconds(begun, Instant::now());
        let measured = recorder.take();
        assert!((1_000_000..=elapsed).contains(&measured.wall()));
        let data = measured.section(Section::Data);
        assert_eq!(data.busy, measured.threads as u64 * data.shared);
        let forward = measured.section(Section::Forward);
        assert!(forward.shared >= 600_000 && forward.shared <= forward.wall);
        for times in &measured.ops {
            assert!(times[Direction::Forward as usize].busy >= 200_000);
        }
        assert_eq!(measured.section(Section::Loss).wall, 0);
    }

    #[test]
    fn what_is_done_beside_a_step_counts_where_the_threads_share_the_time() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1);
        let recorder = Recorder::new(1);
        recorder.turn_on();
        pool.build().unwrap().install(|| {
            recorder.begin_step(Section::Forward);
            // On one thread it is done after the step.
            let step = || recorder.alone(0, Direction::Forward, rest);
            recorder.join(Section::Data, step, || {
                recorder.beside(Section::Data, rest);
            });
            recorder.end_step(1);
        });
        let measured = recorder.take();
        let data = measured.section(Section::Data);
        assert!(data.busy >= 200_000 && data.busy <= data.shared);
        assert!(data.shared <= data.wall);
        assert!(measured.alone(Section::Forward) >= 200_000);
        // What a core does that had nothing to do costs the step no time.
        recorder.begin_step(Section::Loss);
        recorder.beside(Section::Data, rest);
        recorder.end_step(1);
        assert_eq!(recorder.take().busy(), 0);
    }
}
