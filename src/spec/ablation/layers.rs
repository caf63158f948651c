//! Lists of layers without some of them.

use crate::spec::{Layer, Spec};

/// The layers that are not out, each skip connection over those of its layers that are left.
pub fn layers_left(layers: &[Layer], is_out: &[bool]) -> Vec<Layer> {
    let out = |row: usize| is_out.get(row).copied().unwrap_or(false);
    let left = |(row, layer): (usize, &Layer)| match *layer {
        _ if out(row) => None,
        Layer::Residual { span } => {
            let gone = (row.saturating_sub(span)..row).filter(|row| out(*row));
            let span = span - gone.count();
            Some(Layer::Residual { span })
        }
        _ => Some(layer.clone()),
    };
    layers.iter().enumerate().filter_map(left).collect()
}

/// The spec without the layers at these positions, and the positions of the residual layers that went too, as
/// none of the layers that they span is left.
pub fn removed(spec: &Spec, positions: &[usize]) -> (Spec, Vec<usize>) {
    let mut is_out = vec![false; spec.layers.len()];
    for position in positions {
        is_out[*position] = true;
    }
    let mut with_them = Vec::new();
    for (row, layer) in spec.layers.iter().enumerate() {
        if let Layer::Residual { span } = layer
            && !is_out[row]
            && is_out[row.saturating_sub(*span)..row]
                .iter()
                .all(|out| *out)
        {
            is_out[row] = true;
            with_them.push(row);
        }
    }
    let frozen = is_out.iter().take(spec.frozen_layers);
    let spec = Spec {
        layers: layers_left(&spec.layers, &is_out),
        frozen_layers: spec.frozen_layers - frozen.filter(|out| **out).count(),
        ..spec.clone()
    };
    (spec, with_them)
}
