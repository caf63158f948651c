//! `explain`, `learn`, and what `train` says about its curves.

use crate::program::{fail, json_lines, succeed};
use serde_json::Value;

fn object(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_topic_is_explained_with_the_numbers_of_a_network_and_of_a_run() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let plain = succeed(path, &["explain", "Conv2d"]);
    assert!(plain.starts_with("Conv2d, a convolution\n") && !plain.contains("28×28 into"));
    for line in plain.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    let here = succeed(path, &["explain", "--preset", "tiny", "--layer", "1"]);
    assert!(here.contains("1×28×28 into 8×14×14"), "{here}");
    succeed(
        path,
        &[
            "train", "--preset", "tiny", "--epochs", "1", "--limit", "500", "--out", "run",
        ],
    );
    let of_run = succeed(path, &["explain", "curves", "--run", "run", "--json"]);
    let of_run = object(&of_run);
    assert_eq!(of_run["topic"], "curves");
    assert!(
        of_run["paragraphs"].to_string().contains("After epoch 1"),
        "{of_run}"
    );
}

#[test]
fn topics_are_listed_searched_and_misspelt() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let all = object(&succeed(path, &["explain", "--list", "--json"]));
    assert!(all["topics"].as_array().unwrap().len() > 60);
    let found = succeed(path, &["explain", "--search", "by heart"]);
    assert!(
        found.lines().nth(1).unwrap().starts_with("overfitting "),
        "{found}"
    );
    let error = fail(path, 2, &["explain", "heart"]);
    assert!(error.contains("overfitting"), "{error}");
    fail(path, 2, &["explain"]);
    fail(path, 2, &["explain", "--layer", "99", "--preset", "tiny"]);
}

#[test]
fn lessons_are_listed_for_people_and_programs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let lessons = object(&succeed(path, &["learn", "--list", "--json"]));
    let names: Vec<&str> = lessons["lessons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|lesson| lesson["lesson"].as_str().unwrap())
        .collect();
    let expected = [
        "first-network",
        "convolution",
        "overfitting",
        "dropout",
        "batch-norm",
        "accuracy-error",
    ];
    assert_eq!(names, expected);
    for line in succeed(path, &["learn", "--list"]).lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn an_epoch_with_something_to_say_says_it() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["train", "--preset", "tiny", "--epochs", "1"];
    let text = succeed(folder.path(), &args);
    assert!(
        text.contains("\n  validation lies above training: "),
        "{text}"
    );
    let json = succeed(folder.path(), &[&args[..], &["--json"]].concat());
    let epoch = json_lines(&json)
        .into_iter()
        .find(|line| line["event"] == "epoch")
        .unwrap();
    let remark = epoch["remark"].as_str().unwrap();
    assert!(
        remark.starts_with("validation lies above training"),
        "{remark}"
    );
}
