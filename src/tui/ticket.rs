//! A piece of background work that can be called off.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Goes with the work, and comes back with its answers; its copies are the same ticket.
#[derive(Clone, Debug, Default)]
pub struct Ticket(Arc<AtomicBool>);

impl Ticket {
    /// The work is no longer wanted.
    pub fn call_off(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the work is still wanted.
    pub fn is_wanted(&self) -> bool {
        !self.0.load(Ordering::Relaxed)
    }
}

impl PartialEq for Ticket {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
