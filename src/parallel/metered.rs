//! How busy the threads are while they share the turns of a loop.
//!
//! A loop that is to be measured says [`for_each_metered`](Metered::for_each_metered) in place of
//! rayon's `for_each`, or begins a [`Region`] and does each turn as a [task](Region::task) of it. Outside
//! [`metered`] that costs a branch.

use rayon::prelude::*;
use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

/// The part of some work that several threads shared, in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SharedTime {
    /// By the clock.
    pub wall: u64,
    /// Of work, summed over the threads.
    pub busy: u64,
}

/// Does `work` and measures what several threads share of it. A loop whose turns were all done by one
/// thread is not shared.
pub fn metered<T>(work: impl FnOnce() -> T) -> (T, SharedTime) {
    let meter = Arc::new(Meter::default());
    let outside = Entered::new(&meter, false);
    let result = work();
    drop(outside);
    let of = |time: &AtomicU64| time.load(Ordering::Relaxed);
    let time = SharedTime {
        wall: of(&meter.wall),
        busy: of(&meter.busy),
    };
    (result, time)
}

/// Whether several threads take part in something.
#[derive(Debug, Default)]
pub struct Participants {
    /// One of them; 0 while there is none.
    first: AtomicUsize,
    are_several: AtomicBool,
}

impl Participants {
    /// The calling thread takes part. Where there is only one thread, every turn counts as another: what
    /// has several turns could be shared.
    pub fn note(&self) {
        const ALONE: usize = usize::MAX;
        let own = match rayon::current_num_threads() {
            1 => ALONE,
            _ => rayon::current_thread_index().map_or(ALONE - 1, |index| index + 1),
        };
        let noted = self
            .first
            .compare_exchange(0, own, Ordering::Relaxed, Ordering::Relaxed);
        if noted.is_err_and(|other| other != own || own == ALONE) {
            self.are_several.store(true, Ordering::Relaxed);
        }
    }

    /// Whether there were several, to begin anew.
    pub fn take(&self) -> bool {
        self.first.store(0, Ordering::Relaxed);
        self.are_several.swap(false, Ordering::Relaxed)
    }
}

/// What the regions of some work add up to.
#[derive(Default)]
struct Meter {
    wall: AtomicU64,
    busy: AtomicU64,
    /// Of the region under way.
    tasks: AtomicU64,
    threads: Participants,
}

/// What a thread's regions are measured by.
#[derive(Clone)]
struct Current {
    meter: Arc<Meter>,
    /// Within a task, whose time counts as a whole.
    is_task: bool,
}

thread_local! {
    static CURRENT: Cell<Option<Current>> = const { Cell::new(None) };
}

/// A thread within a meter's work, until this is dropped.
struct Entered(Option<Current>);

impl Entered {
    fn new(meter: &Arc<Meter>, is_task: bool) -> Self {
        let meter = Arc::clone(meter);
        Self(CURRENT.replace(Some(Current { meter, is_task })))
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.set(self.0.take());
    }
}

fn current() -> Option<Current> {
    let current = CURRENT.take();
    CURRENT.set(current.clone());
    current
}

/// A loop, or several side by side, whose turns the threads share: from here until this is dropped.
pub struct Region(Option<Running>);

struct Running {
    meter: Arc<Meter>,
    /// When it began; none for one within a task of another.
    begun: Option<Instant>,
}

impl Region {
    /// Begins it, on the thread that waits for its end.
    pub fn begin() -> Self {
        let running = current().map(|Current { meter, is_task }| Running {
            meter,
            begun: (!is_task).then(Instant::now),
        });
        Self(running)
    }

    /// Does a turn, on any thread.
    pub fn task<T>(&self, work: impl FnOnce() -> T) -> T {
        match &self.0 {
            None => work(),
            Some(running) => running.task(work),
        }
    }
}

impl Running {
    fn task<T>(&self, work: impl FnOnce() -> T) -> T {
        let meter = &self.meter;
        // A thread that waits within a task may do other tasks meanwhile.
        let is_counted =
            current().is_some_and(|current| current.is_task && Arc::ptr_eq(&current.meter, meter));
        if is_counted {
            return work();
        }
        let entered = Entered::new(meter, true);
        let begun = Instant::now();
        let result = work();
        meter.tasks.fetch_add(since(begun), Ordering::Relaxed);
        meter.threads.note();
        drop(entered);
        result
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        let Some(Running {
            meter,
            begun: Some(begun),
        }) = &self.0
        else {
            return;
        };
        let busy = meter.tasks.swap(0, Ordering::Relaxed);
        if meter.threads.take() {
            meter.wall.fetch_add(since(*begun), Ordering::Relaxed);
            meter.busy.fetch_add(busy, Ordering::Relaxed);
        }
    }
}

fn since(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

/// Loops as regions.
pub trait Metered: ParallelIterator {
    /// `for_each`, as a [`Region`] of its own.
    fn for_each_metered(self, work: impl Fn(Self::Item) + Sync + Send) {
        let region = Region::begin();
        self.for_each(|item| region.task(|| work(item)));
    }

    /// `for_each_init`, as a [`Region`] of its own.
    fn for_each_init_metered<S>(
        self,
        new: impl Fn() -> S + Sync + Send,
        work: impl Fn(&mut S, Self::Item) + Sync + Send,
    ) {
        let region = Region::begin();
        self.for_each_init(new, |state, item| region.task(|| work(state, item)));
    }
}

impl<I: ParallelIterator> Metered for I {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Barrier;
    use std::time::Duration;

    const REST: Duration = Duration::from_millis(2);
    const NANOSECONDS: u64 = 2_000_000;

    fn within<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build().unwrap().install(work)
    }

    /// A loop of two turns, each of which waits until the other is under way too.
    fn side_by_side(turn: impl Fn() + Sync + Send) {
        let meeting = Barrier::new(2);
        let turns = (0..2).into_par_iter().with_max_len(1);
        turns.for_each_metered(|_| {
            meeting.wait();
            turn();
        });
    }

    #[test]
    fn turns_on_two_threads_are_shared() {
        let rest = || std::thread::sleep(REST);
        let ((), time) = within(2, || {
            metered(|| {
                rest();
                side_by_side(rest);
            })
        });
        assert!(time.wall >= NANOSECONDS, "{time:?}");
        assert!(
            (2 * NANOSECONDS..=2 * time.wall).contains(&time.busy),
            "{time:?}"
        );
    }

    #[test]
    fn a_loop_of_one_thread_is_not_shared() {
        let rest = |_| std::thread::sleep(REST);
        let one_turn = || (0..1).into_par_iter().for_each_metered(rest);
        for threads in [1, 2] {
            let ((), time) = within(threads, || metered(one_turn));
            assert_eq!(time, SharedTime::default(), "{threads}");
        }
        // With one thread there is no other that could take a turn.
        let ((), time) = within(1, || {
            metered(|| (0..2).into_par_iter().for_each_metered(rest))
        });
        assert!(
            time.busy >= 2 * NANOSECONDS && time.busy <= time.wall,
            "{time:?}"
        );
    }

    #[test]
    fn a_loop_within_a_turn_is_counted_once() {
        let ((), time) = within(2, || {
            metered(|| {
                side_by_side(|| {
                    let turns = (0..64).into_par_iter().with_max_len(1);
                    turns.for_each_metered(|_| std::thread::sleep(REST / 20));
                });
            })
        });
        assert!(time.wall > 0 && time.busy <= 2 * time.wall, "{time:?}");
    }

    #[test]
    fn nothing_is_measured_outside() {
        within(2, || side_by_side(|| ()));
        let ((), time) = metered(|| ());
        assert_eq!(time, SharedTime::default());
    }
}
