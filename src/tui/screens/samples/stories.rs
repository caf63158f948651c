//! Images by their stories: what the run learnt when, and what it forgot.

use super::filter::Filter;
use super::state::Samples;
use crate::insight::Story;
use crate::runs::History;
use crate::tui::shared::Shared;

impl Samples {
    /// The history of the images that are shown.
    pub(super) fn history<'a>(&self, shared: &'a Shared) -> Option<&'a History> {
        shared.time.history_of(&self.split.as_ref()?.labels)
    }

    pub(super) fn tell_story(&mut self, shared: &Shared) {
        let history = self.history(shared).zip(self.image());
        self.story = history.and_then(|(history, image)| Story::of(history, image));
    }

    /// Whether the history of the images is known. Those of the model in view may be others than those of its run;
    /// then the run's are shown, as they were taken after its last epoch.
    pub(super) fn has_history(&mut self, shared: &mut Shared) -> bool {
        if self.history(shared).is_none() && shared.time.go_to(usize::MAX) {
            self.view_changed(shared);
        }
        self.history(shared).is_some()
    }

    /// The filter that `e` leads to.
    pub(super) fn next_story(&self) -> Filter {
        let at = Filter::STORIES.iter().position(|it| *it == self.filter);
        Filter::STORIES[at.map_or(0, |at| (at + 1) % Filter::STORIES.len())]
    }
}
