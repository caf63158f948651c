//! `ablate`: a network whole and without its parts.

use crate::{fail, run};
use crate::{json_lines, members, metrics, names, spawn, succeed};
use fmnist_tui::runs::read_metrics;
use serde_json::Value;
use std::path::Path;

const ABLATE: [&str; 13] = [
    "ablate",
    "--preset",
    "tiny",
    "--layers",
    "2,7,BatchNorm",
    "--settings",
    "schedule",
    "--seeds",
    "2",
    "--epochs",
    "1",
    "--limit",
    "300",
];

fn parts(out: &str) -> Vec<Value> {
    let lines = json_lines(out).into_iter();
    lines.filter(|line| line["event"] == "part").collect()
}

/// The last accuracies of the runs whose names begin so, in the order of their seeds.
fn lasts(folder: &Path, without: &str) -> Vec<f64> {
    let of = |run: &&std::path::PathBuf| {
        let name = run.file_name().unwrap().to_str().unwrap();
        name.contains(&format!("-without={without}-"))
    };
    let runs = members(folder);
    let found = runs.iter().filter(of);
    found
        .map(|run| read_metrics(run).last().unwrap().validation_accuracy)
        .collect()
}

#[test]
fn every_part_is_paired_with_the_whole_network_seed_by_seed() {
    let parent = tempfile::tempdir().unwrap();
    let out = succeed(
        parent.path(),
        &[&ABLATE[..], &["--json", "--out", "mine"]].concat(),
    );
    let folder = parent.path().join("mine");
    assert_eq!(members(&folder).len(), 10);
    let whole = lasts(&folder, "nothing");
    let parts = parts(&out);
    assert_eq!(parts.len(), 4);
    let mut means = Vec::new();
    for part in &parts {
        let without = lasts(&folder, part["without"].as_str().unwrap());
        let [a, b] = [without[0] - whole[0], without[1] - whole[1]];
        // Of two differences the standard error is half their distance; t of 0.975 with one degree is 12.7062.
        let (mean, error) = ((a + b) / 2.0, (a - b).abs() / 2.0);
        let number = |key: &str| part[key].as_f64().unwrap();
        assert!((number("difference") - mean).abs() < 1e-12, "{part}");
        assert!((number("difference_error") - error).abs() < 1e-12, "{part}");
        let high = part["interval_95"][1].as_f64().unwrap();
        assert!(
            (high - (mean + 12.706_204_736_174_694 * error)).abs() < 1e-9,
            "{part}"
        );
        means.push(mean);
    }
    assert!(means.is_sorted(), "{means:?}");
    let flatten = parts.iter().find(|part| part["without"] == "7").unwrap();
    assert_eq!(flatten["note"], "GlobalAvgPool in its place");

    // The text of the same folder, by --table and by the command given again.
    let table = succeed(parent.path(), &["ablate", "--table", "mine"]);
    let again = succeed(parent.path(), &[&ABLATE[..], &["--out", "mine"]].concat());
    for text in [&table, &again] {
        assert!(text.contains("What each part of tiny brings"), "{text}");
        assert!(text.contains("all 2 BatchNorm"), "{text}");
    }
    assert!(
        table.lines().all(|line| line.chars().count() <= 80),
        "{table}"
    );
    assert!(again.contains("10 of 10 are done already"), "{again}");
    assert!(
        again.contains("Cannot be left out:\n  8 Dense 10: "),
        "{again}"
    );
    // It is a sweep too, and what is no ablation has no ladder.
    let sweep = succeed(parent.path(), &["sweep", "--table", "mine"]);
    assert!(sweep.contains("without"), "{sweep}");
}

#[test]
fn one_seed_has_the_error_of_its_images() {
    let parent = tempfile::tempdir().unwrap();
    let args = [
        "ablate", "--preset", "tiny", "--layers", "2", "--seeds", "1", "--epochs", "1", "--limit",
        "300", "--json", "--out", "one",
    ];
    let out = succeed(parent.path(), &args);
    let part = &parts(&out)[0];
    let (difference, error) = (
        part["difference"].as_f64().unwrap(),
        part["difference_error"].as_f64().unwrap(),
    );
    assert_eq!(part["pairs"], 1);
    // 75 images are held out. Between k and 75 of them are right in one run alone.
    let least = ((difference.abs() / 75.0) - difference.powi(2) / 75.0)
        .max(0.0)
        .sqrt();
    assert!(
        error >= least - 1e-12 && error < 1.0 / 75f64.sqrt(),
        "{part}"
    );
    // The folder alone gives the same.
    let table = succeed(parent.path(), &["ablate", "--table", "one", "--json"]);
    assert_eq!(parts(&table)[0], *part);
}

#[test]
fn shards_and_an_interrupted_ablation_meet_in_one_folder() {
    let parent = tempfile::tempdir().unwrap();
    succeed(parent.path(), &[&ABLATE[..], &["--out", "whole"]].concat());
    let expected = metrics(&parent.path().join("whole"));
    // Every part comes first from the first seed.
    let first = spawn(
        parent.path(),
        &[&ABLATE[..], &["--json", "--shard", "1/2"]].concat(),
    );
    let output = first.wait_with_output().unwrap();
    let lines = json_lines(std::str::from_utf8(&output.stdout).unwrap());
    let begun: Vec<u64> = lines
        .iter()
        .filter(|line| line["event"] == "start")
        .map(|line| line["seed"].as_u64().unwrap())
        .collect();
    assert!(begun.is_sorted(), "{begun:?}");
    let table = lines.last().unwrap();
    assert_eq!(
        (table["event"].as_str(), table["missing"].as_u64()),
        (Some("table"), Some(5))
    );
    succeed(parent.path(), &[&ABLATE[..], &["--shard", "2/2"]].concat());
    let runs = members(&parent.path().join("runs"));
    assert!(names(&runs)[0].starts_with("ablation-tiny-"), "{runs:?}");
    assert_eq!(metrics(&runs[0]), expected);
}

#[test]
fn what_can_be_left_out_is_listed_and_what_is_wrong_is_said() {
    let parent = tempfile::tempdir().unwrap();
    let list = succeed(parent.path(), &["ablate", "--preset", "best", "--list"]);
    for text in [
        "all 4 augmentations",
        "30 GlobalAvgPool: Flatten in its place",
        "Cannot be left out:",
        "weight_decay",
    ] {
        assert!(list.contains(text), "{text} is missing in\n{list}");
    }
    assert!(
        list.lines().all(|line| line.chars().count() <= 80),
        "{list}"
    );
    let lines = succeed(
        parent.path(),
        &["ablate", "--preset", "best", "--list", "--json"],
    );
    assert_eq!(
        parts(&lines)
            .iter()
            .filter(|part| part["possible"] == false)
            .count(),
        1
    );
    let ablate = |more: &[&'static str]| [&["ablate", "--preset", "tiny"][..], more].concat();
    let error = fail(parent.path(), 2, &ablate(&["--layers", "8"]));
    assert!(error.contains("8 Dense 10 cannot be left out"), "{error}");
    let error = fail(parent.path(), 2, &ablate(&["--settings", "mixup"]));
    assert!(error.contains("no \"mixup\""), "{error}");
    let (code, _, error) = run(parent.path(), &["ablate"]);
    assert!(code == 2 && error.contains("--preset"), "{error}");
    succeed(
        parent.path(),
        &[
            "sweep", "--preset", "mlp", "--seeds", "2", "--epochs", "1", "--limit", "100", "--out",
            "s",
        ],
    );
    let error = fail(parent.path(), 1, &["ablate", "--table", "s"]);
    assert!(error.contains("no ablation"), "{error}");
    let error = fail(
        parent.path(),
        2,
        &["sweep", "--preset", "tiny", "--vary", "without=nothing,8"],
    );
    assert!(error.contains("without=8"), "{error}");
}
