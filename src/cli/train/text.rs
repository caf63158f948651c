//! A run as text: a line per epoch on stdout, progress bars below it.

use super::report::Report;
use super::spoken::Spoken;
use crate::cli::epoch::epoch_line;
use crate::cli::output::{data_line, note, print};
use crate::cli::progress::Progress;
use crate::cli::remarks::Remarks;
use crate::cli::settings::is_plain;
use crate::cli::test_scores::test_line;
use crate::data::Dataset;
use crate::spec::{Precision, Spec, Validation};
use crate::stats::Accuracy;
use crate::text::{duration, escape_controls, grouped, shown_path, wrap};
use crate::train::{Event, Resumed, RunStart, RunSummary, Steered, best_epoch};
use color_eyre::eyre::Result;
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;

/// Prints a run for a person to read.
pub struct TextReport {
    name: String,
    epochs: usize,
    dataset: Arc<Dataset>,
    /// The list of training images to leave out, if there is one.
    exclude: String,
    /// Whether the test set validates.
    validates_on_test: bool,
    /// Images validated with; 0 before the start.
    validation_images: usize,
    progress: Option<Progress>,
    /// Where there are no bars, by the user's wish.
    spoken: Option<Spoken>,
    /// Whether the test images had been looked at before.
    test_seen: bool,
    remarks: Remarks,
}

/// Cells of a line of what there is to say about an epoch.
const REMARK_WIDTH: usize = 76;

impl TextReport {
    /// A report on the run of `spec` on `dataset`.
    pub fn new(spec: &Spec, dataset: Arc<Dataset>) -> Self {
        Self {
            name: escape_controls(&spec.name),
            epochs: spec.epochs,
            dataset,
            exclude: spec.exclude.clone(),
            validates_on_test: spec.validation.is_test(),
            validation_images: 0,
            progress: None,
            spoken: is_plain().then(Spoken::new),
            test_seen: false,
            remarks: Remarks::new(spec),
        }
    }

    fn start(&self, start: &RunStart) -> String {
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let mut text = format!(
            "Training {} ({} parameters) for {} epoch{} on {} thread{}\nData: {}, {} training and {} \
             validation images\n",
            self.name,
            grouped(start.parameters),
            start.epochs,
            plural(start.epochs),
            start.threads,
            plural(start.threads),
            data_line(&self.dataset),
            grouped(start.train_images as u64),
            grouped(start.validation_images as u64),
        );
        if start.excluded > 0 {
            text.push_str(&format!(
                "Left out: {} training image{}, by {}\n",
                grouped(start.excluded as u64),
                plural(start.excluded),
                shown_path(Path::new(&self.exclude)),
            ));
        }
        if self.validates_on_test {
            text.push_str(&format!("Note: {}\n", Validation::IS_TEST));
        }
        if start.precision != Precision::default() {
            let precision = start.precision;
            text.push_str(&format!(
                "Precision: {} ({})\n",
                precision.name(),
                precision.meaning()
            ));
        }
        if let Some(notice) = &start.notice {
            text.push_str(&format!("Note: {notice}\n"));
        }
        if let Some(origin) = &start.origin {
            text.push_str(&format!(
                "Beginning: {}\n",
                escape_controls(&origin.in_words())
            ));
        }
        for steered in &start.steering {
            text.push_str(&steered_line(steered));
        }
        if let Some(resumed) = &start.resumed {
            text.push_str(&self.resumed_line(resumed, start));
        }
        text
    }

    fn accuracy(&self, share: f64) -> Accuracy {
        Accuracy::of(share, self.validation_images)
    }

    fn end(&self, summary: &RunSummary) -> String {
        let time = duration(summary.seconds);
        let mut text = match (&summary.best, &summary.last) {
            (Some(best), Some(last)) => format!(
                "Best epoch {} with validation accuracy {}, picked\nLast epoch {} with validation accuracy \
                 {}, after {time}\n",
                best.epoch,
                self.accuracy(best.validation_accuracy),
                last.epoch,
                self.accuracy(last.validation_accuracy)
            ),
            _ => format!("Stopped after {time}, before the first epoch was complete\n"),
        };
        if summary.out_of_patience {
            text.push_str("Ended early: it got no better any more (early_stopping)\n");
        }
        if let Some(test) = &summary.test {
            text.push_str(&format!("{}\n", test_line(test, self.test_seen)));
        }
        if let Some(notice) = self.dataset.notice() {
            text.push_str(&format!("These are results on the {notice}\n"));
        }
        if let (Some(folder), None) = (&summary.folder, &summary.unsaved) {
            text.push_str(&format!("Run folder: {}\n", shown_path(folder)));
        }
        text
    }

    /// Where a resumed run goes on.
    fn resumed_line(&self, resumed: &Resumed, start: &RunStart) -> String {
        let done = resumed.epochs.len();
        if done == start.epochs {
            return "Nothing left to do: the run was complete\n".into();
        }
        let batch = match resumed.batch {
            0 => String::new(),
            batch => format!(", batch {batch} of {}", start.batches_per_epoch),
        };
        let best = best_epoch(&resumed.epochs).map_or(String::new(), |best| {
            format!(
                "; the best so far is epoch {} with {}",
                best.epoch,
                self.accuracy(best.validation_accuracy)
            )
        });
        format!("Going on after epoch {done}{batch}{best}\n")
    }

    fn above_the_bars(&self, text: &str) -> Result<()> {
        match &self.progress {
            Some(progress) => progress.suspend(|| print(text)),
            None => print(text),
        }
    }
}

/// A change under way.
fn steered_line(steered: &Steered) -> String {
    let Steered { step, epoch, set } = steered;
    format!(
        "Steered in epoch {epoch}, after step {}: {set}\n",
        grouped(*step)
    )
}

impl Report for TextReport {
    fn show(&mut self, event: &Event) -> Result<()> {
        let remark = self.remarks.news_after(event);
        match event {
            Event::Started(start) => {
                self.epochs = start.epochs;
                self.test_seen = start.test_seen;
                self.validation_images = start.validation_images;
                print(&self.start(start))?;
                self.progress = Some(Progress::new(start));
            }
            Event::Batch(batch) => {
                if let Some(progress) = &mut self.progress {
                    progress.batch(batch);
                }
                let spoken = self.spoken.as_mut();
                if let Some(line) = spoken.and_then(|spoken| spoken.of(batch, self.epochs)) {
                    print(&line)?;
                }
            }
            Event::Steered(steered) => {
                if let Some(epochs) = steered.set.get("epochs").and_then(Value::as_u64) {
                    self.epochs = usize::try_from(epochs).unwrap_or(usize::MAX);
                }
                if let Some(progress) = &mut self.progress {
                    progress.set_epochs(self.epochs);
                }
                self.above_the_bars(steered_line(steered).trim_end())?;
            }
            Event::Epoch { metrics, .. } => {
                if let Some(progress) = &mut self.progress {
                    progress.epoch(metrics.epoch);
                }
                self.above_the_bars(&epoch_line(metrics, self.epochs))?;
                if let Some(spoken) = &mut self.spoken {
                    spoken.pause();
                }
                if let Some(remark) = remark {
                    let lines = wrap(&remark, REMARK_WIDTH);
                    self.above_the_bars(&format!("  {}", lines.join("\n  ")))?;
                }
            }
            Event::Done(summary) => {
                // Dropping the bars clears their lines.
                self.progress = None;
                print(&self.end(summary))?;
            }
            Event::NotSaving(reason) => self.warn(&format!(
                "not saving: {reason}; the run goes on and tries again after every epoch"
            )),
            Event::SavingAgain { message, .. } | Event::NotSteered(message) => self.warn(message),
            Event::Diverged(_) | Event::Failed(_) => self.progress = None,
            Event::Profile(_)
            | Event::Layers(_)
            | Event::Validated(_)
            | Event::Paused
            | Event::Resumed => {}
        }
        Ok(())
    }

    fn warn(&self, text: &str) {
        match &self.progress {
            Some(progress) => progress.suspend(|| note(text)),
            None => note(text),
        }
    }
}
