//! What the keys of the learning rate range test do.

use super::state::RateFinder;
use crate::text::two_digits;
use crate::train::check_fits;
use crate::tui::effect::Effect;
use crate::tui::screens::design::editor::Editor;
use crate::tui::screens::design::keys::DesignAction;
use crate::tui::screens::design::state::Design;
use crate::tui::shared::{Background, Shared};

impl Design {
    /// Shows the test; begins one where there is none of the network on the screen.
    pub(in crate::tui::screens::design) fn open_rate_finder(
        &mut self,
        shared: &mut Shared,
    ) -> Vec<Effect> {
        let is_wanted = |it: &RateFinder| it.is_under_way() || it.spec == *self.spec();
        if self.rate_finder.as_ref().is_some_and(is_wanted) {
            self.editor = Some(Editor::RateFinder);
            return Vec::new();
        }
        self.find_rate(shared)
    }

    fn find_rate(&mut self, shared: &mut Shared) -> Vec<Effect> {
        if shared.is_busy() {
            shared.say(match shared.background {
                Some(background) => format!("{}; only one at a time", background.under_way()),
                None => "a run is under way; x on Train stops it".into(),
            });
            return Vec::new();
        }
        let Some(dataset) = shared.dataset() else {
            shared.say("the data is not there yet");
            return Vec::new();
        };
        let spec = match self.spec().check() {
            Ok(spec) => spec,
            Err(problem) => {
                shared.say(format!("cannot train: {problem}"));
                self.show_problem(&problem);
                return Vec::new();
            }
        };
        if let Err(error) = check_fits(&spec, dataset) {
            shared.say(format!("cannot train: {error}"));
            return Vec::new();
        }
        self.rate_finder = Some(RateFinder::new(spec.clone()));
        self.editor = Some(Editor::RateFinder);
        shared.background = Some(Background::RateFinder);
        vec![Effect::FindRate(Box::new(spec))]
    }

    /// Carries out an action while the test is shown.
    pub(in crate::tui::screens::design) fn update_rate_finder(
        &mut self,
        action: DesignAction,
        shared: &mut Shared,
    ) -> Vec<Effect> {
        let Some(finder) = &mut self.rate_finder else {
            return Vec::new();
        };
        match action {
            DesignAction::Up => finder.chosen = 0,
            DesignAction::Down => {
                finder.chosen =
                    (finder.chosen + 1).min(finder.suggestions().len().saturating_sub(1));
            }
            DesignAction::Cancel => self.editor = None,
            DesignAction::StopLadder if finder.is_under_way() => {
                return vec![Effect::StopFindingRate];
            }
            DesignAction::ChooseAgain => return self.find_rate(shared),
            DesignAction::Accept => self.take_rate(shared),
            _ => {}
        }
        Vec::new()
    }

    fn take_rate(&mut self, shared: &mut Shared) {
        let chosen = self.rate_finder.as_ref();
        let chosen = chosen.and_then(|it| it.suggestions().get(it.chosen).cloned());
        let Some((rate, _)) = chosen else {
            shared.say("there is no suggestion yet");
            return;
        };
        let text = two_digits(rate);
        let rate = text.parse().unwrap_or(rate);
        let mut spec = self.spec().clone();
        spec.learning_rate = rate;
        self.stack.set_training(spec);
        self.editor = None;
        shared.say(format!(
            "the learning rate is {text} now; u takes that back"
        ));
    }
}
