//! Training, and using what it leaves behind.

use crate::program::json_lines;
use crate::{empty, everything, fail, run, succeed, train_tiny};
use serde_json::Value;
use std::path::Path;

fn last_metrics(run: &Path) -> Value {
    let text = std::fs::read_to_string(run.join("metrics.jsonl")).unwrap();
    json_lines(&text).pop().unwrap()
}

#[test]
fn training_leaves_a_complete_run_folder() {
    let folder = empty();
    let args = [
        "train", "--preset", "tiny", "--epochs", "1", "--limit", "256",
    ];
    let out = succeed(folder.path(), &args);
    assert!(out.contains("Epoch#1 Training=0."), "{out}");
    assert!(
        out.contains("not Fashion-MNIST") && out.contains("Run folder: runs"),
        "{out}"
    );
    let runs: Vec<_> = std::fs::read_dir(folder.path().join("runs"))
        .unwrap()
        .collect();
    assert_eq!(runs.len(), 1);
    let run = runs[0].as_ref().unwrap().path();
    assert!(run.to_str().unwrap().contains("-tiny"));
    let names: Vec<_> = everything(&run)
        .iter()
        .map(|path| path.file_name().unwrap().to_owned())
        .collect();
    assert_eq!(
        names,
        [
            "best.safetensors",
            "checkpoint-0000000000.ckpt",
            "checkpoint-0000000003.ckpt",
            "history.bin",
            "layers.jsonl",
            "metrics.jsonl",
            "model.md",
            "model.safetensors",
            "run.lock",
            "spec.json",
            "test.json"
        ]
    );
    let keys: Vec<String> = last_metrics(&run)
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    let mut expected = [
        "epoch",
        "train_loss",
        "train_accuracy",
        "validation_loss",
        "validation_accuracy",
        "learning_rate",
        "seconds",
        "images_per_second",
        "train_eval_loss",
        "train_eval_accuracy",
    ];
    expected.sort_unstable();
    let mut keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(keys, expected);
    let spec = run.join("spec.json");
    succeed(
        folder.path(),
        &["summary", "--spec", spec.to_str().unwrap()],
    );
}

#[test]
fn json_output_is_nothing_but_json() {
    let folder = empty();
    let args = [
        "train", "--preset", "tiny", "--epochs", "2", "--limit", "256", "--out", "run", "--json",
    ];
    let (code, out, err) = run(folder.path(), &args);
    assert_eq!((code, err.as_str()), (0, ""));
    let lines = json_lines(&out);
    let events: Vec<&str> = lines
        .iter()
        .map(|line| line["event"].as_str().unwrap())
        .collect();
    assert_eq!(events, ["start", "epoch", "epoch", "done"]);
    assert_eq!(lines[0]["notice"], "sample set, not Fashion-MNIST");
    assert_eq!(lines[3]["notice"], "sample set, not Fashion-MNIST");
    assert_eq!(lines[2]["validation_accuracy"], lines[3]["last_accuracy"]);
}

#[test]
fn a_folder_with_something_in_it_is_never_trained_into() {
    let folder = empty();
    let run = train_tiny(folder.path());
    let before = everything(folder.path());
    let spec = std::fs::read(run.join("spec.json")).unwrap();
    let error = fail(
        folder.path(),
        1,
        &["train", "--preset", "tiny", "--out", "run"],
    );
    assert!(
        error.contains("run") && error.contains("not empty"),
        "{error}"
    );
    assert_eq!(everything(folder.path()), before);
    assert_eq!(std::fs::read(run.join("spec.json")).unwrap(), spec);
}

#[test]
fn a_run_folder_that_cannot_be_made_is_named() {
    let folder = empty();
    std::fs::write(folder.path().join("file"), "x").unwrap();
    let error = fail(
        folder.path(),
        1,
        &["train", "--preset", "tiny", "--out", "file/run"],
    );
    assert!(error.contains("file/run"), "{error}");
    std::fs::write(folder.path().join("runs"), "x").unwrap();
    let error = fail(folder.path(), 1, &["train", "--preset", "tiny"]);
    assert!(error.contains("runs"), "{error}");
    assert_eq!(everything(folder.path()).len(), 2);
}

#[test]
fn eval_gives_exactly_the_accuracy_of_the_run() {
    let folder = empty();
    let test = std::fs::read_to_string(train_tiny(folder.path()).join("test.json")).unwrap();
    let test: Value = serde_json::from_str(&test).unwrap();
    let args = [
        "eval",
        "run/model.safetensors",
        "--json",
        "--predictions",
        "classes.txt",
    ];
    let line: Value = serde_json::from_str(&succeed(folder.path(), &args)).unwrap();
    assert_eq!(line["accuracy"], test["last"]["accuracy"]);
    assert_eq!(line["loss"], test["last"]["loss"]);
    assert_eq!(line["notice"], "sample set, not Fashion-MNIST");
    let classes = std::fs::read_to_string(folder.path().join("classes.txt")).unwrap();
    assert_eq!(
        classes.lines().count() as u64,
        line["images"].as_u64().unwrap()
    );
    assert!(
        classes
            .lines()
            .all(|class| class.parse::<u8>().unwrap() < 10)
    );

    // With mirror images the answers are others, on the same images.
    let args = ["eval", "run/model.safetensors", "--json", "--tta"];
    let flips: Value = serde_json::from_str(&succeed(folder.path(), &args)).unwrap();
    assert_eq!(flips["images"], line["images"]);
    assert_ne!(flips["loss"], line["loss"]);

    let out = succeed(folder.path(), &["eval", "run/best.safetensors"]);
    for text in [
        "precision",
        "recall",
        "F1",
        "Confusion matrix",
        "not Fashion-MNIST",
    ] {
        assert!(out.contains(text), "{text} is missing in\n{out}");
    }
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    let args = [
        "eval",
        "run/best.safetensors",
        "--predictions",
        "no/where.txt",
    ];
    let error = fail(folder.path(), 1, &args);
    assert!(error.contains("no/where.txt"), "{error}");
}

#[test]
fn calibration_is_what_the_probabilities_of_predict_give() {
    let folder = empty();
    train_tiny(folder.path());
    let json = succeed(folder.path(), &["calibration", "run", "--json"]);
    let found = json_lines(&json).remove(0);
    let images = found["images"].as_u64().unwrap() as usize;
    let indices: Vec<String> = (0..images).map(|index| index.to_string()).collect();
    let mut args = vec!["predict", "run/best.safetensors", "--json", "--index"];
    args.extend(indices.iter().map(String::as_str));
    // Fifteen bins, each with its upper end (Guo et al. 2017).
    let mut bins = [(0_usize, 0.0, 0.0); 15];
    for answer in json_lines(&succeed(folder.path(), &args)) {
        let class = answer["class"].as_u64().unwrap();
        let confidence = answer["probabilities"][class as usize].as_f64().unwrap();
        let bin = &mut bins[((confidence * 15.0).ceil() as usize - 1).min(14)];
        bin.0 += 1;
        bin.1 += confidence;
        bin.2 += f64::from(u8::from(answer["true_class"] == class));
    }
    let gaps = bins.iter().map(|(_, sure, right)| (sure - right).abs());
    let expected = gaps.sum::<f64>() / images as f64;
    let error = found["expected_calibration_error"].as_f64().unwrap();
    assert!((error - expected).abs() < 1e-5, "{error}, not {expected}");
    let counts = found["bins"].as_array().unwrap().iter();
    let counts: Vec<usize> = counts
        .map(|bin| bin["images"].as_u64().unwrap() as usize)
        .collect();
    assert_eq!(counts, bins.map(|bin| bin.0));
    let text = succeed(folder.path(), &["calibration", "run/model.safetensors"]);
    for part in ["calibration error", "Class by class", "Ankle boot", "50 %"] {
        assert!(text.contains(part), "{text}");
    }
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
}

#[test]
fn look_names_what_an_answer_depends_on() {
    let folder = empty();
    train_tiny(folder.path());
    let json = succeed(folder.path(), &["look", "run", "--index", "3", "--json"]);
    let map = json_lines(&json).remove(0);
    let change = map["change"].as_array().unwrap();
    assert_eq!((change.len(), map["side"].as_u64()), (784, Some(4)));
    assert!(change.iter().any(|change| change.as_f64().unwrap() < 0.0));
    // The same answer as that of `predict`.
    let args = ["predict", "run/best.safetensors", "--index", "3", "--json"];
    let answer = json_lines(&succeed(folder.path(), &args)).remove(0);
    assert_eq!(answer["class"], map["class"]);
    let class = map["class"].as_u64().unwrap() as usize;
    let said = answer["probabilities"][class].as_f64().unwrap();
    assert!((said - map["probability"].as_f64().unwrap()).abs() < 1e-5);
    let text = succeed(
        folder.path(),
        &["look", "run", "--index", "3", "--class", "2"],
    );
    assert!(text.contains("Pullover with"), "{text}");
    let text = succeed(
        folder.path(),
        &["look", "run/model.safetensors", "--index", "3"],
    );
    assert!(
        text.contains("##") && text.contains("Most around row"),
        "{text}"
    );
    let error = fail(folder.path(), 2, &["look", "run", "--index", "1000"]);
    assert!(error.contains("0 to 999"), "{error}");
    let error = fail(
        folder.path(),
        2,
        &["look", "run", "--index", "1", "--class", "10"],
    );
    assert!(error.contains("0 to 9"), "{error}");
}

#[test]
fn inspect_says_what_is_inside_each_layer() {
    let folder = empty();
    train_tiny(folder.path());
    let json = succeed(folder.path(), &["inspect", "run", "--json"]);
    let inside = json_lines(&json).remove(0);
    let layers = inside["layers"].as_array().unwrap();
    let spec = fmnist_tui::spec::preset("tiny").unwrap();
    assert_eq!(layers.len(), spec.layers.len());
    assert_eq!(inside["images"], 500);
    for (layer, row) in layers.iter().zip(&spec.summary().layers) {
        assert_eq!(layer["kind"], row.kind);
        // Every value of every image is in the histogram, whatever is one operation in training.
        let bins = layer["evaluation"]["bins"].as_array().unwrap();
        let counted: u64 = bins.iter().map(|bin| bin.as_u64().unwrap()).sum();
        assert_eq!(counted, 500 * row.output.elements() as u64);
        assert_eq!(layer["units"].is_object(), row.kind == "Activation");
        let parameters = &layer["parameters"];
        assert_eq!(parameters.is_object(), row.parameters > 0);
        if parameters.is_object() {
            assert!(parameters["gradient"].as_f64().unwrap() > 0.0);
            // The run has seen a step.
            assert!(parameters["update"].as_f64().unwrap() > 0.0);
        }
    }
    let text = succeed(folder.path(), &["inspect", "run"]);
    assert!(text.contains("last step moved the weights"), "{text}");
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
    // A model file alone knows of no step.
    let text = succeed(folder.path(), &["inspect", "run/model.safetensors"]);
    assert!(text.contains("only a run folder knows it"), "{text}");
}

#[test]
fn predict_answers_for_images_of_the_data_and_for_pictures() {
    let folder = empty();
    train_tiny(folder.path());
    let model = "run/best.safetensors";
    let out = succeed(
        folder.path(),
        &["predict", model, "--index", "0", "3", "--json"],
    );
    let lines = json_lines(&out);
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[1]["index"], 3);
    let probabilities = lines[0]["probabilities"].as_array().unwrap();
    let sum: f64 = probabilities
        .iter()
        .map(|value| value.as_f64().unwrap())
        .sum();
    assert_eq!(probabilities.len(), 10);
    assert!((sum - 1.0).abs() < 1e-5, "{sum}");
    assert!(lines[0]["true_class"].is_u64());

    for (name, side) in [("good.png", 28), ("large.png", 30)] {
        let file = std::fs::File::create(folder.path().join(name)).unwrap();
        let mut encoder = png::Encoder::new(file, side, side);
        encoder.set_color(png::ColorType::Rgb);
        let pixels = vec![90; (side * side * 3) as usize];
        encoder
            .write_header()
            .unwrap()
            .write_image_data(&pixels)
            .unwrap();
    }
    let out = succeed(
        folder.path(),
        &["predict", model, "--image", "good.png", "--invert"],
    );
    assert!(
        out.contains("good.png: ") && out.contains("not Fashion-MNIST"),
        "{out}"
    );
    succeed(folder.path(), &["predict", model, "--image", "large.png"]);
    let error = fail(folder.path(), 2, &["predict", model, "--index", "9999999"]);
    assert!(error.contains("9999999"), "{error}");
}

#[test]
fn the_last_line_of_bench_is_json() {
    let folder = empty();
    let args = [
        "bench",
        "--preset",
        "tiny",
        "--images",
        "256",
        "--batch",
        "64",
        "--threads",
        "1",
    ];
    let out = succeed(folder.path(), &args);
    assert!(out.contains("not Fashion-MNIST"), "{out}");
    let last: Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
    assert!(last["images_per_second"].as_f64().unwrap() > 0.0);
    assert!((0.0..=1.0).contains(&last["train_accuracy"].as_f64().unwrap()));
    assert!(last["seconds"].as_f64().unwrap() > 0.0);
    assert!(last.get("peak_rss_mb").is_some());
    assert_eq!(last["images"], 256);
    assert!(everything(folder.path()).is_empty());
}

/// The numbers of a field of every row.
fn of_rows(profile: &Value, field: &str) -> Vec<f64> {
    let rows = profile["rows"].as_array().unwrap().iter();
    rows.filter_map(|row| row[field].as_f64()).collect()
}

#[test]
fn bench_shows_where_the_time_goes() {
    let folder = empty();
    let args = [
        "bench",
        "--preset",
        "lenet5",
        "--images",
        "256",
        "--batch",
        "64",
        "--threads",
        "2",
        "--profile",
    ];
    let out = succeed(folder.path(), &args);
    for part in [
        "1  Conv2d",
        "optimiser",
        "loss",
        "waiting",
        "GFLOP/s",
        "One core alone",
    ] {
        assert!(out.contains(part), "{part}: {out}");
    }
    let (table, json) = out.trim_end().rsplit_once('\n').unwrap();
    let (_, table) = table.split_once("A step of").unwrap();
    assert!(
        table.lines().all(|line| line.chars().count() <= 80),
        "{out}"
    );
    let profile = &serde_json::from_str::<Value>(json).unwrap()["profile"];
    assert_eq!(
        (&profile["threads"], &profile["steps"]),
        (&2.into(), &3.into())
    );
    let milliseconds = profile["milliseconds"].as_f64().unwrap();
    let sum: f64 = of_rows(profile, "milliseconds").iter().sum();
    assert!((sum - milliseconds).abs() < 1e-6 * milliseconds, "{out}");
    let shares: f64 = of_rows(profile, "share").iter().sum();
    assert!((shares - 1.0).abs() < 1e-6, "{out}");
    // Two convolutions and three dense layers.
    assert_eq!(of_rows(profile, "gflops").len(), 5, "{out}");
    let alone = profile["one_core_share"].as_f64().unwrap();
    assert!((0.0..=1.0).contains(&alone));
    let plain = succeed(folder.path(), &[&args[..9], &["--json"]].concat());
    assert!(!plain.contains("profile"));
}

#[test]
fn without_a_terminal_the_app_points_to_the_command_line() {
    let folder = empty();
    let error = fail(folder.path(), 1, &[]);
    assert!(error.contains("needs a terminal"), "{error}");
    assert!(error.contains("fmnist-tui train --preset tiny"), "{error}");
    assert!(everything(folder.path()).is_empty());
}

#[test]
fn the_tables_of_networks_read_well() {
    let folder = empty();
    insta::assert_snapshot!("presets", succeed(folder.path(), &["presets"]));
    for preset in ["bn-dropout", "lenet5"] {
        let table = succeed(folder.path(), &["summary", "--preset", preset]);
        insta::assert_snapshot!(format!("summary-{preset}"), table);
    }
    insta::assert_snapshot!("data-info", succeed(folder.path(), &["data", "info"]));
}

#[test]
#[cfg(unix)]
fn predictions_go_to_stdout_alone_or_fail_in_one_line() {
    let folder = empty();
    let place = folder.path();
    train_tiny(place);
    let args = ["eval", "run/best.safetensors", "--predictions", "-"];
    let out = succeed(place, &args);
    let classes: Vec<u8> = out.lines().map(|line| line.parse().unwrap()).collect();
    assert_eq!(classes.len(), 1000);
    assert!(!place.join("-").exists());
    let full = std::fs::File::options().write(true).open("/dev/full");
    let (reader, closed) = std::io::pipe().unwrap();
    drop(reader);
    for (stdout, problem) in [
        (full.unwrap().into(), "No space left"),
        (std::process::Stdio::from(closed), "Broken pipe"),
    ] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_fmnist-tui"));
        command
            .args(args)
            .current_dir(place)
            .env_remove("FMNIST_DATA");
        command.env("HOME", place.join("home")).stdout(stdout);
        let output = command.output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{error}");
        let expected = "error: stdout: cannot write the predictions: ";
        assert!(
            error.starts_with(expected) && error.contains(problem),
            "{error}"
        );
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}

#[test]
fn two_runs_are_compared_by_what_differs_and_by_the_same_images() {
    let folder = empty();
    let place = folder.path();
    train_tiny(place);
    let args = [
        "train", "--preset", "tiny", "--epochs", "1", "--limit", "256", "--seed", "2", "--lr",
        "0.02",
    ];
    succeed(place, &[&args[..], &["--out", "other"]].concat());
    let out = succeed(place, &["compare", "run", "other"]);
    let about: Vec<&str> = out.lines().filter(|line| line.contains("rate")).collect();
    assert_eq!(about.len(), 1, "{out}");
    assert!(out.contains("seed") && out.contains("McNemar"), "{out}");
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    let accuracy = |model: &str| {
        let line = succeed(place, &["eval", model, "--json"]);
        let line: Value = serde_json::from_str(&line).unwrap();
        line["accuracy"].as_f64().unwrap()
    };
    let line = succeed(
        place,
        &["compare", "run", "other/model.safetensors", "--json"],
    );
    let line: Value = serde_json::from_str(&line).unwrap();
    let (first, second) = (
        accuracy("run/model.safetensors"),
        accuracy("other/model.safetensors"),
    );
    assert_eq!(line["first"]["accuracy"], first);
    assert_eq!(line["second"]["accuracy"], second);
    assert!((line["difference"].as_f64().unwrap() - (second - first)).abs() < 1e-9);
    let count = |key: &str| line[key].as_array().unwrap().len() as f64;
    let apart = count("second_alone_right") - count("first_alone_right");
    assert!((apart / 1000.0 - (second - first)).abs() < 1e-9);
    let out = succeed(place, &["compare", "run", "run"]);
    assert!(
        out.contains("nothing: the same") && out.contains("very same images"),
        "{out}"
    );
    let error = fail(place, 1, &["compare", "run", "nowhere"]);
    assert!(error.contains("nowhere"), "{error}");
}

#[test]
fn the_history_of_a_run_tells_what_it_learnt_when() {
    let folder = empty();
    let args = "train --preset tiny --epochs 3 --limit 400 --out run";
    succeed(folder.path(), &args.split(' ').collect::<Vec<_>>());
    let json = succeed(folder.path(), &["history", "run", "--json"]);
    let told = json_lines(&json).remove(0);
    let images = told["images"].as_u64().unwrap();
    let text = std::fs::read_to_string(folder.path().join("run/metrics.jsonl")).unwrap();
    let mut right = None;
    for (epoch, metrics) in told["epochs"]
        .as_array()
        .unwrap()
        .iter()
        .zip(json_lines(&text))
    {
        assert_eq!(epoch["accuracy"], metrics["validation_accuracy"]);
        assert_eq!(epoch["loss"], metrics["validation_loss"]);
        let count = |place: &Value| place.as_i64().unwrap();
        let diagonal = (0..10).map(|class| count(&epoch["confusion"][class][class]));
        let now: i64 = diagonal.sum();
        if let Some(before) = right {
            assert_eq!(
                now - before,
                count(&epoch["learnt"]) - count(&epoch["forgotten"])
            );
        }
        right = Some(now);
    }
    let stories = told["stories"].as_array().unwrap().iter();
    let counts = stories.map(|story| story["count"].as_u64().unwrap());
    assert_eq!(counts.sum::<u64>(), images);
    // An image's last answer is that of the model that was left.
    let image = ["history", "run", "--image", "3", "--json"];
    let image = json_lines(&succeed(folder.path(), &image)).remove(0);
    let last = image["epochs"].as_array().unwrap().last().unwrap().clone();
    let sum: f64 = last["probabilities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|probability| probability.as_f64().unwrap())
        .sum();
    assert!((sum - 1.0).abs() < 0.03, "{sum}");
    for args in [&["history", "run"][..], &["history", "run", "--image", "3"]] {
        let text = succeed(folder.path(), args);
        assert!(text.contains("epoch") && text.contains('%'), "{text}");
        let is_narrow = |line: &str| line.chars().count() <= 80;
        assert!(text.lines().all(is_narrow), "{text}");
    }
    let error = fail(folder.path(), 2, &["history", "run", "--image", "100000"]);
    assert!(error.contains("are numbered 0 to "), "{error}");
}
