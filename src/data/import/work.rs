//! What all steps of an import share: it can be stopped, and it tells how far it is.

use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::error::ImportError;
use super::event::ImportEvent;

/// An import that is under way.
pub struct Work<'a> {
    cancel: &'a AtomicBool,
    report: &'a (dyn Fn(ImportEvent) + Sync),
    read: AtomicU64,
}

impl<'a> Work<'a> {
    /// One that `cancel` stops and that tells `report`, from any thread.
    pub fn new(cancel: &'a AtomicBool, report: &'a (dyn Fn(ImportEvent) + Sync)) -> Self {
        Self {
            cancel,
            report,
            read: AtomicU64::new(0),
        }
    }

    /// Whether it is to stop.
    pub fn is_cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }

    /// An error if it is to stop.
    pub fn check(&self) -> Result<(), ImportError> {
        if self.is_cancelled() {
            return Err(ImportError::Cancelled);
        }
        Ok(())
    }

    /// The error, or that the work is stopped where it is: whatever fails then, fails for that reason.
    pub fn or_stopped(&self, error: ImportError) -> ImportError {
        self.check().err().unwrap_or(error)
    }

    /// Tells how far it is.
    pub fn report(&self, event: ImportEvent) {
        (self.report)(event);
    }

    /// `input`, which ends with an error when the work is to stop; what is read is reported.
    pub fn watch<R: Read>(&self, input: R) -> Watched<'_, R> {
        Watched { work: self, input }
    }
}

/// Bytes that are read for an import.
pub struct Watched<'w, R> {
    work: &'w Work<'w>,
    input: R,
}

impl<R: Read> Read for Watched<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.work.is_cancelled() {
            return Err(io::Error::other("stopped"));
        }
        let count = self.input.read(buffer)?;
        let before = self.work.read.fetch_add(count as u64, Ordering::Relaxed);
        self.work.report(ImportEvent::Read(before + count as u64));
        Ok(count)
    }
}
