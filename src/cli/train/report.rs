//! What shows a run's events.

use crate::train::Event;
use color_eyre::eyre::Result;

/// Shows the events of a run; an error ends the run.
pub trait Report {
    /// Shows one event.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn show(&mut self, event: &Event) -> Result<()>;

    /// Shows a message that is not a result, on stderr.
    fn warn(&self, text: &str);
}
