//! From a model and some images to what is inside its layers.

use super::statistics::{
    KernelNorms, LayerStatistics, NetworkStatistics, ParameterStatistics, Units,
};
use super::tally::Tally;
use crate::nn::build::Plan;
use crate::nn::exec::EachLayer;
use crate::nn::layers::{Pass, f32_bytes};
use crate::nn::parameter::Parameter;
use crate::nn::{Model, NnError};
use crate::spec::{CheckedSpec, Layer, LayerSummary};
use rayon::prelude::*;

/// Values of a layer's output that one batch may have, at most: 64 MB.
const MOST_VALUES: usize = 1 << 24;
/// Values that are worth another thread.
const VALUES_AT_ONCE: usize = 1 << 16;
/// Parts of a batch that are counted side by side, at most. Their number depends on the batch alone.
const MAX_PARTS: usize = 8;
/// The step whose random numbers dropout takes: no run gets there.
const STEP: u64 = u64::MAX;

/// Images to look with, of which there is at least one.
#[derive(Clone, Copy, Debug)]
pub struct ProbeImages<'a> {
    /// `[images, channels, height, width]`, normalised.
    pub pixels: &'a [f32],
    /// `[images]`.
    pub labels: &'a [u8],
}

/// Images of a batch in which a network of `spec` is looked into with `images` of them: as in training, but
/// fewer where their values would need too much memory.
pub fn images_at_once(spec: &CheckedSpec, images: usize) -> usize {
    let rows = spec.summary().layers.iter();
    let widest = rows.map(|row| row.output.elements()).max().unwrap_or(1);
    let most = (MOST_VALUES / widest.max(1)).max(2);
    spec.batch_size.min(most).min(images).max(1)
}

/// Bytes that [`probe`] takes beside the model, with `images` images.
pub fn probe_bytes(spec: &CheckedSpec, images: usize) -> u64 {
    let rows = &spec.summary().layers;
    let plan = Plan::apart(&spec.layers, rows, spec.frozen_layers);
    let pixels = rows.first().map_or(0, |row| row.input.elements());
    EachLayer::bytes(&plan.block, images_at_once(spec, images))
        + f32_bytes(images * pixels)
        + (2 * rows.len() + MAX_PARTS) as u64 * Tally::BYTES
}

/// What is inside the layers of `model`, whose spec is `spec`; the model stays as it is. Images go through in
/// batches of the spec's size, those of training in whole ones; the first one gives the gradients.
///
/// # Errors
/// When the sizes do not fit, a label has no score, or memory runs out.
pub fn probe(
    model: &Model,
    spec: &CheckedSpec,
    images: ProbeImages<'_>,
) -> Result<NetworkStatistics, NnError> {
    let network = model.network();
    let ProbeImages { pixels, labels } = images;
    let count = network.images(pixels)?;
    let batch = images_at_once(spec, count);
    let image_len = pixels.len() / count;
    let rows = &spec.summary().layers;
    let plan = Plan::apart(&spec.layers, rows, spec.frozen_layers);
    let mut layers = EachLayer::new(*plan.block);
    let mut counter = Counter::new(&spec.layers, rows);
    for pixels in pixels.chunks(batch * image_len) {
        let mut add = |layer: usize, values: &[f32]| counter.add(layer, values, true);
        network.visit_layers(&mut layers, pixels, Pass::Evaluate, &mut add)?;
    }
    let evaluation = counter.take();
    for (index, pixels) in pixels.chunks_exact(batch * image_len).enumerate() {
        let pass = Pass::Train {
            seed: spec.seed,
            step: STEP - index as u64,
        };
        let mut add = |layer: usize, values: &[f32]| counter.add(layer, values, false);
        network.visit_layers(&mut layers, pixels, pass, &mut add)?;
    }
    let training = std::mem::take(&mut counter.layers);
    drop(layers);
    let labels = labels.get(..batch).unwrap_or(labels);
    let outcome = model.compute_gradients(&pixels[..batch * image_len], labels, STEP)?;
    let mut parameters = of_parameters(model, rows.len());
    let loss = f64::from(outcome.loss);
    let layers = evaluation.iter().zip(&training).enumerate();
    let layers = layers.map(|(layer, (evaluation, training))| {
        let both = [evaluation, training].map(Tally::range);
        let range = both.into_iter().flatten();
        let range = range.reduce(|(low, high), (least, most)| (low.min(least), high.max(most)));
        let range = range.unwrap_or_default();
        LayerStatistics {
            range,
            training: training.activations(range),
            evaluation: evaluation.activations(range),
            units: counter.units(layer),
            parameters: parameters[layer].take(),
        }
    });
    Ok(NetworkStatistics {
        images: count,
        batch,
        loss: loss.is_finite().then_some(loss),
        layers: layers.collect(),
    })
}

/// Counts the outputs of all layers.
struct Counter {
    layers: Vec<Tally>,
    parts: Vec<Tally>,
    /// The units of each activation that have been active; none of other layers.
    active: Vec<Vec<bool>>,
}

impl Counter {
    fn new(layers: &[Layer], rows: &[LayerSummary]) -> Self {
        let units = layers.iter().zip(rows).map(|(layer, row)| match layer {
            Layer::Activation(_) => vec![false; row.output.channels_and_area().0],
            _ => Vec::new(),
        });
        Self {
            layers: vec![Tally::default(); rows.len()],
            parts: vec![Tally::default(); MAX_PARTS],
            active: units.collect(),
        }
    }

    /// Adds the outputs of a layer, `[images, height, width, channels]`; its units too where they are looked at.
    fn add(&mut self, layer: usize, values: &[f32], with_units: bool) {
        let active = &mut self.active[layer];
        if with_units && !active.is_empty() {
            for pixel in values.chunks_exact(active.len()) {
                for (active, value) in active.iter_mut().zip(pixel) {
                    *active |= *value != 0.0;
                }
            }
        }
        let total = &mut self.layers[layer];
        let parts = (values.len() / VALUES_AT_ONCE).min(MAX_PARTS);
        if parts < 2 {
            return total.add(values);
        }
        let values = values.par_chunks(values.len().div_ceil(parts));
        let parts = &mut self.parts[..values.len()];
        parts.par_iter_mut().zip(values).for_each(|(part, values)| {
            part.clear();
            part.add(values);
        });
        for part in parts {
            total.merge(part);
        }
    }

    /// The counts so far; it begins anew.
    fn take(&mut self) -> Vec<Tally> {
        let fresh = vec![Tally::default(); self.layers.len()];
        std::mem::replace(&mut self.layers, fresh)
    }

    fn units(&self, layer: usize) -> Option<Units> {
        let active = &self.active[layer];
        (!active.is_empty()).then(|| Units {
            all: active.len(),
            dead: active.iter().filter(|active| !**active).count(),
        })
    }
}

/// The parameters of each layer, with the gradients that are there.
fn of_parameters(model: &Model, layers: usize) -> Vec<Option<ParameterStatistics>> {
    let network = model.network();
    let gradients = network.gradients().lock();
    let mut all: Vec<Option<ParameterStatistics>> = vec![None; layers];
    let parameters = network.parameters().iter().zip(network.parameter_layers());
    for (index, (parameter, layer)) in parameters.enumerate() {
        let frozen = index < network.frozen_parameters();
        let statistics = all[*layer].get_or_insert(ParameterStatistics {
            norm: Some(0.0),
            gradient: Some(0.0),
            update: None,
            frozen,
            kernels: None,
        });
        statistics.norm = together(statistics.norm, norm(&parameter.values));
        statistics.gradient = match gradients.get(index) {
            Some(gradient) if !frozen => together(statistics.gradient, norm(gradient)),
            _ => None,
        };
        statistics.kernels = statistics.kernels.or_else(|| kernels(parameter));
    }
    all
}

/// The norms of the kernels of a weight; none of a bias, a scale or a shift.
fn kernels(parameter: &Parameter) -> Option<KernelNorms> {
    let [kernels, rest @ ..] = &parameter.shape[..] else {
        return None;
    };
    if rest.is_empty() || *kernels == 0 {
        return None;
    }
    let each = parameter
        .values
        .chunks_exact(parameter.values.len() / kernels);
    KernelNorms::of(each.map(norm).collect())
}

/// The Euclidean norm.
fn norm(values: &[f32]) -> f64 {
    let squares = values.iter().map(|value| f64::from(*value).powi(2));
    squares.sum::<f64>().sqrt()
}

/// The norm of two vectors as one; none where it is no number.
fn together(norm: Option<f64>, more: f64) -> Option<f64> {
    norm.map(|norm| norm.hypot(more))
        .filter(|norm| norm.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{ModelInfo, TensorData};
    use crate::simd::testing::random;
    use crate::spec::{ActivationFunction, Spec};

    /// What fusing, skip connections and changes of the layout could hide; the first layers are frozen.
    fn spec(frozen: usize) -> CheckedSpec {
        let conv = |out_channels, kernel_size| Layer::Conv2d {
            out_channels,
            kernel_size,
            stride: 1,
            padding: kernel_size / 2,
        };
        let norm = || Layer::BatchNorm {
            eps: 1e-5,
            momentum: 0.1,
        };
        let relu = || Layer::Activation(ActivationFunction::ReLU);
        let pool = Layer::MaxPool2d {
            kernel_size: 2,
            stride: 2,
            padding: 0,
        };
        let mut spec = Spec::smallest();
        spec.input.channels = 3;
        spec.layers = vec![
            conv(8, 3),
            norm(),
            relu(),
            pool.clone(),
            Layer::Dropout { p: 0.25 },
            conv(8, 5),
            norm(),
            relu(),
            conv(16, 3),
            Layer::Residual { span: 1 },
            pool,
            Layer::Residual { span: 6 },
            Layer::Activation(ActivationFunction::GELU),
            Layer::Flatten,
            Layer::Dense { units: 20 },
            norm(),
            relu(),
            Layer::Dropout { p: 0.5 },
            Layer::Dense { units: 10 },
        ];
        spec.batch_size = 8;
        spec.frozen_layers = frozen;
        spec.check().unwrap()
    }

    fn images(count: usize) -> (Vec<f32>, Vec<u8>) {
        let labels = (0..count).map(|image| (image % 10) as u8).collect();
        (random(count * 3 * 28 * 28, 1), labels)
    }

    fn look(
        model: &Model,
        spec: &CheckedSpec,
        (pixels, labels): &(Vec<f32>, Vec<u8>),
    ) -> NetworkStatistics {
        probe(model, spec, ProbeImages { pixels, labels }).unwrap()
    }

    #[test]
    fn every_layer_is_seen_as_it_is_and_nothing_changes() {
        let spec = spec(0);
        let model = Model::new(&spec).unwrap();
        let images = images(20);
        let one = (images.0[..3 * 28 * 28].to_vec(), images.1[..1].to_vec());
        let before = model.network().state();
        let found = look(&model, &spec, &one);
        let outputs = model.layer_outputs(&one.0).unwrap();
        for (layer, (found, output)) in found.layers.iter().zip(&outputs).enumerate() {
            let found = &found.evaluation;
            assert_eq!(found.count, output.len() as u64, "layer {layer}");
            let (low, high) = output
                .iter()
                .fold((f32::MAX, f32::MIN), |(low, high), value| {
                    (low.min(*value), high.max(*value))
                });
            let close = |a: f64, b: f32| (a - f64::from(b)).abs() < 1e-4;
            assert!(
                close(found.min, low) && close(found.max, high),
                "layer {layer}"
            );
            let mean = output.iter().sum::<f32>() / output.len() as f32;
            assert!(close(found.mean, mean), "layer {layer}");
        }
        assert_eq!(model.network().state(), before);
        // All at once, in two whole batches and a part of one; the number of threads does not matter.
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
            let pool = pool.build().unwrap();
            pool.install(|| look(&model, &spec, &images))
        };
        let found = with(1);
        assert_eq!(found, with(3));
        assert_eq!((found.images, found.batch), (20, 8));
        let flat = &found.layers[14];
        assert_eq!(
            (flat.evaluation.count, flat.training.count),
            (20 * 20, 16 * 20)
        );
        // Batch norm takes the batch's mean while training; dropout scales what stays.
        let norm = &found.layers[15].training;
        assert!(
            norm.mean.abs() < 1e-4 && (norm.std - 1.0).abs() < 1e-2,
            "{norm:?}"
        );
        let dropped = &found.layers[17];
        assert!(
            dropped.training.max > 1.9 * dropped.evaluation.max.min(found.layers[16].training.max)
        );
        assert_eq!(model.network().state(), before);
    }

    #[test]
    fn frozen_layers_work_as_in_evaluation_and_have_no_gradient() {
        let spec = spec(5);
        let model = Model::new(&spec).unwrap();
        let found = look(&model, &spec, &images(8));
        for layer in &found.layers[..5] {
            assert_eq!(layer.training, layer.evaluation);
            if let Some(parameters) = layer.parameters {
                assert!(parameters.frozen && parameters.gradient.is_none());
            }
        }
        let learning = found.layers[5].parameters.unwrap();
        assert!(!learning.frozen && learning.gradient.unwrap() > 0.0);
    }

    #[test]
    fn a_unit_whose_bias_holds_it_down_is_dead() {
        let spec = spec(0);
        let model = Model::new(&spec).unwrap();
        let info = ModelInfo {
            spec: spec.clone(),
            dataset: "sample".into(),
            class_names: Vec::new(),
            normalization: crate::data::Dataset::sample().unwrap().normalization,
            metrics: serde_json::Value::Null,
        };
        let mut snapshot = model.snapshot(info);
        for tensor in &mut snapshot.state {
            // Three channels of the first batch norm, and a kernel of the second convolution.
            if let TensorData::F32(values) = &mut tensor.data {
                match &*tensor.name {
                    "1.bias" => values[2..5].fill(-1e6),
                    "5.weight" => values[..8 * 25].fill(0.0),
                    _ => {}
                }
            }
        }
        let found = look(&snapshot.restore().unwrap(), &spec, &images(8));
        let units = |layer: usize| found.layers[layer].units.unwrap();
        assert_eq!(units(2), Units { all: 8, dead: 3 });
        assert!(units(16).all == 20);
        assert!(found.layers[1].units.is_none());
        assert_eq!(
            found.layers[5].parameters.unwrap().kernels.unwrap().min,
            0.0
        );
    }
}
