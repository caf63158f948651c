use super::*;
use crate::data::Dataset;
use crate::runs::delete_run;
use crate::spec::vary::Vary;
use crate::spec::{Layer, preset};
use crate::train::DataIdentity;
use std::path::Path;
use std::sync::Arc;

fn data() -> Arc<Dataset> {
    let mut dataset = Dataset::sample().unwrap();
    dataset.limit_train(128);
    Arc::new(dataset)
}

fn plan(varies: &[&str], seeds: usize) -> SweepPlan {
    let mut spec = preset("tiny").unwrap().into_spec();
    spec.epochs = 2;
    spec.validation.hold_out = 0;
    let varies = varies.iter().map(|text| Vary::parse(text).unwrap());
    SweepPlan::new(spec, varies.collect(), seeds, DataIdentity::of(&data()))
}

fn sweep(folder: &Path, varies: &[&str], seeds: usize) -> Sweep {
    Sweep::new(plan(varies, seeds), folder.to_owned()).unwrap()
}

/// Trains these members; gives how each ended, in the order of the members.
fn train(sweep: &Sweep, mine: &[usize], jobs: usize) -> Vec<MemberEnd> {
    let options = SchedulerOptions { jobs, threads: 1 };
    let mut ends = Vec::new();
    Scheduler::new(sweep, mine, data(), options).run(&mut |event| {
        if let SweepEvent::Ended(index, end) = event {
            ends.push((index, end));
        }
        true
    });
    ends.sort_by_key(|(index, _)| *index);
    ends.into_iter().map(|(_, end)| end).collect()
}

/// The metrics of every member, but for what a clock has to do with.
fn metrics(sweep: &Sweep) -> Vec<Vec<[f64; 5]>> {
    let timeless = |epoch: &crate::train::EpochMetrics| {
        [
            epoch.train_loss,
            epoch.train_accuracy,
            epoch.validation_loss,
            epoch.validation_accuracy,
            epoch.learning_rate,
        ]
    };
    let standings = sweep.standings();
    let epochs = standings.iter().map(|standing| &standing.epochs);
    epochs
        .map(|epochs| epochs.iter().map(timeless).collect())
        .collect()
}

#[test]
fn folders_are_named_after_their_place_and_values() {
    let parent = Path::new("runs");
    let sweep = sweep(
        parent,
        &["learning_rate=0.001,0.003", "activation=ReLU,GELU"],
        2,
    );
    let names: Vec<String> = sweep
        .members
        .iter()
        .map(|member| member.folder.display().to_string())
        .collect();
    assert_eq!(
        names[0],
        "runs/001-learning_rate=0.001-activation=ReLU-seed=1"
    );
    assert_eq!(
        names[7],
        "runs/008-learning_rate=0.003-activation=GELU-seed=2"
    );
    assert_eq!(
        sweep.members[7].label,
        "learning_rate=0.003 activation=GELU seed=2"
    );
    // What no file system takes is left out, and no name becomes too long for one.
    let odd = r#"optimizer={"Sgd":{"momentum":0.5}},{"Sgd":{"momentum":0.75,"nesterov":true,"weight_decay":0.0000123}},AdamW"#;
    for member in &self::sweep(parent, &[odd, "batch_size=32,64"], 1).members {
        let name = member.folder.file_name().unwrap().to_str().unwrap();
        assert!(name.len() < 128 && name.ends_with("-seed=1"), "{name}");
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.=".contains(letter);
        assert!(name.chars().all(is_plain), "{name}");
    }
}

#[test]
fn the_same_sweep_has_the_same_folder_and_another_one_another() {
    let same = plan(&["learning_rate=0.1,0.2"], 3);
    assert_eq!(
        same.folder_name(),
        plan(&["learning_rate=1e-1,0.20"], 3).folder_name()
    );
    assert!(same.folder_name().starts_with("sweep-tiny-"));
    let mut spec = same.clone();
    spec.spec.batch_size += 1;
    let mut other_data = same.clone();
    other_data.data.checksum ^= 1;
    for other in [
        plan(&["learning_rate=0.1,0.3"], 3),
        plan(&["learning_rate=0.1,0.2"], 2),
        spec,
        other_data,
    ] {
        assert_ne!(other.folder_name(), same.folder_name());
    }
}

#[test]
fn a_folder_holds_one_sweep_and_nothing_else() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("deep/sweep");
    let varies = ["learning_rate=0.1,0.2"];
    let first = sweep(&folder, &varies, 2);
    first.claim().unwrap();
    // The same again, as another shard does it.
    first.claim().unwrap();
    assert_eq!(Sweep::read(&folder).unwrap(), first);
    let mut other_data = first.clone();
    other_data.plan.data.train_images += 1;
    let mut other_spec = first.clone();
    other_spec.plan.spec.epochs = 7;
    for (other, difference) in [
        (sweep(&folder, &varies, 3), "it has 2 seeds, not 3"),
        (
            sweep(&folder, &["epochs=1"], 2),
            "it varies learning_rate=0.1,0.2, not epochs=1",
        ),
        (other_data, "its data is sample (128 training"),
        (other_spec, "its spec has other values"),
    ] {
        let error = other.claim().unwrap_err().to_string();
        assert!(error.contains(difference), "{error}");
    }
    let strange = parent.path().join("thesis");
    std::fs::create_dir(&strange).unwrap();
    std::fs::write(strange.join("thesis.txt"), "x").unwrap();
    let error = sweep(&strange, &varies, 1).claim().unwrap_err();
    assert!(matches!(error, SweepError::InUse { .. }), "{error}");
    assert_eq!(std::fs::read_dir(&strange).unwrap().count(), 1);
    // What another shard is just writing does not count.
    let begun = parent.path().join("begun");
    std::fs::create_dir(&begun).unwrap();
    std::fs::write(begun.join(".unfinished-abc"), "half").unwrap();
    sweep(&begun, &varies, 1).claim().unwrap();
}

#[test]
fn a_sweep_file_may_say_anything() {
    let parent = tempfile::tempdir().unwrap();
    let first = sweep(parent.path(), &["learning_rate=0.1,0.2"], 2);
    first.claim().unwrap();
    let file = parent.path().join(SWEEP_FILE);
    let good = std::fs::read_to_string(&file).unwrap();
    for (from, to) in [
        ("\"format\": 1", "\"format\": 2"),
        ("\"seeds\": 2", "\"seeds\": 18446744073709551615"),
        ("\"0.1\"", "\"\\u001b[2J\""),
        ("\"0.1\"", "\"0.10\""),
        ("\"learning_rate\",\n", "\"learning\\u001b_rate\",\n"),
        ("\"format\"", "\"frmat\""),
        ("{", "["),
    ] {
        assert!(good.contains(from), "{from}");
        std::fs::write(&file, good.replacen(from, to, 1)).unwrap();
        let error = Sweep::read(parent.path()).unwrap_err().to_string();
        assert!(error.contains("no sweep can be read there"), "{error}");
        assert!(!error.contains('\u{1b}'), "{error:?}");
    }
    std::fs::write(&file, &good[..good.len() / 2]).unwrap();
    assert!(Sweep::read(parent.path()).is_err());
    std::fs::write(&file, good).unwrap();
    assert_eq!(Sweep::read(parent.path()).unwrap(), first);
}

#[test]
fn two_at_a_time_give_what_one_at_a_time_gives() {
    let parent = tempfile::tempdir().unwrap();
    let varies = ["learning_rate=0.001,0.01", "activation=ReLU,GELU"];
    let one = sweep(&parent.path().join("one"), &varies, 1);
    let two = sweep(&parent.path().join("two"), &varies, 1);
    for (sweep, jobs) in [(&one, 1), (&two, 2)] {
        sweep.claim().unwrap();
        let ends = train(sweep, &[0, 1, 2, 3], jobs);
        assert_eq!(ends.len(), 4);
        assert!(
            ends.iter().all(|end| matches!(end, MemberEnd::Done(_))),
            "{ends:?}"
        );
    }
    assert_eq!(metrics(&one), metrics(&two));
    assert!(metrics(&one).iter().all(|epochs| epochs.len() == 2));
}

#[test]
fn what_is_done_is_not_trained_again_and_what_was_deleted_is() {
    let parent = tempfile::tempdir().unwrap();
    let sweep = sweep(parent.path(), &["learning_rate=0.001,0.01"], 1);
    sweep.claim().unwrap();
    train(&sweep, &[0, 1], 1);
    let expected = metrics(&sweep);
    let again = train(&sweep, &[0, 1], 1);
    assert!(
        again.iter().all(|end| matches!(end, MemberEnd::Before(_))),
        "{again:?}"
    );
    delete_run(&sweep.members[1].folder).unwrap();
    assert!(!sweep.members[1].folder.exists());
    assert_eq!(sweep.standings()[1].state, MemberState::New);
    let again = train(&sweep, &[0, 1], 1);
    assert!(
        matches!(again[..], [MemberEnd::Before(_), MemberEnd::Done(_)]),
        "{again:?}"
    );
    // All epochs, but no note of the end: perhaps a file is missing, and going on writes it.
    let second = &sweep.members[1].folder;
    std::fs::remove_file(second.join("outcome.json")).unwrap();
    std::fs::remove_file(second.join("model.safetensors")).unwrap();
    assert_eq!(sweep.standings()[1].state, MemberState::Done);
    train(&sweep, &[1], 1);
    assert!(second.join("model.safetensors").exists() && second.join("outcome.json").exists());
    assert_eq!(metrics(&sweep), expected);
}

#[test]
fn a_member_without_patience_left_is_done_whoever_trained_it() {
    let parent = tempfile::tempdir().unwrap();
    let mut plan = plan(&[], 2);
    plan.spec.epochs = 5;
    plan.spec.early_stopping.patience = 1;
    // No epoch can be so much better than the first.
    plan.spec.early_stopping.min_gain = 1.0;
    let sweep = Sweep::new(plan, parent.path().to_owned()).unwrap();
    sweep.claim().unwrap();
    train(&sweep, &[0, 1], 1);
    // The app leaves no note of the end, nor does it take away one of an earlier failure.
    let notes = [0, 1].map(|index| sweep.members[index].folder.join("outcome.json"));
    std::fs::remove_file(&notes[0]).unwrap();
    let failed = r#"{ "outcome": "failed", "message": "the disk was full" }"#;
    std::fs::write(&notes[1], failed).unwrap();
    for standing in sweep.standings() {
        assert_eq!(
            (standing.state, standing.epochs.len()),
            (MemberState::Done, 2)
        );
    }
}

#[test]
fn a_stopped_scheduler_saves_what_is_under_way_and_begins_nothing_more() {
    let parent = tempfile::tempdir().unwrap();
    let whole = sweep(&parent.path().join("whole"), &["epochs=40"], 3);
    let stopped = sweep(&parent.path().join("stopped"), &["epochs=40"], 3);
    for sweep in [&whole, &stopped] {
        sweep.claim().unwrap();
    }
    train(&whole, &[0, 1, 2], 1);
    let options = SchedulerOptions {
        jobs: 2,
        threads: 1,
    };
    let scheduler = Scheduler::new(&stopped, &[0, 1, 2], data(), options);
    let stopper = scheduler.stopper();
    let mut ends = Vec::new();
    scheduler.run(&mut |event| {
        match event {
            SweepEvent::Batch(_, batch) if batch.epoch == 3 => stopper.stop(),
            SweepEvent::Ended(_, end) => ends.push(end),
            _ => {}
        }
        true
    });
    assert_eq!(ends, [MemberEnd::Stopped(None), MemberEnd::Stopped(None)]);
    let states: Vec<MemberState> = stopped
        .standings()
        .into_iter()
        .map(|standing| standing.state)
        .collect();
    use MemberState::{Interrupted, New};
    assert_eq!(states, [Interrupted, Interrupted, New]);
    let ends = train(&stopped, &[0, 1, 2], 2);
    assert!(
        ends.iter().all(|end| matches!(end, MemberEnd::Done(_))),
        "{ends:?}"
    );
    assert_eq!(metrics(&stopped), metrics(&whole));
}

#[test]
fn a_member_that_diverges_or_fails_does_not_end_the_sweep() {
    let parent = tempfile::tempdir().unwrap();
    let rates = [
        "learning_rate=0.01,1000,0.003",
        "optimizer=Sgd",
        "momentum=0.9",
    ];
    let mut plan = plan(&rates, 1);
    // Batch norm would hold it together.
    let is_norm = |layer: &Layer| matches!(layer, Layer::BatchNorm { .. });
    plan.spec.layers.retain(|layer| !is_norm(layer));
    let sweep = Sweep::new(plan, parent.path().to_owned()).unwrap();
    sweep.claim().unwrap();
    // Something that is no run is in the way of the third.
    std::fs::create_dir(&sweep.members[2].folder).unwrap();
    std::fs::write(sweep.members[2].folder.join("thesis.txt"), "x").unwrap();
    let ends = train(&sweep, &[0, 1, 2], 1);
    assert!(
        matches!(&ends[..], [
            MemberEnd::Done(_),
            MemberEnd::Diverged(why),
            MemberEnd::Failed(reason),
        ] if why.contains("lower the learning rate") && reason.contains("not empty")),
        "{ends:?}"
    );
    let standings = sweep.standings();
    assert!(
        matches!(standings[1].state, MemberState::Diverged(_)),
        "{standings:?}"
    );
    // It would diverge again; what failed may not fail again.
    std::fs::remove_dir_all(&sweep.members[2].folder).unwrap();
    let ends = train(&sweep, &[0, 1, 2], 1);
    assert!(
        matches!(
            ends[..],
            [
                MemberEnd::Before(_),
                MemberEnd::Before(_),
                MemberEnd::Done(_)
            ]
        ),
        "{ends:?}"
    );
    let groups = ranking(&sweep, &sweep.standings());
    let last = groups.last().unwrap();
    assert_eq!(
        (last.values[0].as_str(), last.done, last.diverged),
        ("1000", 0, 1)
    );
}

#[test]
fn a_member_that_another_process_trains_is_left_to_it() {
    let parent = tempfile::tempdir().unwrap();
    let sweep = sweep(parent.path(), &["learning_rate=0.001,0.01"], 1);
    sweep.claim().unwrap();
    let first = &sweep.members[0].folder;
    std::fs::create_dir(first).unwrap();
    let lock = std::fs::File::create(first.join("run.lock")).unwrap();
    lock.lock().unwrap();
    let ends = train(&sweep, &[0, 1], 2);
    assert!(
        matches!(ends[..], [MemberEnd::Elsewhere, MemberEnd::Done(_)]),
        "{ends:?}"
    );
    assert_eq!(sweep.standings()[0].state, MemberState::UnderWay);
    drop(lock);
    let ends = train(&sweep, &[0, 1], 2);
    assert!(
        matches!(ends[..], [MemberEnd::Done(_), MemberEnd::Before(_)]),
        "{ends:?}"
    );
}

#[test]
fn another_spec_in_a_members_folder_is_not_trained_on() {
    let parent = tempfile::tempdir().unwrap();
    let sweep = sweep(parent.path(), &["learning_rate=0.001,0.01"], 1);
    sweep.claim().unwrap();
    train(&sweep, &[0], 1);
    let [first, second] = [0, 1].map(|index| sweep.members[index].folder.clone());
    std::fs::rename(&first, &second).unwrap();
    let ends = train(&sweep, &[1], 1);
    assert!(
        matches!(&ends[..], [MemberEnd::Failed(reason)] if reason.contains("not this member's spec")),
        "{ends:?}"
    );
    // Without its spec's file the checkpoint tells.
    std::fs::remove_file(second.join("spec.json")).unwrap();
    std::fs::remove_file(second.join("outcome.json")).unwrap();
    std::fs::write(second.join("metrics.jsonl"), "").unwrap();
    let ends = train(&sweep, &[1], 1);
    assert!(
        matches!(&ends[..], [MemberEnd::Failed(reason)] if reason.contains("checkpoint is not")),
        "{ends:?}"
    );
}

#[test]
fn groups_are_ranked_by_the_mean_of_their_last_epochs() {
    let sweep = sweep(Path::new("runs"), &["learning_rate=0.1,0.2,0.3,0.4"], 2);
    let epoch = |number: usize, accuracy: f64| crate::train::EpochMetrics {
        epoch: number,
        train_loss: 0.0,
        train_accuracy: 0.0,
        validation_loss: 0.0,
        validation_accuracy: accuracy,
        learning_rate: 0.1,
        seconds: 1.0,
        images_per_second: 1.0,
        train_eval_loss: None,
        train_eval_accuracy: None,
    };
    let done = |best: f64, last: f64| Standing {
        state: MemberState::Done,
        epochs: vec![epoch(1, best), epoch(2, last)],
        test: None,
    };
    let with = |state: MemberState| Standing {
        state,
        ..done(0.99, 0.99)
    };
    let standings = [
        // The best epoch of all, but bad at its end.
        done(0.9, 0.5),
        done(0.9, 0.7),
        done(0.8, 0.8),
        // Not done: not counted.
        with(MemberState::Interrupted),
        // The other seed diverged.
        done(0.95, 0.95),
        with(MemberState::Diverged("NaN".into())),
        with(MemberState::New),
        with(MemberState::UnderWay),
    ];
    let groups = ranking(&sweep, &standings);
    let order: Vec<&str> = groups
        .iter()
        .map(|group| group.values[0].as_str())
        .collect();
    assert_eq!(order, ["0.2", "0.1", "0.3", "0.4"]);
    let counts: Vec<(usize, usize)> = groups
        .iter()
        .map(|group| (group.done, group.diverged))
        .collect();
    assert_eq!(counts, [(1, 0), (2, 0), (1, 1), (0, 0)]);
    let spread = groups[1].last.unwrap();
    assert!((spread.mean - 0.6).abs() < 1e-12);
    assert!((spread.std.unwrap() - 0.02_f64.sqrt()).abs() < 1e-12);
    assert_eq!(groups[0].last.unwrap().std, None);
    assert_eq!(groups[1].best.unwrap().mean, 0.9);
    assert_eq!(groups[3].last, None);
}

/// Nine learning rates from two seeds each, of nine epochs, pruned by three.
fn pruned(folder: &Path) -> Sweep {
    let mut plan = plan(
        &["learning_rate=1e-5,1e-4,0.001,0.003,0.005,0.01,0.02,0.03,0.05"],
        2,
    );
    plan.spec.epochs = 9;
    let plan = plan.pruned(Some(Halving::USUAL));
    let sweep = Sweep::new(plan, folder.to_owned()).unwrap();
    sweep.claim().unwrap();
    sweep
}

/// How many epochs each member has, and whether it was pruned.
fn lengths(sweep: &Sweep) -> Vec<(usize, MemberState)> {
    let standings = sweep.standings().into_iter();
    standings
        .map(|standing| (standing.epochs.len(), standing.state))
        .collect()
}

#[test]
fn successive_halving_trains_the_best_of_each_rung_on() {
    let parent = tempfile::tempdir().unwrap();
    let sweep = pruned(&parent.path().join("one"));
    let rungs: Vec<(usize, usize)> = sweep
        .rungs()
        .iter()
        .map(|rung| (rung.epochs, rung.combinations))
        .collect();
    assert_eq!(rungs, [(1, 9), (3, 3), (9, 1)]);
    let all: Vec<usize> = (0..18).collect();
    let ends = train(&sweep, &all, 1);
    assert_eq!(ends.len(), 18, "each member ends once: {ends:?}");
    let found = lengths(&sweep);
    let count = |epochs: usize, state: &MemberState| {
        let wanted = (epochs, state.clone());
        found.iter().filter(|one| **one == wanted).count()
    };
    assert_eq!(
        (
            count(1, &MemberState::Pruned(1)),
            count(3, &MemberState::Pruned(3)),
            count(9, &MemberState::Done)
        ),
        (12, 4, 2),
        "{found:?}"
    );
    // Nobody who went on did worse at the rung than one who did not.
    let standings = sweep.standings();
    let at_rung = |group: usize, epoch: usize| -> Option<f64> {
        let members = &standings[2 * group..2 * group + 2];
        let after = members
            .iter()
            .map(|one| Some(one.epochs.get(epoch - 1)?.validation_accuracy));
        Some(after.sum::<Option<f64>>()? / 2.0)
    };
    for (epoch, next) in [(1, 3), (3, 9)] {
        let (on, out): (Vec<usize>, Vec<usize>) = (0..9)
            .filter(|group| at_rung(*group, epoch).is_some())
            .partition(|group| at_rung(*group, next).is_some());
        let least = on.iter().filter_map(|group| at_rung(*group, epoch));
        let most = out.iter().filter_map(|group| at_rung(*group, epoch));
        assert!(least.fold(1.0, f64::min) >= most.fold(0.0, f64::max));
    }
    let ranked = ranking(&sweep, &standings);
    let pruned: Vec<bool> = ranked.iter().map(Group::is_pruned).collect();
    assert_eq!(pruned, [[false].as_slice(), &[true; 8]].concat());
    assert_eq!(ranked[1].curve.len(), 3);
    assert_eq!(ranked[8].curve.len(), 1);
    // The same command finds nothing left to do, and several at a time give the same.
    let again = train(&sweep, &all, 1);
    assert!(
        again.iter().all(|end| matches!(end, MemberEnd::Before(_))),
        "{again:?}"
    );
    assert_eq!(again.len(), 18);
    let other = self::pruned(&parent.path().join("other"));
    train(&other, &all, 3);
    assert_eq!(metrics(&other), metrics(&sweep));
    assert_eq!(lengths(&other), found);
}

#[test]
fn a_pruned_sweep_that_was_stopped_ends_as_if_it_had_not_been() {
    let parent = tempfile::tempdir().unwrap();
    let (whole, stopped) = (
        pruned(&parent.path().join("whole")),
        pruned(&parent.path().join("stopped")),
    );
    let all: Vec<usize> = (0..18).collect();
    train(&whole, &all, 2);
    let options = SchedulerOptions {
        jobs: 1,
        threads: 1,
    };
    // Within each rung once.
    for epoch in [1, 2, 5] {
        let scheduler = Scheduler::new(&stopped, &all, data(), options);
        let stopper = scheduler.stopper();
        scheduler.run(&mut |event| {
            if matches!(event, SweepEvent::Batch(_, batch) if batch.epoch == epoch) {
                stopper.stop();
            }
            true
        });
        assert_ne!(lengths(&stopped), lengths(&whole));
    }
    train(&stopped, &all, 2);
    assert_eq!(metrics(&stopped), metrics(&whole));
    assert_eq!(lengths(&stopped), lengths(&whole));
}

#[test]
fn what_cannot_be_pruned_is_refused() {
    let refused = |plan: SweepPlan| {
        let plan = plan.pruned(Some(Halving::USUAL));
        Sweep::new(plan, "runs".into()).unwrap_err().to_string()
    };
    let few = refused(plan(&["learning_rate=0.1,0.2,0.3"], 2));
    assert!(few.contains("3 combinations and 2 epochs"), "{few}");
    let lengths = refused(plan(&["epochs=3,6,9", "learning_rate=0.1,0.2"], 1));
    assert!(lengths.contains("epochs cannot be varied"), "{lengths}");
}

#[test]
fn trials_and_pruning_are_part_of_what_a_sweep_is() {
    let ranged = plan(&["learning_rate=1e-3..1e-1:log"], 1);
    assert!(
        Sweep::new(ranged.clone(), "runs".into()).is_err(),
        "a range needs trials"
    );
    let drawn = ranged.clone().with_trials(Some(5));
    let sweep = Sweep::new(drawn.clone(), "runs".into()).unwrap();
    assert_eq!(sweep.members.len(), 5);
    assert_ne!(
        drawn.folder_name(),
        ranged.with_trials(Some(6)).folder_name()
    );
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("drawn");
    let sweep = Sweep::new(drawn.clone(), folder.clone()).unwrap();
    sweep.claim().unwrap();
    assert_eq!(Sweep::read(&folder).unwrap(), sweep);
    let other = Sweep::new(drawn.with_trials(Some(6)), folder).unwrap();
    let error = other.claim().unwrap_err().to_string();
    assert!(error.contains("5 trials, not 6"), "{error}");
}
