//! What the actions of a sweep do.

use super::found::{Found, State};
use super::state::SweepPanel;
use crate::train::check_fits;
use crate::tui::effect::Effect;
use crate::tui::request::Request;
use crate::tui::screens::design::editor::Editor;
use crate::tui::screens::design::keys::DesignAction;
use crate::tui::screens::design::state::Design;
use crate::tui::shared::{Background, Shared};

/// Rows that PgUp and PgDn go.
const PAGE: usize = 10;

impl Design {
    /// Opens the sweep. One with results stays, whatever network is on the screen by now.
    pub(in crate::tui::screens::design) fn open_sweep(&mut self, shared: &mut Shared) {
        let spec = self.spec();
        let is_wanted = |sweep: &&SweepPanel| sweep.has_results() || sweep.is_of(spec);
        if self.sweep.as_ref().filter(is_wanted).is_none() {
            self.new_sweep(shared);
        } else {
            self.editor = Some(Editor::Sweep);
        }
    }

    /// Sets up a sweep of the network on the screen, if there is nothing wrong with it.
    fn new_sweep(&mut self, shared: &mut Shared) {
        match self.spec().check() {
            Ok(spec) => {
                self.sweep = Some(SweepPanel::new(spec, shared.seeds.count()));
                self.editor = Some(Editor::Sweep);
            }
            Err(problem) => {
                shared.say(format!("nothing can be varied yet: {problem}"));
                self.show_problem(&problem);
            }
        }
    }

    /// Carries out an action while the sweep is open.
    pub(in crate::tui::screens::design) fn update_sweep(
        &mut self,
        action: DesignAction,
        shared: &mut Shared,
    ) -> Vec<Effect> {
        let Some(sweep) = &mut self.sweep else {
            return Vec::new();
        };
        if sweep.found.is_none() {
            return self.update_sweep_form(action, shared);
        }
        let cursor = sweep.cursor;
        match action {
            DesignAction::Up => sweep.go(cursor.saturating_sub(1)),
            DesignAction::Down => sweep.go(cursor + 1),
            DesignAction::PageUp => sweep.go(cursor.saturating_sub(PAGE)),
            DesignAction::PageDown => sweep.go(cursor + PAGE),
            DesignAction::First => sweep.go(0),
            DesignAction::Last => sweep.go(usize::MAX),
            DesignAction::Cancel => self.editor = None,
            DesignAction::SwitchView => sweep.view = sweep.view.next(),
            DesignAction::StopLadder => return sweep.stop(shared),
            DesignAction::ChooseAgain if sweep.under_way().is_some() => {
                shared.say("it is under way; x stops it");
            }
            DesignAction::ChooseAgain => {
                sweep.found = None;
                if !self
                    .sweep
                    .as_ref()
                    .is_some_and(|sweep| sweep.is_of(self.stack.spec()))
                {
                    self.new_sweep(shared);
                }
            }
            DesignAction::Accept => match sweep.chosen_network() {
                Ok((spec, words)) => {
                    shared.say(format!(
                        "opened it with {words}; u takes that back, W shows the sweep"
                    ));
                    self.stack.replace(spec.into_spec());
                    self.editor = None;
                }
                Err(reason) => shared.say(reason),
            },
            _ => {}
        }
        Vec::new()
    }

    fn update_sweep_form(&mut self, action: DesignAction, shared: &mut Shared) -> Vec<Effect> {
        let Some(sweep) = &mut self.sweep else {
            return Vec::new();
        };
        sweep.refused = None;
        let form = &mut sweep.form;
        match action {
            DesignAction::Up => form.step_row(false),
            DesignAction::Down => form.step_row(true),
            DesignAction::Complete => form.complete_or_next(),
            DesignAction::Increase => form.step_value(true),
            DesignAction::Decrease => form.step_value(false),
            DesignAction::Explain(_) => shared.requests.push(Request::Explain),
            DesignAction::Cancel => self.editor = None,
            DesignAction::Accept => return sweep.start(shared),
            _ => {}
        }
        Vec::new()
    }
}

impl SweepPanel {
    /// Begins to train, unless something is in the way.
    fn start(&mut self, shared: &mut Shared) -> Vec<Effect> {
        if let Some(background) = shared.background {
            shared.say(format!("{}; only one at a time", background.under_way()));
            return Vec::new();
        }
        if shared.is_busy() {
            shared.say(
                "a run is under way; start this when it has ended, or stop it with x on Train",
            );
            return Vec::new();
        }
        let Some(dataset) = shared.dataset() else {
            shared.say("the data is not there yet");
            return Vec::new();
        };
        let order = self.form.order(&self.spec);
        let fits = order.and_then(|order| match check_fits(&order.spec, dataset) {
            Ok(()) => Ok(order),
            Err(error) => Err(error.to_string()),
        });
        match fits {
            Err(reason) => {
                self.refused = Some(reason);
                Vec::new()
            }
            Ok(order) => {
                let runs = self.form.counts().map_or(0, |(_, runs)| runs);
                self.found = Some(Found::new(runs));
                self.cursor = 0;
                shared.background = Some(Background::Sweep);
                shared.say(format!(
                    "{runs} runs in the background; W closes this and shows it again"
                ));
                vec![Effect::StartSweep(Box::new(order))]
            }
        }
    }

    fn stop(&mut self, shared: &mut Shared) -> Vec<Effect> {
        match &mut self.found {
            Some(found) if found.is_under_way() => {
                found.state = State::Stopping;
                shared.say("stopping; what is under way is saved");
                vec![Effect::StopSweep]
            }
            _ => {
                shared.say("nothing is under way");
                Vec::new()
            }
        }
    }
}
