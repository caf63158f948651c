//! Runs that are made longer, forked, steered, or that begin with another model's weights.

use crate::program::json_lines;
use crate::{empty, fail, succeed};
use serde_json::Value;
use std::path::Path;

/// Trains the smallest network on a few images into a folder.
fn train(folder: &Path, out: &str, options: &[&str]) -> String {
    let train = ["train", "--preset", "tiny", "--limit", "256", "--out", out];
    succeed(folder, &[&train, options].concat())
}

/// A run's metrics, without what a clock has to do with.
fn timeless(run: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(run.join("metrics.jsonl")).unwrap();
    let mut lines = json_lines(&text);
    for line in &mut lines {
        let fields = line.as_object_mut().unwrap();
        fields.retain(|name, _| name != "seconds" && name != "images_per_second");
    }
    lines
}

fn models(run: &Path) -> [Vec<u8>; 2] {
    ["model.safetensors", "best.safetensors"].map(|name| {
        let bytes = std::fs::read(run.join(name)).unwrap();
        // After the header, which has the metrics with their times.
        let header = u64::from_le_bytes(bytes[..8].try_into().unwrap());
        bytes[8 + header as usize..].to_vec()
    })
}

#[test]
fn a_complete_run_is_made_longer_and_says_what_becomes_of_the_rate() {
    let folder = empty();
    train(folder.path(), "run", &["--epochs", "2"]);
    let out = succeed(folder.path(), &["train", "--resume", "run", "--more", "2"]);
    assert!(
        out.contains("for 4 epochs") && out.contains("now spans 4 epochs"),
        "{out}"
    );
    assert!(
        out.contains("Epoch#3 ") && out.contains("Epoch#4 "),
        "{out}"
    );
    assert!(out.contains("test images, looked at once more"), "{out}");
    let again = succeed(folder.path(), &["train", "--resume", "run"]);
    assert!(again.contains("the run was complete"), "{again}");
}

#[test]
fn a_fork_with_another_rate_is_replayed_from_its_spec_and_its_changes() {
    let folder = empty();
    let at = |name: &str| folder.path().join(name);
    train(folder.path(), "run", &["--epochs", "3"]);
    let whole = timeless(&at("run"));
    let fork = [
        "train",
        "--fork",
        "run",
        "--after",
        "1",
        "--set",
        "learning_rate=0.02",
        "--out",
        "forked",
    ];
    let out = succeed(folder.path(), &fork);
    assert!(out.contains("forked from run after epoch 1"), "{out}");
    assert!(out.contains("learning_rate 0.02"), "{out}");
    let forked = timeless(&at("forked"));
    assert_eq!((forked.len(), &forked[0]), (3, &whole[0]));
    assert_ne!(forked[1], whole[1]);
    assert_eq!(timeless(&at("run")), whole);

    let replay = [
        "train",
        "--spec",
        "run/spec.json",
        "--limit",
        "256",
        "--steering",
        "forked/steering.jsonl",
        "--out",
        "replayed",
        "--json",
    ];
    let lines = json_lines(&succeed(folder.path(), &replay));
    let steered: Vec<&Value> = lines
        .iter()
        .filter(|line| line["event"] == "steered")
        .collect();
    assert_eq!(steered.len(), 1, "{lines:?}");
    assert_eq!(steered[0]["epoch"], 2);
    assert_eq!(steered[0]["set"]["learning_rate"], 0.02);
    assert_eq!(timeless(&at("replayed")), forked);
    assert_eq!(models(&at("replayed")), models(&at("forked")));
}

#[test]
fn a_run_begins_with_another_runs_weights_and_names_what_is_new() {
    let folder = empty();
    train(folder.path(), "run", &["--epochs", "1"]);
    let path = folder.path().join("wider.json");
    let spec = std::fs::read_to_string(folder.path().join("run/spec.json")).unwrap();
    let mut spec: Value = serde_json::from_str(&spec).unwrap();
    let layers = spec["layers"].as_array_mut().unwrap();
    let last = layers.len() - 1;
    layers.insert(last, serde_json::json!({"Dense": {"units": 16}}));
    spec["epochs"] = 1.into();
    spec["frozen_layers"] = 2.into();
    std::fs::write(&path, spec.to_string()).unwrap();
    let begin = [
        "train",
        "--spec",
        "wider.json",
        "--limit",
        "256",
        "--init-from",
        "run",
        "--out",
        "begun",
    ];
    let out = succeed(folder.path(), &begin);
    let fresh = format!("new are {last}.weight");
    assert!(
        out.contains("tensors begin as in run/best.safetensors") && out.contains(&fresh),
        "{out}"
    );
    let origin = std::fs::read_to_string(folder.path().join("begun/origin.json")).unwrap();
    assert!(origin.contains("\"taken\""), "{origin}");
}

#[test]
fn what_cannot_be_is_said_before_anything_is_written() {
    let folder = empty();
    train(folder.path(), "run", &["--epochs", "1"]);
    let refused = |code, args: &[&str]| fail(folder.path(), code, &[&["train"], args].concat());
    let fork = |more: &[&'static str]| -> Vec<&'static str> {
        [&["--fork", "run", "--out", "new"], more].concat()
    };
    for (code, args, expected) in [
        (1, fork(&["--after", "7"]), "there are those after epochs 1"),
        (
            1,
            fork(&["--set", "batch_size=32"]),
            "while a run is under way only",
        ),
        (1, fork(&["--set", "learning_rate=-1"]), "learning_rate"),
        (2, fork(&["--set", "learning_rate"]), "--set"),
        (
            2,
            vec!["--preset", "tiny", "--more", "2"],
            "give --resume DIR or --fork DIR",
        ),
        (1, vec!["--resume", "run", "--set", "seed=2"], "seed"),
    ] {
        let error = refused(code, &args);
        assert!(error.contains(expected), "{args:?}: {error}");
    }
    std::fs::write(
        folder.path().join("bad.jsonl"),
        "{\"step\":1}\n{\"step\":2,\"set\":7}\n",
    )
    .unwrap();
    let bad = [
        "--preset",
        "tiny",
        "--steering",
        "bad.jsonl",
        "--out",
        "new",
    ];
    let error = refused(1, &bad);
    assert!(error.contains("bad.jsonl: line 1"), "{error}");
    assert!(!folder.path().join("new").exists());
}
