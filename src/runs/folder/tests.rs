use super::run_folder::RunFolder;
use super::*;
use crate::spec::{CheckedSpec, Spec, preset};
use crate::train::{Checkpoint, DataIdentity, RunFiles, TrainError};
use std::path::Path;

fn first(spec: CheckedSpec) -> Checkpoint {
    let data = DataIdentity {
        name: "sample".into(),
        train_images: 200,
        validation_images: 100,
        checksum: 7,
    };
    Checkpoint::start(spec, data)
}

fn tiny() -> Checkpoint {
    first(preset("tiny").unwrap())
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn two_runs_in_the_same_second_get_a_folder_each() {
    let parent = tempfile::tempdir().unwrap();
    let mut spec = preset("tiny").unwrap().into_spec();
    spec.name = "my net / 2".into();
    let place = RunPlace::Under(parent.path().join("runs"));
    for _ in 0..3 {
        let folder = RunFolder::create(&place, &first(spec.check().unwrap())).unwrap();
        assert_eq!(
            names(folder.path()),
            [
                "checkpoint-0000000000.ckpt",
                "metrics.jsonl",
                "run.lock",
                "spec.json"
            ]
        );
        assert_eq!(Spec::read(&folder.path().join("spec.json")).unwrap(), spec);
    }
    let runs = names(&parent.path().join("runs"));
    assert_eq!(runs.len(), 3);
    assert!(runs[0].contains("-my-net---2"), "{runs:?}");
}

#[test]
fn a_folder_with_something_in_it_is_refused() {
    let parent = tempfile::tempdir().unwrap();
    std::fs::write(parent.path().join("thesis.txt"), "x").unwrap();
    let place = RunPlace::At(parent.path().to_owned());
    let error = RunFolder::create(&place, &tiny()).unwrap_err();
    assert!(matches!(error, TrainError::FolderInUse { .. }));
    assert_eq!(names(parent.path()), ["thesis.txt"]);
}

#[test]
fn what_a_killed_start_leaves_does_not_count_as_something() {
    let parent = tempfile::tempdir().unwrap();
    std::fs::write(parent.path().join("run.lock"), "123\n").unwrap();
    std::fs::write(parent.path().join(".unfinished-abc"), "half").unwrap();
    let place = RunPlace::At(parent.path().to_owned());
    let folder = RunFolder::create(&place, &tiny()).unwrap();
    assert!(!names(folder.path()).contains(&".unfinished-abc".to_owned()));
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("file");
    std::fs::write(&file, "x").unwrap();
    for place in [
        RunPlace::Under(file.join("runs")),
        RunPlace::At(file.join("run")),
    ] {
        let error = RunFolder::create(&place, &tiny()).unwrap_err();
        assert!(error.to_string().contains("file"), "{error}");
    }
    assert_eq!(names(parent.path()), ["file"]);
}

#[test]
fn of_several_that_want_the_same_folder_at_once_one_gets_it_whole() {
    let parent = tempfile::tempdir().unwrap();
    for round in 0..50 {
        let path = parent.path().join(round.to_string());
        let place = RunPlace::At(path.clone());
        let together = std::sync::Barrier::new(4);
        let created: Vec<_> = std::thread::scope(|scope| {
            let attempts: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| {
                        together.wait();
                        RunFolder::create(&place, &tiny())
                    })
                })
                .collect();
            let ended = attempts.into_iter().map(|attempt| attempt.join());
            ended.map(Result::unwrap).collect()
        });
        let (got, refused): (Vec<_>, Vec<_>) = created.into_iter().partition(Result::is_ok);
        assert_eq!(got.len(), 1, "{refused:?}");
        let expected = [
            "checkpoint-0000000000.ckpt",
            "metrics.jsonl",
            "run.lock",
            "spec.json",
        ];
        assert_eq!(names(&path), expected);
    }
}

#[test]
fn a_folder_in_use_is_refused_and_a_lock_left_behind_is_not() {
    let parent = tempfile::tempdir().unwrap();
    let place = RunPlace::At(parent.path().join("run"));
    let folder = RunFolder::create(&place, &tiny()).unwrap();
    let path = folder.path().to_owned();
    assert!(is_in_use(&path));
    let error = RunFolder::reopen(&path).unwrap_err().to_string();
    let id = std::process::id().to_string();
    assert!(error.contains("process") && error.contains(&id), "{error}");
    assert!(delete_run(&path).unwrap_err().contains("under way"));
    drop(folder);
    assert!(!is_in_use(&path) && path.join("run.lock").exists());
    drop(RunFolder::reopen(&path).unwrap());
    delete_run(&path).unwrap();
    assert!(!path.exists());
}

#[test]
fn the_last_two_checkpoints_are_kept_and_a_damaged_one_gives_way_to_the_other() {
    let parent = tempfile::tempdir().unwrap();
    let place = RunPlace::At(parent.path().join("run"));
    let mut now = tiny();
    let mut folder = RunFolder::create(&place, &now).unwrap();
    let model = crate::nn::Model::new(&now.spec).unwrap();
    now.model = model.network().state();
    for batches in 1..=3 {
        now.progress.current.batches = batches;
        let files = RunFiles {
            checkpoint: &now,
            model: None,
            evaluation: None,
            best: None,
            test: None,
            layers: None,
        };
        assert!(!folder.save(files, None).unwrap());
    }
    let path = folder.path().to_owned();
    drop(folder);
    let files = checkpoint_files(&path);
    assert_eq!(files.len(), 2);
    assert!(files[0].ends_with("checkpoint-0000000003.ckpt"));

    let found = RunFolder::reopen(&path).unwrap().1;
    assert_eq!((found.checkpoint.step(), found.notice), (3, None));
    let mut bytes = std::fs::read(&files[0]).unwrap();
    bytes[2000] ^= 1;
    std::fs::write(&files[0], bytes).unwrap();
    let found = RunFolder::reopen(&path).unwrap().1;
    assert_eq!(found.checkpoint.step(), 2);
    assert!(found.notice.unwrap().contains("checksum"));
    std::fs::write(&files[1], "").unwrap();
    let error = RunFolder::reopen(&path).unwrap_err().to_string();
    assert!(error.contains("nothing to go on from"), "{error}");
}

#[test]
fn a_changed_spec_a_missing_folder_and_a_strange_one_are_refused() {
    let parent = tempfile::tempdir().unwrap();
    let place = RunPlace::At(parent.path().join("run"));
    let path = RunFolder::create(&place, &tiny())
        .unwrap()
        .path()
        .to_owned();
    let mut spec = preset("tiny").unwrap().into_spec();
    spec.epochs += 1;
    std::fs::write(path.join("spec.json"), spec.to_json()).unwrap();
    let error = RunFolder::reopen(&path).unwrap_err();
    assert!(matches!(error, TrainError::SpecChanged { .. }), "{error}");
    let error = RunFolder::reopen(&parent.path().join("none")).unwrap_err();
    assert!(error.to_string().contains("no such folder"), "{error}");
    assert!(RunFolder::reopen(parent.path()).is_err());
    assert_eq!(names(parent.path()), ["run"]);
}

#[test]
fn a_removed_folder_is_made_again_with_everything() {
    let parent = tempfile::tempdir().unwrap();
    let place = RunPlace::At(parent.path().join("run"));
    let checkpoint = tiny();
    let mut folder = RunFolder::create(&place, &checkpoint).unwrap();
    let before = names(folder.path());
    std::fs::remove_dir_all(folder.path()).unwrap();
    let files = RunFiles {
        checkpoint: &checkpoint,
        model: None,
        evaluation: None,
        best: None,
        test: None,
        layers: None,
    };
    assert!(folder.save(files, None).unwrap());
    assert_eq!(names(folder.path()), before);
    assert!(is_in_use(folder.path()));
}
