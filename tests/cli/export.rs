//! Runs for spreadsheets and for TensorBoard.

use crate::events::{self, Events, Shown};
use crate::{empty, everything, fail, run, succeed, train_tiny};
use fmnist_tui::runs::{checkpoint_files, read_metrics};
use fmnist_tui::train::EpochMetrics;
use std::path::{Path, PathBuf};

const FILE: &str = "events.out.tfevents.0000000000.fmnist-tui";

/// Trains the smallest network for three epochs; gives its run folder.
fn train(folder: &Path, name: &str, more: &[&str]) -> PathBuf {
    let args = [
        "train", "--preset", "tiny", "--epochs", "3", "--limit", "256", "--out", name,
    ];
    succeed(folder, &[&args[..], more].concat());
    folder.join(name)
}

fn rows(table: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let header = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    let rows = reader
        .records()
        .map(|record| record.unwrap().iter().map(str::to_owned).collect())
        .collect();
    (header, rows)
}

#[test]
fn a_table_holds_the_very_numbers() {
    let folder = empty();
    let place = folder.path();
    let metrics = read_metrics(&train(place, "run", &[]));
    let table = succeed(place, &["export", "run", "--csv"]);
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let found: Vec<EpochMetrics> = reader.deserialize().map(Result::unwrap).collect();
    assert_eq!(found, metrics);
    assert_eq!(metrics.len(), 3);
    let (header, _) = rows(&table);
    assert_eq!(header[..2], ["epoch", "train_loss"]);

    let args = ["export", "run", "--csv", "--out", "table.csv"];
    assert_eq!(succeed(place, &args), "Wrote table.csv\n");
    assert_eq!(
        std::fs::read_to_string(place.join("table.csv")).unwrap(),
        table
    );
    assert_eq!(
        succeed(place, &["export", "run", "--csv", "--out", "-"]),
        table
    );
}

#[test]
fn several_runs_have_a_column_that_names_them_and_is_no_formula() {
    let folder = empty();
    let place = folder.path();
    let run = train_tiny(place);
    let names = ["=HYPERLINK(\"x\")", "plain, \"quoted\"", "a\u{1b}[2Jb"];
    for (index, name) in names.into_iter().enumerate() {
        let copy = place.join(format!("copy{index}"));
        std::fs::create_dir(&copy).unwrap();
        std::fs::copy(run.join("metrics.jsonl"), copy.join("metrics.jsonl")).unwrap();
        let mut spec = fmnist_tui::spec::Spec::read(&run.join("spec.json"))
            .unwrap()
            .into_spec();
        spec.name = name.into();
        std::fs::write(copy.join("spec.json"), spec.to_json()).unwrap();
    }
    let args = ["export", "copy0", "copy1", "copy2", "run", "--csv"];
    let (header, rows) = rows(&succeed(place, &args));
    assert_eq!(header[0], "run");
    let found: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(
        found,
        [
            "'=HYPERLINK(\"x\")",
            "plain, \"quoted\"",
            "a\\u{1b}[2Jb",
            // A preset, trained for other epochs.
            "tiny, 1 epoch"
        ]
    );
}

/// The scalars of an event file must be those of `metrics.jsonl`, once each, in order.
fn check_scalars(events: &Events, metrics: &[EpochMetrics]) {
    type Of = fn(&EpochMetrics) -> f64;
    let tags: [(&str, Of); 8] = [
        ("accuracy/train", |epoch| epoch.train_accuracy),
        ("accuracy/train_eval", |epoch| {
            epoch.train_eval_accuracy.unwrap()
        }),
        ("loss/train_eval", |epoch| epoch.train_eval_loss.unwrap()),
        ("accuracy/validation", |epoch| epoch.validation_accuracy),
        ("loss/train", |epoch| epoch.train_loss),
        ("loss/validation", |epoch| epoch.validation_loss),
        ("learning_rate", |epoch| epoch.learning_rate),
        ("images_per_second", |epoch| epoch.images_per_second),
    ];
    for (tag, of) in tags {
        let found: Vec<(u64, Shown)> = events[tag]
            .iter()
            .map(|(step, _, shown)| (*step, shown.clone()))
            .collect();
        let expected: Vec<(u64, Shown)> = metrics
            .iter()
            .map(|epoch| (epoch.epoch as u64, Shown::Scalar(of(epoch) as f32)))
            .collect();
        assert_eq!(found, expected, "{tag}");
        let times = || events[tag].iter().map(|(_, time, _)| *time);
        assert!(times().is_sorted(), "{tag}");
        let now = std::time::SystemTime::now();
        let now = now.duration_since(std::time::UNIX_EPOCH).unwrap();
        assert!(times().all(|time| (now.as_secs_f64() - time).abs() < 3600.0));
    }
    let scalars = events
        .values()
        .filter(|values| matches!(values[0].2, Shown::Scalar(_)));
    assert_eq!(scalars.count(), tags.len());
    // Of every layer of the smallest network, while training and in evaluation.
    let histograms = events
        .values()
        .filter(|values| matches!(values[0].2, Shown::Histogram(values) if values > 0.0));
    assert_eq!(histograms.count(), 2 * 8);
}

#[test]
fn tensorboard_gets_every_epoch_once_however_often_it_is_written() {
    let folder = empty();
    let place = folder.path();
    let metrics = read_metrics(&train(place, "one", &[]));
    let other = read_metrics(&train_tiny(place));
    let args = ["export", "one", "run", "--tensorboard", "board"];
    let out = succeed(place, &args);
    assert!(
        out.contains("board/one") && out.contains("board/run"),
        "{out}"
    );
    succeed(place, &args);
    let file = |name: &str| place.join("board").join(name).join(FILE);
    check_scalars(&events::read(&file("one")), &metrics);
    check_scalars(&events::read(&file("run")), &other);
    let board = everything(&place.join("board"));
    assert_eq!(board.len(), 6, "{board:?}");
}

#[test]
fn runs_of_the_same_name_have_curves_of_their_own() {
    let folder = empty();
    let place = folder.path();
    for parent in ["a", "b"] {
        std::fs::create_dir(place.join(parent)).unwrap();
    }
    let live = ["--tensorboard", "board"];
    let one = read_metrics(&train(place, "a/run", &live));
    let other = read_metrics(&train(
        place,
        "b/run",
        &[&live[..], &["--seed", "2"]].concat(),
    ));
    assert_ne!(one, other);
    let check = || {
        let file = |name: &str| place.join("board").join(name).join(FILE);
        check_scalars(&events::read(&file("run")), &one);
        check_scalars(&events::read(&file("run-2")), &other);
    };
    check();
    succeed(
        place,
        &["export", "b/run", "a/run", "--tensorboard", "board"],
    );
    check();
    assert_eq!(everything(&place.join("board")).len(), 6);
}

#[test]
fn tensorboard_gets_the_images_of_the_best_model() {
    let folder = empty();
    let place = folder.path();
    let run_folder = train_tiny(place);
    let args = ["export", "run", "--tensorboard", "board", "--images"];
    succeed(place, &args);
    let file = place.join("board/run").join(FILE);
    let events = events::read(&file);
    check_scalars(&events, &read_metrics(&run_folder));
    for tag in ["confusion", "mistakes"] {
        let [(1, _, Shown::Image { width, height, png })] = events[tag].as_slice() else {
            panic!("{tag}: {:?}", events.keys());
        };
        let decoder = png::Decoder::new(std::io::Cursor::new(png));
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut pixels).unwrap();
        let found = (u64::from(frame.width), u64::from(frame.height));
        assert_eq!(found, (*width, *height), "{tag}");
        assert!(
            pixels.iter().any(|level| *level != pixels[0]),
            "{tag} is blank"
        );
    }
    // Without the model there are the curves, and it is said.
    std::fs::remove_file(run_folder.join("best.safetensors")).unwrap();
    let (code, _, err) = run(place, &args);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("best.safetensors"), "{err}");
    assert!(!events::read(&file).contains_key("confusion"));
}

#[test]
fn a_run_writes_for_tensorboard_while_it_trains_and_when_it_goes_on() {
    let folder = empty();
    let place = folder.path();
    let run_folder = train(place, "live", &["--tensorboard", "board"]);
    let file = place.join("board/live").join(FILE);
    let metrics = read_metrics(&run_folder);
    check_scalars(&events::read(&file), &metrics);
    let before = std::fs::read(&file).unwrap();

    // As if it had been killed in its last epoch, in the middle of writing.
    std::fs::remove_file(&checkpoint_files(&run_folder)[0]).unwrap();
    std::fs::write(&file, &before[..before.len() - 11]).unwrap();
    let args = ["train", "--resume", "live", "--tensorboard", "board"];
    let out = succeed(place, &args);
    assert!(out.contains("Going on after epoch 2"), "{out}");
    let metrics = read_metrics(&run_folder);
    check_scalars(&events::read(&file), &metrics);
    // What a TensorBoard has read already still stands there.
    let after = std::fs::read(&file).unwrap();
    let kept = before.len() / 2;
    assert!(before[..kept] == after[..kept] && after.len() == before.len());
    // A complete run adds nothing.
    succeed(place, &args);
    assert!(std::fs::read(&file).unwrap() == after);
}

#[test]
fn what_cannot_be_written_for_tensorboard_does_not_end_the_run() {
    let folder = empty();
    let place = folder.path();
    std::fs::write(place.join("board"), "a file").unwrap();
    let args = [
        "train",
        "--preset",
        "tiny",
        "--epochs",
        "2",
        "--limit",
        "64",
        "--out",
        "run",
        "--tensorboard",
        "board",
    ];
    let (code, out, err) = run(place, &args);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("Epoch#2"), "{out}");
    assert_eq!(err.matches("TensorBoard").count(), 1, "{err}");
    assert!(err.contains("board"), "{err}");
    let error = fail(place, 1, &["export", "run", "--tensorboard", "board"]);
    assert!(error.contains("board: cannot create"), "{error}");
}

#[test]
fn wrong_exports_are_refused_and_leave_nothing() {
    let folder = empty();
    let place = folder.path();
    train_tiny(place);
    std::fs::create_dir(place.join("other")).unwrap();
    let before = everything(place);
    let wrong: [&[&str]; 5] = [
        &["run"],
        &["run", "--csv", "--tensorboard", "board"],
        &["run", "--csv", "--images"],
        &["run", "--tensorboard", "board", "--out", "a.csv"],
        &["--csv"],
    ];
    for args in wrong {
        let (code, out, _) = run(place, &[&["export"], args].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}");
    }
    for form in [&["--csv"][..], &["--tensorboard", "board"]] {
        for (name, expected) in [("none", "no such folder"), ("other", "other/metrics.jsonl")] {
            let error = fail(place, 1, &[&["export", "run", name], form].concat());
            assert!(error.contains(name) && error.contains(expected), "{error}");
        }
    }
    let error = fail(
        place,
        1,
        &["export", "run", "--csv", "--out", "no/where.csv"],
    );
    assert!(error.contains("no/where.csv"), "{error}");
    assert_eq!(everything(place), before);
}

#[test]
fn a_model_goes_out_as_onnx_and_as_c() {
    let folder = empty();
    let place = folder.path();
    train_tiny(place);
    let said = succeed(place, &["export", "run", "--onnx", "model.onnx"]);
    assert!(
        said.starts_with("Wrote model.onnx: ONNX opset 17"),
        "{said}"
    );
    let bytes = std::fs::read(place.join("model.onnx")).unwrap();
    let has = |word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
    assert!(has(b"probabilities") && has(b"Ankle boot"));
    let code = succeed(place, &["export", "run/best.safetensors", "--c", "-"]);
    assert!(
        code.contains("int predict(const uint8_t pixels[PIXELS]"),
        "{code}"
    );

    let problem = fail(place, 2, &["export", "run", "run", "--onnx", "two.onnx"]);
    assert!(problem.contains("name one run or model file"), "{problem}");
    assert!(!place.join("two.onnx").exists());
}

#[test]
fn in_whole_numbers_a_model_comes_with_its_accuracy_beside_the_one_in_f32() {
    let folder = empty();
    let place = folder.path();
    train_tiny(place);
    let args = [
        "export",
        "run",
        "--onnx",
        "int8.onnx",
        "--int8",
        "--predictions",
        "classes",
    ];
    let (code, out, err) = run(place, &args);
    assert_eq!(code, 0, "{err}");
    assert!(
        out.contains("8-bit whole numbers (QDQ), its levels by 1,000 training images"),
        "{out}"
    );
    assert!(
        err.contains("accuracy 0.") && err.contains(", in f32 0."),
        "{err}"
    );
    assert!(err.contains(" of 1,000 predictions differ"), "{err}");
    let lines = |name: &str| -> Vec<String> {
        let text = std::fs::read_to_string(place.join(name)).unwrap();
        text.lines().map(str::to_owned).collect()
    };
    // Nearly all images are taken for what they are taken for in f32.
    succeed(place, &["eval", "run", "--predictions", "f32"]);
    let (int8, f32) = (lines("classes"), lines("f32"));
    let same = int8.iter().zip(&f32).filter(|(a, b)| a == b).count();
    assert_eq!((int8.len(), f32.len()), (1000, 1000));
    assert!(same > 950, "{same}");

    let (code, _, error) = run(place, &["export", "run", "--c", "m.c", "--int8"]);
    assert!(code == 2 && error.contains("--int8"), "{error}");
}
