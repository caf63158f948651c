//! A network in whole numbers: what of it is rounded, and to which levels.

use super::levels::Levels;
use super::ranges::ranges;
use super::weights::Int8Weights;
use crate::nn::{Layerwise, Snapshot, TensorData, folded};
use crate::spec::{ActivationFunction, Arithmetic, Layer};

/// Images that go through the network at once.
const BATCH: usize = 100;

/// A network whose weights have 8 bits, and the values between its layers too. What it computes is computed here in f32 on
/// rounded numbers: the same levels, but for the rounding of sums.
pub struct Int8Network {
    /// The network without batch norm where it can be.
    pub folded: Snapshot,
    /// The levels of what goes into each layer; none where the layer before it and a ReLU are one.
    pub inputs: Vec<Option<Levels>>,
    /// The position of each layer with weights, and these.
    pub weights: Vec<(usize, Int8Weights)>,
    rounded: Layerwise,
}

impl Int8Network {
    /// The network of `model`, its levels as the `images` need them: normalised pixels
    /// `[count, channels, height, width]`. They reach from the least value to the largest: without the rare ones at either
    /// end, as some programs choose them, the accuracy of three networks differed by chance alone.
    ///
    /// # Errors
    /// When spec and tensors do not belong together.
    pub fn calibrated(model: &Snapshot, images: &[f32]) -> Result<Self, String> {
        let folded = folded(model)?;
        let spec = &folded.info.spec;
        let network = Layerwise::new(spec, &folded.state)?;
        let input = spec.input.channels * spec.input.height * spec.input.width;
        let batches = images.chunks((input * BATCH).max(1));
        let ranges = ranges(&network, batches);
        let inputs = levels(&spec.layers, &ranges);
        let mut state = folded.state.clone();
        let mut weights = Vec::new();
        for (position, layer) in spec.layers.iter().enumerate() {
            let taken = match layer {
                Layer::Residual { span } => position - span,
                Layer::BatchNorm { .. } => continue,
                _ => position,
            };
            let Some(levels) = inputs[taken] else {
                continue;
            };
            let place = |name: &str| {
                let name = format!("{position}.{name}");
                state.iter().position(|tensor| tensor.name == name)
            };
            let (Some(weight), Some(bias)) = (place("weight"), place("bias")) else {
                continue;
            };
            let (TensorData::F32(weight_values), TensorData::F32(bias_values)) =
                (&state[weight].data, &state[bias].data)
            else {
                continue;
            };
            let of_layer = Int8Weights::nearest(weight_values, bias_values, levels.scale);
            state[weight].data = TensorData::F32(of_layer.values());
            state[bias].data = TensorData::F32(of_layer.bias_values());
            weights.push((position, of_layer));
        }
        let rounded = Layerwise::new(spec, &state)?;
        Ok(Self {
            folded,
            inputs,
            weights,
            rounded,
        })
    }

    /// The scores of normalised pixels `[batch, channels, height, width]`, `[batch, classes]`.
    pub fn scores(&self, pixels: &[f32]) -> Vec<f32> {
        let mut x = self.rounded.take_in(pixels);
        self.round(0, &mut x);
        let round = |layer: usize, y: &mut [f32]| self.round(layer + 1, y);
        self.rounded.run_changed(0..self.rounded.len(), x, &round)
    }

    fn round(&self, position: usize, values: &mut [f32]) {
        if let Some(Some(levels)) = self.inputs.get(position) {
            for value in values {
                *value = levels.round(*value);
            }
        }
    }
}

/// The levels of what goes into each layer. Layers that only choose or move values do not change them.
fn levels(layers: &[Layer], ranges: &[(f32, f32)]) -> Vec<Option<Levels>> {
    let is_skipped_from = |position: usize| {
        let mut stacks = layers.iter().enumerate();
        stacks
            .any(|(end, layer)| matches!(layer, Layer::Residual { span } if end - span == position))
    };
    let mut all: Vec<Option<Levels>> = Vec::with_capacity(layers.len());
    for (position, layer) in layers.iter().enumerate() {
        let before = position.checked_sub(1);
        let moves = |before: &usize| {
            matches!(
                layers[*before].arithmetic(),
                Arithmetic::LargestOfWindow | Arithmetic::Renumbered | Arithmetic::Unchanged
            )
        };
        let is_relu = *layer == Layer::Activation(ActivationFunction::ReLU);
        all.push(match before.filter(moves) {
            Some(before) => all[before],
            None if is_relu && position > 0 && !is_skipped_from(position) => None,
            None => Some(Levels::reaching(ranges[position])),
        });
    }
    all
}
