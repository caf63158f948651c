//! Networks learn: runs through the library, as the screens and the command line do them.

#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the configured exception covers only functions marked as tests"
)]

use fmnist_tui::data::Dataset;
use fmnist_tui::runs::{RunOptions, spawn_run};
use fmnist_tui::spec::{CheckedSpec, preset};
use fmnist_tui::train::Event;
use std::path::Path;
use std::sync::Arc;

/// Accuracy on the validation images after the last epoch.
fn trained(spec: CheckedSpec, dataset: Dataset) -> f64 {
    let thread = spawn_run(spec, Arc::new(dataset), RunOptions::default()).unwrap();
    let events: Vec<Event> = thread.events.iter().collect();
    match events.last() {
        Some(Event::Done(summary)) => summary.last.unwrap().validation_accuracy,
        other => panic!("the run ended with {other:?}"),
    }
}

/// Guessing gives 0.10; a linear classifier 0.89 after ten epochs (PyTorch, Adam).
#[test]
fn tiny_learns_the_sample_set() {
    let mut spec = preset("tiny").unwrap().into_spec();
    spec.validation.hold_out = 0;
    let accuracy = trained(spec.check().unwrap(), Dataset::sample().unwrap());
    assert!(accuracy >= 0.91, "{accuracy}");
}

#[test]
fn every_preset_learns_something_in_one_short_epoch() {
    for entry in fmnist_tui::spec::PRESETS {
        let mut dataset = Dataset::sample().unwrap();
        dataset.limit_train(1536);
        let mut spec = preset(entry.name).unwrap().into_spec();
        spec.epochs = 1;
        spec.batch_size = 32;
        let accuracy = trained(spec.check().unwrap(), dataset);
        // Guessing gives 0.10.
        assert!(accuracy >= 0.4, "{}: {accuracy}", entry.name);
    }
}

/// Needs the real data: `FMNIST_DATA` names its folder, and nothing is tested without it.
#[test]
fn tiny_learns_fashion_mnist() {
    let Some(folder) = std::env::var_os("FMNIST_DATA") else {
        return;
    };
    let dataset = Dataset::load(Path::new(&folder)).unwrap();
    assert_eq!(dataset.name, "fashion-mnist");
    let mut spec = preset("tiny").unwrap().into_spec();
    spec.epochs = 2;
    let accuracy = trained(spec.check().unwrap(), dataset);
    assert!(accuracy >= 0.86, "{accuracy}");
}
