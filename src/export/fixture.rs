//! Models for tests of the formats they are exported in.

use crate::data::Normalization;
use crate::nn::{Model, ModelInfo, Snapshot, TensorData};
use crate::spec::{ActivationFunction, Layer, Spec, preset};

/// A network that has every kind of layer and every activation, and a skip connection with a projection
/// and one without.
pub fn every_layer() -> Spec {
    let mut spec = preset("tiny").unwrap().into_spec();
    let is_flat = |layer: &Layer| {
        let flat = [Layer::Flatten, Layer::GlobalAvgPool];
        flat.contains(layer) || matches!(layer, Layer::Dense { .. })
    };
    let mut layers = Layer::choices();
    layers.retain(|layer| !is_flat(layer));
    for layer in &mut layers {
        match layer {
            Layer::Residual { span } => *span = 3,
            Layer::Conv2d { out_channels, .. } => *out_channels = 6,
            _ => {}
        }
    }
    let activation = || Layer::Activation(ActivationFunction::ReLU);
    let convolution = |out_channels, kernel_size, stride, padding| Layer::Conv2d {
        out_channels,
        kernel_size,
        stride,
        padding,
    };
    layers.extend([
        convolution(9, 3, 2, 1),
        Layer::Residual { span: 1 },
        Layer::MaxPool2d {
            kernel_size: 3,
            stride: 2,
            padding: 1,
        },
        Layer::AvgPool2d {
            kernel_size: 3,
            stride: 1,
            padding: 1,
        },
        Layer::GlobalAvgPool,
        Layer::Dense { units: 12 },
        Layer::BatchNorm {
            eps: 1e-3,
            momentum: 0.1,
        },
        activation(),
        Layer::Dense { units: 10 },
    ]);
    spec.layers = layers;
    spec
}

/// A model of `spec` whose running statistics are not those of the start.
pub fn snapshot(spec: Spec) -> (Model, Snapshot) {
    let spec = spec.check().unwrap();
    let mut model = Model::new(&spec).unwrap();
    let classes = (0..model.classes()).map(|class| format!("class \"{class}\""));
    let mut snapshot = model.snapshot(ModelInfo {
        spec,
        dataset: "some */ images".into(),
        class_names: classes.collect(),
        normalization: Normalization {
            mean: 0.25,
            std: 0.5,
        },
        metrics: serde_json::Value::Null,
    });
    for tensor in &mut snapshot.state {
        let TensorData::F32(values) = &mut tensor.data else {
            continue;
        };
        for (index, value) in values.iter_mut().enumerate() {
            if tensor.name.ends_with("running_mean") {
                *value = 0.1 * (index % 5) as f32 - 0.2;
            }
            if tensor.name.ends_with("running_var") {
                *value = 0.5 + 0.25 * (index % 4) as f32;
            }
        }
    }
    model.load_state(&snapshot.state).unwrap();
    (model, snapshot)
}
