mod changes;

use super::*;
use crate::nn;
use crate::runs::{delete_run, read_history, read_metrics, read_newest, read_test};
use crate::simd::bf16::Unit;
use crate::spec::{Augmentation, Layer, Precision, Schedule, Spec, checks, preset};
use crate::train::{EpochMetrics, RunStart, evaluate, used_precision};
use std::path::Path;
use std::sync::mpsc::channel;

/// A tiny run on a few images of the sample set.
fn small(epochs: usize) -> (Spec, Dataset) {
    let mut spec = preset("tiny").unwrap().into_spec();
    spec.epochs = epochs;
    spec.validation.hold_out = 0;
    let mut dataset = Dataset::sample().unwrap();
    dataset.limit_train(200);
    Arc::make_mut(&mut dataset.validation).truncate(100);
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
        ..RunOptions::default()
    };
    let result = train_run(
        &spec.check().unwrap(),
        dataset,
        &options,
        &receiver,
        &mut |event| {
            if let Some(command) = order(&event) {
                sender.send(command).unwrap();
            }
            events.push(event);
        },
    );
    (result, events)
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
    // What it took them for is kept of every epoch.
    let history = read_history(&folder).unwrap().unwrap();
    let last = history.evaluation(2).unwrap();
    assert_eq!(last.predictions, again.predictions);
    assert_eq!(last.confusion, again.confusion);
    let accuracies = history.epochs().iter().map(|epoch| epoch.accuracy());
    let expected = metrics.iter().map(|epoch| epoch.validation_accuracy);
    assert!(accuracies.eq(expected));
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
    let at_second_batch = |command: Command| {
        move |event: &Event| {
            let Event::Batch(batch) = event else {
                return None;
            };
            (batch.epoch == 1 && batch.batch == 2).then(|| command.clone())
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
    spec.optimizer = crate::spec::Optimizer::Sgd(crate::optim::Sgd {
        momentum: 0.9,
        nesterov: false,
        weight_decay: 0.0,
    });
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

/// The tensors of a model file.
fn tensors(path: &Path) -> Vec<nn::TensorState> {
    nn::load_model(path).unwrap().0.network().state()
}

/// The metrics without what a clock has to do with.
fn timeless(folder: &Path) -> Vec<EpochMetrics> {
    let timeless = |metrics: EpochMetrics| EpochMetrics {
        seconds: 0.0,
        images_per_second: 0.0,
        train_eval_loss: None,
        train_eval_accuracy: None,
        ..metrics
    };
    read_metrics(folder).into_iter().map(timeless).collect()
}

#[test]
fn a_run_goes_on_without_the_images_that_were_left_out_whatever_becomes_of_the_list() {
    for hold_out in [0, 40] {
        let parent = tempfile::tempdir().unwrap();
        let list = parent.path().join("list.txt");
        let (mut spec, dataset) = small(2);
        spec.validation.hold_out = hold_out;
        spec.exclude = list.display().to_string();
        // The list is for all images of the source; these are the first 200.
        std::fs::write(&list, "0\n7  # a copy\n150\n3999\n").unwrap();
        let run = |name: &str, order: &dyn Fn(&Event) -> Option<Command>| {
            let place = RunPlace::At(parent.path().join(name));
            train(&spec, &dataset, Some(place), order)
        };
        let (result, events) = run("whole", &|_| None);
        let whole = result.unwrap().folder.unwrap();
        let Some(Event::Started(start)) = events.first() else {
            panic!("{events:?}");
        };
        let images = (start.train_images + start.validation_images, start.excluded);
        assert_eq!(images, (197 + if hold_out == 0 { 100 } else { 0 }, 3));
        let kept = std::fs::read_to_string(whole.join("excluded.txt")).unwrap();
        assert_eq!(kept, "0\n7\n150\n");

        let (result, _) = run("parts", &at(2, 2, Command::Stop));
        let parts = result.unwrap().folder.unwrap();
        std::fs::write(&list, "1\n").unwrap();
        let place = Some(RunPlace::Resume(parts.clone()));
        let (result, events) = train(&spec, &dataset, place, |_| None);
        assert!(!result.unwrap().stopped_early);
        assert!(matches!(&events[0], Event::Started(start) if start.excluded == 3));
        let model = |folder: &Path| tensors(&folder.join("model.safetensors"));
        assert_eq!(model(&parts), model(&whole));
        assert_eq!(timeless(&parts), timeless(&whole));
        // A new run reads the list as it is now, and one that leaves nothing out is another run.
        let (result, _) = run("other", &|_| None);
        assert_ne!(model(&result.unwrap().folder.unwrap()), model(&whole));
        delete_run(&whole).unwrap();
        assert!(!whole.exists());
    }
}

/// Sends a command at a batch.
fn at(epoch: usize, batch: usize, command: Command) -> impl Fn(&Event) -> Option<Command> {
    move |event| {
        let Event::Batch(report) = event else {
            return None;
        };
        (report.epoch == epoch && report.batch == batch).then(|| command.clone())
    }
}

#[test]
fn a_run_stopped_anywhere_goes_on_to_the_very_same_model() {
    let (mut spec, dataset) = small(3);
    // Beside batch norm and Adam's memory: random numbers, a rate that follows the time and the
    // losses, an average of the weights, images of the training split that validate.
    spec.layers.insert(3, Layer::Dropout { p: 0.3 });
    spec.warmup_epochs = 1.5;
    spec.schedule = Schedule::ReduceOnPlateau {
        factor: 0.5,
        patience: 0,
    };
    spec.ema_decay = 0.9;
    spec.augmentation = Augmentation {
        shift: 2,
        horizontal_flip: 0.5,
        mixup: 0.3,
        ..Augmentation::default()
    };
    let parent = tempfile::tempdir().unwrap();
    let whole = parent.path().join("whole");
    train(&spec, &dataset, Some(RunPlace::At(whole.clone())), |_| None)
        .0
        .unwrap();
    // The first batch of the run, the middle and the end of an epoch, the last epoch.
    for (epoch, batch) in [(1, 1), (1, 4), (2, 2), (3, 3)] {
        let parts = parent.path().join(format!("parts-{epoch}-{batch}"));
        let stop = at(epoch, batch, Command::Stop);
        let (result, _) = train(&spec, &dataset, Some(RunPlace::At(parts.clone())), stop);
        assert!(result.unwrap().stopped_early);
        // And once more in what is left.
        let stop = at(3, 4, Command::Stop);
        let (result, events) = train(&spec, &dataset, Some(RunPlace::Resume(parts.clone())), stop);
        let Some(Event::Started(start)) = events.first() else {
            panic!("{events:?}");
        };
        let done = start.resumed.as_ref().unwrap();
        assert_eq!(done.epochs.len() * 4 + done.batch, (epoch - 1) * 4 + batch);
        assert!(!result.unwrap().stopped_early);
        for name in ["model.safetensors", "best.safetensors"] {
            assert_eq!(tensors(&parts.join(name)), tensors(&whole.join(name)));
        }
        assert_eq!(timeless(&parts), timeless(&whole));
    }
}

#[test]
fn a_stopped_run_resumes_to_the_same_bits_with_every_optimiser() {
    let (mut spec, dataset) = small(2);
    let parent = tempfile::tempdir().unwrap();
    for optimizer in crate::spec::Optimizer::choices() {
        spec.optimizer = optimizer;
        let folder = |name: &str| parent.path().join(format!("{}-{name}", optimizer.kind()));
        let (whole, parts) = (folder("whole"), folder("parts"));
        let run = |place, command: &dyn Fn(&Event) -> Option<Command>| {
            train(&spec, &dataset, Some(place), command).0.unwrap()
        };
        run(RunPlace::At(whole.clone()), &|_| None);
        let stopped = run(RunPlace::At(parts.clone()), &at(1, 3, Command::Stop));
        assert!(stopped.stopped_early);
        let ended = run(RunPlace::Resume(parts.clone()), &|_| None);
        assert!(!ended.stopped_early);
        let [found, expected] = [&parts, &whole].map(|run| tensors(&run.join("model.safetensors")));
        assert_eq!(found, expected, "{optimizer:?}");
        assert_eq!(timeless(&parts), timeless(&whole), "{optimizer:?}");
        let inside = |run: &Path| std::fs::read(run.join("layers.jsonl")).unwrap();
        assert_eq!(inside(&parts), inside(&whole), "{optimizer:?}");
    }
}

#[test]
fn a_run_goes_on_with_as_many_images_as_it_began_with_and_no_others() {
    let (spec, dataset) = small(2);
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("run");
    let place = || Some(RunPlace::Resume(folder.clone()));
    let stop = at(1, 2, Command::Stop);
    let (_, _) = train(&spec, &dataset, Some(RunPlace::At(folder.clone())), stop);

    let mut other = dataset.clone();
    other.train.images[3] ^= 1;
    let (result, events) = train(&spec, &other, place(), |_| None);
    let error = result.unwrap_err().to_string();
    assert!(error.contains("--data") && events.is_empty(), "{error}");

    let mut more = Dataset::sample().unwrap();
    more.validation = dataset.validation.clone();
    let (result, events) = train(&spec, &more, place(), |_| None);
    assert_eq!(result.unwrap().last.unwrap().epoch, 2);
    let Some(Event::Started(start)) = events.first() else {
        panic!("{events:?}");
    };
    assert_eq!(start.train_images, 200);
}

#[test]
fn a_resumed_run_shows_its_best_model_at_once_and_a_complete_one_ends_at_once() {
    let (spec, dataset) = small(2);
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("run");
    let (result, _) = train(&spec, &dataset, Some(RunPlace::At(folder.clone())), |_| {
        None
    });
    let best = result.unwrap().best.unwrap();
    let (result, events) = train(&spec, &dataset, Some(RunPlace::Resume(folder)), |_| None);
    let summary = result.unwrap();
    assert_eq!((summary.best, summary.stopped_early), (Some(best), false));
    let Event::Validated(shown) = &events[1] else {
        panic!("{events:?}");
    };
    assert_eq!(shown.epoch(), Some(best.epoch));
    assert_eq!(shown.evaluation.accuracy, best.validation_accuracy);
    assert_eq!(events.len(), 3);
}

#[test]
fn a_run_tells_where_its_time_goes_while_it_is_asked_to() {
    let (spec, dataset) = small(10_000);
    let (result, events) = train(&spec, &dataset, None, |event| match event {
        Event::Batch(report) if (report.epoch, report.batch) == (1, 1) => {
            Some(Command::RecordProfile(true))
        }
        Event::Profile(_) => Some(Command::Stop),
        _ => None,
    });
    assert!(result.unwrap().stopped_early);
    let profiles = events.iter().filter_map(|event| match event {
        Event::Profile(profile) => Some(profile),
        _ => None,
    });
    let profiles: Vec<_> = profiles.collect();
    assert_eq!(profiles.len(), 1);
    assert!(profiles[0].steps > 0 && profiles[0].milliseconds > 0.0);
    // Nobody asked before: the first step is not among those measured.
    let batches = events
        .iter()
        .filter(|event| matches!(event, Event::Batch(_)));
    assert!(profiles[0].steps < batches.count() as u64);
}

#[test]
fn a_pause_saves_the_run_first() {
    let (spec, dataset) = small(1);
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("run");
    let (result, _) = train(
        &spec,
        &dataset,
        Some(RunPlace::At(folder.clone())),
        |event| match event {
            Event::Batch(report) if report.batch == 3 => Some(Command::Pause),
            Event::Paused => {
                assert_eq!(read_newest(&folder).unwrap().checkpoint.step(), 3);
                Some(Command::Resume)
            }
            _ => None,
        },
    );
    assert!(!result.unwrap().stopped_early);
}

#[test]
fn a_run_whose_files_cannot_be_written_goes_on_says_so_and_saves_again() {
    let (spec, dataset) = small(4);
    let parent = tempfile::tempdir().unwrap();
    let (folder, moved) = (parent.path().join("run"), parent.path().join("moved"));
    // During the second epoch a file stands where the folder was; during the fourth it is back.
    let (result, events) = train(
        &spec,
        &dataset,
        Some(RunPlace::At(folder.clone())),
        |event| {
            let Event::Batch(report) = event else {
                return None;
            };
            match (report.epoch, report.batch) {
                (2, 1) => {
                    std::fs::rename(&folder, &moved).unwrap();
                    std::fs::write(&folder, "in the way").unwrap();
                }
                (4, 1) => {
                    std::fs::remove_file(&folder).unwrap();
                    std::fs::rename(&moved, &folder).unwrap();
                }
                _ => {}
            }
            None
        },
    );
    let summary = result.unwrap();
    assert_eq!((summary.last.unwrap().epoch, summary.unsaved), (4, None));
    let position = |wanted: fn(&Event) -> bool| {
        let found: Vec<usize> = (0..events.len())
            .filter(|at| wanted(&events[*at]))
            .collect();
        assert_eq!(found.len(), 1, "{events:?}");
        found[0]
    };
    // Once each, although two epochs could not be saved.
    let lost = position(|event| matches!(event, Event::NotSaving(why) if why.contains("run")));
    let back = position(|event| matches!(event, Event::SavingAgain { .. }));
    let epoch = |number| {
        let is = |event: &Event| matches!(event, Event::Epoch { metrics, .. } if metrics.epoch == number);
        events.iter().position(is).unwrap()
    };
    assert!(epoch(1) < lost && lost < epoch(2) && epoch(3) < back && back < epoch(4));
    assert_eq!(read_metrics(&folder).len(), 4);
    let history = read_history(&folder).unwrap().unwrap();
    assert_eq!(history.epochs().len(), 4);
    let best = summary.best.unwrap();
    let (_, info) = nn::load_model(&folder.join("best.safetensors")).unwrap();
    assert_eq!(info.metrics["epoch"], best.epoch);
}

#[test]
fn a_removed_folder_comes_back_whole_and_a_run_that_was_never_saved_says_so_at_its_end() {
    let (spec, dataset) = small(2);
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("run");
    let (result, events) = train(
        &spec,
        &dataset,
        Some(RunPlace::At(folder.clone())),
        |event| {
            if matches!(event, Event::Batch(report) if (report.epoch, report.batch) == (2, 2)) {
                std::fs::remove_dir_all(&folder).unwrap();
            }
            None
        },
    );
    assert_eq!(result.unwrap().unsaved, None);
    let told = |event: &Event| matches!(event, Event::SavingAgain { message, .. } if message.contains("removed"));
    assert!(events.iter().any(told), "{events:?}");
    for name in ["spec.json", "model.safetensors", "best.safetensors"] {
        assert!(folder.join(name).exists(), "{name}");
    }
    assert_eq!(read_metrics(&folder).len(), 2);
    let history = read_history(&folder).unwrap().unwrap();
    assert_eq!(history.epochs().len(), 2);

    let blocked = parent.path().join("file");
    std::fs::write(&blocked, "x").unwrap();
    let options = RunOptions {
        place: Some(RunPlace::Under(blocked.join("runs"))),
        start_unsaved: true,
        ..RunOptions::default()
    };
    let (_sender, receiver) = channel();
    let mut events = Vec::new();
    let spec = spec.check().unwrap();
    let summary = train_run(&spec, &dataset, &options, &receiver, &mut |event| {
        events.push(event);
    })
    .unwrap();
    assert!(matches!(events[1], Event::NotSaving(_)), "{events:?}");
    assert!(summary.unsaved.unwrap().contains("file"));
}

#[test]
fn an_average_of_the_weights_is_what_is_validated_and_saved() {
    let (mut spec, dataset) = small(2);
    spec.ema_decay = 0.99;
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("run");
    let place = Some(RunPlace::At(folder.clone()));
    let (result, _) = train(&spec, &dataset, place, |_| None);
    let checkpoint = read_newest(&folder).unwrap().checkpoint;
    let sorted = |mut tensors: Vec<nn::TensorState>| {
        tensors.sort_by(|a, b| a.name.cmp(&b.name));
        tensors
    };
    let saved = sorted(tensors(&folder.join("model.safetensors")));
    assert_eq!(saved, sorted(checkpoint.average));
    assert_ne!(saved, sorted(checkpoint.model));
    let (model, info) = nn::load_model(&folder.join("model.safetensors")).unwrap();
    let evaluation = evaluate(&model, &dataset.validation, info.normalization).unwrap();
    let last = result.unwrap().last.unwrap();
    assert_eq!(evaluation.accuracy, last.validation_accuracy);
    // Over few steps the average lies near the weights, at random it would not.
    assert!(last.validation_accuracy > 0.3, "{last:?}");
}

#[test]
fn a_run_out_of_patience_ends_is_complete_and_leaves_its_best_model() {
    let (mut spec, dataset) = small(50);
    spec.early_stopping.patience = 2;
    spec.early_stopping.restore_best = true;
    // Nothing gets better by that much twice.
    spec.early_stopping.min_gain = 0.4;
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("run");
    let place = Some(RunPlace::At(folder.clone()));
    let (result, events) = train(&spec, &dataset, place, |_| None);
    let summary = result.unwrap();
    let epochs = read_metrics(&folder);
    assert!(epochs.len() < 10, "{} epochs", epochs.len());
    assert!(summary.out_of_patience && !summary.stopped_early);
    let best = summary.best.unwrap();
    let (_, info) = nn::load_model(&folder.join("model.safetensors")).unwrap();
    assert_eq!(info.metrics["epoch"], best.epoch);
    let shown = events.iter().rev().find_map(|event| match event {
        Event::Validated(validated) => validated.epoch(),
        _ => None,
    });
    assert_eq!(shown, Some(best.epoch));
    let (result, _) = train(&spec, &dataset, Some(RunPlace::Resume(folder)), |_| None);
    assert_eq!(result.unwrap().last, summary.last);
}

#[test]
fn images_held_out_validate_and_the_test_images_are_looked_at_once() {
    let (mut spec, dataset) = small(2);
    spec.validation.hold_out = 50;
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("run");
    let place = Some(RunPlace::At(folder.clone()));
    let (result, events) = train(&spec, &dataset, place, |_| None);
    let Some(Event::Started(start)) = events.first() else {
        panic!("{events:?}");
    };
    assert_eq!((start.train_images, start.validation_images), (150, 50));
    let test = result.unwrap().test.unwrap();
    assert_eq!(test.images, 100);
    for (name, scores) in [("model", test.last), ("best", test.best)] {
        let file = folder.join(name).with_extension("safetensors");
        let (model, info) = nn::load_model(&file).unwrap();
        let evaluation = evaluate(&model, &dataset.validation, info.normalization).unwrap();
        assert_eq!(scores.accuracy, evaluation.accuracy);
    }
    let written = std::fs::read_to_string(folder.join("test.json")).unwrap();
    let written: serde_json::Value = serde_json::from_str(&written).unwrap();
    assert_eq!(written["best"]["accuracy"], test.best.accuracy);
    let written = read_test(&folder).unwrap();
    assert_eq!(written.images, 100);
    assert_eq!(written.best.accuracy, test.best.accuracy);
    assert_eq!(written.last.accuracy, test.last.accuracy);
    // Such a run is deleted like any other; what a damaged file says is not believed.
    std::fs::write(folder.join("test.json"), "{\"images\": 100}").unwrap();
    assert_eq!(read_test(&folder), None);
    delete_run(&folder).unwrap();
    assert!(!folder.exists());
    // Every image held out is a training image of the data, and none is trained on as well.
    for event in &events {
        if let Event::Validated(validated) = event {
            assert_eq!(validated.images.len(), 50);
            let found = (0..50).all(|image| {
                let held_out = validated.images.image(image);
                (0..200).any(|other| dataset.train.image(other) == held_out)
            });
            assert!(found);
        }
    }
    // Stopped on the way, it is not touched.
    let folder = parent.path().join("stopped");
    let place = Some(RunPlace::At(folder.clone()));
    let (result, _) = train(&spec, &dataset, place, at(2, 1, Command::Stop));
    assert_eq!(result.unwrap().test, None);
    assert!(!folder.join("test.json").exists());
    let (result, _) = train(&spec, &dataset, Some(RunPlace::Resume(folder)), |_| None);
    assert_eq!(result.unwrap().test, Some(test));
    // At most a quarter is held out.
    spec.validation.hold_out = 200;
    let (_, events) = train(&spec, &dataset, None, |_| None);
    let Some(Event::Started(start)) = events.first() else {
        panic!("{events:?}");
    };
    assert_eq!((start.train_images, start.validation_images), (150, 50));
}

fn spawn(epochs: usize) -> TrainingThread {
    let mut dataset = Dataset::sample().unwrap();
    dataset.limit_train(128);
    let spec = preset("tiny").unwrap();
    let spec = spec.changed(|spec| spec.epochs = epochs).unwrap();
    spawn_run(spec, Arc::new(dataset), RunOptions::default()).unwrap()
}

#[test]
fn a_thread_trains_and_ends() {
    let thread = spawn(1);
    let events: Vec<Event> = thread.events.iter().collect();
    assert!(matches!(events.last(), Some(Event::Done(_))), "{events:?}");
    thread.handle.join().unwrap();
}

#[test]
fn an_abandoned_thread_stops() {
    let thread = spawn(10_000);
    let handle = thread.handle;
    drop((thread.commands, thread.events));
    handle.join().unwrap();
}

#[test]
fn a_run_checks_its_spec_once() {
    let (mut spec, dataset) = small(1);
    // Two networks, one of them with the average.
    spec.ema_decay = 0.9;
    let before = checks();
    let parent = tempfile::tempdir().unwrap();
    let place = RunPlace::At(parent.path().join("run"));
    let (result, _) = train(&spec, &dataset, Some(place), |_| None);
    result.unwrap();
    assert_eq!(checks() - before, 1);
}
