//! One value inside a network, worked out: what it is made of, and what becomes of it in the norm, the
//! activation and the pooling behind it.

use super::layer_values::index;
use super::made_of::{At, MadeOf, number};
use super::traced::Traced;
use crate::spec::Shape;
use serde::Serialize;
use std::ops::Range;

/// A value and what it becomes, step by step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WorkedOutput {
    /// The chosen layer, then those behind it up to the next one that mixes channels; at least one.
    pub steps: Vec<WorkedStep>,
    /// The pixels that the value depends on; none where that is the whole image.
    pub sees: Option<Sees>,
}

/// The rows and columns of pixels that a value depends on. They begin below 0, or end behind the image, where
/// padding is among them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sees {
    /// Of the image.
    pub rows: Range<i64>,
    /// Of the image.
    pub columns: Range<i64>,
}

/// A value of one layer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WorkedStep {
    /// The layer's position, from 0; in JSON its number, from 1.
    #[serde(serialize_with = "number")]
    pub layer: usize,
    /// Where in its output.
    pub at: At,
    /// What it is made of.
    pub made_of: MadeOf,
    /// The value that the terms give.
    pub value: f32,
    /// The value that the network has computed there.
    pub network: f32,
}

impl WorkedOutput {
    /// Works out the value at `at` of the layer at position `layer`.
    ///
    /// # Errors
    /// A sentence: there is no such value, or a tensor is missing.
    pub fn new(network: Traced<'_>, layer: usize, at: At) -> Result<Self, String> {
        let rows = &network.spec.summary().layers;
        let Some(row) = rows.get(layer) else {
            return Err(format!("the layers are numbered 1 to {}", rows.len()));
        };
        if index(row.output, at).is_none() {
            return Err(no_such_value(layer, row.output));
        }
        let mut steps = vec![step(network, layer, at)?];
        let mut here = at;
        for next in layer + 1..rows.len() {
            let Some(at) = network.goes_to(next, here) else {
                break;
            };
            here = at;
            steps.push(step(network, next, here)?);
        }
        let sees = row.receptive_field.map(|field| Sees {
            rows: field.reach(at.row),
            columns: field.reach(at.column),
        });
        Ok(Self { steps, sees })
    }

    /// The step of the chosen layer.
    pub fn first(&self) -> &WorkedStep {
        &self.steps[0]
    }
}

fn step(network: Traced<'_>, layer: usize, at: At) -> Result<WorkedStep, String> {
    let made_of = network.made_of(layer, at)?;
    let output = network.spec.summary().layers[layer].output;
    let of_network = index(output, at).and_then(|index| network.outputs.get(layer)?.get(index));
    Ok(WorkedStep {
        layer,
        at,
        value: made_of.value(network.spec.layers[layer].arithmetic()) as f32,
        made_of,
        network: of_network.copied().unwrap_or(f32::NAN),
    })
}

fn no_such_value(layer: usize, output: Shape) -> String {
    let layer = layer + 1;
    match output {
        Shape::Image {
            channels,
            height,
            width,
        } => format!(
            "layer {layer} has channels 0 to {}, rows 0 to {}, columns 0 to {}",
            channels - 1,
            height - 1,
            width - 1
        ),
        Shape::Flat { features } => format!("layer {layer} has units 0 to {}", features - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::every_layer::{networks, pixels};

    #[test]
    fn every_value_of_every_kind_of_layer_is_the_networks() {
        for snapshot in networks() {
            let spec = &snapshot.info.spec;
            let outputs = snapshot.restore().unwrap();
            let outputs = outputs.layer_outputs(&pixels()).unwrap();
            let network = Traced {
                spec,
                state: &snapshot.state,
                pixels: &pixels(),
                outputs: &outputs,
            };
            for (layer, row) in spec.summary().layers.iter().enumerate() {
                let (height, width) = row.output.rows_and_columns();
                for (index, output) in outputs[layer].iter().enumerate() {
                    let at = At {
                        channel: index / (height * width),
                        row: index / width % height,
                        column: index % width,
                    };
                    let worked = WorkedOutput::new(network, layer, at).unwrap();
                    assert_eq!(worked.steps[0].network, *output);
                    for step in &worked.steps {
                        let (value, expected) = (step.value, step.network);
                        let error = (value - expected).abs() / expected.abs().max(1.0);
                        assert!(error < 2e-5, "{step:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_value_goes_on_through_norm_activation_and_pooling() {
        let [snapshot, _] = networks();
        let outputs = snapshot.restore().unwrap();
        let outputs = outputs.layer_outputs(&pixels()).unwrap();
        let network = Traced {
            spec: &snapshot.info.spec,
            state: &snapshot.state,
            pixels: &pixels(),
            outputs: &outputs,
        };
        let at = At {
            channel: 3,
            row: 0,
            column: 3,
        };
        let worked = WorkedOutput::new(network, 3, at).unwrap();
        let layers: Vec<usize> = worked.steps.iter().map(|step| step.layer).collect();
        assert_eq!(layers, [3, 4, 5, 6]);
        let MadeOf::Window { parts, .. } = &worked.first().made_of else {
            panic!("{worked:?}");
        };
        // A depthwise kernel sees its own channel alone; the corner has padding above and on the right.
        assert_eq!((parts.len(), parts[0].channel), (1, 3));
        let padded: Vec<bool> = parts[0].patch.iter().map(Option::is_none).collect();
        assert_eq!(
            padded,
            [true, true, true, false, false, true, false, false, true]
        );
        // 3×3 with stride 2, then 3×3: 7 pixels, of which the padding of both layers is outside.
        let sees = worked.sees.as_ref().unwrap();
        assert_eq!((sees.rows.clone(), sees.columns.clone()), (-3..4, 3..10));
        assert_eq!(
            worked.seen(9, 8),
            "It depends on rows 0 to 3, columns 3 to 7 of the image. Pixels of padding: 3 above, 2 to the right."
        );
        let lines = worked.lines(&snapshot.info.spec, 58, 1);
        assert!(
            lines.iter().all(|line| line.chars().count() <= 58),
            "{lines:#?}"
        );
        let refused = WorkedOutput::new(network, 0, At { channel: 4, ..at });
        let error = "layer 1 has channels 0 to 3, rows 0 to 4, columns 0 to 3";
        assert_eq!(refused.err().as_deref(), Some(error));
    }
}
