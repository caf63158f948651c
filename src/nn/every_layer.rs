//! Small networks that have a layer of every kind, for tests.

use super::{Model, ModelInfo, Snapshot, TensorData};
use crate::data::Normalization;
use crate::spec::{Input, Spec};

/// Strides, padding, skip connections of both kinds, batch norm of maps and of units.
const MAPS: &str = include_str!("../../tests/fixtures/every_layer_maps.json");

const MEANS: &str = include_str!("../../tests/fixtures/every_layer_means.json");

/// Two networks for images of 2×9×8 pixels that have every kind of layer between them, with parameters and
/// statistics that are nothing special.
pub fn networks() -> [Snapshot; 2] {
    [MAPS, MEANS].map(|layers| {
        let mut spec = Spec::smallest();
        spec.input = Input {
            channels: 2,
            height: 9,
            width: 8,
        };
        spec.layers = serde_json::from_str(layers).unwrap();
        let spec = spec.check().unwrap();
        let info = ModelInfo {
            spec: spec.clone(),
            dataset: "none".into(),
            class_names: Vec::new(),
            normalization: Normalization {
                mean: 0.3,
                std: 0.4,
            },
            metrics: serde_json::Value::Null,
        };
        let mut snapshot = Model::new(&spec).unwrap().snapshot(info);
        for (index, tensor) in snapshot.state.iter_mut().enumerate() {
            let TensorData::F32(values) = &mut tensor.data else {
                continue;
            };
            let is_variance = tensor.name.ends_with("running_var");
            for (at, value) in values.iter_mut().enumerate() {
                let some = ((at * 37 + index * 11) % 64) as f32 / 64.0;
                *value = if is_variance { some + 0.2 } else { some - 0.4 };
            }
        }
        snapshot
    })
}

/// Pixels of one image for them.
pub fn pixels() -> Vec<f32> {
    (0..144)
        .map(|at| ((at * 29 + 7) % 97) as f32 / 40.0 - 1.0)
        .collect()
}
