//! Looking into a model: one value worked out, what a kernel is good for, where it looks by Grad-CAM.

use crate::program::json_lines;
use crate::{empty, fail, run, succeed, train_tiny};
use serde_json::Value;

fn json(folder: &std::path::Path, args: &[&str]) -> Value {
    json_lines(&succeed(folder, args)).remove(0)
}

fn fits(text: &str) -> bool {
    text.lines().all(|line| line.chars().count() <= 80)
}

#[test]
fn a_value_is_worked_out_from_patch_and_kernel() {
    let folder = empty();
    train_tiny(folder.path());
    let of = ["work-out", "run", "--index", "3", "--layer"];
    let args = [&of[..], &["4", "--channel", "2", "--at", "1,2", "--json"]].concat();
    let worked = json(folder.path(), &args);
    let step = &worked["steps"][0];
    assert_eq!(
        (step["layer"].as_u64(), step["at"]["row"].as_u64()),
        (Some(4), Some(1))
    );
    let sum = |parts: &Value| -> f64 {
        let parts = parts.as_array().unwrap().iter();
        parts.map(|part| part["sum"].as_f64().unwrap()).sum()
    };
    let terms = sum(&step["made_of"]["parts"]) + step["made_of"]["bias"].as_f64().unwrap();
    assert!(
        (terms - step["network"].as_f64().unwrap()).abs() < 1e-4,
        "{step}"
    );
    // What the next layer makes of it begins with it.
    let next = &worked["steps"][1];
    assert_eq!(next["made_of"]["input"], step["network"]);
    let args = [&of[..], &["1", "--at", "0,0"]].concat();
    let text = succeed(folder.path(), &args);
    for part in [
        "· is padding",
        "bias",
        "It depends on rows 0 to",
        "1 Conv2d",
    ] {
        assert!(text.contains(part), "{text}");
    }
    assert!(fits(&text), "{text}");
    let args = [&of[..], &["1", "--at", "99,0"]].concat();
    let error = fail(folder.path(), 2, &args);
    assert!(error.contains("rows 0 to 13"), "{error}");
    let args = [&of[..], &["0"]].concat();
    let error = fail(folder.path(), 2, &args);
    assert!(error.contains("numbered 1 to"), "{error}");
}

#[test]
fn muting_says_what_a_kernel_is_good_for() {
    let folder = empty();
    train_tiny(folder.path());
    let eval = json(folder.path(), &["eval", "run/best.safetensors", "--json"]);
    let mute = ["mute", "run", "--layer", "1"];
    let args = [&mute[..], &["--units", "0,1,2", "--json"]].concat();
    let muted = json(folder.path(), &args);
    let number = |of: &Value, name: &str| of[name].as_f64().unwrap();
    assert_eq!(muted["accuracy_before"], eval["accuracy"]);
    let change = number(&muted, "accuracy_after") - number(&muted, "accuracy_before");
    assert!((change - number(&muted, "difference")).abs() < 1e-12);
    let classes = muted["classes"].as_array().unwrap();
    let right: f64 = classes
        .iter()
        .map(|class| number(class, "right_after"))
        .sum();
    assert!((right / 1000.0 - number(&muted, "accuracy_after")).abs() < 1e-12);
    let text = succeed(folder.path(), &[&mute[..], &["--units", "0"]].concat());
    assert!(text.contains("accuracy ") && fits(&text), "{text}");
    let each = json(folder.path(), &[&mute[..], &["--each", "--json"]].concat());
    let each = each["each"].as_array().unwrap();
    let after: Vec<f64> = each
        .iter()
        .map(|one| number(one, "accuracy_after"))
        .collect();
    assert!(after.len() > 1 && after.is_sorted(), "{after:?}");
    let text = succeed(folder.path(), &[&mute[..], &["--each"]].concat());
    assert!(text.contains("hurt most") && fits(&text), "{text}");
    let error = fail(
        folder.path(),
        2,
        &[&mute[..], &["--units", "4096"]].concat(),
    );
    assert!(error.contains("has the units 0 to"), "{error}");
    let (code, _, error) = run(folder.path(), &mute);
    assert!(code == 2 && error.contains("--each"), "{error}");
}

#[test]
fn grad_cam_weighs_the_last_maps() {
    let folder = empty();
    train_tiny(folder.path());
    let look = ["look", "run", "--index", "3", "--method", "grad-cam"];
    let cam = json(folder.path(), &[&look[..], &["--json"]].concat());
    let map = cam["map"].as_array().unwrap();
    assert_eq!(map.len(), 784);
    assert!(map.iter().all(|value| value.as_f64().unwrap() >= 0.0));
    let occlusion = json(folder.path(), &["look", "run", "--index", "3", "--json"]);
    assert_eq!(cam["class"], occlusion["class"]);
    let args = [&look[..], &["--class", "2", "--layer", "1"]].concat();
    let text = succeed(folder.path(), &args);
    assert!(
        text.contains("layer 1") && text.contains("Pullover with") && fits(&text),
        "{text}"
    );
    let error = fail(folder.path(), 2, &[&look[..], &["--layer", "8"]].concat());
    assert!(error.contains("is flat"), "{error}");
    let error = fail(
        folder.path(),
        2,
        &["look", "run", "--index", "3", "--layer", "1"],
    );
    assert!(error.contains("--method grad-cam"), "{error}");
}
