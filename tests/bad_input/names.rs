//! Names from files on a terminal: nothing of them is obeyed.

use crate::{model, program, run};
use fmnist_tui::spec::preset;
use fmnist_tui::text::{escape_controls, is_unseen};
use serde_json::Value;
use std::path::Path;

/// Sets the title, clears the screen (in seven bits and in eight), turns text around, hides itself.
pub const HOSTILE: &str =
    "a\u{1b}]0;pwned\u{7}\u{1b}[2J\u{9b}2J\u{202e}b\u{200b}\u{2028}\u{7f}\r\nc";

/// Runs the program in any way; what it prints has no control characters but the ends of lines.
fn prints_safely(folder: &Path, expected: i32, args: &[&str]) -> String {
    let (code, out, error) = run(folder, args);
    assert_eq!(code, expected, "{args:?}: {error}");
    for text in [&out, &error] {
        let bad = text.chars().find(|c| is_unseen(*c) && *c != '\n');
        assert_eq!(bad, None, "{args:?} prints {text:?}");
    }
    out + &error
}

/// `spec.json` of a small network with a hostile name, for a data set with another.
fn write_spec(folder: &Path) {
    let mut spec = preset("tiny").unwrap().into_spec();
    spec.name = HOSTILE.into();
    spec.dataset = HOSTILE.into();
    std::fs::write(folder.join("spec.json"), spec.to_json()).unwrap();
}

#[test]
fn a_specs_name_is_shown_escaped_by_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write_spec(folder);
    let spec = ["--spec", "spec.json"];
    let train = ["--epochs", "1", "--limit", "64", "--out"];
    let shown = escape_controls(HOSTILE);
    let commands: [&[&str]; 5] = [
        &["summary"],
        &[&["train"], &train[..], &["run"]].concat(),
        &[&["train", "--json"], &train[..], &["run2"]].concat(),
        &["bench", "--images", "64", "--batch", "32"],
        &["bench", "--images", "64", "--batch", "32", "--json"],
    ];
    for command in commands {
        let out = prints_safely(folder, 0, &[command, &spec].concat());
        let json = out.lines().find(|line| line.starts_with('{'));
        if let Some(line) = json {
            let value: Value = serde_json::from_str(line).unwrap();
            let name = value.get("name").or(value.get("spec")).unwrap();
            assert_eq!(name, HOSTILE, "JSON carries the very name");
        } else {
            assert!(out.contains(&shown), "{out}");
        }
    }
    // The model remembers the name.
    let best = "run/best.safetensors";
    let commands: [&[&str]; 10] = [
        &["plot", "run", "--out", "a.svg"],
        &["plot", "run", "--kind", "confusion", "--out", "a.svg"],
        &["plot", "run", "--kind", "mistakes", "--out", "a.png"],
        &["export", "run", "--csv"],
        &["export", "run", "run2", "--csv"],
        &["export", "run", "--tensorboard", "board"],
        &["eval", best],
        &["eval", best, "--json"],
        &["predict", best, "--index", "0"],
        &["predict", best, "--index", "0", "--json"],
    ];
    for args in commands {
        prints_safely(folder, 0, args);
    }
}

#[test]
fn names_of_classes_and_data_in_a_model_file_are_shown_escaped() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let bytes = model::with_metadata(|metadata| {
        metadata.insert("dataset".into(), HOSTILE.into());
        let names = serde_json::to_string(&[HOSTILE, "b"]).unwrap();
        metadata.insert("classes".into(), names);
    });
    std::fs::write(folder.join("m.safetensors"), bytes).unwrap();
    let mut picture = Vec::new();
    png::Encoder::new(&mut picture, 4, 4)
        .write_header()
        .unwrap()
        .write_image_data(&[0; 16])
        .unwrap();
    std::fs::write(folder.join("picture.png"), picture).unwrap();
    for json in [&[][..], &["--json"]] {
        let args = [
            &["predict", "m.safetensors", "--image", "picture.png"],
            json,
        ]
        .concat();
        prints_safely(folder, 0, &args);
    }
    // The data it finds has another size: the error names the data.
    prints_safely(folder, 1, &["eval", "m.safetensors"]);
}

#[test]
fn errors_quote_files_without_their_control_characters() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let quoted = serde_json::to_string(HOSTILE).unwrap();
    let texts = [
        format!("{{{quoted}: 1}}"),
        format!("{{\"name\": \"x\", \"layers\": [{quoted}]}}"),
        format!("{{\"name\": \"x\", \"layers\": [{{{quoted}: 1}}]}}"),
        format!("{{\"name\": \"x\", \"layers\": [{{\"Dense\": {quoted}}}]}}"),
        HOSTILE.to_owned(),
        format!("{{\"name\": {}}}", "\u{1b}[2J"),
    ];
    for text in texts {
        std::fs::write(folder.join("bad.json"), text).unwrap();
        for command in ["summary", "train", "bench"] {
            prints_safely(folder, 1, &[command, "--spec", "bad.json"]);
        }
    }
    for (key, text) in [
        ("spec", format!("{{{quoted}: 1}}")),
        ("classes", format!("{{{quoted}: 1}}")),
        ("normalization", format!("{{{quoted}: 1}}")),
        ("metrics", HOSTILE.to_owned()),
    ] {
        let bytes = model::with_metadata(|metadata| {
            metadata.insert(key.into(), text);
        });
        std::fs::write(folder.join("bad.safetensors"), bytes).unwrap();
        prints_safely(folder, 1, &["eval", "bad.safetensors"]);
    }
}

#[test]
#[cfg(unix)]
fn names_of_files_and_folders_are_shown_escaped() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let hostile = HOSTILE.replace('/', "");
    let (json, png) = (format!("{hostile}.json"), format!("{hostile}.png"));
    std::fs::write(folder.join(&json), "{").unwrap();
    std::fs::write(folder.join(&png), "no picture").unwrap();
    std::fs::write(folder.join(&hostile), "no model").unwrap();
    let data = format!("data {hostile}");
    std::fs::create_dir(folder.join(&data)).unwrap();
    std::fs::write(folder.join("good.safetensors"), model::good()).unwrap();
    let run = format!("run {hostile}");
    std::fs::create_dir(folder.join(&run)).unwrap();
    let commands: [&[&str]; 13] = [
        &["plot", &run, "--out", "a.svg"],
        &["plot", &run, "--kind", "confusion", "--out", "a.svg"],
        &["export", &run, "--csv"],
        &["export", &hostile, "--tensorboard", "board"],
        &["summary", "--spec", &json],
        &["train", "--spec", &json],
        &["eval", &hostile],
        &["predict", &hostile, "--index", "0"],
        &["predict", "good.safetensors", "--image", &png],
        &["data", "info", "--data", &data],
        &["bench", "--preset", "tiny", "--data", &data],
        &["data", "make-sample", "--out", &json],
        &["train", "--preset", "tiny", "--out", &json],
    ];
    for args in commands {
        prints_safely(folder, 1, args);
    }
    prints_safely(folder, 0, &["data", "path", "--data", &data]);
    prints_safely(folder, 0, &["data", "make-sample", "--out", &data]);
    prints_safely(folder, 0, &["data", "info", "--data", &data]);
    // And where the environment names the folder.
    let mut command = program(folder);
    let output = command
        .args(["data", "path"])
        .env("FMNIST_DATA", &data)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(!text.chars().any(|c| is_unseen(c) && c != '\n'), "{text:?}");
}
