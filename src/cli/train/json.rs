//! A run as JSON, one object a line.

use super::report::Report;
use crate::cli::epoch::{EpochObject, ImageCounts};
use crate::cli::output::{join_notices, note, print_json};
use crate::cli::remarks::Remarks;
use crate::cli::test_scores::TestObject;
use crate::data::Dataset;
use crate::spec::{Precision, Spec};
use crate::stats::standard_error;
use crate::train::{EpochMetrics, Event, Origin, Steered};
use color_eyre::eyre::Result;
use serde::Serialize;
use std::path::Path;
use std::sync::Arc;

/// Prints `start`, `steered`, `not_steered`, `epoch`, `not_saving`, `saving_again` and `done` objects. Everything else is in the
/// files of the run folder.
pub struct JsonReport {
    name: String,
    batch_size: usize,
    dataset: Arc<Dataset>,
    /// A caveat on the results.
    notice: Option<String>,
    images: ImageCounts,
    remarks: Remarks,
}

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Line<'a> {
    Start {
        name: &'a str,
        dataset: &'a str,
        notice: Option<&'a str>,
        epochs: usize,
        batches_per_epoch: usize,
        batch_size: usize,
        train_images: usize,
        validation_images: usize,
        /// Training images that the spec's list leaves out, where there is one.
        #[serde(skip_serializing_if = "Option::is_none")]
        excluded_images: Option<usize>,
        parameters: u64,
        threads: usize,
        precision: Precision,
        folder: Option<&'a Path>,
        /// Whether the test images have been looked at before.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        test_seen: bool,
        /// What the run began with, if that is not its spec alone.
        #[serde(skip_serializing_if = "Option::is_none")]
        origin: Option<&'a Origin>,
        /// What changed under way so far.
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        steering: &'a [Steered],
        /// Epochs that were complete when the run was interrupted; `None` for a new run.
        #[serde(skip_serializing_if = "Option::is_none")]
        resumed_after_epoch: Option<usize>,
    },
    Steered(&'a Steered),
    #[serde(rename = "not_steered")]
    NotSteered {
        reason: &'a str,
    },
    Epoch {
        #[serde(flatten)]
        metrics: EpochObject<'a>,
        best: bool,
        /// What there is to say about the run so far.
        #[serde(skip_serializing_if = "Option::is_none")]
        remark: Option<String>,
    },
    #[serde(rename = "not_saving")]
    NotSaving {
        reason: &'a str,
    },
    #[serde(rename = "saving_again")]
    SavingAgain {
        message: &'a str,
    },
    Done {
        best_epoch: Option<usize>,
        /// Picked by the images it is measured on.
        best_accuracy: Option<f64>,
        best_accuracy_error: Option<f64>,
        last_epoch: Option<usize>,
        last_accuracy: Option<f64>,
        last_accuracy_error: Option<f64>,
        stopped_early: bool,
        out_of_patience: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        test: Option<TestObject>,
        seconds: f64,
        folder: Option<&'a Path>,
        dataset: &'a str,
        notice: Option<&'a str>,
    },
}

impl JsonReport {
    /// A report on the run of `spec` on `dataset`.
    pub fn new(spec: &Spec, dataset: Arc<Dataset>) -> Self {
        Self {
            name: spec.name.clone(),
            batch_size: spec.batch_size,
            notice: dataset.notice().map(str::to_owned),
            dataset,
            images: ImageCounts::default(),
            remarks: Remarks::new(spec),
        }
    }
}

impl Report for JsonReport {
    fn show(&mut self, event: &Event) -> Result<()> {
        if let Event::Started(start) = event {
            self.images = ImageCounts {
                train: start.train_images,
                validation: start.validation_images,
            };
        }
        if let Event::Started(start) = event
            && let Some(notice) = &start.notice
        {
            note(notice);
            self.notice = join_notices([self.dataset.notice(), Some(notice)]);
        }
        let remark = self.remarks.after(event);
        let dataset = self.dataset.name.as_str();
        let notice = self.notice.as_deref();
        let error = |epoch: Option<EpochMetrics>| {
            let accuracy = epoch?.validation_accuracy;
            Some(standard_error(accuracy, self.images.validation))
        };
        let line = match event {
            Event::Started(start) => Line::Start {
                name: &self.name,
                dataset,
                notice,
                epochs: start.epochs,
                batches_per_epoch: start.batches_per_epoch,
                batch_size: self.batch_size,
                train_images: start.train_images,
                validation_images: start.validation_images,
                excluded_images: Some(start.excluded).filter(|images| *images > 0),
                parameters: start.parameters,
                threads: start.threads,
                precision: start.precision,
                folder: start.folder.as_deref(),
                test_seen: start.test_seen,
                origin: start.origin.as_ref(),
                steering: &start.steering,
                resumed_after_epoch: start.resumed.as_ref().map(|resumed| resumed.epochs.len()),
            },
            Event::Steered(steered) => Line::Steered(steered),
            Event::NotSteered(reason) => Line::NotSteered { reason },
            Event::NotSaving(reason) => Line::NotSaving { reason },
            Event::SavingAgain { message, .. } => Line::SavingAgain { message },
            Event::Epoch { metrics, is_best } => Line::Epoch {
                metrics: EpochObject::new(metrics, self.images),
                best: *is_best,
                remark,
            },
            Event::Done(summary) => Line::Done {
                best_epoch: summary.best.map(|best| best.epoch),
                best_accuracy: summary.best.map(|best| best.validation_accuracy),
                best_accuracy_error: error(summary.best),
                last_epoch: summary.last.map(|last| last.epoch),
                last_accuracy: summary.last.map(|last| last.validation_accuracy),
                last_accuracy_error: error(summary.last),
                stopped_early: summary.stopped_early,
                out_of_patience: summary.out_of_patience,
                test: summary.test.as_deref().map(TestObject::new),
                seconds: summary.seconds,
                folder: summary.folder.as_deref(),
                dataset,
                notice,
            },
            _ => return Ok(()),
        };
        print_json(&line)
    }

    fn warn(&self, text: &str) {
        note(text);
    }
}
