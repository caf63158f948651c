//! A network for evaluation alone, of fewer layers: batch norm is multiplied into the layer before it, and dropout,
//! which does nothing then, is left out.

use super::io::snapshot::Snapshot;
use super::io::state::{TensorData, TensorState};
use crate::spec::{Arithmetic, Layer, Problem};
use std::collections::HashMap;

/// The same scores from fewer layers. A batch norm stays that does not follow a convolution or a dense layer, or
/// whose input a skip connection takes too.
///
/// # Errors
/// When spec and tensors do not belong together.
pub fn folded(snapshot: &Snapshot) -> Result<Snapshot, String> {
    let layers = &snapshot.info.spec.layers;
    let left_out = left_out(layers);
    let mut tensors = Tensors::new(&snapshot.state);
    let mut state = Vec::new();
    let mut position = 0;
    for (index, layer) in layers.iter().enumerate() {
        if left_out[index] {
            continue;
        }
        let mut of_layer = tensors.take(index);
        if let Some(Layer::BatchNorm { eps, .. }) = layers.get(index + 1)
            && left_out[index + 1]
            && has_outputs_first(layer)
        {
            multiply_in(&mut of_layer, &tensors.take(index + 1), *eps)
                .map_err(|name| format!("layer {}: the tensor {name:?} does not fit", index + 2))?;
        }
        for (name, tensor) in of_layer {
            state.push(TensorState {
                name: format!("{position}.{name}"),
                ..tensor
            });
        }
        position += 1;
    }
    let mut info = snapshot.info.clone();
    let spec = info.spec.changed(|spec| {
        spec.layers = kept(&spec.layers, &left_out);
        spec.frozen_layers = 0;
    });
    info.spec = spec.map_err(|problem: Problem| problem.to_string())?;
    Ok(Snapshot { info, state })
}

/// The layers with weights `[outputs, …]` and a bias.
fn has_outputs_first(layer: &Layer) -> bool {
    matches!(
        layer.arithmetic(),
        Arithmetic::WeightedWindow | Arithmetic::WeightedSum
    )
}

/// Which layers are not needed.
fn left_out(layers: &[Layer]) -> Vec<bool> {
    let stacks = layers.iter().enumerate().filter_map(|(end, layer)| {
        let Layer::Residual { span } = layer else {
            return None;
        };
        Some(end - span..end)
    });
    let stacks: Vec<_> = stacks.collect();
    let mut left_out = Vec::with_capacity(layers.len());
    for (index, layer) in layers.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| &layers[before]);
        let begins_stack = stacks.iter().any(|stack| stack.start == index);
        left_out.push(match layer {
            Layer::Dropout { .. } => true,
            Layer::BatchNorm { .. } => before.is_some_and(has_outputs_first) && !begins_stack,
            _ => false,
        });
    }
    // A stack must keep a layer.
    for stack in stacks {
        if left_out[stack.clone()]
            .iter()
            .all(|is_left_out| *is_left_out)
        {
            left_out[stack.start] = false;
        }
    }
    left_out
}

/// The layers that stay; skip connections lead past those of their stack that do.
fn kept(layers: &[Layer], left_out: &[bool]) -> Vec<Layer> {
    let of_stack = |end: usize, span: usize| {
        let stack = &left_out[end - span..end];
        stack.iter().filter(|is_left_out| !**is_left_out).count()
    };
    let layers = layers.iter().enumerate();
    let layers = layers.filter(|(index, _)| !left_out[*index]);
    let layers = layers.map(|(index, layer)| match layer {
        Layer::Residual { span } => Layer::Residual {
            span: of_stack(index, *span),
        },
        layer => layer.clone(),
    });
    layers.collect()
}

/// Tensors by the position of their layer, in their order.
struct Tensors(HashMap<usize, Vec<(String, TensorState)>>);

impl Tensors {
    fn new(state: &[TensorState]) -> Self {
        let mut all: HashMap<usize, Vec<(String, TensorState)>> = HashMap::new();
        for tensor in state {
            if let Some((layer, name)) = tensor.name.split_once('.')
                && let Ok(layer) = layer.parse()
            {
                let of_layer = all.entry(layer).or_default();
                of_layer.push((name.to_owned(), tensor.clone()));
            }
        }
        Self(all)
    }

    fn take(&mut self, layer: usize) -> Vec<(String, TensorState)> {
        self.0.remove(&layer).unwrap_or_default()
    }
}

/// `γ · (w·x + b - mean) / √(variance + ε) + β` as one product and one sum. The error is the name of a tensor that is
/// missing or has another size.
fn multiply_in(
    layer: &mut [(String, TensorState)],
    norm: &[(String, TensorState)],
    eps: f64,
) -> Result<(), &'static str> {
    let values = |name: &'static str| {
        let found = norm.iter().find(|(other, _)| other == name);
        match found.map(|(_, tensor)| &tensor.data) {
            Some(TensorData::F32(values)) => Ok(values),
            _ => Err(name),
        }
    };
    let (gamma, beta) = (values("weight")?, values("bias")?);
    let (mean, variance) = (values("running_mean")?, values("running_var")?);
    if [beta, mean, variance]
        .iter()
        .any(|it| it.len() != gamma.len())
    {
        return Err("weight");
    }
    let scales = gamma.iter().zip(variance);
    let scales =
        scales.map(|(gamma, variance)| f64::from(*gamma) / (f64::from(*variance) + eps).sqrt());
    let scales: Vec<f64> = scales.collect();
    for (name, tensor) in layer {
        let TensorData::F32(values) = &mut tensor.data else {
            continue;
        };
        if scales.is_empty() || values.len() % scales.len() != 0 {
            return Err("weight");
        }
        let each = (values.len() / scales.len()).max(1);
        for (channel, values) in values.chunks_exact_mut(each).enumerate() {
            for value in values {
                let of_channel = f64::from(*value);
                *value = match name.as_str() {
                    "bias" => {
                        let centred = of_channel - f64::from(mean[channel]);
                        (scales[channel] * centred + f64::from(beta[channel])) as f32
                    }
                    _ => (scales[channel] * of_channel) as f32,
                };
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::every_layer::{networks, pixels};
    use super::super::{Layerwise, Silent};
    use super::*;
    use crate::spec::Spec;

    #[test]
    fn the_scores_are_the_same_from_fewer_layers() {
        for snapshot in networks() {
            let small = folded(&snapshot).unwrap();
            let norms = |spec: &Spec| {
                let layers = spec.layers.iter();
                let norms = layers.filter(|layer| matches!(layer, Layer::BatchNorm { .. }));
                norms.count()
            };
            // One of the networks has a batch norm that follows a sum.
            assert_eq!(norms(&small.info.spec), norms(&snapshot.info.spec).min(1));
            let scores = |snapshot: &Snapshot| {
                let network = Layerwise::new(&snapshot.info.spec, &snapshot.state).unwrap();
                network.outputs(&pixels(), &Silent::new()).pop().unwrap()
            };
            for (found, expected) in scores(&small).iter().zip(scores(&snapshot)) {
                assert!((found - expected).abs() < 1e-4, "{found} {expected}");
            }
        }
    }

    #[test]
    fn a_stack_of_nothing_else_keeps_its_layer_and_what_a_skip_takes_stays() {
        let mut spec = Spec::smallest();
        spec.layers = serde_json::from_str(
            r#"["Flatten", {"Dense": {"units": 4}}, {"BatchNorm": {}}, {"Residual": {"span": 1}},
            {"Dropout": {"p": 0.5}}, {"Residual": {"span": 1}}, {"Dropout": {"p": 0.5}}, {"Dense": {"units": 4}},
            {"BatchNorm": {}}, {"Residual": {"span": 3}}]"#,
        )
        .unwrap();
        let left_out = left_out(&spec.layers);
        let layers = serde_json::to_string(&kept(&spec.layers, &left_out)).unwrap();
        let expected = serde_json::to_string(
            &serde_json::from_str::<Vec<Layer>>(
                r#"["Flatten", {"Dense": {"units": 4}}, {"BatchNorm": {}}, {"Residual": {"span": 1}},
                {"Dropout": {"p": 0.5}}, {"Residual": {"span": 1}}, {"Dense": {"units": 4}}, {"Residual": {"span": 1}}]"#,
            )
            .unwrap(),
        )
        .unwrap();
        assert_eq!(layers, expected);
    }
}
