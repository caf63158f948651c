//! Starting, saving, loading, leaving: what concerns more than one screen.

use super::{
    App, Effect, Job, LayersView, Overlay, PathField, ProfileTable, Purpose, Question, Request,
    RunLabel,
};
use crate::runs::GoingOn;
use crate::spec::{CheckedSpec, Spec};
use crate::text::{duration, file_name, shown_path};
use crate::train::{Command, Validated, check_fits};
use crate::tui::effect::Leave;
use crate::tui::run_state::RunState;
use crate::tui::seeds::Series;
use crate::tui::shared::{Background, DataState};
use std::path::PathBuf;
use std::sync::Arc;

/// A run of more seconds is started after a question.
const LONG: f64 = 600.0;
/// After a yes to the question whether to write over a file.
const OVERWRITE: Leave = Leave {
    overwrite: true,
    make_folder: false,
};

impl App {
    /// Does what a screen cannot do by itself, or lets another screen do it.
    pub(super) fn carry_out(&mut self, request: Request) -> Vec<Effect> {
        match request {
            Request::Ask(question, text) => self.ask(question, text),
            Request::AskWhereToWriteSpec => {
                let name = format!("{}.json", file_name(&self.shared.designed.spec.name));
                let field = PathField::proposing(Purpose::WriteSpec, &name);
                self.overlay = Some(Overlay::Path(field));
            }
            Request::AskForPicture => {
                let field = PathField::new(Purpose::LoadPicture, "");
                self.overlay = Some(Overlay::Path(field));
            }
            Request::AskForLabel(run) => {
                let label = RunLabel::new(run.path.clone(), run.name.clone(), &run.label);
                self.overlay = Some(Overlay::RunLabel(Box::new(label)));
            }
            Request::AskWhereToExport(run) => {
                let field = PathField::new(Purpose::Export { run }, "");
                self.overlay = Some(Overlay::Path(field));
            }
            Request::ShowProfile => self.overlay = Some(Overlay::Profile(ProfileTable::default())),
            // A run that has not looked into its layers, and will not, may have a model that can be looked into.
            Request::ShowLayersOfRun if self.has_layers_to_come() || self.shared.view.is_none() => {
                self.overlay = Some(Overlay::Layers(LayersView::of_run()));
            }
            Request::ShowLayersOfRun => return self.show_layers_of_model(),
            Request::ShowLayersOfModel => return self.show_layers_of_model(),
            Request::Explain => self.explain(),
            Request::Restart => return self.restart(),
            Request::NextSeed => return self.next_seed(),
            Request::Continue(spec, how) => return self.start(*spec, Some(how)),
            request => self.offer(&request),
        }
        Vec::new()
    }

    /// Whether the run in view has looked into its layers, or is going to.
    fn has_layers_to_come(&self) -> bool {
        let run = self.shared.run.as_ref();
        run.is_some_and(|run| run.layers.is_some() || run.is_active())
    }

    /// Looks into the layers of the model in view.
    fn show_layers_of_model(&mut self) -> Vec<Effect> {
        let Some(view) = &self.shared.view else {
            let text = "no model has been evaluated yet: t trains the network, L loads a model";
            self.shared.say(text);
            return Vec::new();
        };
        let snapshot = Arc::new(view.validated.snapshot.clone());
        let layers = LayersView::of_model(Arc::clone(&snapshot), view.origin.clone());
        self.overlay = Some(Overlay::Layers(layers));
        vec![Job::LookIntoLayers(snapshot).into()]
    }

    /// Puts a spec in place of the one of the Design screen, and goes there.
    pub fn open_spec(&mut self, spec: Spec) {
        self.offer(&Request::ReplaceDesign(Box::new(spec)));
    }

    /// Starts the Design screen's network, or says what is wrong with it.
    pub(super) fn start_training(&mut self) -> Vec<Effect> {
        let total = self.seconds_to_train();
        // A lesson presses keys by itself.
        match total.filter(|total| *total > LONG && self.lecture.is_none()) {
            Some(total) if !self.shared.is_busy() && self.shared.dataset().is_some() => {
                let text = self.long_training(total);
                self.ask(Question::TrainLong, text);
                Vec::new()
            }
            _ => self.train_designed(),
        }
    }

    /// Seconds that training takes from all seeds, once an epoch is timed.
    fn seconds_to_train(&self) -> Option<f64> {
        let designed = &self.shared.designed;
        let epochs = designed.spec.epochs as f64 * self.shared.seeds.count() as f64;
        designed.epoch_seconds.map(|seconds| seconds * epochs)
    }

    /// What is asked before a training that takes long.
    fn long_training(&self, total: f64) -> String {
        let spec = &self.shared.designed.spec;
        let seeds = match self.shared.seeds.count() {
            1 => String::new(),
            count => format!(" from each of {count} seeds"),
        };
        format!(
            "{} epochs{seeds} take about {} on this computer. Train? All is saved on the way: x stops, and it can go \
             on later. h on Design sets fewer epochs.",
            spec.epochs,
            duration(total)
        )
    }

    /// Trains the Design screen's network, from as many seeds as are chosen.
    fn train_designed(&mut self) -> Vec<Effect> {
        if self.shared.is_busy() {
            return self.refuse_second_run();
        }
        let total = self.seconds_to_train();
        match self.shared.designed.spec.check() {
            Ok(spec) => {
                let effects = self.start(spec, None);
                let count = self.shared.seeds.count();
                if let Some(total) = total.filter(|_| !effects.is_empty()) {
                    let said = format!("{}, about {} in all", self.shared.status, duration(total));
                    self.shared.say(said);
                }
                if count > 1 && !effects.is_empty() {
                    let runs = vec![self.last_run];
                    self.shared.seeds.series = Some(Series { count, runs });
                }
                effects
            }
            Err(problem) => {
                self.shared.say(format!("cannot train: {problem}"));
                self.offer(&Request::ShowProblem(problem));
                Vec::new()
            }
        }
    }

    pub(super) fn refuse_second_run(&mut self) -> Vec<Effect> {
        self.shared.say(match self.shared.background {
            Some(background) => format!(
                "{}; {} on the Design screen shows it, x there stops it",
                background.under_way(),
                background.key()
            ),
            None => {
                "a run is under way; x on the Train screen stops it, f ends it after this epoch"
                    .to_owned()
            }
        });
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
        let spec = run.original.clone().with_seed(seed);
        self.start(spec, None)
    }

    /// Trains the spec of the last run from the next seed of its series.
    fn next_seed(&mut self) -> Vec<Effect> {
        let series = self.shared.seeds.series.take();
        let (Some(mut series), Some(run)) = (series, &self.shared.run) else {
            return Vec::new();
        };
        let seed = run.spec.seed.wrapping_add(1);
        let spec = run.original.clone().with_seed(seed);
        // Whoever looks at another screen meanwhile stays there.
        let current = self.current;
        let effects = self.start(spec, None);
        self.current = current;
        if !effects.is_empty() {
            series.runs.push(self.last_run);
            self.shared.seeds.series = Some(series);
        }
        effects
    }

    /// Starts a run of a spec, or goes on with one on disk.
    fn start(&mut self, spec: CheckedSpec, going_on: Option<GoingOn>) -> Vec<Effect> {
        if self.shared.is_busy() {
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
        self.shared.seeds.series = None;
        self.last_run += 1;
        let run = RunState::new(self.last_run, spec.clone());
        let name = run.title.clone();
        self.shared.begin_run(run);
        self.shared.best = None;
        self.shared.time.forget();
        self.offer(&Request::ShowRun);
        match going_on {
            Some(how) => {
                let shown = shown_path(&how.folder);
                self.shared.say(match how.fork_after {
                    Some(epoch) => format!("forking {name} after epoch {epoch} of {shown}"),
                    None => format!("going on with {name} in {shown}"),
                });
                let read = Job::ReadHistory {
                    folder: how.folder.clone(),
                    epochs: how.fork_after,
                    run: Some(self.last_run),
                };
                vec![read.into(), Effect::GoOn(Box::new(spec), how)]
            }
            None => {
                let seed = spec.seed;
                self.shared.say(format!("training {name}, seed {seed}"));
                vec![Effect::StartRun(Box::new(spec))]
            }
        }
    }

    /// The model that saving would write.
    fn to_be_saved(&self, best: bool) -> Option<Arc<Validated>> {
        let view = self.shared.view.as_ref().map(|view| &view.validated);
        let chosen = if best {
            self.shared.best.as_ref().or(view)
        } else {
            view
        };
        chosen.map(Arc::clone)
    }

    pub(super) fn ask_where_to_save(&mut self) -> Vec<Effect> {
        let Some(view) = &self.shared.view else {
            self.shared
                .say("there is no trained model yet: t trains the network, L loads a saved one");
            return Vec::new();
        };
        let name = &view.validated.snapshot.info.spec.name;
        let name = format!("{}.safetensors", file_name(name));
        let field = PathField::proposing(Purpose::SaveModel { best: false }, &name);
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

    /// Uses what is typed in an overlay.
    pub(super) fn accept(&mut self) -> Vec<Effect> {
        match self.overlay.take() {
            Some(Overlay::RunLabel(label)) => {
                let (folder, label) = label.finished();
                vec![Job::WriteLabel { folder, label }.into()]
            }
            overlay => {
                self.overlay = overlay;
                self.accept_path()
            }
        }
    }

    fn accept_path(&mut self) -> Vec<Effect> {
        let Some(Overlay::Path(field)) = self.overlay.take() else {
            return Vec::new();
        };
        let Some(path) = field.path() else {
            self.shared.say("no path was given");
            return Vec::new();
        };
        match field.purpose {
            Purpose::LoadModel => {
                self.shared.say(format!("loading {}", shown_path(&path)));
                let network = Some(Box::new(self.shared.designed.spec.clone()));
                vec![Job::LoadModel { path, network }.into()]
            }
            Purpose::OpenData => {
                self.shared.say(format!("reading {}", shown_path(&path)));
                self.open_data(path)
            }
            Purpose::LoadPicture => {
                self.shared.say(format!("reading {}", shown_path(&path)));
                vec![Job::LoadPicture(path).into()]
            }
            Purpose::Export { run } => {
                self.shared.say(format!("writing {}", shown_path(&path)));
                vec![Job::Export { run, path }.into()]
            }
            Purpose::WriteSpec => vec![self.write_spec(path, Leave::default())],
            Purpose::SaveModel { best } => match self.to_be_saved(best) {
                Some(validated) => vec![save_model(path, validated, Leave::default())],
                None => Vec::new(),
            },
        }
    }

    fn write_spec(&self, path: PathBuf, leave: Leave) -> Effect {
        let job = Job::WriteSpec {
            path,
            spec: Box::new(self.shared.designed.spec.clone()),
            leave,
        };
        job.into()
    }

    /// Leaves, after a question where something would be lost.
    pub(super) fn quit(&mut self) -> Vec<Effect> {
        let training = self.shared.is_busy();
        let background = self.shared.background;
        let designed = &self.shared.designed;
        if designed.has_open_text {
            let text = "The JSON editor has a text that is not applied. Leave without it?";
            self.ask(Question::Quit, text);
            return Vec::new();
        }
        // Where the network is kept, it comes back with the next start.
        let edits = designed.has_unsaved_edits && self.kept.is_none();
        let text = match (training, edits) {
            (false, false) => return vec![Effect::Quit],
            (true, false) => {
                let what = background.map_or("A run is under way", Background::under_way);
                match background {
                    Some(Background::RateFinder) => format!("{what}. Leave?"),
                    _ => format!("{what}; it is saved and can go on later. Leave?"),
                }
            }
            (false, true) => {
                "The network has edits that are in no file. Leave without them?".to_owned()
            }
            (true, true) => {
                "The network has edits that are in no file. Leave? What is trained is saved \
                             and can go on."
                    .to_owned()
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
            Question::TrainLonger(spec, how) => self.carry_out(Request::Continue(spec, how)),
            Question::StopRun => vec![Effect::Command(Command::Stop)],
            Question::OverwriteModel { path, validated } => {
                vec![save_model(path, validated, OVERWRITE)]
            }
            Question::OverwriteSpec(path) => vec![self.write_spec(path, OVERWRITE)],
            Question::MakeFolder { path, validated } => {
                let leave = Leave {
                    make_folder: true,
                    ..Leave::default()
                };
                vec![match validated {
                    Some(validated) => save_model(path, validated, leave),
                    None => self.write_spec(path, leave),
                }]
            }
            Question::TrainLong => self.train_designed(),
            Question::DeleteRun(path) => vec![Job::DeleteRun(path).into()],
            Question::LeaveLesson => self.leave_lesson(),
            Question::DropText => self.carry_out(Request::DropText),
            Question::ReplaceDesign(spec) => {
                self.open_spec(*spec);
                Vec::new()
            }
        }
    }
}

fn save_model(path: PathBuf, validated: Arc<Validated>, leave: Leave) -> Effect {
    let job = Job::SaveModel {
        path,
        validated,
        leave,
    };
    job.into()
}
