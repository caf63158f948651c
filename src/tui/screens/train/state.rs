//! The screen's state and what changes it.

use super::commands;
use super::compare::{self, RunKey};
use super::crosshair::{self, Plot};
use super::keys::TrainAction;
use super::smoothing::SMOOTHING;
use super::steering::{self, Dial};
use super::view::{View, ZOOM};
use crate::tui::effect::{Effect, Job};
use crate::tui::request::Request;
use crate::tui::shared::Shared;
use crate::tui::widgets::over::Over;
use ratatui::layout::Position;
use std::cell::RefCell;
use std::path::PathBuf;

/// More runs than this cannot be told apart by colour.
pub const MOST_COMPARED: usize = 6;

/// The screen's state.
#[derive(Debug, Default)]
pub struct Train {
    /// Position in [`SMOOTHING`].
    pub(super) smoothing: usize,
    pub(super) log_loss: bool,
    /// Position in [`ZOOM`].
    pub(super) zoom: usize,
    pub(super) view: View,
    /// What `+` and `-` change in the run under way.
    pub(super) dial: Dial,
    pub(super) over: Over,
    /// Where the crosshair is, while it is shown: the number of an epoch, or seconds.
    pub(super) crosshair: Option<f64>,
    /// The epoch that the screens show, as it was known here last.
    pub(super) time: Option<usize>,
    /// The folder of the run that was loaded last.
    pub(super) loaded: Option<PathBuf>,
    /// That run, if its curves were laid over the others because of that.
    pub(super) laid: Option<RunKey>,
    /// Where curves were drawn last.
    pub(super) plots: RefCell<Vec<Plot>>,
    /// Runs laid over the curves, in the order of their letters.
    pub(super) compared: Vec<RunKey>,
    /// The chosen row of the list of runs, while it is open.
    pub(super) picker: Option<usize>,
}

impl Train {
    /// Carries out an action.
    pub fn update(&mut self, action: TrainAction, shared: &mut Shared) -> Vec<Effect> {
        match action {
            TrainAction::PauseOrResume => return commands::pause_or_resume(shared),
            TrainAction::FinishEpoch => return commands::finish_epoch(shared),
            TrainAction::Stop => commands::stop(shared),
            TrainAction::Raise => return steering::turn(self.dial, true, shared),
            TrainAction::Lower => return steering::turn(self.dial, false, shared),
            TrainAction::NextDial => steering::choose(&mut self.dial, shared),
            TrainAction::Restart => shared.requests.push(Request::Restart),
            TrainAction::ShowProfile => shared.requests.push(Request::ShowProfile),
            TrainAction::ShowLayers => shared.requests.push(Request::ShowLayersOfRun),
            TrainAction::SmoothLess => self.smooth(self.smoothing.saturating_sub(1), shared),
            TrainAction::SmoothMore => self.smooth(self.smoothing + 1, shared),
            TrainAction::ToggleLogLoss => {
                self.log_loss = !self.log_loss;
                if self.view == View::Accuracy {
                    self.view = View::Both;
                }
                let axis = if self.log_loss {
                    "logarithmic"
                } else {
                    "linear"
                };
                shared.say(format!("loss on a {axis} axis"));
            }
            TrainAction::Zoom => self.set_zoom((self.zoom + 1) % ZOOM.len(), shared),
            TrainAction::NextView => {
                self.view = self.view.next();
                shared.say(self.view.title());
            }
            TrainAction::NextAxis => self.next_axis(shared),
            TrainAction::MoveCrosshair(step) => self.move_crosshair(step, shared),
            TrainAction::Compare => self.compare_chosen(shared),
            TrainAction::OpenPicker => {
                self.picker = Some(0);
                return vec![Job::ScanRuns.into()];
            }
            TrainAction::Up => self.move_in_picker(-1, shared),
            TrainAction::Down => self.move_in_picker(1, shared),
            TrainAction::Toggle => self.toggle(shared),
            TrainAction::ChooseNone => self.compared.clear(),
            TrainAction::ClosePicker => self.picker = None,
        }
        Vec::new()
    }

    fn smooth(&mut self, strength: usize, shared: &mut Shared) {
        self.smoothing = strength.min(SMOOTHING.len() - 1);
        shared.say(match SMOOTHING[self.smoothing] {
            0.0 => "curves as they are; ] smooths them".to_owned(),
            strength => format!("curves smoothed with {strength}; the raw ones are dim"),
        });
    }

    pub(super) fn set_zoom(&mut self, zoom: usize, shared: &mut Shared) {
        self.zoom = zoom.min(ZOOM.len() - 1);
        shared.say(match ZOOM[self.zoom] {
            None => "all epochs".to_owned(),
            Some(last) => format!("the last {last} epochs"),
        });
    }

    fn next_axis(&mut self, shared: &mut Shared) {
        let runs = compare::in_chart(&self.compared, shared);
        let before = self.over;
        self.over = before.other();
        let after = self.over;
        self.crosshair = self
            .crosshair
            .and_then(|at| crosshair::on_other_axis(&runs, (before, after), at));
        shared.say(self.over.title());
    }

    fn move_crosshair(&mut self, step: isize, shared: &mut Shared) {
        let runs = compare::in_chart(&self.compared, shared);
        let positions = crosshair::positions(&runs, self.over);
        self.crosshair = crosshair::moved(self.crosshair, step, &positions);
        if self.crosshair.is_none() {
            shared.say("there is nothing to read before the first epoch is done");
        }
        self.lead_time(shared);
    }

    /// Puts the crosshair at the epoch nearest to a place of the screen.
    pub(super) fn point_at(&mut self, at: Position, shared: &mut Shared) {
        let x = self.plots.borrow().iter().find_map(|plot| plot.x_at(at));
        let Some(x) = x else { return };
        let runs = compare::in_chart(&self.compared, shared);
        let positions = crosshair::positions(&runs, self.over);
        self.crosshair = crosshair::nearest(x, &positions);
        self.lead_time(shared);
    }

    /// Compares the chosen row's run with the baseline, or with the run in view.
    fn compare_chosen(&mut self, shared: &mut Shared) {
        let candidates = compare::candidates(shared);
        let Some(run) = self.picker.and_then(|row| candidates.get(row)) else {
            return;
        };
        let second = compare::folder_of(&run.key, shared);
        let own = shared.run.as_ref().and_then(compare::folder);
        let first = shared.baseline.as_deref().or(own);
        let problem = match (first, second) {
            (None, _) => "compare with what? B on Runs chooses a baseline",
            (_, None) => "this run is in no folder",
            (Some(first), Some(second)) if first == second => "this is the baseline itself",
            (Some(first), Some(second)) => {
                let request = Request::CompareRuns([first.to_owned(), second.to_owned()]);
                self.picker = None;
                shared.requests.push(request);
                return;
            }
        };
        shared.say(problem);
    }

    pub(super) fn move_in_picker(&mut self, step: isize, shared: &Shared) {
        let last = compare::candidates(shared).len().saturating_sub(1);
        if let Some(row) = &mut self.picker {
            *row = row.saturating_add_signed(step).min(last);
        }
    }

    /// Lays the run of the chosen row over the curves, or removes it.
    pub(super) fn toggle(&mut self, shared: &mut Shared) {
        let candidates = compare::candidates(shared);
        let Some(run) = self.picker.and_then(|row| candidates.get(row)) else {
            return;
        };
        if let Some(at) = self.compared.iter().position(|key| *key == run.key) {
            self.compared.remove(at);
            return;
        }
        if run.epochs.is_empty() {
            shared.say("this run has no finished epoch to show");
            return;
        }
        let key = run.key.clone();
        // Runs that no longer exist do not count.
        self.compared
            .retain(|key| candidates.iter().any(|run| run.key == *key));
        if self.compared.len() < MOST_COMPARED {
            self.compared.push(key);
        } else {
            shared.say(format!("{MOST_COMPARED} runs at most; take one away first"));
        }
    }
}
