//! Data that comes while the app runs: fetched, or imported.

use super::{App, Effect, Job, Overlay};
use crate::data::Origin;
use crate::text::{quoted, shown_path};
use crate::tui::fetch_state::{FetchPhase, FetchState};
use crate::tui::message::FetchNews;
use crate::tui::shared::DataState;
use std::path::PathBuf;

impl App {
    pub(super) fn start_fetch(&mut self) -> Vec<Effect> {
        if self.shared.fetch.is_active() {
            return Vec::new();
        }
        self.shared.fetch = FetchState::started();
        self.shared.say("fetching Fashion-MNIST");
        vec![Effect::StartFetch]
    }

    pub(super) fn stop_fetch(&mut self) -> Vec<Effect> {
        if !self.shared.fetch.is_active() {
            return Vec::new();
        }
        self.shared.fetch.phase = FetchPhase::Stopping;
        vec![Effect::StopFetch]
    }

    /// Handles a report of the fetch.
    pub(super) fn fetch_news(&mut self, news: FetchNews) -> Vec<Effect> {
        let fetch = &mut self.shared.fetch;
        match news {
            FetchNews::Event(event) => fetch.observe(event),
            FetchNews::Done(dir) => {
                fetch.phase = FetchPhase::Done;
                return self.use_fetched(dir);
            }
            FetchNews::Stopped => {
                fetch.phase = FetchPhase::Stopped;
                self.shared
                    .say("the fetch is stopped; D and Enter go on with it");
            }
            FetchNews::Failed(message) => {
                fetch.phase = FetchPhase::Failed;
                self.shared.fail(message);
            }
        }
        Vec::new()
    }

    /// Loads the fetched data where there is none or only the sample set, unless a run is using that.
    fn use_fetched(&mut self, dir: PathBuf) -> Vec<Effect> {
        let shared = &mut self.shared;
        let folder = shown_path(&dir);
        let wanted = match &shared.data {
            DataState::Ready { dataset, .. } => dataset.origin == Origin::Sample,
            DataState::Failed(_) => true,
            DataState::Loading(_) => false,
        };
        if !wanted {
            shared.say(format!(
                "Fashion-MNIST is in {folder}; --data uses it from there"
            ));
            return Vec::new();
        }
        if shared.is_training() {
            shared.say("Fashion-MNIST is there; when the run is over, D and Enter load it");
            return Vec::new();
        }
        if matches!(self.overlay, Some(Overlay::Fetch)) {
            self.overlay = None;
        }
        self.read_from(dir)
    }

    /// Uses a data set that was just imported, unless something is trained.
    pub(super) fn use_imported(&mut self, dir: PathBuf) -> Vec<Effect> {
        if self.shared.is_busy() {
            let shown = quoted(&dir.display().to_string());
            self.shared.say(format!(
                "the data set is made; when nothing is trained, fmnist-tui --data {shown} uses it"
            ));
            return Vec::new();
        }
        self.read_from(dir)
    }

    /// Reads the data of a folder, to be used from now on.
    fn read_from(&mut self, dir: PathBuf) -> Vec<Effect> {
        let shared = &mut self.shared;
        shared.forget_model();
        // Nothing can be started on the old data while the new data is read.
        shared.data = DataState::Loading(0.0);
        shared.say(format!("reading {}", shown_path(&dir)));
        vec![Job::LoadData(Some(dir)).into()]
    }
}
