//! The grid, its order, its table, and what is wrong with one.

use crate::{
    MEMBERS, SWEEP, fail, json_lines, members, metrics, names, run, succeed, sweep, sweep_with,
    table,
};
use fmnist_tui::runs::read_metrics;
use fmnist_tui::spec::Spec;
use serde_json::Value;
use std::path::{Path, PathBuf};

#[test]
fn every_member_has_a_run_folder_and_the_table_is_what_is_in_them() {
    let parent = tempfile::tempdir().unwrap();
    let out = sweep(parent.path(), &["--out", "mine"]);
    let folder = parent.path().join("mine");
    let found = members(&folder);
    assert_eq!(names(&found), MEMBERS);
    for (path, (rate, seed)) in found
        .iter()
        .zip([(0.001, 1), (0.001, 2), (0.01, 1), (0.01, 2)])
    {
        let spec = Spec::read(&path.join("spec.json")).unwrap();
        assert_eq!(
            (spec.learning_rate, spec.seed, spec.epochs),
            (rate, seed, 2)
        );
        assert!(path.join("best.safetensors").exists());
    }
    // The members begin in the grid's order, and each has a line for its beginning and its end.
    let of_members: Vec<&str> = out.lines().filter(|line| line.starts_with('[')).collect();
    assert_eq!(of_members.len(), 8, "{out}");
    assert!(
        of_members[0].starts_with("[1/4] learning_rate=0.001 seed=1: begins"),
        "{out}"
    );
    assert!(
        of_members[7].starts_with("[4/4] learning_rate=0.01 seed=2: last 0."),
        "{out}"
    );
    assert!(out.contains("not Fashion-MNIST"), "{out}");

    let last: Vec<f64> = found
        .iter()
        .map(|run| read_metrics(run).last().unwrap().validation_accuracy)
        .collect();
    let cell = |a: f64, b: f64| {
        // Of two values the deviation is their distance by the root of two.
        format!("{:.4} ± {:.4}", (a + b) / 2.0, (a - b).abs() / 2f64.sqrt())
    };
    let rows = table(&out);
    assert_eq!(
        rows[0],
        [
            "rank",
            "learning_rate",
            "seeds",
            "last epoch",
            "best epoch, picked"
        ]
    );
    assert_eq!(rows.len(), 3, "{out}");
    // Ten times the rate is much better after so few steps.
    assert_eq!(rows[1][..4], ["1", "0.01", "2/2", &cell(last[2], last[3])]);
    assert_eq!(rows[2][..4], ["2", "0.001", "2/2", &cell(last[0], last[1])]);
    // Numbers are flush right: every row is as long as the header.
    let lines: Vec<usize> = out
        .lines()
        .skip_while(|line| !line.starts_with("rank"))
        .take(3)
        .map(|line| line.chars().count())
        .collect();
    assert!(lines.iter().all(|length| *length == lines[0]), "{out}");

    // The table alone is the same, and needs no data.
    let shown = succeed(parent.path(), &["sweep", "--table", "mine"]);
    assert_eq!(table(&shown), rows);
    assert!(shown.contains("not Fashion-MNIST"), "{shown}");
}

#[test]
fn the_same_command_finds_its_folder_again_and_skips_what_is_done() {
    let parent = tempfile::tempdir().unwrap();
    sweep(parent.path(), &[]);
    let runs = members(&parent.path().join("runs"));
    assert_eq!(runs.len(), 1);
    assert!(names(&runs)[0].starts_with("sweep-tiny-"), "{runs:?}");
    let modified = |path: &PathBuf| {
        let file = path.join("metrics.jsonl");
        std::fs::metadata(file).unwrap().modified().unwrap()
    };
    let before: Vec<_> = members(&runs[0]).iter().map(modified).collect();
    let out = sweep(parent.path(), &[]);
    assert!(out.contains("4 of 4 are done already"), "{out}");
    assert!(!out.contains("begins"), "{out}");
    let after: Vec<_> = members(&runs[0]).iter().map(modified).collect();
    assert_eq!(after, before);
    // Another limit is other data, and so another sweep.
    succeed(parent.path(), &sweep_with("--limit", "200"));
    assert_eq!(members(&parent.path().join("runs")).len(), 2);
}

#[test]
fn json_tells_everything_line_by_line() {
    let parent = tempfile::tempdir().unwrap();
    let (code, out, err) = run(parent.path(), &[&SWEEP[..], &["--json"]].concat());
    assert_eq!((code, err.as_str()), (0, ""));
    let lines = json_lines(&out);
    let events: Vec<&str> = lines
        .iter()
        .map(|line| line["event"].as_str().unwrap())
        .collect();
    let pairs = ["start", "end"].repeat(4);
    let expected = [
        &["sweep"][..],
        &pairs,
        &["group", "group", "effect", "effect", "table"],
    ]
    .concat();
    assert_eq!(events, expected);
    assert_eq!(lines[0]["members"], 4);
    assert_eq!(lines[0]["notice"], "sample set, not Fashion-MNIST");
    assert_eq!(lines[4]["values"]["learning_rate"], 0.001);
    assert_eq!(
        (&lines[4]["seed"], &lines[4]["state"]),
        (&Value::from(2), &Value::from("done"))
    );
    let mean = |group: &Value| group["last_accuracy_mean"].as_f64().unwrap();
    let [.., first, second, _, effect, end] = &lines[..] else {
        panic!("{out}")
    };
    assert!(mean(first) > mean(second), "{out}");
    assert_eq!(
        (&first["rank"], &first["done"]),
        (&Value::from(1), &Value::from(2))
    );
    assert_eq!(
        (&end["done"], &end["missing"]),
        (&Value::from(4), &Value::from(0))
    );
    assert_eq!(
        (&effect["setting"], &effect["value"], &effect["paired"]),
        (
            &Value::from("learning_rate"),
            &Value::from("0.01"),
            &Value::from(true)
        )
    );
    let difference = effect["difference"].as_f64().unwrap();
    assert!(
        (difference - (mean(first) - mean(second))).abs() < 1e-9,
        "{out}"
    );
    let folder = lines[0]["folder"].as_str().unwrap();
    let shown = succeed(parent.path(), &["sweep", "--table", folder, "--json"]);
    assert_eq!(json_lines(&shown), lines[9..]);
}

#[test]
fn two_jobs_give_what_one_gives_bit_for_bit() {
    let parent = tempfile::tempdir().unwrap();
    sweep(
        parent.path(),
        &["--out", "one", "--jobs", "1", "--threads", "2"],
    );
    sweep(
        parent.path(),
        &["--out", "two", "--jobs", "2", "--threads", "2"],
    );
    let one = metrics(&parent.path().join("one"));
    assert_eq!(one, metrics(&parent.path().join("two")));
    assert!(
        one.len() == 4 && one.iter().all(|epochs| epochs.len() == 2),
        "{one:?}"
    );
    // And so does the member alone.
    let spec = format!("one/{}/spec.json", MEMBERS[2]);
    let alone = [
        "train",
        "--spec",
        &spec,
        "--limit",
        "300",
        "--out",
        "alone/run",
    ];
    succeed(parent.path(), &alone);
    assert_eq!(metrics(&parent.path().join("alone"))[0], one[2]);
}

fn everything(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    entries.filter(|entry| entry.file_name() != "home").count()
}

#[test]
fn a_grid_that_does_not_hold_together_is_refused_before_anything_is_made() {
    let parent = tempfile::tempdir().unwrap();
    let wrong: [(&[&str], i32, &[&str]); 13] = [
        (
            &["--vary", "lerning_rate=1"],
            2,
            &["--vary lerning_rate", "learning_rate, "],
        ),
        (
            &["--vary", "learning_rate=0.1,0"],
            2,
            &["learning_rate=0: ", "must be a number from"],
        ),
        (&["--vary", "learning_rate=0.1,,"], 2, &["value 2 is empty"]),
        (
            &["--vary", "learning_rate=0.1,1e-1"],
            2,
            &["stands there twice"],
        ),
        (
            &["--vary", "learning_rate"],
            2,
            &["learning_rate=0.001,0.003"],
        ),
        (
            &["--vary", "epochs=1", "--vary", "epochs=2"],
            2,
            &["epochs is varied twice"],
        ),
        (&["--vary", "dropout=0.1"], 2, &["no Dropout layer"]),
        (
            &["--vary", "eps=0.1"],
            2,
            &["layers.2.eps, layers.5.eps, optimizer.eps"],
        ),
        (&["--vary", "seed=1,2"], 2, &["--seeds"]),
        (&["--vary", "optimizer=Adam,Adma"], 2, &["Adma", "AdamW"]),
        (
            &["--seeds", "10000", "--vary", "epochs=1,2"],
            2,
            &["20000 members"],
        ),
        (
            &["--vary", "layers.8.units=10,20"],
            1,
            &["layers.8.units=20 seed=1: ", "10 classes"],
        ),
        (&[], 2, &["nothing to compare"]),
    ];
    for (args, code, texts) in wrong {
        let error = fail(
            parent.path(),
            code,
            &[&["sweep", "--preset", "tiny"], args].concat(),
        );
        for text in texts {
            assert!(error.contains(text), "{text} is missing in {error}");
        }
    }
    for args in [
        &[
            "sweep", "--preset", "tiny", "--seeds", "2", "--shard", "3/2",
        ][..],
        &["sweep", "--table", "x", "--seeds", "2"],
        &["sweep", "--seeds", "2"],
    ] {
        let (code, out, err) = run(parent.path(), args);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
    }
    assert_eq!(everything(parent.path()), 0);
}

#[test]
fn a_folder_with_something_else_in_it_is_left_alone() {
    let parent = tempfile::tempdir().unwrap();
    sweep(parent.path(), &["--out", "mine", "--shard", "4/4"]);
    let more_seeds = sweep_with("--seeds", "3");
    let error = fail(
        parent.path(),
        1,
        &[&more_seeds[..], &["--out", "mine"]].concat(),
    );
    assert!(
        error.contains("mine: another sweep") && error.contains("2 seeds, not 3"),
        "{error}"
    );
    let error = fail(
        parent.path(),
        1,
        &[&SWEEP[..], &["--out", "mine/004-learning_rate=0.01-seed=2"]].concat(),
    );
    assert!(error.contains("not empty and holds no sweep"), "{error}");
    let error = fail(parent.path(), 1, &["sweep", "--table", "home"]);
    assert!(
        error.contains("home/sweep.json: no sweep can be read there"),
        "{error}"
    );
    assert_eq!(members(&parent.path().join("mine")).len(), 1);
}

#[test]
fn a_member_that_diverges_is_in_the_table_and_the_exit_code() {
    let parent = tempfile::tempdir().unwrap();
    // Without activations nothing dies: what is too large only grows.
    let spec = r#"{ "name": "wild", "layers": [
        { "Conv2d": { "out_channels": 4, "kernel_size": 3, "stride": 2 } },
        { "Conv2d": { "out_channels": 4, "kernel_size": 3, "stride": 2 } },
        "Flatten", { "Dense": { "units": 10 } } ],
        "optimizer": { "Sgd": { "momentum": 0.9 } }, "learning_rate": 0.01, "batch_size": 32, "epochs": 3 }"#;
    std::fs::write(parent.path().join("wild.json"), spec).unwrap();
    let args = [
        "sweep",
        "--spec",
        "wild.json",
        "--vary",
        "learning_rate=1000,0.01",
        "--limit",
        "300",
        "--out",
        "mine",
    ];
    for _ in 0..2 {
        let (code, out, err) = run(parent.path(), &args);
        assert_eq!(code, 1, "{err}");
        assert_eq!(err, "error: 1 of 2 members diverged or failed: see above\n");
        let rows = table(&out);
        assert_eq!(rows[0].last().unwrap(), "not counted");
        assert_eq!(rows[1][..3], ["1", "0.01", "1/1"]);
        assert_eq!(rows[2], ["-", "1000", "0/1", "-", "-", "1 diverged"]);
        assert!(
            out.contains("learning_rate=1000 seed=1: training diverged"),
            "{out}"
        );
    }
    // Who only looks at the table has asked for nothing that failed.
    let shown = succeed(parent.path(), &["sweep", "--table", "mine"]);
    assert!(shown.contains("training diverged"), "{shown}");
}

#[test]
fn trials_are_drawn_and_pruned_the_same_way_each_time() {
    let parent = tempfile::tempdir().unwrap();
    let args = [
        "sweep",
        "--preset",
        "tiny",
        "--limit",
        "200",
        "--epochs",
        "4",
        "--trials",
        "4",
        "--prune=2",
        "--vary",
        "learning_rate=1e-5..1e-1:log",
        "--vary",
        "activation=ReLU,GELU",
        "--json",
    ];
    let out = succeed(parent.path(), &args);
    let lines = json_lines(&out);
    let rungs: Vec<(u64, u64)> = lines[0]["rungs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rung| {
            (
                rung["epochs"].as_u64().unwrap(),
                rung["combinations"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(rungs, [(1, 4), (2, 2), (4, 1)]);
    assert_eq!(lines[0]["trials"], 4);
    let of = |event: &str| -> Vec<&Value> {
        lines.iter().filter(|line| line["event"] == event).collect()
    };
    assert_eq!(of("rung").len(), 6);
    let states: Vec<&str> = of("end")
        .iter()
        .map(|end| end["state"].as_str().unwrap())
        .collect();
    assert_eq!(states.iter().filter(|state| **state == "pruned").count(), 3);
    assert_eq!(states.iter().filter(|state| **state == "done").count(), 1);
    let groups = of("group");
    assert_eq!(groups[0]["done"], 1);
    assert_eq!(groups[1]["pruned_after"], 2);
    assert!(
        of("effect")
            .iter()
            .any(|line| line["setting"] == "activation" && line["epoch"] == 1)
    );
    // Somewhere else it is the same, and as text it tells what was done.
    let other = tempfile::tempdir().unwrap();
    let text = succeed(other.path(), &args[..args.len() - 1]);
    let values = |folder: &Path| metrics(&members(&folder.join("runs"))[0]);
    assert_eq!(values(parent.path()), values(other.path()));
    for said in [
        "4 trials, drawn from",
        "successive halving: 4 combinations to epoch 1, the best 2 to epoch 2, the best 1 to epoch 4",
        "pruned after epoch 1",
        "What mattered, by 4 runs",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    // Shards cannot see each other's runs in time.
    let err = fail(parent.path(), 2, &[&args[..], &["--shard", "1/2"]].concat());
    assert!(err.contains("leave out --shard"), "{err}");
    let range = [
        "sweep",
        "--preset",
        "tiny",
        "--vary",
        "learning_rate=1e-4..1e-1:log",
    ];
    let err = fail(parent.path(), 2, &range);
    assert!(err.contains("--trials N"), "{err}");
}
