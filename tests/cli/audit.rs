//! `data audit`, and training without the images that it lists.

use crate::{empty, fail, succeed};
use fmnist_tui::text::width;
use serde_json::Value;

#[test]
fn an_audit_tells_what_it_found_and_its_list_can_be_trained_with() {
    let folder = empty();
    let common = [
        "data", "audit", "--limit", "400", "--epochs", "2", "--folds", "2",
    ];
    let args = [&common[..], &["--similarity", "0.97", "--out", "list.txt"]].concat();
    let text = succeed(folder.path(), &args);
    assert!(text.lines().all(|line| width(line) <= 80), "{text}");
    for part in [
        "Data: sample (sample set, not Fashion-MNIST), 400 training and 1,000 validation",
        "Labels: judged by tiny, 2 folds, 2 epochs; right on 0.",
        "label likely wrong ",
        "all pixels the same ",
        "--exclude list.txt",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let args = [
        &common[..],
        &["--similarity", "0.97", "--probabilities", "p.csv", "--json"],
    ]
    .concat();
    let object: Value = serde_json::from_str(&succeed(folder.path(), &args)).unwrap();
    let issues = object["training"]["label_issues"].as_array().unwrap().len();
    let repeated = object["training"]["repeated"].as_array().unwrap().len();
    assert!(issues > 0 && repeated > 0, "{issues} {repeated}");
    let list = std::fs::read_to_string(folder.path().join("list.txt")).unwrap();
    let listed = list.lines().filter(|line| !line.starts_with('#')).count();
    assert!(listed >= issues.max(repeated) && listed < 400, "{listed}");
    assert!(
        list.contains("# almost training image ") || list.contains("; almost training image "),
        "{list}"
    );
    let csv = std::fs::read_to_string(folder.path().join("p.csv")).unwrap();
    assert!(csv.starts_with("split,image,label,p0,p1,"), "{csv}");
    assert_eq!(csv.lines().count(), 1 + 400 + 1000);

    // Without these images.
    let args = [
        "train",
        "--preset",
        "tiny",
        "--epochs",
        "1",
        "--limit",
        "400",
        "--exclude",
        "list.txt",
        "--out",
        "run",
    ];
    let out = succeed(folder.path(), &args);
    let said = format!("Left out: {listed} training images, by list.txt");
    assert!(out.contains(&said), "{said}: {out}");
    let kept = std::fs::read_to_string(folder.path().join("run/excluded.txt")).unwrap();
    assert_eq!(kept.lines().count(), listed);
    let spec = folder.path().join("run/spec.json");
    assert!(
        std::fs::read_to_string(spec)
            .unwrap()
            .contains("\"exclude\": \"list.txt\"")
    );
    let summary = succeed(folder.path(), &["summary", "--spec", "run/spec.json"]);
    assert!(
        summary.contains(&format!("{listed} training images, by list.txt")),
        "{summary}"
    );
}

#[test]
fn what_makes_no_sense_together_is_said() {
    let folder = empty();
    let fails = |args: &[&str]| fail(folder.path(), 2, &[&["data", "audit"], args].concat());
    assert!(fails(&["--similarity", "0.5"]).contains("--similarity: is 0.5"));
    assert!(fails(&["--epochs", "0"]).contains("--epochs: is 0"));
    let error = fail(
        folder.path(),
        1,
        &["data", "audit", "--limit", "3", "--folds", "2"],
    );
    assert!(
        error.contains("3 training images are too few for 2 folds"),
        "{error}"
    );
}
