//! How many threads the arithmetic may use.

use super::TrainError;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::sync::{Arc, Mutex, PoisonError};

/// Threads this process can run at once.
pub fn available_threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// The pools without work. They are kept: the allocator keeps freed memory for the thread that freed it,
/// so new threads for every run would hold more with every run.
static IDLE: Mutex<Vec<Arc<ThreadPool>>> = Mutex::new(Vec::new());

/// A pool in use by one piece of work; it is idle again once this is dropped.
struct Lent(Arc<ThreadPool>);

/// Does `work` inside a thread pool of `threads` threads, by default as many as can run at once.
/// Whatever `work` does in parallel stays on these threads, and no other work runs there
/// meanwhile: two runs at a time have a pool each.
///
/// # Errors
/// When the system refuses the threads.
pub fn with_threads<T: Send>(
    threads: Option<usize>,
    work: impl FnOnce() -> T + Send,
) -> Result<T, TrainError> {
    let lent = Lent::take(threads.unwrap_or_else(available_threads))?;
    Ok(lent.0.install(work))
}

impl Lent {
    fn take(threads: usize) -> Result<Self, TrainError> {
        let mut idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |pool: &Arc<ThreadPool>| pool.current_num_threads() == threads;
        // The last that was given back, whose memory is warm.
        if let Some(index) = idle.iter().rposition(fits) {
            return Ok(Self(idle.remove(index)));
        }
        drop(idle);
        ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|index| format!("arithmetic-{index}"))
            .build()
            .map(|pool| Self(Arc::new(pool)))
            .map_err(|error| TrainError::Threads(error.to_string()))
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let mut idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push(Arc::clone(&self.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Barrier;

    #[test]
    fn work_sees_the_threads_asked_for() {
        assert_eq!(
            with_threads(Some(3), rayon::current_num_threads).unwrap(),
            3
        );
        assert_eq!(
            with_threads(None, rayon::current_num_threads).unwrap(),
            available_threads()
        );
    }

    #[test]
    fn two_at_a_time_do_not_share_a_thread() {
        // Each waits for the other: on one thread neither would end.
        let meeting = Barrier::new(2);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| with_threads(Some(1), || meeting.wait()).unwrap());
            }
        });
    }
}
