//! Runs that are made longer, forked, steered, or that begin with another model's weights.

use super::*;
use crate::runs::folder::read_steering_file;
use crate::spec::vary::Settings;
use crate::spec::{Layer, Optimizer};
use crate::train::{Origin, Steered};

/// Trains with options beside the place.
fn train_with(
    spec: &Spec,
    dataset: &Dataset,
    options: RunOptions,
    order: impl Fn(&Event) -> Option<Command>,
) -> (Result<RunSummary, TrainError>, Vec<Event>) {
    let (sender, receiver) = channel();
    let mut events = Vec::new();
    let spec = spec.check().unwrap();
    let result = train_run(&spec, dataset, &options, &receiver, &mut |event| {
        if let Some(command) = order(&event) {
            sender.send(command).unwrap();
        }
        events.push(event);
    });
    (result, events)
}

fn at_place(place: RunPlace) -> RunOptions {
    RunOptions {
        place: Some(place),
        ..RunOptions::default()
    }
}

/// The tensors of the last and of the best model, and the metrics without times.
fn results(folder: &Path) -> impl PartialEq + std::fmt::Debug + use<> {
    let models = ["model.safetensors", "best.safetensors"].map(|name| tensors(&folder.join(name)));
    (models, timeless(folder))
}

/// A network with dropout, SGD without momentum, and an average of the weights.
fn steerable(epochs: usize) -> (Spec, Dataset) {
    let (mut spec, dataset) = small(epochs);
    spec.optimizer = Optimizer::Sgd(crate::optim::Sgd::default());
    spec.learning_rate = 0.05;
    spec.ema_decay = 0.9;
    let end = spec.layers.len() - 1;
    spec.layers.insert(end, Layer::Dropout { p: 0.2 });
    (spec, dataset)
}

#[test]
fn two_epochs_and_two_more_are_four_where_the_rate_is_constant() {
    let (mut spec, dataset) = small(2);
    spec.schedule = Schedule::Constant;
    let parent = tempfile::tempdir().unwrap();
    let (parts, whole) = (parent.path().join("parts"), parent.path().join("whole"));
    train(&spec, &dataset, Some(RunPlace::At(parts.clone())), |_| None)
        .0
        .unwrap();
    let longer = RunOptions {
        more_epochs: 2,
        ..at_place(RunPlace::Resume(parts.clone()))
    };
    let (result, events) = train_with(&spec, &dataset, longer, |_| None);
    assert!(!result.unwrap().stopped_early);
    let Some(Event::Started(start)) = events.first() else {
        panic!("{events:?}");
    };
    assert_eq!(start.epochs, 4);
    let notice = start.notice.as_ref().unwrap();
    assert!(
        notice.contains("epochs 3 to 4: the learning rate stays"),
        "{notice}"
    );
    spec.epochs = 4;
    train(&spec, &dataset, Some(RunPlace::At(whole.clone())), |_| None)
        .0
        .unwrap();
    assert_eq!(results(&parts), results(&whole));
    // And the longer run is complete: nothing is left to do.
    let again = train_with(&spec, &dataset, at_place(RunPlace::Resume(parts)), |_| None);
    assert_eq!(again.0.unwrap().last.unwrap().epoch, 4);
}

#[test]
fn a_run_out_of_patience_has_it_anew_when_it_is_made_longer() {
    let (mut spec, dataset) = small(9);
    spec.learning_rate = 1e-9;
    spec.early_stopping.patience = 1;
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("run");
    let (result, _) = train(&spec, &dataset, Some(RunPlace::At(folder.clone())), |_| {
        None
    });
    let first = result.unwrap();
    assert!(first.out_of_patience);
    let longer = RunOptions {
        more_epochs: 3,
        set: Settings::of("early_stopping.patience", 0),
        ..at_place(RunPlace::Resume(folder))
    };
    let (result, _) = train_with(&spec, &dataset, longer, |_| None);
    assert_eq!(
        result.unwrap().last.unwrap().epoch,
        first.last.unwrap().epoch + 3
    );
}

#[test]
fn a_steered_run_is_replayed_and_resumed_to_the_same_bits() {
    let (spec, dataset) = steerable(3);
    let parent = tempfile::tempdir().unwrap();
    let folder = |name: &str| parent.path().join(name);
    let steer = |event: &Event| {
        let Event::Batch(batch) = event else {
            return None;
        };
        let mut both = Settings::of("dropout", 0.4);
        both.set("ema_decay", 0.8);
        match (batch.epoch, batch.batch) {
            (1, 2) => Some(Command::Steer(Settings::of("optimizer.momentum", 0.9))),
            (1, 4) => Some(Command::Steer(Settings::of("learning_rate", 0.01))),
            (2, 3) => Some(Command::Steer(both)),
            (3, 1) => Some(Command::Steer(Settings::of("optimizer.momentum", 0))),
            _ => None,
        }
    };
    let (result, events) = train_with(
        &spec,
        &dataset,
        at_place(RunPlace::At(folder("live"))),
        steer,
    );
    result.unwrap();
    let told: Vec<Steered> = events
        .into_iter()
        .filter_map(|event| match event {
            Event::Steered(steered) => Some(steered),
            _ => None,
        })
        .collect();
    let changes = read_steering_file(&folder("live").join("steering.jsonl")).unwrap();
    assert_eq!(changes, told);
    let steps: Vec<(u64, usize)> = told.iter().map(|one| (one.step, one.epoch)).collect();
    assert_eq!(steps, [(2, 1), (4, 2), (7, 2), (9, 3)]);

    let replay = |name: &str| RunOptions {
        beginning: Beginning::Replay(changes.clone()),
        ..at_place(RunPlace::At(folder(name)))
    };
    train_with(&spec, &dataset, replay("again"), |_| None)
        .0
        .unwrap();
    assert_eq!(results(&folder("again")), results(&folder("live")));
    // Interrupted between the changes, and at one.
    for (epoch, batch) in [(1, 2), (1, 3), (2, 3), (3, 1)] {
        let name = format!("parts-{epoch}-{batch}");
        let stop = at(epoch, batch, Command::Stop);
        train_with(&spec, &dataset, replay(&name), stop).0.unwrap();
        let resume = at_place(RunPlace::Resume(folder(&name)));
        train_with(&spec, &dataset, resume, |_| None).0.unwrap();
        assert_eq!(results(&folder(&name)), results(&folder("live")));
    }
    // Without the changes it is another run.
    let (plain, _) = train(&spec, &dataset, Some(RunPlace::At(folder("plain"))), |_| {
        None
    });
    plain.unwrap();
    assert_ne!(timeless(&folder("plain")), timeless(&folder("live")));
}

#[test]
fn what_cannot_change_under_way_is_said_and_the_run_goes_on() {
    let (spec, dataset) = small(1);
    let order = at(1, 1, Command::Steer(Settings::of("batch_size", 7)));
    let (result, events) = train_with(&spec, &dataset, RunOptions::default(), order);
    assert!(!result.unwrap().stopped_early);
    let said = events.iter().find_map(|event| match event {
        Event::NotSteered(reason) => Some(reason),
        _ => None,
    });
    assert!(said.unwrap().contains("batch_size"), "{said:?}");
}

#[test]
fn a_fork_goes_on_from_an_epoch_and_leaves_the_other_run_alone() {
    let (spec, dataset) = steerable(3);
    let parent = tempfile::tempdir().unwrap();
    let folder = |name: &str| parent.path().join(name);
    train(&spec, &dataset, Some(RunPlace::At(folder("run"))), |_| None)
        .0
        .unwrap();
    let before = timeless(&folder("run"));
    let fork = |name: &str, epochs, set| RunOptions {
        beginning: Beginning::Fork {
            run: folder("run"),
            epochs: Some(epochs),
        },
        set,
        ..at_place(RunPlace::At(folder(name)))
    };
    // Nothing changed: the same run.
    let same = fork("same", 1, Settings::default());
    train_with(&spec, &dataset, same, |_| None).0.unwrap();
    assert_eq!(results(&folder("same")), results(&folder("run")));
    let history = |name: &str| std::fs::read(folder(name).join("history.bin")).unwrap();
    assert_eq!(history("same"), history("run"));
    // Another rate: another run after that epoch, and one that can be replayed from its spec.
    let other = fork("other", 1, Settings::of("learning_rate", 0.2));
    let (result, events) = train_with(&spec, &dataset, other, |_| None);
    result.unwrap();
    let Some(Event::Started(start)) = events.first() else {
        panic!("{events:?}");
    };
    assert!(
        matches!(&start.origin, Some(Origin::Fork { epochs: 1, .. })),
        "{:?}",
        start.origin
    );
    let [forked, whole] = ["other", "run"].map(|name| timeless(&folder(name)));
    assert_eq!(forked[0], whole[0]);
    assert_ne!(forked[1], whole[1]);
    let changes = read_steering_file(&folder("other").join("steering.jsonl")).unwrap();
    let replay = RunOptions {
        beginning: Beginning::Replay(changes),
        ..at_place(RunPlace::At(folder("again")))
    };
    train_with(&spec, &dataset, replay, |_| None).0.unwrap();
    assert_eq!(results(&folder("again")), results(&folder("other")));
    assert_eq!(timeless(&folder("run")), before);

    let gone = fork("gone", 7, Settings::default());
    let error = train_with(&spec, &dataset, gone, |_| None)
        .0
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("there are those after epochs 1, 2, 3"),
        "{error}"
    );
    assert!(!folder("gone").exists());
}

#[test]
fn a_run_begins_with_the_tensors_of_a_model_that_fit() {
    let (mut spec, dataset) = small(1);
    let parent = tempfile::tempdir().unwrap();
    let folder = |name: &str| parent.path().join(name);
    train(&spec, &dataset, Some(RunPlace::At(folder("first"))), |_| {
        None
    })
    .0
    .unwrap();
    let model = folder("first").join("model.safetensors");
    let begin = |place| RunOptions {
        beginning: Beginning::Weights(model.clone()),
        ..at_place(place)
    };
    // Another head: all but its tensors are taken over.
    let hidden = spec.layers.len() - 1;
    spec.layers.insert(hidden, Layer::Dense { units: 12 });
    let whole = begin(RunPlace::At(folder("whole")));
    let (result, events) = train_with(&spec, &dataset, whole, |_| None);
    result.unwrap();
    let Some(Event::Started(start)) = events.first() else {
        panic!("{events:?}");
    };
    let Some(Origin::Weights { taken, fresh, .. }) = &start.origin else {
        panic!("{:?}", start.origin);
    };
    assert!(taken.contains(&"0.weight".to_owned()), "{taken:?}");
    assert!(fresh.contains(&format!("{hidden}.weight")), "{fresh:?}");
    // Stopped at its start, it still begins with them.
    let (sender, receiver) = channel();
    sender.send(Command::Stop).unwrap();
    let stopped = begin(RunPlace::At(folder("parts")));
    let checked = spec.check().unwrap();
    train_run(&checked, &dataset, &stopped, &receiver, &mut drop).unwrap();
    let resume = at_place(RunPlace::Resume(folder("parts")));
    train_with(&spec, &dataset, resume, |_| None).0.unwrap();
    assert_eq!(results(&folder("parts")), results(&folder("whole")));
    let fresh_run = Some(RunPlace::At(folder("fresh")));
    train(&spec, &dataset, fresh_run, |_| None).0.unwrap();
    assert_ne!(timeless(&folder("fresh")), timeless(&folder("whole")));

    spec.layers = vec![Layer::Flatten, Layer::Dense { units: 10 }];
    let none = begin(RunPlace::At(folder("none")));
    let error = train_with(&spec, &dataset, none, |_| None)
        .0
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("no tensor has the name and the shape"),
        "{error}"
    );
    assert!(!folder("none").exists());
}

#[test]
fn frozen_layers_keep_their_tensors_and_work_as_in_evaluation() {
    let (mut spec, dataset) = small(2);
    spec.layers.insert(3, Layer::Dropout { p: 0.5 });
    spec.ema_decay = 0.9;
    let parent = tempfile::tempdir().unwrap();
    let folder = |name: &str| parent.path().join(name);
    train(&spec, &dataset, Some(RunPlace::At(folder("first"))), |_| {
        None
    })
    .0
    .unwrap();
    let model = folder("first").join("model.safetensors");
    let before = tensors(&model);
    let begin = |name: &str| RunOptions {
        beginning: Beginning::Weights(model.clone()),
        ..at_place(RunPlace::At(folder(name)))
    };
    // Up to the middle of what otherwise is one op: convolution, [batch norm | activation, pooling].
    for frozen in [2, 4, spec.layers.len() - 1] {
        spec.frozen_layers = frozen;
        let name = format!("frozen-{frozen}");
        train_with(&spec, &dataset, begin(&name), |_| None)
            .0
            .unwrap();
        let after = tensors(&folder(&name).join("model.safetensors"));
        for (old, new) in before.iter().zip(&after) {
            let layer: usize = old.name.split('.').next().unwrap().parse().unwrap();
            assert_eq!(layer < frozen, old == new, "{frozen}: {}", old.name);
        }
    }
    spec.frozen_layers = spec.layers.len();
    let problem = spec.check().unwrap_err().to_string();
    assert!(
        problem.contains("nothing is left that can learn"),
        "{problem}"
    );
    // Frozen at first, free from the second epoch on; and the same again from its file.
    spec.frozen_layers = 4;
    let free = at(1, 4, Command::Steer(Settings::of("frozen_layers", 0)));
    let (result, _) = train_with(&spec, &dataset, begin("thawed"), free);
    result.unwrap();
    let thawed = tensors(&folder("thawed").join("model.safetensors"));
    assert!(before.iter().zip(&thawed).all(|(old, new)| old != new));
}
