//! Threads that do not fall asleep between two loops.
//!
//! A step of a small network is a few dozen loops of some ten microseconds each. A thread of rayon's pool
//! that finds no work falls asleep, and waking it takes as long as such a loop. While [`awake`] does some
//! work, the pool's other threads go on looking for their share of it.

use rayon::Yield;
use std::cell::RefCell;
use std::hint::spin_loop;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long a thread looks for work before it may sleep after all.
const PATIENCE: Duration = Duration::from_millis(1);

/// Pauses between two looks.
const PAUSES: usize = 16;

thread_local! {
    /// The work that this thread waits upon.
    static ATTENDED: RefCell<Option<HasEnded>> = const { RefCell::new(None) };
}

type HasEnded = Arc<AtomicBool>;

/// Ends the attendance, also where the work panics.
struct Ending(HasEnded);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Does `work` on the calling thread of a pool, while the pool's other threads stay awake for the loops
/// in it. Outside a pool, or on a pool's only thread, it is `work` alone.
pub fn awake<T>(work: impl FnOnce() -> T) -> T {
    let own = match rayon::current_thread_index() {
        Some(own) if rayon::current_num_threads() > 1 => own,
        _ => return work(),
    };
    let has_ended = Arc::new(AtomicBool::new(false));
    let ending = Ending(Arc::clone(&has_ended));
    rayon::spawn_broadcast(move |thread| {
        if thread.index() != own {
            attend(Arc::clone(&has_ended));
        }
    });
    let result = work();
    drop(ending);
    result
}

/// Looks for work until `attended` has ended. A thread that attended something already, between whose
/// looks the next came, goes on with that: it does not attend within an attendance, again and again.
fn attend(attended: HasEnded) {
    let is_attending = ATTENDED.replace(Some(attended)).is_some();
    if is_attending {
        return;
    }
    let mut idle_since = None;
    while is_under_way() {
        if rayon::yield_now() == Some(Yield::Executed) {
            idle_since = None;
            continue;
        }
        if idle_since.get_or_insert_with(Instant::now).elapsed() > PATIENCE {
            break;
        }
        for _ in 0..PAUSES {
            spin_loop();
        }
        // Somebody else may need the core: the screen, or another program.
        std::thread::yield_now();
    }
    ATTENDED.take();
}

fn is_under_way() -> bool {
    ATTENDED.with_borrow(|attended| {
        let attended = attended.as_ref();
        attended.is_some_and(|has_ended| !has_ended.load(Ordering::Relaxed))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rayon::prelude::*;
    use std::sync::atomic::AtomicUsize;

    fn within<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build().unwrap().install(work)
    }

    fn sum_by_loops(loops: usize) -> usize {
        let sum = AtomicUsize::new(0);
        for _ in 0..loops {
            (0..64).into_par_iter().with_max_len(1).for_each(|value| {
                sum.fetch_add(value, Ordering::Relaxed);
            });
        }
        sum.into_inner()
    }

    #[test]
    fn work_has_its_result_on_any_number_of_threads() {
        assert_eq!(awake(|| sum_by_loops(3)), 3 * 2016, "outside a pool");
        for threads in [1, 2, 3, 8] {
            let sums = within(threads, || {
                let steps = (0..200).map(|_| awake(|| sum_by_loops(5)));
                steps.collect::<Vec<_>>()
            });
            assert_eq!(sums, vec![5 * 2016; 200], "{threads} threads");
        }
    }

    #[test]
    fn work_within_work_ends() {
        let sum = within(3, || {
            awake(|| {
                let (one, other) = rayon::join(|| awake(|| sum_by_loops(9)), || sum_by_loops(4));
                one + other + awake(|| sum_by_loops(1))
            })
        });
        assert_eq!(sum, 14 * 2016);
    }

    #[test]
    fn the_threads_are_free_after_work_that_panics_and_after_their_patience() {
        within(2, || {
            let caught = std::panic::catch_unwind(|| awake(|| panic!("on purpose")));
            assert!(caught.is_err());
            assert_eq!(awake(|| sum_by_loops(2)), 2 * 2016);
            awake(|| std::thread::sleep(5 * PATIENCE));
            let answers = rayon::broadcast(|thread| thread.index());
            assert_eq!(answers, [0, 1]);
        });
    }
}
