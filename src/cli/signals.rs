//! Signals: Ctrl-C and others that end the program, and the file size limit.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
#[cfg(unix)]
use std::time::{Duration, Instant};

/// Signals within this time of the first are one request with it: GNU `timeout` signals the program and then its
/// process group, and some shells and schedulers do the like.
#[cfg(unix)]
const SAME_REQUEST: Duration = Duration::from_millis(500);

/// Makes reaching the file size limit (`ulimit -f`) an error like a full disk. Without this the signal
/// SIGXFSZ ends the process.
pub fn survive_size_limits() {
    #[cfg(unix)]
    {
        // Any handler keeps the signal from ending the process.
        let ignored = Arc::new(std::sync::atomic::AtomicBool::new(false));
        if let Err(error) = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, ignored) {
            tracing::warn!(%error, "a file size limit would end the process");
        }
    }
}

/// The signals that ask a program to end, once one has come.
#[derive(Clone, Debug, Default)]
pub struct Interrupts {
    /// The first signal's number; 0 before one has come.
    first: Arc<AtomicUsize>,
}

impl Interrupts {
    /// From now on the first SIGINT, SIGTERM or SIGHUP calls `on_first`, in a thread of its own,
    /// instead of ending the process. Another SIGINT or SIGTERM ends the process at once, unless it comes
    /// within half a second of the first.
    ///
    /// # Errors
    /// When the system refuses.
    #[cfg(unix)]
    pub fn watch(on_first: impl FnOnce() + Send + 'static) -> std::io::Result<Self> {
        use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

        let interrupts = Self::default();
        let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP])?;
        let first = Arc::clone(&interrupts.first);
        // One thread receives all of them in order: several handlers at once could each take its own
        // signal for the first.
        std::thread::spawn(move || {
            let mut signals = signals.forever();
            if let Some(signal) = signals.next() {
                first.store(usize::try_from(signal).unwrap_or(0), Ordering::SeqCst);
                on_first();
            }
            let requested = Instant::now();
            let insists = |signal: &i32| {
                [SIGINT, SIGTERM].contains(signal) && requested.elapsed() > SAME_REQUEST
            };
            if let Some(signal) = signals.find(insists) {
                // Not std's exit, which waits for what other threads hold.
                signal_hook::low_level::exit(128 + signal);
            }
        });
        Ok(interrupts)
    }

    /// On other systems the signals end the process as usual.
    ///
    /// # Errors
    /// Never.
    #[cfg(not(unix))]
    pub fn watch(_on_first: impl FnOnce() + Send + 'static) -> std::io::Result<Self> {
        Ok(Self::default())
    }

    /// The number of the first signal, if one has come.
    pub fn first(&self) -> Option<u8> {
        match self.first.load(Ordering::SeqCst) {
            0 => None,
            signal => u8::try_from(signal).ok(),
        }
    }
}
