//! A network without its end: what goes into its last layer that mixes values.

use super::io::snapshot::Snapshot;
use super::network::Network;
use super::{NnError, TensorState};
use crate::spec::{CheckedSpec, Layer};

/// The layers of a model before its last convolution or dense layer, in evaluation mode.
pub struct FeatureExtractor {
    /// None where nothing stands before that layer.
    network: Option<Network>,
    len: usize,
}

impl FeatureExtractor {
    /// The first layers of a model, with their parameters.
    ///
    /// # Errors
    /// When the tensors do not belong to the layers, or memory runs out.
    pub fn new(snapshot: &Snapshot) -> Result<Self, NnError> {
        let spec = &snapshot.info.spec;
        let rows = &spec.summary().layers;
        let count = layers_before_the_last_product(spec);
        let (layers, rows) = (&spec.layers[..count], &rows[..count]);
        let Some(last) = rows.last() else {
            let input = spec.input;
            return Ok(Self {
                network: None,
                len: input.channels * input.height * input.width,
            });
        };
        let len = last.output.elements();
        let mut network = Network::new(layers, rows, spec.initializer, spec.seed, false)?;
        let kept = snapshot
            .state
            .iter()
            .filter(|it| layer_of(it) < Some(count));
        let kept: Vec<TensorState> = kept.cloned().collect();
        network.load_state(&kept).map_err(NnError::Layers)?;
        Ok(Self {
            network: Some(network),
            len,
        })
    }

    /// Values of an image.
    pub fn features_len(&self) -> usize {
        self.len
    }

    /// The features `[batch, features]` of `pixels` `[batch, channels, height, width]`; images among
    /// them are `[channels, height, width]`.
    ///
    /// # Errors
    /// When the number of pixels does not fit.
    pub fn features(&self, pixels: &[f32]) -> Result<Vec<f32>, NnError> {
        match &self.network {
            Some(network) => network.evaluate(pixels),
            None => Ok(pixels.to_vec()),
        }
    }
}

/// How many layers stand before the last one that makes new values of weighted sums. Batch norm and the
/// convolution of a skip connection only adjust what others made.
fn layers_before_the_last_product(spec: &CheckedSpec) -> usize {
    let rows = spec.layers.iter().zip(&spec.summary().layers);
    let mut products = rows.enumerate().filter(|(_, (layer, row))| {
        let adjusts = matches!(layer, Layer::BatchNorm { .. } | Layer::Residual { .. });
        row.parameters > 0 && !adjusts
    });
    products.next_back().map_or(0, |(index, _)| index)
}

/// The position of the layer that a tensor belongs to.
fn layer_of(tensor: &TensorState) -> Option<usize> {
    let (layer, _) = tensor.name.split_once('.')?;
    layer.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Dataset;
    use crate::nn::{Model, ModelInfo};
    use crate::spec::{Spec, preset};

    fn untrained(spec: &CheckedSpec) -> (Model, Snapshot) {
        let model = Model::new(spec).unwrap();
        let info = ModelInfo {
            spec: spec.clone(),
            dataset: "sample".into(),
            class_names: Vec::new(),
            normalization: Dataset::sample().unwrap().normalization,
            metrics: serde_json::Value::Null,
        };
        let snapshot = model.snapshot(info);
        (model, snapshot)
    }

    #[test]
    fn features_are_what_goes_into_the_last_dense_layer() {
        let pixels: Vec<f32> = (0..3 * 784).map(|it| (it % 97) as f32 / 97.0).collect();
        for name in ["tiny", "bn-dropout", "mlp"] {
            let spec = preset(name).unwrap();
            let (model, snapshot) = untrained(&spec);
            let extractor = FeatureExtractor::new(&snapshot).unwrap();
            let features = extractor.features(&pixels).unwrap();
            let width = extractor.features_len();
            assert_eq!(features.len(), 3 * width);
            let last = spec.layers.len() - 1;
            for (image, features) in features.chunks(width).enumerate() {
                let outputs = model.layer_outputs(&pixels[784 * image..][..784]).unwrap();
                let close = outputs[last - 1].iter().zip(features);
                assert!(close.clone().all(|(a, b)| (a - b).abs() < 1e-4), "{name}");
                assert_eq!(outputs[last - 1].len(), width, "{name}");
            }
        }
    }

    #[test]
    fn a_network_of_one_layer_sees_the_pixels() {
        let (_, snapshot) = untrained(&Spec::smallest().check().unwrap());
        let extractor = FeatureExtractor::new(&snapshot).unwrap();
        let pixels = vec![0.25; 784];
        assert_eq!(extractor.features_len(), 784);
        assert_eq!(extractor.features(&pixels).unwrap(), pixels);
    }
}
