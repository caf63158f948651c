//! What is allowed and yet is seldom meant: said before a run, never in its way.

use super::{Arithmetic, CheckedSpec, Layer, Problem, Shape};

/// How far a learning rate may lie from those that an optimiser usually takes before it is worth a word.
const FAR: f64 = 3.0;
/// Batch norm over fewer images than this learns from statistics that say little.
const FEW_IMAGES: usize = 8;

impl CheckedSpec {
    /// What a look at this network raises, each at its field or layer, with what to do.
    pub fn doubts(&self) -> Vec<Problem> {
        let mut doubts = Vec::new();
        doubts.extend(rate(self));
        doubts.extend(on_the_scores(self));
        doubts.extend(one_linear_map(self));
        doubts.extend(twice_the_same(self));
        doubts.extend(few_images(self));
        doubts
    }
}

/// A rate far from what the optimiser usually takes.
fn rate(spec: &CheckedSpec) -> Option<Problem> {
    let rule = spec.optimizer.rule();
    let usual = rule.usual_learning_rates();
    let (least, most) = (*usual.start(), *usual.end());
    let far = match spec.learning_rate {
        rate if rate > most * FAR => "far above",
        rate if rate < least / FAR => "far below",
        _ => return None,
    };
    let message = format!(
        "{} is {far} what {} usually takes, {} to {}",
        spec.learning_rate,
        rule.name(),
        least,
        most
    );
    Some(Problem::field(&["learning_rate"], message))
}

/// Layers behind the last one with weights that change the scores themselves.
fn on_the_scores(spec: &CheckedSpec) -> Vec<Problem> {
    let rows = &spec.summary().layers;
    let Some(last) = rows.iter().rposition(|row| row.multiply_adds > 0) else {
        return Vec::new();
    };
    // Behind it the maps may still be pooled to scores.
    if !matches!(rows[last].output, Shape::Flat { .. }) {
        return Vec::new();
    }
    let behind = spec.layers.iter().enumerate().skip(last + 1);
    let doubt = |(index, layer): (usize, &Layer)| {
        let message = match layer {
            Layer::Dropout { .. } => {
                "drops scores of classes; it belongs before the last dense layer"
            }
            Layer::Activation(_) => {
                "bends the scores that softmax takes as they are; the last dense layer needs none behind it"
            }
            Layer::BatchNorm { .. } => {
                "scales the scores of all classes alike; it belongs before the last dense layer"
            }
            _ => return None,
        };
        Some(Problem::layer(index, layer.kind(), message))
    };
    behind.filter_map(doubt).collect()
}

/// Layers with weights that nothing bends between.
fn one_linear_map(spec: &CheckedSpec) -> Vec<Problem> {
    let mut before: Option<usize> = None;
    let mut doubts = Vec::new();
    for (index, layer) in spec.layers.iter().enumerate() {
        match layer.arithmetic() {
            Arithmetic::WeightedWindow | Arithmetic::WeightedSum => {
                // A convolution in two steps, over space and then over channels, is meant to be one.
                let is_second_step = layer.window().is_some_and(|window| window.kernel_size == 1);
                if let Some(other) = before.filter(|_| !is_second_step) {
                    let message = format!(
                        "with no activation since layer {} both are one linear map; put one between them",
                        other + 1
                    );
                    doubts.push(Problem::layer(index, layer.kind(), message));
                }
                before = Some(index);
            }
            Arithmetic::LargestOfWindow
            | Arithmetic::Function(_)
            | Arithmetic::SumWithSkip { .. } => {
                before = None;
            }
            Arithmetic::MeanOfWindow
            | Arithmetic::MeanOfChannel
            | Arithmetic::Normalize { .. }
            | Arithmetic::Unchanged
            | Arithmetic::Renumbered => {}
        }
    }
    doubts
}

/// A layer behind one of its kind that adds nothing to it.
fn twice_the_same(spec: &CheckedSpec) -> Vec<Problem> {
    let pairs = spec.layers.windows(2).enumerate();
    let doubt = |(index, pair): (usize, &[Layer])| {
        let message = match pair {
            [Layer::Activation(one), Layer::Activation(other)] if one == other => {
                "follows the same activation; one of the two does nothing or little"
            }
            [Layer::BatchNorm { .. }, Layer::BatchNorm { .. }] => {
                "follows another batch norm, which has normalised already"
            }
            [Layer::Dropout { .. }, Layer::Dropout { .. }] => {
                "follows another dropout: together they drop more than either says"
            }
            _ => return None,
        };
        Some(Problem::layer(index + 1, pair[1].kind(), message))
    };
    pairs.filter_map(doubt).collect()
}

/// Batch norm over very small batches.
fn few_images(spec: &CheckedSpec) -> Option<Problem> {
    let normalises = |layer: &Layer| matches!(layer, Layer::BatchNorm { .. });
    let message = format!(
        "batch norm takes mean and variance from {} images at a time, which are little more than chance; \
         {FEW_IMAGES} or more are usual",
        spec.batch_size
    );
    (spec.batch_size < FEW_IMAGES && spec.layers.iter().any(normalises))
        .then(|| Problem::field(&["batch_size"], message))
}

#[cfg(test)]
mod tests {
    use crate::spec::{ActivationFunction, Layer, PRESETS, Spec, preset};

    fn doubts(of: &str, change: impl FnOnce(&mut Spec)) -> Vec<String> {
        let spec = preset(of).unwrap().changed(change).unwrap();
        spec.doubts().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn no_preset_raises_a_doubt() {
        for preset in PRESETS {
            assert_eq!(doubts(preset.name, |_| {}), [""; 0], "{}", preset.name);
        }
    }

    #[test]
    fn what_is_seldom_meant_is_said_with_what_to_do() {
        let rate = doubts("tiny", |spec| spec.learning_rate = 9.0);
        assert_eq!(
            rate,
            ["learning_rate: 9 is far above what Adam usually takes, 0.00001 to 0.01"]
        );
        let rate = doubts("basic-cnn", |spec| spec.learning_rate = 1e-7);
        assert!(rate[0].contains("far below what Sgd"), "{rate:?}");
        let scores = doubts("tiny", |spec| {
            spec.layers
                .push(Layer::Activation(ActivationFunction::ReLU));
            spec.layers.push(Layer::Dropout { p: 0.3 });
        });
        assert_eq!(scores.len(), 2, "{scores:?}");
        assert!(
            scores[0].starts_with("layer 9 (Activation): bends the scores"),
            "{scores:?}"
        );
        assert!(
            scores[1].starts_with("layer 10 (Dropout): drops scores"),
            "{scores:?}"
        );
        let linear = doubts("mlp", |spec| {
            spec.layers
                .retain(|layer| !matches!(layer, Layer::Activation(_)));
        });
        assert!(linear[0].contains("one linear map"), "{linear:?}");
        let few = doubts("tiny", |spec| spec.batch_size = 2);
        assert!(
            few[0].starts_with("batch_size: batch norm takes"),
            "{few:?}"
        );
        let twice = doubts("bn-dropout", |spec| {
            let at = spec
                .layers
                .iter()
                .position(|layer| matches!(layer, Layer::Dropout { .. }));
            spec.layers.insert(at.unwrap(), Layer::Dropout { p: 0.1 });
        });
        assert!(twice[0].contains("follows another dropout"), "{twice:?}");
    }
}
