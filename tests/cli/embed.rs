//! `embed`: the validation images in two dimensions.

use super::program::json_lines;
use super::{empty, fail, run, succeed, train_tiny};
use std::fs;

#[test]
fn embed_writes_where_each_image_lies() {
    let folder = empty();
    train_tiny(folder.path());
    let run = |more: &[&str]| {
        succeed(
            folder.path(),
            &[&["embed", "run", "--images", "100"], more].concat(),
        )
    };
    let text = run(&["--out", "map.csv"]);
    assert!(
        text.contains("100 of 1,000") && text.contains("trustworthiness  0."),
        "{text}"
    );
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
    let table = fs::read_to_string(folder.path().join("map.csv")).unwrap();
    let mut lines = table.lines();
    assert_eq!(lines.next(), Some("index,x,y,true,predicted"));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 100);
    for class in 0..10 {
        let class = class.to_string();
        assert_eq!(rows.iter().filter(|row| row[3] == class).count(), 10);
    }
    // The same answer as that of `predict`, the same map on the standard output and on any number of threads.
    let args = [
        "predict",
        "run/best.safetensors",
        "--index",
        rows[7][0],
        "--json",
    ];
    let answer = json_lines(&succeed(folder.path(), &args)).remove(0);
    assert_eq!(answer["class"].to_string(), rows[7][4]);
    assert_eq!(answer["true_class"].to_string(), rows[7][3]);
    assert_eq!(run(&["--out", "-", "--threads", "1"]), table);
    assert_eq!(run(&["--out", "-", "--threads", "3"]), table);
    let json = json_lines(&run(&["--json"])).remove(0);
    assert_eq!(
        (json["method"].as_str(), json["images"].as_u64()),
        (Some("tsne"), Some(100))
    );
    assert_eq!(json["points"][7]["true"].to_string(), rows[7][3]);
    let trust = |json: &serde_json::Value| json["trustworthiness"].as_f64().unwrap();
    assert!((0.5..=1.0).contains(&trust(&json)), "{json}");
    // As a picture, and by the other method.
    let json = json_lines(&run(&["--method", "pca", "--json", "--out", "map.svg"])).remove(0);
    assert_eq!(json["method"], "pca");
    assert!((0.5..=1.0).contains(&trust(&json)), "{json}");
    let picture = fs::read_to_string(folder.path().join("map.svg")).unwrap();
    assert!(picture.contains("<svg") && picture.contains("Pullover"));
}

#[test]
fn embed_says_what_is_wrong_with_its_options() {
    let folder = empty();
    let error = fail(folder.path(), 2, &["embed", "run", "--out", "map.txt"]);
    assert!(error.contains(".csv, .svg or .png"), "{error}");
    let error = fail(folder.path(), 2, &["embed", "run", "--out", "-", "--json"]);
    assert!(error.contains("--json"), "{error}");
    for images in ["0", "10001", "many"] {
        let args = ["embed", "run", "--json", "--images", images];
        let (code, _, error) = run(folder.path(), &args);
        assert!(code == 2 && error.contains("--images"), "{error}");
    }
    let (code, _, error) = run(folder.path(), &["embed", "run"]);
    assert!(code == 2 && error.contains("--out"), "{error}");
    fail(folder.path(), 1, &["embed", "nothing-here", "--json"]);
}
