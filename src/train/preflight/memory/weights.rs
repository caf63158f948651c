//! The weights of a network as matrices, for the buffers of optimisers that work on whole matrices.

use crate::spec::{Layer, LayerSummary};

/// Position of every layer that has a weight, with its rows and columns as a matrix
/// `[outputs, inputs]`.
pub(super) fn weights<'a>(
    layers: &'a [Layer],
    rows: &'a [LayerSummary],
) -> impl Iterator<Item = (usize, (usize, usize))> + 'a {
    let layers = layers.iter().zip(rows).enumerate();
    layers.filter_map(|(at, (layer, row))| Some((at, weight(layer, row)?)))
}

fn weight(layer: &Layer, row: &LayerSummary) -> Option<(usize, usize)> {
    let outputs = match *layer {
        Layer::Conv2d { out_channels, .. } => out_channels,
        Layer::Dense { units } => units,
        Layer::Residual { .. } => row.output.channels_and_area().0,
        _ => return None,
    };
    // A bias for each output, beside the weight.
    let inputs = (row.parameters / outputs as u64).checked_sub(1)?;
    Some((outputs, inputs as usize))
}
