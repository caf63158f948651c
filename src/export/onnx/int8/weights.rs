//! Weights as whole numbers from -127 to 127, each output channel by a scale of its own.

/// The largest a sum of products may be together with the bias, with room to spare.
const LARGEST_BIAS: f32 = (1 << 30) as f32;
const LARGEST_WEIGHT: f32 = 127.0;

/// The weights and the bias of a convolution or a dense layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Int8Weights {
    /// As the weights, `[outputs, …]`.
    pub weights: Vec<i8>,
    /// What a 1 of each output's weights stands for.
    pub scales: Vec<f32>,
    /// In units of `bias_scales`.
    pub bias: Vec<i32>,
    /// What a 1 of each output's bias stands for: that of a product of a weight and an input.
    pub bias_scales: Vec<f32>,
}

impl Int8Weights {
    /// The nearest to weights `[outputs, …]` and a bias `[outputs]` of a layer whose input's levels are `input_scale`
    /// apart.
    pub fn nearest(weights: &[f32], bias: &[f32], input_scale: f32) -> Self {
        let each = (weights.len() / bias.len().max(1)).max(1);
        let outputs = || weights.chunks_exact(each).zip(bias);
        let scale = |(weights, bias): (&[f32], &f32)| {
            let largest = weights
                .iter()
                .fold(0.0_f32, |most, weight| most.max(weight.abs()));
            // Not so small that the bias would not fit.
            let least = bias.abs() / LARGEST_BIAS / input_scale;
            (largest / LARGEST_WEIGHT).max(least).max(f32::MIN_POSITIVE)
        };
        let scales: Vec<f32> = outputs().map(scale).collect();
        let rounded = |(weights, scale): (&[f32], &f32)| -> Vec<i8> {
            let levels = weights
                .iter()
                .map(|weight| (weight / scale).round_ties_even());
            let levels = levels.map(|level| level.clamp(-LARGEST_WEIGHT, LARGEST_WEIGHT) as i8);
            levels.collect()
        };
        let int_weights = weights.chunks_exact(each).zip(&scales).flat_map(rounded);
        let bias_scales: Vec<f32> = scales.iter().map(|scale| scale * input_scale).collect();
        let bias = bias.iter().zip(&bias_scales);
        Self {
            weights: int_weights.collect(),
            bias: bias
                .map(|(bias, scale)| (bias / scale.max(f32::MIN_POSITIVE)).round_ties_even() as i32)
                .collect(),
            scales,
            bias_scales,
        }
    }

    /// The weights that these stand for.
    pub fn values(&self) -> Vec<f32> {
        let each = (self.weights.len() / self.scales.len().max(1)).max(1);
        let outputs = self.weights.chunks_exact(each).zip(&self.scales);
        let values = outputs.flat_map(|(weights, scale)| {
            let value = move |weight: &i8| f32::from(*weight) * scale;
            weights.iter().map(value)
        });
        values.collect()
    }

    /// The bias that this stands for.
    pub fn bias_values(&self) -> Vec<f32> {
        let bias = self.bias.iter().zip(&self.bias_scales);
        bias.map(|(bias, scale)| *bias as f32 * scale).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_output_has_a_scale_of_its_own() {
        let weights = [1.0, -0.5, 0.25, 1e-3, 2e-3, -4e-3, 0.0, 0.0, 0.0];
        let bias = [0.3, -2e-5, 0.7];
        let found = Int8Weights::nearest(&weights, &bias, 0.02);
        assert_eq!(found.weights, [127, -64, 32, 32, 64, -127, 0, 0, 0]);
        for (outputs, (value, expected)) in found.values().iter().zip(&weights).enumerate() {
            assert!((value - expected).abs() <= found.scales[outputs / 3] / 2.0);
        }
        // A channel without weights keeps its bias.
        for (value, expected) in found.bias_values().iter().zip(&bias) {
            assert!((value - expected).abs() < 1e-4, "{value} {expected}");
        }
    }
}
