//! What the passes tell how long they took.

use super::laps::{Laps, Walk, nanoseconds};
use super::measured::{Direction, Measured, OpTime, Section};
use crate::parallel::{self, SharedTime};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Records where the time of training steps goes, once it is [asked to](Self::turn_on). Until then, and
/// between steps, each of its methods costs one branch.
///
/// Sections are those of the training thread. Its work is its own, but for what is done within
/// [`shared`](Self::shared), and the loops within [`metered`](Self::metered) and [`op`](Self::op) that say
/// so (see [`parallel`]). What one thread does there alone, the others having no part in it, is counted as
/// its own too.
#[derive(Default)]
pub struct Recorder {
    is_asked: AtomicBool,
    /// Within a step that is recorded.
    is_on: AtomicBool,
    /// Above 0 while threads may share the work of the step.
    sharing: AtomicUsize,
    clock: Mutex<Option<Clock>>,
    measured: Mutex<Measured>,
    walk: Walk,
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
            Laps::start(&self.walk, direction)
        } else {
            Laps::off()
        }
    }

    /// Work in which every thread keeps its own [`laps`](Self::laps).
    pub fn shared<T>(&self, work: impl FnOnce() -> T) -> T {
        if !self.is_on() {
            return work();
        }
        let (result, section, wall) = self.clocked(work);
        if let Some(section) = section {
            self.settle_walk(section, wall);
        }
        result
    }

    /// Work of no op.
    pub fn metered<T>(&self, work: impl FnOnce() -> T) -> T {
        self.with_meter(work, |measured, section, _, shared| {
            measured.sections[section as usize].busy += shared.busy;
        })
    }

    /// Work of an op.
    pub fn op<T>(&self, op: usize, direction: Direction, work: impl FnOnce() -> T) -> T {
        self.with_meter(work, |measured, _, wall, shared| {
            let time = &mut measured.ops[op][direction as usize];
            time.busy += shared.busy;
            time.alone += wall.saturating_sub(shared.wall);
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
            self.settle_walk(section, nanoseconds(since, Instant::now()));
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
            self.walk
                .beside(section, nanoseconds(begun, Instant::now()));
        }
        result
    }

    /// Adds what the threads have spent within the last `wall` nanoseconds, of this section, on ops and
    /// beside them.
    fn settle_walk(&self, section: Section, wall: u64) {
        let mut measured = lock(&self.measured);
        let (ops, beside, is_shared) = self.walk.take();
        for (times, spent) in measured.ops.iter_mut().zip(&ops) {
            for (time, spent) in times.iter_mut().zip(spent) {
                match is_shared {
                    true => time.busy += spent,
                    false => time.alone += spent,
                }
            }
        }
        if is_shared {
            measured.sections[section as usize].shared += wall;
            let busy = ops.iter().flatten().sum();
            add_beside(&mut measured, &beside, SharedTime { wall, busy });
        }
    }

    /// Does `work` and lets `add` add the nanoseconds it took, and what of them was shared.
    fn with_meter<T>(
        &self,
        work: impl FnOnce() -> T,
        add: impl FnOnce(&mut Measured, Section, u64, SharedTime),
    ) -> T {
        if !self.is_on() {
            return work();
        }
        let ((result, shared), section, wall) = self.clocked(|| parallel::metered(work));
        if let Some(section) = section {
            let mut measured = lock(&self.measured);
            measured.sections[section as usize].shared += shared.wall;
            add(&mut measured, section, wall, shared);
            let (_, beside, _) = self.walk.take();
            add_beside(&mut measured, &beside, shared);
        }
        result
    }

    /// Does `work`; returns the section it was done in, and the nanoseconds it took.
    fn clocked<T>(&self, work: impl FnOnce() -> T) -> (T, Option<Section>, u64) {
        self.sharing.fetch_add(1, Ordering::Relaxed);
        let begun = Instant::now();
        let result = work();
        let wall = nanoseconds(begun, Instant::now());
        self.sharing.fetch_sub(1, Ordering::Relaxed);
        let section = lock(&self.clock).map(|clock| clock.section);
        (result, section, wall)
    }

    fn is_on(&self) -> bool {
        self.is_on.load(Ordering::Relaxed)
    }
}

/// Adds the work of sections that was done beside shared work, as far as the threads had time for it.
fn add_beside(measured: &mut Measured, beside: &[u64], shared: SharedTime) {
    let mut room = (measured.threads as u64 * shared.wall).saturating_sub(shared.busy);
    for (time, spent) in measured.sections.iter_mut().zip(beside) {
        let spent = room.min(*spent);
        time.busy += spent;
        room -= spent;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parallel::Metered;
    use rayon::prelude::*;
    use std::time::Duration;

    fn rest() {
        std::thread::sleep(Duration::from_micros(200));
    }

    #[test]
    fn nothing_is_recorded_between_steps_nor_before_anybody_asks() {
        let recorder = Recorder::new(1);
        let step = || {
            recorder.begin_step(Section::Data);
            recorder.op(0, Direction::Forward, rest);
            recorder.shared(|| recorder.laps(Direction::Backward).end(0));
            recorder.end_step(7);
        };
        step();
        assert_eq!(recorder.take().wall(), 0);
        recorder.turn_on();
        recorder.op(0, Direction::Forward, rest);
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
        recorder.metered(rest);
        recorder.enter(Section::Forward);
        recorder.op(1, Direction::Forward, rest);
        recorder.enter(Section::Rest);
        rest();
        recorder.end_step(1);
        let elapsed = nanoseconds(begun, Instant::now());
        let measured = recorder.take();
        assert!((600_000..=elapsed).contains(&measured.wall()));
        for section in [Section::Data, Section::Forward, Section::Rest] {
            assert!(measured.section(section).wall >= 200_000, "{section:?}");
        }
        assert_eq!(measured.section(Section::Loss).wall, 0);
    }

    /// The times of an op that works on `threads` of two threads, in each of the ways to work.
    fn by(threads: usize) -> [Measured; 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2);
        let pool = pool.build().unwrap();
        let meeting = std::sync::Barrier::new(threads);
        let turns = || (0..threads).into_par_iter().with_max_len(1);
        let meet_and_rest = |_| {
            meeting.wait();
            rest();
        };
        let recorder = Recorder::new(1);
        let measured = |work: &(dyn Fn(&Recorder) + Sync)| {
            pool.install(|| {
                recorder.turn_on();
                recorder.begin_step(Section::Forward);
                work(&recorder);
                recorder.end_step(1);
            });
            recorder.take()
        };
        [
            measured(&|recorder| {
                recorder.shared(|| {
                    turns().for_each(|turn| {
                        let mut laps = recorder.laps(Direction::Forward);
                        meet_and_rest(turn);
                        laps.end(0);
                    });
                });
            }),
            measured(&|recorder| {
                recorder.op(0, Direction::Forward, || {
                    turns().for_each_metered(meet_and_rest);
                });
            }),
            measured(&|recorder| recorder.metered(|| turns().for_each_metered(meet_and_rest))),
        ]
    }

    #[test]
    fn what_two_threads_do_counts_for_both() {
        for measured in by(2) {
            let forward = measured.section(Section::Forward);
            assert!(forward.shared >= 200_000, "{measured:?}");
            assert!(measured.busy() >= 400_000, "{measured:?}");
            assert!(measured.busy() <= 2 * forward.shared, "{measured:?}");
            assert!(measured.alone(Section::Forward) < forward.wall);
        }
    }

    #[test]
    fn what_runs_on_one_thread_is_one_cores() {
        for measured in by(1) {
            assert_eq!(measured.section(Section::Forward).shared, 0);
            assert_eq!((measured.busy(), measured.waiting()), (0, 0));
            assert!(measured.alone(Section::Forward) >= 200_000, "{measured:?}");
        }
        let [walk, op, none] = by(1).map(|measured| measured.ops[0][1].alone);
        assert!(walk >= 200_000 && op >= 200_000 && none == 0);
    }
    #[test]
    fn what_is_done_beside_a_step_counts_where_the_threads_share_the_time() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1);
        let recorder = Recorder::new(1);
        recorder.turn_on();
        pool.build().unwrap().install(|| {
            recorder.begin_step(Section::Forward);
            // On one thread it is done after the step.
            let step = || recorder.op(0, Direction::Forward, rest);
            recorder.join(Section::Data, step, || {
                recorder.beside(Section::Data, rest);
                recorder.beside(Section::Data, rest);
            });
            recorder.end_step(1);
        });
        let measured = recorder.take();
        let data = measured.section(Section::Data);
        assert!(data.busy >= 400_000 && data.busy <= data.shared);
        assert!(data.shared <= data.wall);
        assert!(measured.alone(Section::Forward) >= 200_000);
        // What a core does that had nothing to do costs the step no time.
        recorder.begin_step(Section::Loss);
        recorder.beside(Section::Data, rest);
        recorder.end_step(1);
        assert_eq!(recorder.take().busy(), 0);
    }
}
