//! Handling the events of runs and the answers of the services.

use super::time::read_history_of;
use super::{App, Effect, Job, Overlay, Question};
use crate::stats::Accuracy;
use crate::text::{escape_controls, shown_path};
use crate::train::Event;
use crate::tui::message::{AblationNews, Answer, ImportNews, RateNews, SweepNews};
use crate::tui::shared::{DataState, ModelView};
use std::sync::Arc;

/// The error of a run that is not being saved begins with this.
const NOT_SAVING: &str = "not saving";

impl App {
    /// Handles an event of the run in view; those of older runs are ignored.
    pub(super) fn run_event(&mut self, id: u64, event: Event) {
        let shared = &mut self.shared;
        let Some(run) = shared.run.as_mut().filter(|run| run.id == id) else {
            return;
        };
        let was_unsaved = run.not_saving.is_some();
        run.observe(&event);
        let name = run.title.clone();
        match event {
            Event::Validated(validated) => {
                let epoch = validated.epoch().unwrap_or_default();
                if run.best().is_some_and(|best| best.epoch == epoch) {
                    shared.best = Some(Arc::clone(&validated));
                }
                shared.view = Some(ModelView {
                    validated: Arc::clone(&validated),
                    origin: format!("{name}, epoch {epoch}"),
                });
                self.remember(&validated);
            }
            Event::Epoch { metrics, is_best } => {
                let mark = if is_best { ", the best so far" } else { "" };
                let accuracy = run.accuracy(metrics.validation_accuracy);
                shared.say(format!(
                    "epoch {}: validation accuracy {accuracy}{mark}",
                    metrics.epoch
                ));
            }
            Event::Paused => shared.say("paused; Space goes on"),
            Event::Resumed => shared.say("going on"),
            Event::NotSaving(reason) => shared.fail(format!(
                "{NOT_SAVING}: {reason}; the run goes on and tries again after every epoch"
            )),
            Event::SavingAgain { message, .. } => {
                shared.errors.retain(|error| !error.starts_with(NOT_SAVING));
                if was_unsaved {
                    shared.say(message);
                } else {
                    // The folder was removed from outside: an error, so that it is noticed.
                    shared.fail(message);
                }
            }
            Event::Diverged(divergence) => shared.fail(divergence.message),
            Event::Failed(message) => shared.fail(message),
            Event::Done(summary) => {
                let folder = summary.folder.as_deref().map(shown_path);
                let place = match (folder, &summary.unsaved) {
                    (Some(folder), None) => format!(", kept in {folder}"),
                    (_, Some(_)) => ", NOT SAVED".to_owned(),
                    (None, None) => String::new(),
                };
                let state = match (summary.stopped_early, summary.out_of_patience) {
                    (true, _) => "stopped",
                    (_, true) => "done, as it got no better",
                    _ => "done",
                };
                let test = summary.test.as_ref().map_or(String::new(), |test| {
                    let of_best = Accuracy::of(test.best.accuracy, test.images);
                    format!(", {of_best} on the test images")
                });
                let best = summary.best.as_ref();
                let best = best.map(|best| (run.accuracy(best.validation_accuracy), best.epoch));
                shared.say(match best {
                    Some((accuracy, epoch)) => format!(
                        "{name} is {state}: best validation accuracy {accuracy} in epoch {epoch}, \
                         picked{test}{place}"
                    ),
                    None => format!("{name} was stopped in its first epoch{place}"),
                });
                shared.seed_done();
            }
            Event::Started(start) => {
                if let Some(notice) = start.notice {
                    shared.say(notice);
                }
            }
            Event::Steered(steered) => {
                let (epoch, set) = (steered.epoch, &steered.set);
                shared.say(format!("steered in epoch {epoch}: {set}"));
            }
            Event::NotSteered(reason) => shared.say(reason),
            Event::Batch(_) | Event::Profile(_) | Event::Layers(_) => {}
        }
    }

    /// Handles an answer of the services.
    pub(super) fn answer(&mut self, answer: Answer) -> Vec<Effect> {
        for screen in &mut self.screens {
            screen.answer(&answer, &mut self.shared);
        }
        let shared = &mut self.shared;
        match answer {
            Answer::DataProgress(share) => shared.data = DataState::Loading(share),
            Answer::DataReady { dataset, looked_in } => {
                shared.say(match dataset.notice() {
                    Some(_) => {
                        "sample set: ready to train on; D fetches the real data, H has lessons"
                            .to_owned()
                    }
                    None => format!("{} is ready; H has lessons", escape_controls(&dataset.name)),
                });
                // A model that was being loaded meanwhile was evaluated on the data before.
                shared.forget_model();
                self.data_before = None;
                shared.data = DataState::Ready { dataset, looked_in };
            }
            Answer::DataRefused(message) => {
                if let Some(before) = self.data_before.take() {
                    shared.data = before;
                }
                shared.fail(message);
            }
            Answer::DataFailed(message) => {
                shared.data = DataState::Failed(message.clone());
                shared.fail(message);
            }
            Answer::ModelSaved(path) => shared.say(format!("saved {}", shown_path(&path))),
            Answer::ModelExists { path, validated } => {
                let text = format!("{} exists. Write over it?", shown_path(&path));
                self.ask(Question::OverwriteModel { path, validated }, text);
            }
            Answer::ModelLoaded {
                path,
                validated,
                how,
            } => {
                shared.say(format!(
                    "loaded {}: validation accuracy {}{}",
                    shown_path(&path),
                    Accuracy::of(
                        validated.evaluation.accuracy,
                        validated.evaluation.predictions.len()
                    ),
                    how.map_or_else(String::new, |how| format!("; {how}"))
                ));
                shared.best = Some(Arc::clone(&validated));
                shared.view = Some(ModelView {
                    validated,
                    origin: shown_path(&path),
                });
                return read_history_of(&path, shared);
            }
            Answer::History {
                folder,
                run,
                outcome,
            } => self.history_read(&folder, run, outcome),
            Answer::FolderMissing { path, validated } => {
                let folder = path.parent().map(shown_path).unwrap_or_default();
                let text = format!("There is no folder {folder}. Make it, and write the file?");
                self.ask(Question::MakeFolder { path, validated }, text);
            }
            Answer::NotKept(why) => {
                self.kept = None;
                shared.fail(why);
            }
            Answer::SpecWritten(path) => shared.say(format!("wrote {}", shown_path(&path))),
            Answer::SpecExists(path) => {
                let text = format!("{} exists. Write over it?", shown_path(&path));
                self.ask(Question::OverwriteSpec(path), text);
            }
            Answer::PictureLoaded { path, about, .. } => {
                shared.say(format!("{}: {about}", shown_path(&path)));
            }
            Answer::PictureWritten(path) => {
                let path = shown_path(&path);
                shared.say(format!(
                    "wrote {path}: fmnist-tui predict MODEL {path} --no-adjust"
                ));
            }
            Answer::Exported(path) => shared.say(format!("wrote {}", shown_path(&path))),
            Answer::Runs(runs) => shared.past_runs = Some(runs),
            Answer::RunDeleted(path) => {
                shared.say(format!("deleted {}", shown_path(&path)));
                return vec![Job::ScanRuns.into()];
            }
            Answer::LabelWritten(path) => {
                shared.say(format!("kept in {}", shown_path(&path)));
                return vec![Job::ScanRuns.into()];
            }
            Answer::Layers { snapshot, outcome } => {
                if let Some(Overlay::Layers(view)) = &mut self.overlay {
                    view.arrived(&snapshot, outcome);
                }
            }
            Answer::Completions { typed, paths } => {
                if let Some(Overlay::Path(field)) = &mut self.overlay {
                    field.complete(&typed, paths);
                }
            }
            Answer::Fetch(news) => return self.fetch_news(news),
            Answer::Audit(dataset, news) => shared.audit_news(&dataset, news),
            Answer::ListWritten(path) => shared.say(format!(
                "wrote {}: \"exclude\" among Design's training fields (h) leaves these images out",
                shown_path(&path)
            )),
            Answer::Failed(message) => shared.fail(message),
            Answer::Ablation(AblationNews::Ended { folder, done, runs }) => {
                shared.background = None;
                let how = if done == runs { "done" } else { "not complete" };
                let folder = shown_path(&folder);
                shared.say(format!(
                    "the ablation is {how}: {done} of {runs} runs trained, kept in {folder}; A shows it"
                ));
            }
            Answer::Ablation(AblationNews::Failed(message)) => {
                shared.background = None;
                shared.fail(message);
            }
            Answer::Sweep(SweepNews::Ended {
                folder,
                ended,
                runs,
            }) => {
                shared.background = None;
                let how = if ended == runs {
                    "done"
                } else {
                    "not complete"
                };
                let folder = shown_path(&folder);
                shared.say(format!(
                    "the sweep is {how}: {ended} of {runs} runs have ended, kept in {folder}; W on Design shows it"
                ));
            }
            Answer::Sweep(SweepNews::Failed(message)) => {
                shared.background = None;
                shared.say(format!("cannot train this sweep: {message}"));
            }
            Answer::Import(ImportNews::Done(dir)) => return self.use_imported(dir),
            Answer::Import(ImportNews::Stopped) => {
                shared.say("the import is stopped; nothing is left of it");
            }
            Answer::Rate(RateNews::Done(_)) => shared.background = None,
            Answer::Rate(RateNews::Failed(message)) => {
                shared.background = None;
                shared.say(format!("no learning rate can be looked for: {message}"));
            }
            // These concern a single screen.
            Answer::Specs(_)
            | Answer::Inside { .. }
            | Answer::Looked { .. }
            | Answer::Muted(_)
            | Answer::Ablation(AblationNews::Progress(_) | AblationNews::Found(_))
            | Answer::Import(
                ImportNews::At(_) | ImportNews::Prepared { .. } | ImportNews::Failed(_),
            )
            | Answer::Rate(RateNews::Step(_))
            | Answer::Sweep(SweepNews::Progress(_) | SweepNews::Found(_))
            | Answer::MapOfSet { .. }
            | Answer::Predicted { .. }
            | Answer::EpochTime { .. }
            | Answer::Compared { .. } => {}
        }
        Vec::new()
    }
}
