//! Model files: the safetensors frame, the metadata and the tensors.

use crate::damage::{damaged, flips};
use fmnist_tui::data::Normalization;
use fmnist_tui::nn::{Model, ModelFileError, ModelInfo, parse_model, parse_state_dict, save_model};
use fmnist_tui::spec::{CheckedSpec, Input, Layer, preset};
use proptest::prelude::*;
use safetensors::SafeTensors;
use std::collections::HashMap;
use std::path::Path;

/// A network of a few numbers.
pub fn spec() -> CheckedSpec {
    let mut spec = preset("tiny").unwrap().into_spec();
    spec.input = Input {
        channels: 1,
        height: 4,
        width: 4,
    };
    let norm = Layer::BatchNorm {
        eps: 1e-5,
        momentum: 0.1,
    };
    spec.layers = vec![Layer::Flatten, norm, Layer::Dense { units: 2 }];
    spec.check().unwrap()
}

/// Its model file.
pub fn good() -> Vec<u8> {
    let info = ModelInfo {
        spec: spec(),
        dataset: "fashion-mnist".into(),
        class_names: vec!["a".into(), "b".into()],
        normalization: Normalization {
            mean: 0.286,
            std: 0.353,
        },
        metrics: serde_json::json!({"epoch": 3}),
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    save_model(&path, &Model::new(&spec()).unwrap().snapshot(info)).unwrap();
    std::fs::read(path).unwrap()
}

fn parse(bytes: &[u8]) -> Result<(Model, ModelInfo), ModelFileError> {
    parse_model(bytes, Path::new("model.safetensors"))
}

/// Reads the bytes; a model must work and an error be one clean line.
fn read(bytes: &[u8]) {
    match parse(bytes) {
        Ok((model, info)) => {
            assert_eq!(model.classes(), info.class_names.len());
            let input = info.spec.input;
            let pixels = vec![0.5; input.channels * input.height * input.width];
            assert_eq!(model.logits(&pixels).unwrap().len(), model.classes());
        }
        Err(error) => {
            let line = error.to_string();
            assert!(!line.contains(char::is_control), "{line:?}");
        }
    }
}

/// The good file with other metadata.
pub fn with_metadata(change: impl FnOnce(&mut HashMap<String, String>)) -> Vec<u8> {
    let bytes = good();
    let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
    let mut metadata = header.metadata().clone().unwrap();
    change(&mut metadata);
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    safetensors::serialize(tensors.iter(), Some(metadata)).unwrap()
}

/// The good file's tensors alone, under names of another program: a state dict.
fn state_dict() -> Vec<u8> {
    let bytes = good();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let renamed = tensors.iter().map(|(name, view)| {
        let name = name
            .replace("1.", "module.norm.")
            .replace("2.", "module.fc.");
        (name, view)
    });
    safetensors::serialize(renamed, None).unwrap()
}

/// Reads the bytes as a state dict; a model must work and an error be one clean line.
fn read_state_dict(bytes: &[u8]) {
    match parse_state_dict(bytes, Path::new("theirs.safetensors"), &spec()) {
        Ok((model, _)) => assert_eq!(model.logits(&[0.5; 16]).unwrap().len(), 2),
        Err(error) => {
            let line = error.to_string();
            assert!(!line.contains(char::is_control), "{line:?}");
        }
    }
}

proptest! {
    #[test]
    fn damaged_state_dicts(bytes in damaged(state_dict())) {
        read_state_dict(&bytes);
    }

    #[test]
    fn random_bytes_behind_a_length(
        length in prop_oneof![any::<u64>(), 0_u64..300],
        rest in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        read(&rest);
        read(&[length.to_le_bytes().to_vec(), rest].concat());
    }

    #[test]
    fn damaged_files(bytes in damaged(good())) {
        read(&bytes);
    }

    #[test]
    fn damaged_metadata(
        key in prop_oneof![
            Just("spec"), Just("dataset"), Just("classes"), Just("normalization"), Just("metrics")
        ],
        noise in prop_oneof![
            any::<String>(),
            "[\\[\\]{}\",:0-9a-z\\\\]{0,60}",
        ],
    ) {
        read(&with_metadata(|metadata| {
            metadata.insert(key.into(), noise);
        }));
    }
}

#[test]
fn every_file_cut_short_is_refused() {
    let good = good();
    assert!(parse(&good).is_ok());
    for length in 0..good.len() {
        assert!(parse(&good[..length]).is_err(), "{length} bytes");
    }
}

#[test]
fn every_flipped_bit_is_survived() {
    let theirs = state_dict();
    assert!(parse_state_dict(&theirs, Path::new("theirs.safetensors"), &spec()).is_ok());
    for bytes in flips(&theirs) {
        read_state_dict(&bytes);
    }
    for bytes in flips(&good()) {
        read(&bytes);
    }
}

#[test]
fn numbers_that_cannot_be_used_are_refused_by_name() {
    let cases = [
        ("spec", "{}", "missing field"),
        ("classes", "[\"a\"]", "names 1 classes"),
        ("classes", "7", "its classes cannot be read"),
        (
            "normalization",
            "{\"mean\":0.1,\"std\":0.0}",
            "its normalization",
        ),
        (
            "normalization",
            "{\"mean\":1e400,\"std\":1.0}",
            "its normalization",
        ),
        ("metrics", "{", "its metrics cannot be read"),
    ];
    for (key, text, reason) in cases {
        let bytes = with_metadata(|metadata| {
            metadata.insert(key.into(), text.into());
        });
        let error = parse(&bytes).err().unwrap().to_string();
        assert!(error.contains(reason), "{key} = {text}: {error}");
    }
}

#[test]
fn an_error_shows_what_the_file_says_without_its_control_characters() {
    let text = "{\"\u{9b}2J\u{202e}\": 1}";
    let bytes = with_metadata(|metadata| {
        metadata.insert("normalization".into(), text.into());
    });
    let error = parse(&bytes).err().unwrap().to_string();
    assert!(!error.contains(['\u{9b}', '\u{202e}']), "{error:?}");
}
