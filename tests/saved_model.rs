//! Saved models: what `torch.nn.Sequential.load_state_dict` expects, and the same model when read back.

#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the configured exception covers only functions marked as tests"
)]

use fmnist_tui::data::Normalization;
use fmnist_tui::nn::{Model, ModelInfo, Optimizer, load_model, load_state_dict, save_model};
use fmnist_tui::spec::{CheckedSpec, Layer, Spec, preset};
use safetensors::SafeTensors;
use std::path::Path;

fn info(spec: &CheckedSpec) -> ModelInfo {
    ModelInfo {
        spec: spec.clone(),
        dataset: "fashion-mnist".into(),
        class_names: (0..10).map(|class| format!("class {class}")).collect(),
        normalization: Normalization {
            mean: 0.286,
            std: 0.353,
        },
        metrics: serde_json::json!({"epoch": 3, "validation_accuracy": 0.9}),
    }
}

fn pixels(images: usize) -> Vec<f32> {
    (0..images * 784)
        .map(|index| ((index * 37) % 255) as f32 / 127.0 - 1.0)
        .collect()
}

/// A model that has taken two steps, so that nothing is at its first value.
fn stepped(spec: &CheckedSpec) -> Model {
    let mut model = Model::new(spec).unwrap();
    let mut optimizer = Optimizer::new(spec.optimizer);
    let labels: Vec<u8> = (0..12).map(|image| image % 10).collect();
    for step in 0..2 {
        model
            .train_step(&pixels(12), &labels, &mut optimizer, 1e-2, step)
            .unwrap();
    }
    model
}

/// `[(name, list(tensor.shape)) for name, tensor in net.state_dict().items()]` of the network.
const BN_DROPOUT_STATE_DICT: [(&str, &[usize]); 30] = [
    ("0.weight", &[64, 1, 3, 3]),
    ("0.bias", &[64]),
    ("1.weight", &[64]),
    ("1.bias", &[64]),
    ("1.running_mean", &[64]),
    ("1.running_var", &[64]),
    ("1.num_batches_tracked", &[]),
    ("5.weight", &[64, 64, 3, 3]),
    ("5.bias", &[64]),
    ("6.weight", &[64]),
    ("6.bias", &[64]),
    ("6.running_mean", &[64]),
    ("6.running_var", &[64]),
    ("6.num_batches_tracked", &[]),
    ("11.weight", &[256, 2304]),
    ("11.bias", &[256]),
    ("12.weight", &[256]),
    ("12.bias", &[256]),
    ("12.running_mean", &[256]),
    ("12.running_var", &[256]),
    ("12.num_batches_tracked", &[]),
    ("15.weight", &[64, 256]),
    ("15.bias", &[64]),
    ("16.weight", &[64]),
    ("16.bias", &[64]),
    ("16.running_mean", &[64]),
    ("16.running_var", &[64]),
    ("16.num_batches_tracked", &[]),
    ("19.weight", &[10, 64]),
    ("19.bias", &[10]),
];

#[test]
fn a_saved_model_has_the_names_shapes_and_types_of_torchs_state_dict() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    let spec = preset("bn-dropout").unwrap();
    save_model(&path, &stepped(&spec).snapshot(info(&spec))).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let mut found: Vec<(String, Vec<usize>)> = file
        .iter()
        .map(|(name, view)| (name.to_owned(), view.shape().to_vec()))
        .collect();
    let mut expected: Vec<(String, Vec<usize>)> = BN_DROPOUT_STATE_DICT
        .iter()
        .map(|(name, shape)| ((*name).to_owned(), shape.to_vec()))
        .collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    for (name, view) in file.iter() {
        let counter = name.ends_with("num_batches_tracked");
        let expected = if counter { "I64" } else { "F32" };
        assert_eq!(view.dtype().to_string(), expected, "{name}");
        if counter {
            assert_eq!(view.data(), 2_i64.to_le_bytes(), "{name}");
        }
    }

    let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
    let metadata = header.metadata().clone().unwrap();
    assert_eq!(
        Spec::parse(&metadata["spec"], Path::new("metadata")).unwrap(),
        spec
    );
    assert_eq!(metadata["dataset"], "fashion-mnist");
    let normalization: serde_json::Value =
        serde_json::from_str(&metadata["normalization"]).unwrap();
    assert!((normalization["mean"].as_f64().unwrap() - 0.286).abs() < 1e-6);
    assert!((normalization["std"].as_f64().unwrap() - 0.353).abs() < 1e-6);
    let metrics: serde_json::Value = serde_json::from_str(&metadata["metrics"]).unwrap();
    assert_eq!(metrics["epoch"], 3);
}

#[test]
fn a_model_read_back_gives_the_same_scores_to_the_last_bit() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["bn-dropout", "lenet5", "mlp", "tiny"] {
        let spec = preset(name).unwrap();
        let model = stepped(&spec);
        let path = folder.path().join(name);
        save_model(&path, &model.snapshot(info(&spec))).unwrap();
        let (again, read) = load_model(&path).unwrap();
        assert_eq!(read, info(&spec));
        assert_eq!(
            again.logits(&pixels(5)).unwrap(),
            model.logits(&pixels(5)).unwrap(),
            "{name}"
        );
    }
}

#[test]
fn a_small_file_cannot_claim_a_large_network() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    let spec = preset("tiny").unwrap();
    let mut claim = info(&spec);
    let insert = |spec: &mut Spec| {
        spec.layers.insert(6, Layer::Flatten);
        spec.layers.insert(7, Layer::Dense { units: 65_536 });
    };
    claim.spec = claim.spec.changed(insert).unwrap();
    save_model(&path, &stepped(&spec).snapshot(claim)).unwrap();
    let error = load_model(&path).err().unwrap().to_string();
    assert!(error.contains("model.safetensors"), "{error}");
    assert!(error.contains("more than the file holds"), "{error}");
}

#[test]
fn saving_over_a_model_replaces_it_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    for name in ["mlp", "tiny"] {
        let spec = preset(name).unwrap();
        save_model(&path, &stepped(&spec).snapshot(info(&spec))).unwrap();
    }
    assert_eq!(load_model(&path).unwrap().1.spec.name, "tiny");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn the_output_of_every_layer_leads_to_the_scores() {
    let spec = preset("bn-dropout").unwrap();
    let rows = &spec.summary().layers;
    let model = stepped(&spec);
    let outputs = model.layer_outputs(&pixels(1)).unwrap();
    assert_eq!(outputs.len(), rows.len());
    for (output, row) in outputs.iter().zip(rows) {
        assert_eq!(output.len(), row.output.elements(), "{}", row.description);
    }
    assert_eq!(outputs[19], model.logits(&pixels(1)).unwrap());
    assert_eq!(outputs[10], outputs[9], "flattening changes no value");
    let restored = model.snapshot(info(&spec)).restore().unwrap();
    assert_eq!(restored.layer_outputs(&pixels(1)).unwrap(), outputs);
}

#[test]
fn a_module_of_pytorch_has_pytorchs_scores() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let spec = Spec::read(&fixtures.join("state_dict.json")).unwrap();
    let answers = std::fs::read(fixtures.join("state_dict_images.safetensors")).unwrap();
    let answers = SafeTensors::deserialize(&answers).unwrap();
    let images = answers.tensor("images").unwrap();
    let normalized = |level: &u8| (f32::from(*level) / 255.0 - 0.25) / 0.5;
    let pixels: Vec<f32> = images.data().iter().map(normalized).collect();
    for (file, logits) in [
        ("state_dict.safetensors", "logits"),
        ("state_dict_wrapped.safetensors", "wrapped_logits"),
    ] {
        let (model, _) = load_state_dict(&fixtures.join(file), &spec).unwrap();
        let found = model.logits(&pixels).unwrap();
        let expected = answers.tensor(logits).unwrap();
        let (expected, _) = expected.data().as_chunks::<4>();
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            let expected = f32::from_le_bytes(*expected);
            assert!(
                (found - expected).abs() < 1e-4 * expected.abs().max(1.0),
                "{found}, not {expected}"
            );
        }
    }
}
