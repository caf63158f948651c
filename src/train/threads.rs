//! How many threads the arithmetic may use.

use super::TrainError;

/// Threads this process can run at once.
pub fn available_threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Does `work` inside a thread pool of `threads` threads, by default as many as can run at once.
/// Whatever `work` does in parallel stays on these threads.
///
/// # Errors
/// When the system refuses the threads.
pub fn with_threads<T: Send>(
    threads: Option<usize>,
    work: impl FnOnce() -> T + Send,
) -> Result<T, TrainError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.unwrap_or_else(available_threads))
        .thread_name(|index| format!("arithmetic-{index}"))
        .build()
        .map_err(|error| TrainError::Threads(error.to_string()))?;
    Ok(pool.install(work))
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
