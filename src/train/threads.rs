//! How many threads the arithmetic may use.

use super::TrainError;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::sync::{Arc, Mutex, PoisonError};

/// Threads this process can run at once.
pub fn available_threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// The pools made so far, by their number of threads. They stay: memory that a thread gave back is kept
/// for that thread, so new threads for every run would keep more with every run.
static POOLS: Mutex<Vec<Arc<ThreadPool>>> = Mutex::new(Vec::new());

/// Does `work` inside a thread pool of `threads` threads, by default as many as can run at once.
/// Whatever `work` does in parallel stays on these threads.
///
/// # Errors
/// When the system refuses the threads.
pub fn with_threads<T: Send>(
    threads: Option<usize>,
    work: impl FnOnce() -> T + Send,
) -> Result<T, TrainError> {
    let pool = pool(threads.unwrap_or_else(available_threads))?;
    Ok(pool.install(work))
}

fn pool(threads: usize) -> Result<Arc<ThreadPool>, TrainError> {
    let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
    let made = pools
        .iter()
        .find(|pool| pool.current_num_threads() == threads);
    if let Some(pool) = made {
        return Ok(Arc::clone(pool));
    }
    let pool = ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(|index| format!("arithmetic-{index}"))
        .build()
        .map_err(|error| TrainError::Threads(error.to_string()))?;
    let pool = Arc::new(pool);
    pools.push(Arc::clone(&pool));
    Ok(pool)
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
