//! The reader of run folders.

use super::folder::{
    BEST_FILE, Label, SPEC_FILE, checkpoint_files, checkpoint_step, is_in_use, read_data,
    read_label, read_metrics_strictly, read_origin, read_steering, read_test,
};
use crate::spec::{CheckedSpec, Spec};
use crate::stats::Accuracy;
use crate::text::escape_controls;
use crate::train::{
    DataIdentity, EpochMetrics, Origin, Steered, TestScores, is_complete, spec_in_force,
};
use std::path::{Path, PathBuf};

/// A run folder on disk, as far as its files can be read.
#[derive(Clone, Debug, PartialEq)]
pub struct PastRun {
    /// The folder.
    pub path: PathBuf,
    /// The folder's name, escaped; a sweep's member has the sweep's after it, see [`PastRun::member`].
    pub name: String,
    /// What a person calls it, and noted of it.
    pub label: Label,
    /// What was trained in few words, as it was at the start, see [`Spec::title`], escaped; empty where the spec
    /// cannot be read.
    pub title: String,
    /// What was trained, with all that changed under way, or why that cannot be read.
    pub spec: Result<CheckedSpec, String>,
    /// Trainable parameters; 0 where the spec cannot be read.
    pub parameters: u64,
    /// What it began with, if that is not its spec alone.
    pub origin: Option<Origin>,
    /// What changed under way.
    pub steering: Vec<Steered>,
    /// Its epochs, as far as they can be read.
    pub epochs: Vec<EpochMetrics>,
    /// The scores of the test images, if the run held images out and is complete.
    pub test: Option<TestScores>,
    /// The images it saw, where they are known: those trained on, and those validated with.
    pub data: Option<DataIdentity>,
    /// Whether there is a best model to load.
    pub has_model: bool,
    /// After how many optimiser steps there is a checkpoint to go on from, the newest first.
    pub checkpoints: Vec<u64>,
    /// Whether another process is training it, or this one is.
    pub in_use: bool,
}

/// Stands between the name of a member and that of its sweep.
const IN_SWEEP: &str = " in ";

impl PastRun {
    /// A run for tests, on 10,000 validation images, with a model of it and nothing else.
    #[cfg(test)]
    pub fn in_test(
        folder: &str,
        spec: Result<CheckedSpec, String>,
        epochs: Vec<EpochMetrics>,
    ) -> Self {
        let name = folder.rsplit('/').next().unwrap_or(folder);
        Self {
            path: folder.into(),
            name: name.into(),
            label: Label::default(),
            title: spec
                .as_ref()
                .map_or_else(|_| String::new(), |spec| spec.title()),
            parameters: spec.as_ref().map_or(0, |spec| spec.summary().parameters()),
            spec,
            has_model: !epochs.is_empty(),
            epochs,
            test: None,
            data: Some(DataIdentity {
                name: "some".into(),
                train_images: 60_000,
                validation_images: 10_000,
                checksum: 1,
            }),
            origin: None,
            steering: Vec::new(),
            checkpoints: Vec::new(),
            in_use: false,
        }
    }

    /// Reads the run in a folder.
    pub fn read(folder: &Path) -> Self {
        Self::read_strictly(folder).0
    }

    /// Reads the run in a folder, and says why `metrics.jsonl` could not be read to its end.
    pub(super) fn read_strictly(folder: &Path) -> (Self, Result<(), String>) {
        let steering = read_steering(folder);
        let spec = Spec::read(&folder.join(SPEC_FILE)).map_err(|error| error.to_string());
        let title = spec.as_ref().map_or_else(
            |_| String::new(),
            |spec: &CheckedSpec| escape_controls(&spec.title()),
        );
        let in_force = |spec| spec_in_force(&spec, &steering, u64::MAX);
        let spec = spec.and_then(|spec| in_force(spec).map_err(|error| error.to_string()));
        let (epochs, whole) = read_metrics_strictly(folder);
        let run = Self {
            path: folder.to_owned(),
            name: folder
                .file_name()
                .map_or_else(String::new, |name| escape_controls(&name.to_string_lossy())),
            label: read_label(folder),
            title,
            parameters: spec.as_ref().map_or(0, |spec| spec.summary().parameters()),
            spec,
            origin: read_origin(folder),
            steering,
            epochs,
            test: read_test(folder),
            data: read_data(folder),
            has_model: folder.join(BEST_FILE).is_file(),
            checkpoints: checkpoint_files(folder)
                .iter()
                .filter_map(|path| checkpoint_step(path))
                .collect(),
            in_use: is_in_use(folder),
        };
        (run, whole)
    }

    /// The name of the sweep's member in the folder `member`.
    pub fn member_name(member: &str, sweep: &str) -> String {
        format!("{member}{IN_SWEEP}{sweep}")
    }

    /// What a person calls it; else its folder's name, or the member's in its sweep.
    pub fn called(&self) -> &str {
        match (self.label.name.as_str(), self.member()) {
            ("", Some((member, _))) => member,
            ("", None) => &self.name,
            (name, _) => name,
        }
    }

    /// The names of the member and its sweep, if this is one.
    pub fn member(&self) -> Option<(&str, &str)> {
        let folder = self.path.file_name()?.to_string_lossy();
        // The name of a folder may contain anything.
        let sweep = self
            .name
            .strip_prefix(&*escape_controls(&folder))?
            .strip_prefix(IN_SWEEP)?;
        let member = self.name.strip_suffix(sweep)?.strip_suffix(IN_SWEEP)?;
        Some((member, sweep))
    }

    /// A share of the validation images, with its error where their number is known.
    pub fn accuracy(&self, share: f64) -> Accuracy {
        let images = self.data.as_ref().map_or(0, |data| data.validation_images);
        Accuracy::of(share, images)
    }

    /// What changed under way, in a few words.
    pub fn steering_in_words(&self) -> Option<String> {
        let last = self.steering.last()?;
        let change = format!("{} in epoch {}", last.set, last.epoch);
        Some(match self.steering.len() {
            1 => change,
            count => format!("{count} times, at last {change}"),
        })
    }

    /// Whether it can go on: it has a checkpoint, and epochs left.
    pub fn can_go_on(&self) -> bool {
        let spec = self.spec.as_ref();
        let left = spec.is_ok_and(|spec| !is_complete(spec, &self.steering, &self.epochs));
        !self.checkpoints.is_empty() && !self.in_use && left
    }

    /// Whether all its epochs are there, so that only more of them could be trained.
    pub fn is_complete(&self) -> bool {
        let spec = self.spec.as_ref();
        spec.is_ok_and(|spec| is_complete(spec, &self.steering, &self.epochs))
    }

    /// The epochs after which there is a checkpoint, the newest first.
    pub fn kept_epochs(&self) -> Vec<usize> {
        let (Ok(spec), Some(epoch)) = (&self.spec, self.epochs.first()) else {
            return Vec::new();
        };
        // The metrics tell the number of images only by their speed.
        let images = (epoch.images_per_second * epoch.seconds).round() as usize;
        let steps = images.div_ceil(spec.batch_size).max(1) as u64;
        let ends = self.checkpoints.iter().filter(|step| *step % steps == 0);
        let epochs = ends.filter_map(|step| usize::try_from(step / steps).ok());
        epochs
            .filter(|epoch| (1..=self.epochs.len()).contains(epoch))
            .collect()
    }
}
