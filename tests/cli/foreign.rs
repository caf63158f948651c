//! Models that other programs have saved, and programs for other libraries.

use crate::{empty, fail, run, succeed, train_tiny};
use fmnist_tui::nn::softmax;
use safetensors::SafeTensors;
use std::path::{Path, PathBuf};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
}

/// A folder with somebody's state dict, the spec of its network and the first of its images as a picture.
fn theirs() -> tempfile::TempDir {
    let folder = empty();
    for name in [
        "state_dict.safetensors",
        "state_dict_wrapped.safetensors",
        "state_dict.json",
    ] {
        std::fs::copy(fixture(name), folder.path().join(name)).unwrap();
    }
    let answers = std::fs::read(fixture("state_dict_images.safetensors")).unwrap();
    let answers = SafeTensors::deserialize(&answers).unwrap();
    let picture = std::fs::File::create(folder.path().join("image.png")).unwrap();
    let mut picture = png::Encoder::new(picture, 28, 28);
    picture.set_color(png::ColorType::Grayscale);
    let mut picture = picture.write_header().unwrap();
    picture
        .write_image_data(&answers.tensor("images").unwrap().data()[..784])
        .unwrap();
    folder
}

/// PyTorch's probabilities of the first image.
fn expected(logits: &str) -> Vec<f32> {
    let answers = std::fs::read(fixture("state_dict_images.safetensors")).unwrap();
    let answers = SafeTensors::deserialize(&answers).unwrap();
    let bytes = &answers.tensor(logits).unwrap().data()[..40];
    let (logits, _) = bytes.as_chunks::<4>();
    let logits: Vec<f32> = logits
        .iter()
        .map(|bytes| f32::from_le_bytes(*bytes))
        .collect();
    softmax(&logits, logits.len())
}

#[test]
fn a_state_dict_of_pytorch_says_what_pytorch_says() {
    let folder = theirs();
    let place = folder.path();
    let cases = [
        (
            "state_dict.safetensors",
            "logits",
            "conv1 → layer 1, bn1 → layer 2, conv2 → layer 5",
        ),
        (
            "state_dict_wrapped.safetensors",
            "wrapped_logits",
            "conv1.bias, conv2.bias not in the file: zeros",
        ),
    ];
    for (file, logits, how) in cases {
        let args = [
            "predict",
            file,
            "--spec",
            "state_dict.json",
            "--image",
            "image.png",
            "--json",
        ];
        let (code, out, notes) = run(place, &args);
        assert_eq!(code, 0, "{notes}");
        assert_eq!(notes.lines().count(), 1, "{notes}");
        assert!(notes.contains(how), "{notes}");
        let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
        let found = answer["probabilities"].as_array().unwrap();
        for (found, expected) in found.iter().zip(expected(logits)) {
            let difference = found.as_f64().unwrap() - f64::from(expected);
            assert!(difference.abs() < 1e-5, "{found}, not {expected}");
        }
    }
}

#[test]
fn every_command_takes_a_state_dict_with_its_spec() {
    let folder = theirs();
    let place = folder.path();
    let model = ["state_dict.safetensors", "--spec", "state_dict.json"];
    for more in [
        &["eval"][..],
        &["inspect"],
        &["calibration"],
        &["mute", "--layer", "1", "--units", "0"],
        &["look", "--index", "0"],
        &["work-out", "--index", "0", "--layer", "1"],
    ] {
        let args = [&more[..1], &model, &more[1..]].concat();
        let (code, out, err) = run(place, &args);
        assert_eq!(code, 0, "{args:?}: {err}");
        assert!(
            !out.is_empty() && err.contains("conv1 → layer 1"),
            "{args:?}: {err}"
        );
    }
    let args = [
        "export",
        model[0],
        "--spec",
        model[2],
        "--onnx",
        "model.onnx",
    ];
    succeed(place, &args);
    train_tiny(place);
    let compared = ["compare", model[0], "run", "--spec", model[2], "--best"];
    assert!(succeed(place, &compared).contains("What differs"));
    let out = succeed(
        place,
        &[
            "train",
            "--spec",
            model[2],
            "--init-from",
            model[0],
            "--epochs",
            "1",
            "--limit",
            "256",
            "--out",
            "on",
        ],
    );
    assert!(out.contains("conv1 → layer 1"), "{out}");
    let problem = fail(
        place,
        1,
        &["eval", "run/best.safetensors", "--spec", "tiny"],
    );
    assert!(
        problem.contains("spec of its own; leave --spec away"),
        "{problem}"
    );
}

#[test]
fn what_cannot_be_read_is_refused_with_what_to_do() {
    let folder = theirs();
    let place = folder.path();
    let problem = fail(place, 1, &["eval", "state_dict.safetensors"]);
    assert!(problem.contains("--spec FILE|PRESET"), "{problem}");
    let problem = fail(
        place,
        1,
        &["eval", "state_dict.safetensors", "--spec", "tiny"],
    );
    assert!(
        problem.contains("the spec has") && problem.contains("\"fc1\", \"fc2\""),
        "{problem}"
    );
    let problem = fail(
        place,
        2,
        &["eval", "state_dict.safetensors", "--spec", "nosuch"],
    );
    assert!(
        problem.contains("neither such a file nor such a preset"),
        "{problem}"
    );
    std::fs::write(
        place.join("net.pt"),
        b"PK\x03\x04..........................net/data.pkl",
    )
    .unwrap();
    let problem = fail(place, 1, &["eval", "net.pt", "--spec", "tiny"]);
    assert!(
        problem.contains("it is a file of torch.save; convert it in Python: import torch"),
        "{problem}"
    );
}

#[test]
fn a_network_goes_out_as_a_program_of_pytorch_and_of_keras() {
    let folder = theirs();
    let place = folder.path();
    train_tiny(place);
    let said = succeed(place, &["export", "run", "--python", "net.py"]);
    assert!(said.starts_with("Wrote net.py: PyTorch"), "{said}");
    let text = std::fs::read_to_string(place.join("net.py")).unwrap();
    assert!(
        text.contains("python net.py --weights") && text.contains("Ankle boot"),
        "{text}"
    );
    assert!(!text.contains("NORMALIZATION = None"), "{text}");
    let text = succeed(place, &["export", "--spec", "best", "--python", "-"]);
    assert!(
        text.contains("class Muon") && text.contains("NORMALIZATION = None"),
        "{text}"
    );
    let text = succeed(place, &["export", "--spec", "best", "--keras", "-"]);
    assert!(
        text.contains("skip_") && text.contains("AdamW takes the place of Muon"),
        "{text}"
    );
    let problem = fail(
        place,
        2,
        &["export", "--spec", "best", "--onnx", "best.onnx"],
    );
    assert!(problem.contains("name one run or model file"), "{problem}");
}
