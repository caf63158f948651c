//! A thread that can be told to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// A thread that is told to stop, and waited for, when this is dropped: what it trains is saved first.
#[derive(Debug)]
pub struct Stoppable {
    is_stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Stoppable {
    /// Starts the thread; the work looks at the flag now and then.
    pub fn start(work: impl FnOnce(&AtomicBool) + Send + 'static) -> Self {
        let is_stopping = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&is_stopping);
        Self {
            is_stopping,
            thread: Some(std::thread::spawn(move || work(&flag))),
        }
    }

    /// Lets what is under way end at the next place where it can, and begins nothing more.
    pub fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }
}

impl Drop for Stoppable {
    fn drop(&mut self) {
        self.stop();
        if let Some(thread) = self.thread.take() {
            // A panic was reported as a message.
            let _ = thread.join();
        }
    }
}
