//! The maths against PyTorch: every layer's output and gradients, three steps of every optimiser.
//!
//! `tests/fixtures/generate.py` wrote the expected values.

#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the configured exception covers only functions marked as tests"
)]

use dfdx::prelude::*;
use fmnist_tui::nn::{Model, Network, Optimizer, Pass, TensorData};
use fmnist_tui::spec::{Initializer, Input, Layer, Loss, Spec, Validation, infer_layers};
use safetensors::SafeTensors;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// One fixture file: its tensors and metadata.
struct Fixture {
    tensors: HashMap<String, Vec<f32>>,
    labels: Vec<u8>,
    metadata: HashMap<String, String>,
}

impl Fixture {
    fn read(path: &Path) -> Self {
        let bytes = std::fs::read(path).unwrap();
        let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
        let file = SafeTensors::deserialize(&bytes).unwrap();
        let mut labels = Vec::new();
        let mut tensors = HashMap::new();
        for (name, view) in file.iter() {
            if name == "labels" {
                labels = view.data().to_vec();
            } else {
                let (values, _) = view.data().as_chunks::<4>();
                let values = values.iter().map(|bytes| f32::from_le_bytes(*bytes));
                tensors.insert(name.to_owned(), values.collect());
            }
        }
        Self {
            tensors,
            labels,
            metadata: header.metadata().clone().unwrap(),
        }
    }

    fn json<T: serde::de::DeserializeOwned>(&self, key: &str) -> T {
        serde_json::from_str(&self.metadata[key]).unwrap()
    }

    /// Sets the network's tensors to the fixture's `param.*`.
    fn load(&self, network: &mut Network) {
        let mut state = network.state();
        for tensor in &mut state {
            if let TensorData::F32(values) = &mut tensor.data {
                *values = self.tensors[&format!("param.{}", tensor.name)].clone();
            }
        }
        network.load_state(&state).unwrap();
    }
}

fn fixtures(prefix: &str) -> Vec<(String, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (
                path.file_stem().unwrap().to_string_lossy().into_owned(),
                path,
            )
        })
        .filter(|(name, path)| {
            name.starts_with(prefix) && path.extension().is_some_and(|end| end == "safetensors")
        })
        .collect();
    found.sort();
    found
}

/// Agreement to 1e-4 of the larger of the value and the tensor's typical size. Sums that cancel to
/// nothing (a bias before batch norm has no gradient) keep the rounding of what was summed, hence
/// the floor of 0.05 for "typical".
fn assert_close(what: &str, actual: &[f32], expected: &[f32]) {
    assert_eq!(actual.len(), expected.len(), "{what}: number of values");
    let squares: f32 = expected.iter().map(|v| v * v).sum();
    let typical = (squares / expected.len().max(1) as f32).sqrt().max(0.05);
    for (index, (actual, expected)) in actual.iter().zip(expected).enumerate() {
        let error = (actual - expected).abs();
        assert!(
            error <= 1e-4 * expected.abs().max(typical),
            "{what}[{index}]: {actual} is not {expected}"
        );
    }
}

#[test]
fn every_layer_and_its_gradients_agree_with_pytorch() {
    let cases = fixtures("layer_");
    assert!(cases.len() >= 40, "only {} layer fixtures", cases.len());
    let device = Cpu::default();
    for (name, path) in cases {
        let fixture = Fixture::read(&path);
        let layers: Vec<Layer> = fixture.json("layers");
        let input: Input = fixture.json("input");
        let rows = infer_layers(&layers, input).unwrap();
        let mut network =
            Network::new(&layers, &rows, Initializer::HeNormal { gain: 1.0 }, 1, true).unwrap();
        fixture.load(&mut network);

        let pixels = &fixture.tensors["input"];
        let pass = Pass::Train { seed: 1, step: 0 };
        let y = network.forward(pixels, pass).unwrap();
        assert_close(
            &format!("{name} output"),
            &y.as_vec(),
            &fixture.tensors["output"],
        );
        let weights = fixture.tensors["grad_output"].clone();
        let weights = device.tensor_from_vec(weights, *y.shape());
        (y * weights).sum::<Rank0, _>().backward();

        assert_close(
            &format!("{name} grad_input"),
            &network.input_gradient(),
            &fixture.tensors["grad_input"],
        );
        let gradients = network.gradients().lock();
        for (parameter, gradient) in network.parameters().iter().zip(&*gradients) {
            let expected = &fixture.tensors[&format!("grad.{}", parameter.name)];
            assert_close(
                &format!("{name} grad.{}", parameter.name),
                gradient,
                expected,
            );
        }
        for tensor in network.state() {
            if let (Some(expected), TensorData::F32(values)) = (
                fixture.tensors.get(&format!("after.{}", tensor.name)),
                &tensor.data,
            ) {
                assert_close(&format!("{name} after.{}", tensor.name), values, expected);
            }
        }
        let y = network.evaluate(pixels).unwrap();
        assert_close(
            &format!("{name} eval_output"),
            &y,
            &fixture.tensors["eval_output"],
        );
    }
}

#[test]
fn three_steps_of_every_optimiser_agree_with_pytorch() {
    let cases = fixtures("optimizer_");
    assert!(cases.len() >= 12, "only {} optimiser fixtures", cases.len());
    for (name, path) in cases {
        let fixture = Fixture::read(&path);
        let spec = Spec {
            name: name.clone(),
            dataset: "fixture".into(),
            input: fixture.json("input"),
            layers: fixture.json("layers"),
            loss: Loss::SoftmaxCrossEntropy {
                label_smoothing: fixture.json("label_smoothing"),
            },
            optimizer: fixture.json("optimizer"),
            learning_rate: fixture.json("learning_rate"),
            batch_size: fixture.labels.len(),
            epochs: 1,
            gradient_clip: fixture
                .metadata
                .get("gradient_clip")
                .map_or(0.0, |text| text.parse().unwrap()),
            validation: Validation::default(),
            ..Spec::smallest()
        };
        let mut model = Model::new(&spec.check().unwrap()).unwrap();
        fixture.load(model.network_mut());
        let mut optimizer = Optimizer::new(spec.optimizer);
        for step in 1..=3 {
            let outcome = model
                .train_step(
                    &fixture.tensors["input"],
                    &fixture.labels,
                    &mut optimizer,
                    spec.learning_rate,
                    step - 1,
                )
                .unwrap();
            let expected = &fixture.tensors[&format!("loss.{step}")];
            assert_close(&format!("{name} loss.{step}"), &[outcome.loss], expected);
            for tensor in model.network().state() {
                if let TensorData::F32(values) = &tensor.data {
                    let key = format!("step{step}.{}", tensor.name);
                    assert_close(&format!("{name} {key}"), values, &fixture.tensors[&key]);
                }
            }
        }
    }
}
