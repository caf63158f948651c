//! What the app does outside its own state: reading data and models, training, files. None of it runs on
//! the thread that draws.

mod ablation;
mod audit;
mod caught;
mod current_data;
mod epoch_time;
mod export;
mod fetch;
mod files;
mod import;
mod jobs;
mod keeper;
mod map_of_set;
mod open_model;
mod pictures;
mod progress;
mod rate_finder;
mod stoppable;
mod sweep;

use super::effect::{Effect, Job};
use super::message::{Answer, Message};
use crate::data::Dataset;
use crate::runs::{RunOptions, RunPlace, runs_folder, spawn_run};
use crate::spec::CheckedSpec;
use crate::train::{Command, forward};
use audit::Auditing;
use current_data::CurrentData;
use epoch_time::EpochTimer;
use fetch::Fetching;
use import::Importing;
use keeper::Keeper;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;
use stoppable::Stoppable;

/// Between two keys that a lesson presses: long enough to see what each does.
const BEAT: Duration = Duration::from_millis(350);

/// The run under way.
#[derive(Debug)]
struct Training {
    commands: Sender<Command>,
    handle: JoinHandle<()>,
    /// Forwards the run's events; ends with the last one.
    reporter: JoinHandle<()>,
}

/// Carries out effects and answers with messages. A run under way is stopped and saved when it is
/// dropped.
#[derive(Debug)]
pub struct Services {
    outbox: Sender<Message>,
    jobs: Sender<Job>,
    /// Set by the thread that reads data.
    dataset: CurrentData,
    fetching: Fetching,
    auditing: Auditing,
    epoch_timer: EpochTimer,
    training: Option<Training>,
    /// The series of runs, or the range test, under way.
    background: Option<Stoppable>,
    /// The import under way, the last one, and those that are ending.
    importing: Vec<Importing>,
    /// Keeps the edited network, where that can be kept.
    keeper: Option<Keeper>,
    threads: Option<usize>,
    /// Runs started so far.
    runs: u64,
}

impl Services {
    /// Starts the threads; the data is read at once.
    pub fn start(outbox: Sender<Message>, data: Option<PathBuf>, threads: Option<usize>) -> Self {
        let services = Self::new(outbox, CurrentData::default(), threads);
        services.queue(Job::LoadData(data));
        services
    }

    /// Starts the threads with data that is in memory already.
    pub fn with_dataset(
        outbox: Sender<Message>,
        dataset: Arc<Dataset>,
        threads: Option<usize>,
    ) -> Self {
        let ready = Answer::DataReady {
            dataset: Arc::clone(&dataset),
            looked_in: Vec::new(),
        };
        // An error means that the loop has ended: the message has no reader.
        let _ = outbox.send(Message::Answer(ready));
        let current = CurrentData::default();
        current.set(dataset);
        Self::new(outbox, current, threads)
    }

    /// Keeps the edited network in this folder from now on.
    pub fn keep_designs_in(&mut self, folder: PathBuf) {
        self.keeper = Some(Keeper::start(self.outbox.clone(), folder));
    }

    fn new(outbox: Sender<Message>, dataset: CurrentData, threads: Option<usize>) -> Self {
        let (jobs, queue) = channel();
        let answers = outbox.clone();
        let shared = dataset.clone();
        std::thread::spawn(move || jobs::work(&queue, &answers, &shared));
        let epoch_timer = EpochTimer::start(outbox.clone(), dataset.clone(), threads);
        Self {
            outbox,
            jobs,
            dataset,
            fetching: Fetching::default(),
            auditing: Auditing::default(),
            epoch_timer,
            training: None,
            background: None,
            importing: Vec::new(),
            keeper: None,
            threads,
            runs: 0,
        }
    }

    /// Carries out an effect; the answer comes as a message.
    pub fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::StartRun(spec) => self.start_run(
                *spec,
                RunOptions {
                    place: Some(RunPlace::Under(runs_folder().into())),
                    ..RunOptions::default()
                },
            ),
            Effect::GoOn(spec, how) => {
                let more_epochs = how.more_epochs;
                let (place, beginning) = how.place(runs_folder().into());
                let options = RunOptions {
                    place: Some(place),
                    beginning,
                    more_epochs,
                    ..RunOptions::default()
                };
                self.start_run(*spec, options);
            }
            Effect::Command(command) => {
                if let Some(training) = &self.training {
                    // An error means that the run is over.
                    let _ = training.commands.send(command);
                }
            }
            Effect::KeepDesign(network) => {
                if let Some(keeper) = &self.keeper {
                    keeper.keep(*network);
                }
            }
            Effect::Work(job) => self.queue(job),
            Effect::UseData(dataset) => self.dataset.set(dataset),
            Effect::Beat => {
                let outbox = self.outbox.clone();
                std::thread::spawn(move || {
                    std::thread::sleep(BEAT);
                    // An error means that the loop has ended: the message has no reader.
                    let _ = outbox.send(Message::Beat);
                });
            }
            Effect::TimeEpoch(spec) => self.epoch_timer.ask(spec),
            Effect::StartAblation { spec, parts, seeds } => {
                // Both would be slower.
                self.epoch_timer.stop();
                let order = ablation::Order {
                    spec: *spec,
                    parts,
                    seeds,
                };
                let outbox = self.outbox.clone();
                let started = ablation::start(order, &self.dataset, outbox, self.threads);
                self.background = Some(started);
            }
            Effect::StartSweep(order) => {
                self.epoch_timer.stop();
                let outbox = self.outbox.clone();
                let started = sweep::start(*order, &self.dataset, outbox, self.threads);
                self.background = Some(started);
            }
            Effect::FindRate(spec) => {
                self.epoch_timer.stop();
                let outbox = self.outbox.clone();
                let started = rate_finder::start(*spec, &self.dataset, outbox, self.threads);
                self.background = Some(started);
            }
            Effect::StopAblation | Effect::StopSweep | Effect::StopFindingRate => {
                if let Some(background) = &self.background {
                    background.stop();
                }
            }
            Effect::StartFetch => self.fetching = Fetching::start(self.outbox.clone()),
            Effect::StopFetch => self.fetching.stop(),
            Effect::LookAtImport(order) => {
                self.drop_import();
                let started = Importing::start(*order, self.outbox.clone());
                self.importing.push(started);
            }
            Effect::WriteImport => {
                if let Some(importing) = self.importing.last() {
                    importing.write();
                }
            }
            Effect::DropImport => self.drop_import(),
            Effect::StartAudit { with_labels } => match self.dataset.get() {
                Ok(dataset) => {
                    let outbox = self.outbox.clone();
                    self.auditing = Auditing::start(outbox, dataset, with_labels, self.threads);
                }
                Err(message) => self.fail(message),
            },
            Effect::StopAudit => self.auditing.stop(),
            // The owner of the loop and the terminal handles these.
            Effect::Suspend | Effect::Restore | Effect::Quit => {}
        }
    }

    fn drop_import(&mut self) {
        self.importing.retain(|importing| !importing.is_over());
        for importing in &mut self.importing {
            importing.stop();
        }
    }

    fn queue(&self, job: Job) {
        if self.jobs.send(job).is_err() {
            self.fail("the background thread has stopped; restart the app".into());
        }
    }

    fn fail(&self, message: String) {
        // An error means that the loop has ended: the message has no reader.
        let _ = self.outbox.send(Message::Answer(Answer::Failed(message)));
    }

    fn start_run(&mut self, spec: CheckedSpec, options: RunOptions) {
        let dataset = match self.dataset.get() {
            Ok(dataset) => dataset,
            Err(message) => return self.fail(message),
        };
        // Both would be slower.
        self.epoch_timer.stop();
        self.runs += 1;
        let id = self.runs;
        let options = RunOptions {
            // The screen shows that it is not saved, and the model can be saved elsewhere.
            start_unsaved: true,
            threads: self.threads,
            ..options
        };
        match spawn_run(spec, dataset, options) {
            Ok(thread) => {
                let outbox = self.outbox.clone();
                let message = move |event| Some(Message::Run(id, Box::new(event)));
                let reporter = forward(thread.events, outbox, message, None);
                self.training = Some(Training {
                    commands: thread.commands,
                    handle: thread.handle,
                    reporter,
                });
            }
            Err(error) => {
                let failed = crate::train::Event::Failed(error.to_string());
                // An error means that the loop has ended: the message has no reader.
                let _ = self.outbox.send(Message::Run(id, Box::new(failed)));
            }
        }
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        if let Some(training) = self.training.take() {
            // Errors mean that the run is over; a panic of the worker was reported as an event.
            let _ = training.commands.send(Command::Stop);
            let _ = training.handle.join();
            // Its last event says where the run is saved.
            let _ = training.reporter.join();
        }
    }
}
