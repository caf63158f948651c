//! What Muon keeps beside a velocity, which it has as other optimisers do. This follows
//! `nn::optim::muon`.

use super::layers::{F32, panels};
use crate::spec::{Layer, LayerSummary};

/// Bytes of Muon's buffers for each layer: none for the first and the last that have a weight.
pub(super) fn buffers(layers: &[Layer], rows: &[LayerSummary]) -> Vec<u64> {
    let sides: Vec<Option<(u64, u64)>> = (0..layers.len())
        .map(|at| weight(&layers[at], &rows[at]))
        .collect();
    let first = sides.iter().position(Option::is_some);
    let last = sides.iter().rposition(Option::is_some);
    let is_hidden = |at: usize| Some(at) != first && Some(at) != last;
    let bytes = |(at, sides): (usize, &Option<(u64, u64)>)| match *sides {
        Some((a, b)) if is_hidden(at) => of_matrix(a.min(b), a.max(b)),
        _ => 0,
    };
    sides.iter().enumerate().map(bytes).collect()
}

/// The sides of a layer's weight as a matrix.
fn weight(layer: &Layer, row: &LayerSummary) -> Option<(u64, u64)> {
    let outputs = match *layer {
        Layer::Conv2d { out_channels, .. } => out_channels as u64,
        Layer::Dense { units } => units as u64,
        Layer::Residual { .. } => row.output.channels_and_area().0 as u64,
        _ => return None,
    };
    // A bias for each output, beside the weight.
    let inputs = (row.parameters / outputs).checked_sub(1)?;
    Some((outputs, inputs))
}

fn of_matrix(shorter: u64, longer: u64) -> u64 {
    let values = shorter * longer + 2 * shorter * shorter;
    let packed = panels(longer, shorter) + panels(shorter, shorter) + panels(shorter, longer);
    F32 * (values + packed)
}
