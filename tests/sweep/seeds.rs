//! `train --seeds`: a sweep over nothing but the seed, shown run by run.

use crate::{fail, json_lines, members, metrics, names, run, spawn, succeed};
use fmnist_tui::runs::{read_metrics, read_test};
use std::time::{Duration, Instant};

const SEEDS: [&str; 9] = [
    "train", "--preset", "tiny", "--epochs", "2", "--limit", "300", "--seeds", "2",
];

fn number(value: f64) -> String {
    format!("{value:.4}")
}

#[test]
fn every_seed_has_an_ordinary_run_and_the_table_says_how_they_scatter() {
    let parent = tempfile::tempdir().unwrap();
    let out = succeed(
        parent.path(),
        &[&SEEDS[..], &["--out", "mine", "--tensorboard", "tb"]].concat(),
    );
    let found = members(&parent.path().join("mine"));
    assert_eq!(names(&found), ["001-seed=1", "002-seed=2"]);
    let epochs = out.lines().filter(|line| line.starts_with("Epoch#"));
    assert_eq!(epochs.count(), 4, "{out}");
    for text in [
        "Seed 1 (1 of 2)",
        "Seed 2 (2 of 2)",
        "75 of the training images, held out",
    ] {
        assert!(out.contains(text), "{text} is missing in\n{out}");
    }
    let last: Vec<f64> = found
        .iter()
        .map(|run| read_metrics(run).last().unwrap().validation_accuracy)
        .collect();
    let test: Vec<f64> = found
        .iter()
        .map(|run| read_test(run).unwrap().last.accuracy)
        .collect();
    let spread = |values: &[f64]| {
        // Of two values the deviation is their distance by the root of two.
        let (a, b) = (values[0], values[1]);
        format!("{:.4} ± {:.4}", (a + b) / 2.0, (a - b).abs() / 2f64.sqrt())
    };
    for (name, values) in [("last epoch ", &last), ("test, last epoch ", &test)] {
        let row = out.lines().find(|line| line.starts_with(name)).unwrap();
        assert!(
            row.contains(&spread(values)) && row.ends_with(" 2"),
            "{row}"
        );
    }
    let row = out.lines().find(|line| line.starts_with("   1  ")).unwrap();
    assert!(
        row.contains(&number(last[0])) && row.contains(&number(test[0])),
        "{row}"
    );
    assert!(out.contains("picked"), "{out}");

    // A member is a run like any other.
    let run = "mine/001-seed=1";
    succeed(parent.path(), &["eval", &format!("{run}/best.safetensors")]);
    succeed(parent.path(), &["plot", run, "--out", "curves.svg"]);
    succeed(parent.path(), &["export", run, "--csv"]);
    // The folder of all stands for them: one curve with a band, or one each.
    succeed(parent.path(), &["plot", "mine", "--out", "band.svg"]);
    let band = std::fs::read_to_string(parent.path().join("band.svg")).unwrap();
    assert!(
        band.contains("standard deviation") && band.contains("% sd, 2 seeds"),
        "{band}"
    );
    succeed(
        parent.path(),
        &["plot", "mine", "--each", "--out", "each.svg"],
    );
    let each = std::fs::read_to_string(parent.path().join("each.svg")).unwrap();
    assert!(
        each.contains("(002-seed=2)") && !each.contains("standard deviation"),
        "{each}"
    );
    let table = succeed(parent.path(), &["export", "mine", "--csv"]);
    assert!(
        table.contains("\n\"tiny, 2 epochs (002-seed=2)\",1,"),
        "{table}"
    );
    let (code, _, error) = self::run(parent.path(), &["compare", "mine", run]);
    assert!(
        code == 1 && error.contains("has runs in it") && error.contains("001-seed=1"),
        "{error}"
    );
    let resumed = succeed(parent.path(), &["train", "--resume", run]);
    assert!(resumed.contains("Nothing left to do"), "{resumed}");
    let boards = members(&parent.path().join("tb/mine"));
    assert_eq!(names(&boards), ["001-seed-1", "002-seed-2"]);
    // And the same as that seed trained alone.
    let alone = ["--seed", "2", "--out", "alone/run"];
    succeed(parent.path(), &[&SEEDS[..7], &alone].concat());
    let alone = metrics(&parent.path().join("alone"));
    assert_eq!(alone[0], metrics(&parent.path().join("mine"))[1]);
}

#[test]
fn json_has_every_epoch_and_an_error_beside_every_accuracy() {
    let parent = tempfile::tempdir().unwrap();
    let (code, out, err) = run(parent.path(), &[&SEEDS[..], &["--json"]].concat());
    assert_eq!((code, err.as_str()), (0, ""));
    let lines = json_lines(&out);
    let events: Vec<&str> = lines
        .iter()
        .map(|line| line["event"].as_str().unwrap())
        .collect();
    let of_one = ["start", "epoch", "epoch", "end"];
    let expected = [&["sweep"][..], &of_one, &of_one, &["group", "table"]].concat();
    assert_eq!(events, expected);
    for line in &lines {
        for (key, value) in line.as_object().unwrap() {
            if key.ends_with("accuracy") && !value.is_null() {
                let error = line[format!("{key}_error")].as_f64().unwrap();
                let share = value.as_f64().unwrap();
                assert!((0.0..0.5).contains(&error), "{key} {share}: {line}");
            }
        }
    }
    let error = |accuracy: f64, images: f64| (accuracy * (1.0 - accuracy) / images).sqrt();
    let accuracy = lines[2]["validation_accuracy"].as_f64().unwrap();
    let found = lines[2]["validation_accuracy_error"].as_f64().unwrap();
    assert!(
        (found - error(accuracy, 75.0)).abs() < 1e-12,
        "{}",
        lines[2]
    );
    assert_eq!(
        (&lines[2]["seed"], &lines[6]["seed"]),
        (&1.into(), &2.into())
    );
    assert!(
        lines[4]["test"]["last"]["accuracy_error"].is_f64(),
        "{}",
        lines[4]
    );
    assert!(lines[9]["test_accuracy_std"].is_f64(), "{}", lines[9]);
}

#[test]
fn an_interrupted_one_goes_on_by_the_command_it_prints() {
    let args = [
        "train", "--preset", "tiny", "--seeds", "2", "--epochs", "12", "--limit", "1500", "--out",
        "mine",
    ];
    let parent = tempfile::tempdir().unwrap();
    let child = spawn(parent.path(), &args);
    let second = parent.path().join("mine/002-seed=2/metrics.jsonl");
    let since = Instant::now();
    while std::fs::read(&second).map_or(0, |bytes| bytes.len()) == 0 {
        assert!(
            since.elapsed() < Duration::from_secs(60),
            "it never got there"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
    let id = child.id().to_string();
    let sent = std::process::Command::new("kill")
        .args(["-s", "INT", &id])
        .status();
    assert!(sent.unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let errors = String::from_utf8(output.stderr).unwrap();
    let command = errors
        .trim_end()
        .strip_prefix("interrupted; to go on: fmnist-tui ");
    let words: Vec<&str> = command.unwrap().split(' ').collect();
    let out = succeed(parent.path(), &words);
    for text in [
        "1 of 2 are trained already",
        "Seed 2 (2 of 2): goes on after epoch",
    ] {
        assert!(out.contains(text), "{text} is missing in\n{out}");
    }
    let whole = tempfile::tempdir().unwrap();
    succeed(whole.path(), &args);
    let of = |folder: &tempfile::TempDir| metrics(&folder.path().join("mine"));
    assert_eq!(of(&parent), of(&whole));
}

#[test]
fn what_makes_no_sense_is_refused() {
    let parent = tempfile::tempdir().unwrap();
    for args in [
        &["train", "--preset", "tiny", "--seeds", "0"][..],
        &["train", "--resume", "x", "--seeds", "2"],
    ] {
        let (code, out, err) = run(parent.path(), args);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(err.contains("--seeds"), "{err}");
    }
    let last = u64::MAX.to_string();
    let error = fail(parent.path(), 2, &[&SEEDS[..], &["--seed", &last]].concat());
    assert!(error.contains("--seeds: there are no 2 seeds"), "{error}");
    std::fs::create_dir(parent.path().join("full")).unwrap();
    std::fs::write(parent.path().join("full/x"), "x").unwrap();
    let error = fail(parent.path(), 1, &[&SEEDS[..], &["--out", "full"]].concat());
    assert!(error.contains("choose a new one with --out"), "{error}");
}
