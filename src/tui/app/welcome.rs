//! The start screen, and the network that comes back with it.

use super::{App, Effect, Job, Overlay, PathField, Purpose, Request};
use crate::runs::{BEST_FILE, GoingOn};
use crate::tui::action::Start;
use crate::tui::kept_design::KeptDesign;
use crate::tui::overlays::{Home, last_run};
use crate::tui::screens::SCREENS;
use crate::tui::shared::DataState;
use std::path::PathBuf;

impl App {
    /// Puts back the network of last time and keeps it from now on.
    pub fn keep_from(&mut self, kept: Result<Option<KeptDesign>, String>) {
        match kept {
            Ok(Some(kept)) => self.offer(&Request::RestoreDesign(Box::new(kept))),
            Ok(None) => {}
            Err(why) => self.shared.fail(why),
        }
        self.kept = Some(self.shared.designed.own.clone());
    }

    /// Shows the start screen; returns what is to be read for it.
    pub fn welcome(&mut self) -> Vec<Effect> {
        self.overlay = Some(Overlay::Home(Home::default()));
        vec![Job::ScanRuns.into()]
    }

    /// Has the edited network kept, if it is not yet as it is now.
    pub(super) fn keep_design(&mut self) -> Option<Effect> {
        let own = &self.shared.designed.own;
        let kept = self.kept.as_mut().filter(|kept| *kept != own)?;
        kept.clone_from(own);
        Some(Effect::KeepDesign(Box::new(own.clone())))
    }

    /// Begins with something that the start screen offers.
    pub(super) fn begin(&mut self, start: Start) -> Vec<Effect> {
        self.overlay = None;
        match start {
            Start::Design => {}
            Start::LastRun => return self.begin_with_last_run(),
            Start::Lesson => self.learn(None),
            Start::Preset => {
                self.offer(&Request::ChoosePreset);
                return vec![Job::ListSpecs.into()];
            }
            Start::Data => {
                let field = PathField::new(Purpose::OpenData, "");
                self.overlay = Some(Overlay::Path(field));
            }
            Start::Quit => return self.quit(),
        }
        Vec::new()
    }

    /// Goes on with the newest run; one that is complete is looked at.
    fn begin_with_last_run(&mut self) -> Vec<Effect> {
        let Some(run) = last_run(&self.shared).cloned() else {
            let text = "there is no run in this folder yet: t trains your network";
            self.shared.say(text);
            return Vec::new();
        };
        match &run.spec {
            Ok(spec) if run.can_go_on() => {
                let how = GoingOn::to_its_end(run.path.clone());
                self.carry_out(Request::Continue(Box::new(spec.clone()), how))
            }
            Ok(_) if run.has_model && !run.in_use => {
                self.offer(&Request::ShowRun);
                self.shared
                    .say(format!("loading the best model of {}", run.name));
                let path = run.path.join(BEST_FILE);
                let network = None;
                vec![Job::LoadModel { path, network }.into()]
            }
            _ => {
                let runs = SCREENS.iter().position(|tab| tab.title == "Runs");
                runs.map_or_else(Vec::new, |screen| self.go(screen))
            }
        }
    }

    /// Reads the images of a folder, which take the place of those in use once they are there.
    pub(super) fn open_data(&mut self, folder: PathBuf) -> Vec<Effect> {
        if self.shared.is_busy() {
            return self.refuse_second_run();
        }
        if self.data_before.is_none() {
            // Nothing can be started on the old data while the new data is read.
            let before = std::mem::replace(&mut self.shared.data, DataState::Loading(0.0));
            self.data_before = Some(before);
        }
        vec![Job::OpenData(folder).into()]
    }
}
