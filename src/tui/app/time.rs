//! Moving all screens together to another epoch.

use super::App;
use crate::data::Split;
use crate::stats::Accuracy;
use crate::text::shown_path;
use crate::train::Validated;
use crate::tui::effect::{Effect, Job};
use crate::tui::message::FoundHistory;
use crate::tui::shared::Shared;
use crate::tui::time::Known;
use crate::tui::widgets::label::plain;
use crate::tui::widgets::slider::{Drawn, Part, Slider};
use crossterm::event::{MouseEvent, MouseEventKind};
use ratatui::layout::Position;
use std::path::Path;
use std::sync::Arc;

impl App {
    /// Shows the next epoch, or the one before.
    pub(super) fn travel(&mut self, later: bool) {
        let shared = &mut self.shared;
        let view = shared.view.as_ref();
        let now = view.and_then(|view| view.validated.epoch());
        if let Err(reason) = shared.time.step(later, now) {
            shared.say(reason);
        }
    }

    /// Tells every screen where another epoch is shown than before.
    pub(super) fn follow_time(&mut self) -> Vec<Effect> {
        let epoch = self.shared.time.epoch();
        if epoch == self.epoch_in_view {
            return Vec::new();
        }
        self.epoch_in_view = epoch;
        let mut effects = Vec::new();
        for screen in &mut self.screens {
            effects.extend(screen.follow(&mut self.shared));
        }
        effects
    }

    /// Takes a click on the slider, the wheel over it, or its knob being drawn along; false where the mouse is
    /// elsewhere.
    pub(super) fn slide(&mut self, mouse: MouseEvent, slider: Drawn) -> bool {
        let at = Position::new(mouse.column, mouse.row);
        let is_held = self.holds_slider;
        match mouse.kind {
            MouseEventKind::Up(_) => {
                self.holds_slider = false;
                return is_held;
            }
            MouseEventKind::Drag(_) if is_held => {
                self.shared.time.go_to_place(slider.place_at(at.x));
                return true;
            }
            _ => {}
        }
        let Some(part) = slider.part_at(at) else {
            return false;
        };
        match (mouse.kind, part) {
            (MouseEventKind::ScrollUp, _) => self.travel(false),
            (MouseEventKind::ScrollDown, _) => self.travel(true),
            (MouseEventKind::Down(_), Part::Back) => self.travel(false),
            (MouseEventKind::Down(_), Part::On) => self.travel(true),
            (MouseEventKind::Down(_), Part::Place(place)) => {
                self.holds_slider = self.shared.time.go_to_place(place);
            }
            _ => {}
        }
        true
    }

    /// Takes the answers of an epoch of the run that is under way, and shows the run's history with the view.
    pub(super) fn remember(&mut self, validated: &Arc<Validated>) {
        let Some(run) = &mut self.shared.run else {
            return;
        };
        let of_other = |known: &Known| known.folder.is_some();
        if self.shared.time.known().is_some_and(of_other) {
            // Its model was in view until now.
            self.shared.time.forget();
        }
        // So that the history is not copied.
        self.shared.time.lend();
        run.remember(validated);
        show_history_of_run(&mut self.shared, &validated.images);
    }

    /// Takes a history that was read.
    pub(super) fn history_read(
        &mut self,
        folder: &Path,
        run: Option<u64>,
        outcome: Result<Option<FoundHistory>, String>,
    ) {
        let shared = &mut self.shared;
        let found = match outcome {
            Ok(found) => found,
            Err(problem) => return shared.fail(problem),
        };
        let Some(FoundHistory { history, images }) = found else {
            return;
        };
        match run {
            Some(id) => {
                let Some(run) = shared.run.as_mut().filter(|run| run.id == id) else {
                    return;
                };
                shared.time.lend();
                run.remember_earlier(history);
                show_history_of_run(shared, &images);
            }
            None if shared.time.awaits(folder) => {
                let shown = shown_path(folder);
                let epochs = history.epochs().len();
                shared.say(format!("{shown}: < goes back through its {epochs} epochs"));
                shared.time.know(Known {
                    history: Arc::new(history),
                    images,
                    folder: Some(folder.to_owned()),
                });
            }
            None => {}
        }
    }
}

/// The job that reads the history of the run whose model is in `path`.
pub(super) fn read_history_of(path: &Path, shared: &mut Shared) -> Vec<Effect> {
    shared.time.forget();
    let Some(folder) = path.parent() else {
        return Vec::new();
    };
    shared.time.forget_until_read(folder.to_owned());
    let job = Job::ReadHistory {
        folder: folder.to_owned(),
        epochs: None,
        run: None,
    };
    vec![job.into()]
}

fn show_history_of_run(shared: &mut Shared, images: &Arc<Split>) {
    let run = shared.run.as_ref();
    if let Some(history) = run.and_then(|run| run.history.clone()) {
        shared.time.know(Known {
            history,
            images: Arc::clone(images),
            folder: None,
        });
    }
}

/// The slider, while another epoch than now is shown.
pub(super) fn slider(shared: &Shared) -> Option<Slider> {
    let moment = shared.time.moment()?;
    let history = shared.time.history()?;
    let (epochs, last) = (history.epochs(), history.epochs().last()?.epoch);
    let digits = last.to_string().len();
    let evaluation = &moment.evaluation;
    let accuracy = Accuracy::of(evaluation.accuracy, evaluation.predictions.len());
    let accuracy = plain(&accuracy.to_string(), shared.theme);
    Some(Slider {
        label: format!("epoch {:0digits$}/{last}", moment.epoch),
        note: format!("  accuracy {accuracy}  < > moves, Esc: now "),
        place: history
            .position(moment.epoch)
            .unwrap_or_else(|place| place.min(epochs.len().saturating_sub(1))),
        count: epochs.len(),
    })
}
