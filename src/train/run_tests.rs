use super::*;
use crate::spec::{Layer, Precision, preset};
use std::sync::mpsc::channel;

/// A tiny run on a few images of the sample set.
fn small(epochs: usize) -> (Spec, Dataset) {
    let mut spec = preset("tiny").unwrap();
    spec.epochs = epochs;
    let mut dataset = Dataset::sample().unwrap();
    dataset.limit_train(200);
    let validation = &mut dataset.validation;
    let pixels = validation.height * validation.width;
    validation.labels.truncate(100);
    validation.images.truncate(100 * pixels);
    (spec, dataset)
}

fn train(
    spec: &Spec,
    dataset: &Dataset,
    place: Option<RunPlace>,
    order: impl Fn(&Event) -> Option<Command>,
) -> (Result<RunSummary, TrainError>, Vec<Event>) {
    let (sender, receiver) = channel();
    let mut events = Vec::new();
    let options = RunOptions {
        place,
        threads: None,
    };
    let result = run(spec, dataset, &options, &receiver, &mut |event| {
        if let Some(command) = order(&event) {
            sender.send(command).unwrap();
        }
        events.push(event);
    });
    (result, events)
}

#[test]
fn batches_cover_every_image_but_a_single_last_one() {
    assert_eq!(batches_per_epoch(60_000, 128), 469);
    assert_eq!(batches_per_epoch(128, 64), 2);
    assert_eq!(batches_per_epoch(130, 64), 3);
    assert_eq!(batches_per_epoch(129, 64), 2);
    assert_eq!(batches_per_epoch(5, 1), 5);
    assert_eq!(batches_per_epoch(1, 64), 0);
    assert_eq!(batches_per_epoch(0, 64), 0);
}

#[test]
fn a_run_leaves_its_folder_and_tells_everything_in_order() {
    let (spec, dataset) = small(2);
    let parent = tempfile::tempdir().unwrap();
    let place = RunPlace::At(parent.path().join("run"));
    let (result, events) = train(&spec, &dataset, Some(place), |_| None);
    let summary = result.unwrap();
    assert!(!summary.stopped_early);
    let folder = summary.folder.clone().unwrap();
    let lines = std::fs::read_to_string(folder.join("metrics.jsonl")).unwrap();
    let metrics: Vec<EpochMetrics> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(metrics.len(), 2);
    assert_eq!(Some(metrics[1]), summary.last);
    assert!(matches!(
        events[0],
        Event::Started(RunStart {
            batches_per_epoch: 4,
            ..
        })
    ));
    let batches = events
        .iter()
        .filter(|event| matches!(event, Event::Batch(_)))
        .count();
    assert_eq!(batches, 2 * 4);
    assert_eq!(events.last(), Some(&Event::Done(summary)));

    let (model, info) = nn::load_model(&folder.join("model.safetensors")).unwrap();
    assert_eq!(info.spec, spec);
    let again = evaluate(&model, &dataset.validation, info.normalization).unwrap();
    assert_eq!(again.accuracy, metrics[1].validation_accuracy);
    assert_eq!(again.predictions.len(), 100);
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let (spec, dataset) = small(1);
    let last = || {
        train(&spec, &dataset, None, |_| None)
            .0
            .unwrap()
            .last
            .unwrap()
    };
    let (one, two) = (last(), last());
    assert_eq!(one.train_loss, two.train_loss);
    assert_eq!(one.validation_loss, two.validation_loss);
}

#[test]
fn stop_ends_within_the_epoch_and_finish_epoch_after_it() {
    let (spec, dataset) = small(3);
    let at_second_batch = |command| {
        move |event: &Event| {
            let Event::Batch(batch) = event else {
                return None;
            };
            (batch.epoch == 1 && batch.batch == 2).then_some(command)
        }
    };
    let (result, events) = train(&spec, &dataset, None, at_second_batch(Command::Stop));
    let summary = result.unwrap();
    assert!(summary.stopped_early && summary.last.is_none() && summary.best.is_none());
    assert_eq!(
        events
            .iter()
            .filter(|event| matches!(event, Event::Batch(_)))
            .count(),
        2
    );

    let (result, _) = train(&spec, &dataset, None, at_second_batch(Command::FinishEpoch));
    let summary = result.unwrap();
    assert!(summary.stopped_early);
    assert_eq!(summary.last.unwrap().epoch, 1);
}

#[test]
fn what_does_not_fit_the_data_is_refused_before_a_folder_is_made() {
    let (spec, dataset) = small(1);
    let parent = tempfile::tempdir().unwrap();
    let mut larger = spec.clone();
    larger.input.height = 32;
    let mut fewer = spec;
    fewer.layers.pop();
    fewer.layers.push(Layer::Dense { units: 7 });
    for (spec, expected) in [
        (larger, ["1×32×28", "1×28×28"]),
        (fewer, ["7 scores", "10 classes"]),
    ] {
        let place = RunPlace::At(parent.path().join("run"));
        let (result, events) = train(&spec, &dataset, Some(place), |_| None);
        let error = result.unwrap_err().to_string();
        assert!(expected.iter().all(|text| error.contains(text)), "{error}");
        assert!(events.is_empty() && !parent.path().join("run").exists());
    }
}

#[test]
fn a_loss_that_is_no_number_stops_the_run_and_says_what_to_try() {
    let (mut spec, dataset) = small(5);
    // A linear network under gradient descent: no batch norm holds the weights back, and no ReLU
    // dies on the way.
    spec.layers
        .retain(|layer| !matches!(layer.kind(), "BatchNorm" | "Activation"));
    spec.optimizer = crate::spec::Optimizer::Sgd {
        momentum: 0.9,
        nesterov: false,
        weight_decay: 0.0,
    };
    spec.learning_rate = 1000.0;
    let (result, events) = train(&spec, &dataset, None, |_| None);
    let error = result.unwrap_err().to_string();
    assert!(
        error.contains("epoch 1") && error.contains("lower the learning rate"),
        "{error}"
    );
    assert!(matches!(events.last(), Some(Event::Diverged(_))));
}

#[test]
fn a_run_asked_for_bf16_tells_what_it_uses_and_saves_what_was_asked() {
    let (mut spec, dataset) = small(1);
    spec.precision = Precision::Bf16;
    let parent = tempfile::tempdir().unwrap();
    let place = RunPlace::At(parent.path().join("run"));
    let (result, events) = train(&spec, &dataset, Some(place), |_| None);
    let folder = result.unwrap().folder.unwrap();
    let Some(Event::Started(start)) = events.first() else {
        panic!("{events:?}");
    };
    let (used, notice) = used_precision(Precision::Bf16, Unit::detect());
    assert_eq!((start.precision, start.notice.as_deref()), (used, notice));
    assert_eq!(Spec::read(&folder.join("spec.json")).unwrap(), spec);
    let (_, info) = nn::load_model(&folder.join("best.safetensors")).unwrap();
    assert_eq!(info.spec, spec);
}
