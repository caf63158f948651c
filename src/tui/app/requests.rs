//! Starting, saving, loading, leaving: what more than one screen is part of.

use super::{App, Effect, Overlay, PathField, Purpose, Question};
use crate::nn::Snapshot;
use crate::spec::{CheckedSpec, Spec};
use crate::text::{escape_controls, file_name, shown_path};
use crate::train::{Command, check_fits};
use crate::tui::run_state::{Phase, RunState};
use crate::tui::screens::Screen;
use crate::tui::shared::{DataState, Request};
use std::path::PathBuf;
use std::sync::Arc;

impl App {
    /// Does what a screen cannot do by itself.
    pub(super) fn carry_out(&mut self, request: Request) -> Vec<Effect> {
        match request {
            Request::Ask(question, text) => self.ask(question, text),
            Request::Go(screen) => self.screen = screen,
            Request::AskWhereToWriteSpec => {
                let name = format!("{}.json", file_name(&self.design.spec().name));
                let field = PathField::new(Purpose::WriteSpec, name);
                self.overlay = Some(Overlay::Path(field));
            }
            Request::ShowImages { truth, predicted } => {
                self.samples.show_cell(truth, predicted, &mut self.shared);
                self.screen = Screen::Samples;
            }
            Request::OpenSpec(spec) => {
                if self.design.has_unsaved_edits() {
                    let text = format!(
                        "{} has edits that are in no file. Put {} in its place? Undo brings it back.",
                        escape_controls(&self.design.spec().name),
                        escape_controls(&spec.name)
                    );
                    self.ask(Question::ReplaceDesign(spec), text);
                } else {
                    self.open_spec(*spec);
                }
            }
            Request::Restart => return self.restart(),
            Request::Continue(spec, folder) => return self.start(*spec, Some(folder)),
        }
        Vec::new()
    }

    fn open_spec(&mut self, spec: Spec) {
        self.shared
            .say(format!("opened {}", escape_controls(&spec.name)));
        self.design.open(spec);
        self.screen = Screen::Design;
    }

    /// Starts the Design screen's network, or says what is wrong with it.
    pub(super) fn start_training(&mut self) -> Vec<Effect> {
        if self.shared.is_training() {
            return self.refuse_second_run();
        }
        match self.design.spec().check() {
            Ok(spec) => self.start(spec, None),
            Err(problem) => {
                self.design.show_problem(&problem);
                self.screen = Screen::Design;
                self.shared.say(format!("cannot train: {problem}"));
                Vec::new()
            }
        }
    }

    fn refuse_second_run(&mut self) -> Vec<Effect> {
        self.shared
            .say("a run is under way; x on the Train screen stops it, f ends it after this epoch");
        Vec::new()
    }

    /// Trains the spec of the last run again, from the next seed.
    fn restart(&mut self) -> Vec<Effect> {
        let Some(run) = &self.shared.run else {
            self.shared
                .say("there is no run to repeat yet; t trains the network");
            return Vec::new();
        };
        let seed = run.spec.seed.wrapping_add(1);
        let spec = run.spec.clone().with_seed(seed);
        self.start(spec, None)
    }

    /// Starts a run of a spec, or goes on with the one in a folder.
    fn start(&mut self, spec: CheckedSpec, resumed: Option<PathBuf>) -> Vec<Effect> {
        if self.shared.is_training() {
            return self.refuse_second_run();
        }
        let dataset = match &self.shared.data {
            DataState::Ready { dataset, .. } => dataset,
            DataState::Loading(_) => {
                self.shared.say("the data is not there yet");
                return Vec::new();
            }
            DataState::Failed(message) => {
                let text = format!("cannot train without data: {message}");
                self.shared.say(text);
                return Vec::new();
            }
        };
        if let Err(error) = check_fits(&spec, dataset) {
            self.shared.say(format!("cannot train: {error}"));
            return Vec::new();
        }
        self.last_run += 1;
        let run = RunState::new(self.last_run, spec.clone());
        self.shared.begin_run(run);
        self.shared.best = None;
        self.screen = Screen::Train;
        let name = escape_controls(&spec.name);
        match resumed {
            Some(folder) => {
                let shown = shown_path(&folder);
                self.shared.say(format!("going on with {name} in {shown}"));
                vec![Effect::ResumeRun(Box::new(spec), folder)]
            }
            None => {
                let seed = spec.seed;
                self.shared.say(format!("training {name}, seed {seed}"));
                vec![Effect::StartRun(Box::new(spec))]
            }
        }
    }

    /// The snapshot that saving would write.
    fn snapshot(&self, best: bool) -> Option<Arc<Snapshot>> {
        let view = self.shared.view.as_ref().map(|view| &view.validated);
        let chosen = if best {
            self.shared.best.as_ref().or(view)
        } else {
            view
        };
        chosen.map(|validated| Arc::new(validated.snapshot.clone()))
    }

    pub(super) fn ask_where_to_save(&mut self) -> Vec<Effect> {
        let Some(view) = &self.shared.view else {
            self.shared
                .say("there is no trained model yet: t trains the network, L loads a saved one");
            return Vec::new();
        };
        let name = &view.validated.snapshot.info.spec.name;
        let field = PathField::new(
            Purpose::SaveModel { best: false },
            format!("{}.safetensors", file_name(name)),
        );
        self.overlay = Some(Overlay::Path(field));
        Vec::new()
    }

    pub(super) fn toggle_best(&mut self) {
        if let Some(Overlay::Path(field)) = &mut self.overlay
            && let Purpose::SaveModel { best } = &mut field.purpose
        {
            *best = !*best;
        }
    }

    pub(super) fn accept_path(&mut self) -> Vec<Effect> {
        let Some(Overlay::Path(field)) = self.overlay.take() else {
            return Vec::new();
        };
        if field.text.trim().is_empty() {
            self.shared.say("no path was given");
            return Vec::new();
        }
        let path = PathBuf::from(&field.text);
        match field.purpose {
            Purpose::LoadModel => {
                self.shared.say(format!("loading {}", shown_path(&path)));
                vec![Effect::LoadModel(path)]
            }
            Purpose::WriteSpec => vec![Effect::WriteSpec {
                path,
                spec: Box::new(self.design.spec().clone()),
                overwrite: false,
            }],
            Purpose::SaveModel { best } => match self.snapshot(best) {
                Some(snapshot) => vec![Effect::SaveModel {
                    path,
                    snapshot,
                    overwrite: false,
                }],
                None => Vec::new(),
            },
        }
    }

    /// Leaves, after a question where something would be lost.
    pub(super) fn quit(&mut self) -> Vec<Effect> {
        let training = self.shared.is_training();
        let edits = self.design.has_unsaved_edits();
        let text = match (training, edits) {
            (false, false) => return vec![Effect::Quit],
            (true, false) => "A run is under way; it is saved and can go on later. Leave?",
            (false, true) => "The network has edits that are in no file. Leave without them?",
            (true, true) => {
                "The network has edits that are in no file. Leave? The run is saved and can go on."
            }
        };
        self.ask(Question::Quit, text);
        Vec::new()
    }

    /// Does what the open question asked about.
    pub(super) fn confirmed(&mut self) -> Vec<Effect> {
        let Some(Overlay::Confirm(confirm)) = self.overlay.take() else {
            return Vec::new();
        };
        match confirm.question {
            Question::Quit => vec![Effect::Quit],
            Question::StopRun => vec![Effect::Command(Command::Stop)],
            Question::OverwriteModel { path, snapshot } => vec![Effect::SaveModel {
                path,
                snapshot,
                overwrite: true,
            }],
            Question::OverwriteSpec(path) => vec![Effect::WriteSpec {
                path,
                spec: Box::new(self.design.spec().clone()),
                overwrite: true,
            }],
            Question::DeleteRun(path) => vec![Effect::DeleteRun(path)],
            Question::DropText => {
                self.design.drop_text();
                Vec::new()
            }
            Question::ReplaceDesign(spec) => {
                self.open_spec(*spec);
                Vec::new()
            }
        }
    }

    /// Whether the run is waiting for `Resume`.
    pub fn is_paused(&self) -> bool {
        let run = self.shared.run.as_ref();
        run.is_some_and(|run| run.phase == Phase::Paused)
    }
}
