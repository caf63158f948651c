//! What the ladder's actions do.

use super::found::State;
use super::state::Ladder;
use crate::train::check_fits;
use crate::tui::effect::Effect;
use crate::tui::screens::design::editor::Editor;
use crate::tui::screens::design::keys::DesignAction;
use crate::tui::screens::design::state::Design;
use crate::tui::shared::{Background, Shared};

/// Rows that PgUp and PgDn go.
const PAGE: usize = 10;

impl Design {
    /// Opens the ladder. One with results stays, whatever network is on the screen by now.
    pub(in crate::tui::screens::design) fn open_ladder(&mut self, shared: &mut Shared) {
        let spec = self.spec();
        let is_wanted = |ladder: &&Ladder| ladder.has_results() || ladder.is_of(spec);
        if self.ladder.as_ref().filter(is_wanted).is_none() {
            self.new_ladder(shared);
        } else {
            self.editor = Some(Editor::Ladder);
        }
    }

    /// Opens a ladder of the network on the screen, if there is nothing wrong with it.
    fn new_ladder(&mut self, shared: &mut Shared) {
        match self.spec().check() {
            Ok(spec) => {
                self.ladder = Some(Ladder::new(spec, shared.seeds.count()));
                self.editor = Some(Editor::Ladder);
            }
            Err(problem) => {
                shared.say(format!("nothing can be left out yet: {problem}"));
                self.show_problem(&problem);
            }
        }
    }

    /// Shows the parts to choose from: those of the network on the screen.
    fn choose_again(&mut self, shared: &mut Shared) {
        let spec = self.stack.spec();
        match &mut self.ladder {
            Some(ladder) if ladder.under_way().is_some() => {
                shared.say("it is under way; x stops it");
            }
            Some(ladder) if ladder.is_of(spec) => ladder.choose_again(),
            _ => self.new_ladder(shared),
        }
    }

    /// Carries out an action while the ladder is open.
    pub(in crate::tui::screens::design) fn update_ladder(
        &mut self,
        action: DesignAction,
        shared: &mut Shared,
    ) -> Vec<Effect> {
        let Some(ladder) = &mut self.ladder else {
            return Vec::new();
        };
        let cursor = ladder.cursor;
        match action {
            DesignAction::Up => ladder.go(cursor.saturating_sub(1)),
            DesignAction::Down => ladder.go(cursor + 1),
            DesignAction::PageUp => ladder.go(cursor.saturating_sub(PAGE)),
            DesignAction::PageDown => ladder.go(cursor + PAGE),
            DesignAction::First => ladder.go(0),
            DesignAction::Last => ladder.go(usize::MAX),
            DesignAction::Cancel => self.editor = None,
            DesignAction::StopLadder => return ladder.stop(shared),
            DesignAction::Accept if ladder.found.is_some() => self.open_without(shared),
            DesignAction::Accept => return ladder.start(shared),
            DesignAction::ChooseAgain => self.choose_again(shared),
            _ if ladder.found.is_some() => {
                shared.say("e goes back to choosing what is left out");
            }
            DesignAction::Toggle => {
                if let Some(reason) = ladder.toggle() {
                    shared.say(reason);
                }
            }
            DesignAction::MarkAll => ladder.toggle_all(),
            DesignAction::Increase => ladder.step(true),
            DesignAction::Decrease => ladder.step(false),
            _ => {}
        }
        Vec::new()
    }

    /// Puts the network without the chosen part in place of the one on the screen.
    fn open_without(&mut self, shared: &mut Shared) {
        let chosen = self.ladder.as_ref().and_then(Ladder::chosen);
        let Some((candidate, Ok(variant))) = chosen.map(|one| (one, &one.variant)) else {
            shared.say("there is no result yet");
            return;
        };
        shared.say(format!(
            "opened it without {}; u takes that back, A shows the ladder",
            candidate.name
        ));
        self.stack.replace(variant.spec.clone().into_spec());
        self.editor = None;
    }
}

impl Ladder {
    /// Begins to train, unless something is in the way.
    fn start(&mut self, shared: &mut Shared) -> Vec<Effect> {
        if shared.is_busy() {
            let text =
                "a run is under way; start this when it has ended, or stop it with x on Train";
            shared.say(text);
            return Vec::new();
        }
        let Some(dataset) = shared.dataset() else {
            shared.say("the data is not there yet");
            return Vec::new();
        };
        let spec = self.to_train().map_err(|problem| problem.to_string());
        let fits = spec.and_then(|spec| match check_fits(&spec, dataset) {
            Ok(()) => Ok(spec),
            Err(error) => Err(error.to_string()),
        });
        let (parts, runs) = (self.marked(), self.runs());
        match fits {
            Err(reason) => shared.say(format!("cannot train: {reason}")),
            Ok(_) if parts.is_empty() => {
                shared.say("nothing is marked; Space marks a part, m all of them");
            }
            Ok(spec) => {
                self.begin();
                shared.background = Some(Background::Ablation);
                shared.say(format!(
                    "{runs} runs in the background; A closes this and shows it again"
                ));
                return vec![Effect::StartAblation {
                    spec: Box::new(spec),
                    parts,
                    seeds: self.seeds,
                }];
            }
        }
        Vec::new()
    }

    fn stop(&mut self, shared: &mut Shared) -> Vec<Effect> {
        match &mut self.found {
            Some(found) if found.is_under_way() => {
                found.state = State::Stopping;
                shared.say("stopping; what is under way is saved");
                vec![Effect::StopAblation]
            }
            _ => {
                shared.say("nothing is under way");
                Vec::new()
            }
        }
    }
}
