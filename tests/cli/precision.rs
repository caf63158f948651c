//! `--precision`, on CPUs with and without something for bf16.

use crate::{empty, fail, run, succeed};
use fmnist_tui::simd::bf16::Unit;
use fmnist_tui::spec::{PRESETS, Precision, Spec};
use serde_json::Value;
use std::path::Path;

const NOTICE: &str = "this CPU has neither AMX nor AVX512-BF16: training in f32";
const SAMPLE: &str = "sample set, not Fashion-MNIST";

/// Whether this machine can train in bf16.
fn has_bf16() -> bool {
    Unit::detect().is_some()
}

/// The precision that a run asked for bf16 has here.
fn used() -> &'static str {
    if has_bf16() { "bf16" } else { "f32" }
}

/// The notice of such a run's results.
fn notice() -> String {
    if has_bf16() {
        SAMPLE.into()
    } else {
        format!("{SAMPLE}; {NOTICE}")
    }
}

/// What such a run writes to stderr.
fn note() -> String {
    if has_bf16() {
        String::new()
    } else {
        format!("note: {NOTICE}\n")
    }
}

/// A spec file that asks for bf16, called `mine.json`.
fn write_spec(folder: &Path) {
    let tiny = PRESETS.iter().find(|entry| entry.name == "tiny").unwrap();
    let json = tiny
        .json
        .replace("\"precision\": \"f32\"", "\"precision\": \"bf16\"");
    assert_ne!(json, tiny.json);
    std::fs::write(folder.join("mine.json"), json).unwrap();
}

const SHORT: [&str; 4] = ["--epochs", "1", "--limit", "256"];

#[test]
fn training_says_its_precision_and_keeps_the_one_asked_for() {
    let folder = empty();
    let args = ["train", "--preset", "tiny", "--precision", "bf16"];
    let out = succeed(
        folder.path(),
        &[&args[..], &SHORT, &["--out", "run"]].concat(),
    );
    assert_eq!(out.contains("Precision: bf16 ("), has_bf16(), "{out}");
    assert_eq!(
        out.contains(&format!("Note: {NOTICE}\n")),
        !has_bf16(),
        "{out}"
    );
    let spec = Spec::read(&folder.path().join("run/spec.json")).unwrap();
    assert_eq!(spec.precision, Precision::Bf16);
    succeed(folder.path(), &["eval", "run/best.safetensors"]);
}

#[test]
fn the_notice_does_not_spoil_the_json_of_a_run() {
    let folder = empty();
    write_spec(folder.path());
    let args = [&["train", "--spec", "mine.json", "--json"][..], &SHORT].concat();
    let (code, out, err) = run(folder.path(), &args);
    assert_eq!((code, err), (0, note()));
    let lines: Vec<Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["precision"], used());
    assert_eq!(lines[0]["notice"], notice());
    assert_eq!(lines[2]["notice"], notice());
}

#[test]
fn the_option_wins_over_the_spec() {
    let folder = empty();
    write_spec(folder.path());
    let f32 = ["--precision", "f32"];
    let train = ["train", "--spec", "mine.json", "--json", "--out", "run"];
    let (code, out, err) = run(folder.path(), &[&train[..], &f32, &SHORT].concat());
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("\"precision\":\"f32\""), "{out}");
    let spec = Spec::read(&folder.path().join("run/spec.json")).unwrap();
    assert_eq!(spec.precision, Precision::F32);
}

#[test]
fn bench_measures_and_names_the_precision_used() {
    let folder = empty();
    let args = [
        "bench", "--preset", "tiny", "--images", "128", "--batch", "64", "--json",
    ];
    let (code, out, err) = run(folder.path(), &args);
    assert_eq!((code, err.as_str()), (0, ""));
    let line: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (&line["precision"], &line["notice"]),
        (&"f32".into(), &SAMPLE.into())
    );

    let (code, out, err) = run(
        folder.path(),
        &[&args[..], &["--precision", "bf16"]].concat(),
    );
    assert_eq!((code, err), (0, note()));
    let line: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(line["precision"], used());
    assert_eq!(line["notice"], notice());
}

#[test]
fn a_precision_there_is_not_is_refused_with_those_there_are() {
    let folder = empty();
    for command in ["train", "bench"] {
        let args = [command, "--preset", "tiny", "--precision", "f16"];
        let (code, out, err) = run(folder.path(), &args);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(
            err.contains("'f16'") && err.contains("f32, bf16, auto"),
            "{err}"
        );
        let help = succeed(folder.path(), &[command, "--help"]);
        assert!(help.contains("--precision <PRECISION>"), "{help}");
        assert!(
            help.contains("[possible values: f32, bf16, auto]"),
            "{help}"
        );
    }
    write_spec(folder.path());
    let path = folder.path().join("mine.json");
    let json = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, json.replace("\"bf16\"", "\"f64\"")).unwrap();
    let line = 1 + json
        .lines()
        .position(|line| line.contains("precision"))
        .unwrap();
    let error = fail(folder.path(), 1, &["train", "--spec", "mine.json"]);
    assert!(error.contains(&format!("mine.json:{line}:")), "{error}");
    assert!(
        error.contains("expected one of `f32`, `bf16`, `auto`"),
        "{error}"
    );
}

#[test]
fn a_summary_names_a_precision_that_is_not_the_usual_one() {
    let folder = empty();
    write_spec(folder.path());
    let out = succeed(folder.path(), &["summary", "--spec", "mine.json"]);
    assert!(
        out.contains("bf16 (bf16 factors, f32 sums and weights)"),
        "{out}"
    );
    let out = succeed(folder.path(), &["summary", "--preset", "tiny"]);
    assert!(!out.contains("precision"), "{out}");
}

#[test]
fn auto_says_what_it_chose_and_a_run_goes_on_with_that() {
    let folder = empty();
    let auto = ["--preset", "tiny", "--precision", "auto", "--json"];
    let args = [&["train"], &auto[..], &SHORT, &["--out", "run"]].concat();
    let lines = |out: &str| -> Vec<Value> {
        let lines = out.lines().map(|line| serde_json::from_str(line).unwrap());
        lines.collect()
    };
    let (code, out, err) = run(folder.path(), &args);
    assert_eq!(code, 0, "{err}");
    let chosen = lines(&out)[0]["precision"].as_str().unwrap().to_owned();
    let words = format!("precision auto: {chosen}, ");
    assert!(err.contains(&words), "{err}");
    if !has_bf16() {
        assert!(
            err.ends_with("f32, this CPU has neither AMX nor AVX512-BF16\n"),
            "{err}"
        );
    }
    // The spec keeps what was asked for.
    let spec = Spec::read(&folder.path().join("run/spec.json")).unwrap();
    assert_eq!(spec.precision, Precision::Auto);
    let (_, out, err) = run(folder.path(), &["train", "--resume", "run", "--json"]);
    assert_eq!(lines(&out)[0]["precision"], chosen);
    assert!(
        err.contains(&format!("{words}as when the run began")),
        "{err}"
    );

    let bench = [&["bench", "--images", "128"], &auto[..]].concat();
    let (_, out, err) = run(folder.path(), &bench);
    assert!(
        lines(&out)[0]["precision"] != "auto" && err.contains("precision auto: "),
        "{out}{err}"
    );
}
