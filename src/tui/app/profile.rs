//! When the run records where its time goes.

use super::{App, Effect, Overlay};
use crate::train::Command;

impl App {
    /// Lets the run record while its figures are looked at, and from its start until there are some: so
    /// there is something to look at even after it is over.
    pub(super) fn record_profile(&mut self) -> Option<Effect> {
        let is_shown = matches!(self.overlay, Some(Overlay::Profile(_)));
        let run = self.shared.run.as_ref();
        // Before it has said that it started, a run may not have its channel of commands yet.
        let run = run.filter(|run| run.is_active() && run.start.is_some())?;
        let wanted = is_shown || run.profile.is_none();
        if wanted == (self.recording == Some(run.id)) {
            return None;
        }
        self.recording = wanted.then_some(run.id);
        Some(Effect::Command(Command::RecordProfile(wanted)))
    }
}
