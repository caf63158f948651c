//! What each layer of a network keeps in memory. This follows `nn`: its builder joins the layers
//! around a 2×2 pooling, its blocks keep what the backward pass reads, and each part of the batch has
//! weight gradients of its own.

use crate::spec::{ActivationFunction, Layer, LayerSummary, Shape};

/// Copies of every parameter while a run is saved: the tensor and two of the optimiser's, the last
/// epoch's and the best one's snapshot, and the checkpoint's four, in memory and as bytes. Within a
/// step it is fewer.
const COPIES: u64 = 13;
/// The same where nothing is trained: the tensor, and two while it is read from a file.
const COPIES_TO_EVALUATE: u64 = 3;
/// Columns of a matrix are filled up to a multiple of this.
const PANEL: u64 = 32;
/// A Winograd convolution has 16 numbers for the 9 of a kernel, and takes so many tiles at once.
const PLACES: u64 = 16;
const TILES_AT_ONCE: u64 = 64;
/// Small images go through the layers together until they have so many values.
const VALUES_AT_ONCE: u64 = 32 << 10;
const WINOGRAD_CHANNELS: u64 = 8;
pub(super) const F32: u64 = 4;

/// What one layer needs, in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cost {
    /// Parameters, their gradients and the optimiser's state, in all copies.
    pub trained: u64,
    /// Parameters of a network that only evaluates.
    pub weights: u64,
    /// Buffers of one part of the batch.
    pub scratch: u64,
    /// Activations of one image of a training batch.
    pub per_image: u64,
    /// Activations of one image of an evaluated batch.
    pub evaluated: u64,
}

/// The cost of every layer, in their order, for batches that are cut into so many `parts`.
pub(super) fn costs(layers: &[Layer], rows: &[LayerSummary], parts: u64) -> Vec<Cost> {
    let is_dense = |at: Option<usize>| {
        let layer = at.and_then(|at| layers.get(at));
        layer.is_none_or(|layer| matches!(layer, Layer::Dense { .. }))
    };
    let mut costs: Vec<Cost> = layers
        .iter()
        .zip(rows)
        .enumerate()
        .map(|(at, (layer, row))| {
            let place = Place {
                begins: is_dense(at.checked_sub(1)),
                ends: is_dense(Some(at + 1)),
            };
            let (trained, weights, scratch) = parameters(layer, row, &rows[..at], parts);
            let (input, output) = (elements(row.input), elements(row.output));
            Cost {
                trained: F32 * trained,
                weights: F32 * weights,
                // Two buffers between this layer and the next.
                scratch: F32 * (scratch + 2 * output.max(input).max(VALUES_AT_ONCE)),
                per_image: F32 * kept(layer, row, place),
                // Between two operations of the tape: what comes out, its tensor, and its copy.
                evaluated: match (layer, place.ends) {
                    (Layer::Dense { .. }, _) | (_, true) => F32 * 3 * output,
                    _ => 0,
                },
            }
        })
        .collect();
    join_and_wait(layers, rows, &mut costs);
    for (at, layer) in layers.iter().enumerate() {
        if let Layer::Residual { span } = layer {
            // What goes past the layers, kept, and its gradient.
            costs[at].per_image += 2 * F32 * elements(rows[at - span].input);
        }
    }
    // The pixels, the tensor of them and the first block's copy.
    if let (Some(first), Some(row)) = (costs.first_mut(), rows.first()) {
        let pixels = 3 * F32 * elements(row.input);
        first.per_image += pixels;
        first.evaluated += pixels;
    }
    costs
}

fn elements(shape: Shape) -> u64 {
    shape.elements() as u64
}

pub(super) fn panels(depth: u64, columns: u64) -> u64 {
    depth * columns.next_multiple_of(PANEL)
}

/// Numbers kept for the parameters when training and when evaluating, and those of a part's buffers;
/// `before` are the rows of the layers before.
fn parameters(
    layer: &Layer,
    row: &LayerSummary,
    before: &[LayerSummary],
    parts: u64,
) -> (u64, u64, u64) {
    let count = row.parameters;
    match *layer {
        Layer::Conv2d {
            out_channels,
            kernel_size,
            stride,
            padding,
        } => {
            let (channels, _) = row.input.channels_and_area();
            let (_, area) = row.output.channels_and_area();
            let (channels, outputs) = (channels as u64, out_channels as u64);
            let area = area as u64;
            let (working, gradients, scratch) = if kernel_size == 3
                && stride == 1
                && channels >= WINOGRAD_CHANNELS
                && outputs >= WINOGRAD_CHANNELS
            {
                let plane = PLACES * channels * outputs;
                let packed = PLACES * (panels(channels, outputs) + panels(outputs, channels));
                let tiles = PLACES * TILES_AT_ONCE * (channels + outputs);
                (plane + packed, plane, tiles)
            } else {
                let fan_in = channels * (kernel_size * kernel_size) as u64;
                let packed = panels(fan_in, outputs) + panels(outputs, fan_in);
                let pointwise = kernel_size == 1 && stride == 1 && padding == 0;
                let unfolded = if pointwise { 0 } else { 2 * area * fan_in };
                (count + packed, count, unfolded)
            };
            // One sum of gradients per part, that of all, and two while it is laid out anew.
            let trained = (COPIES + 1) * count + working + (parts + 1) * gradients + 2 * count;
            let weights = (COPIES_TO_EVALUATE + 1) * count + working;
            (trained, weights, scratch)
        }
        Layer::Dense { units } => {
            let (inputs, units) = (elements(row.input), units as u64);
            let packed = panels(inputs, units) + panels(units, inputs);
            let trained = (COPIES + 1) * count + packed;
            (trained, (COPIES_TO_EVALUATE + 1) * count + packed, 0)
        }
        Layer::Residual { span } => {
            let (sources, _) = before[before.len() - span].input.channels_and_area();
            let (outputs, area) = row.output.channels_and_area();
            let (sources, outputs, area) = (sources as u64, outputs as u64, area as u64);
            let packed = if count == 0 {
                0
            } else {
                panels(sources, outputs) + panels(outputs, sources)
            };
            let passing = 2 * elements(before[before.len() - span].input);
            let unfolded = if count == 0 { 0 } else { 2 * area * sources };
            let trained = (COPIES + parts + 4) * count + packed;
            let weights = (COPIES_TO_EVALUATE + 1) * count + packed;
            (trained, weights, passing + unfolded)
        }
        _ => ((COPIES + parts) * count, COPIES_TO_EVALUATE * count, 0),
    }
}

/// Where a layer stands among those between two dense layers, which are one operation on the tape.
#[derive(Clone, Copy)]
struct Place {
    begins: bool,
    ends: bool,
}

/// Numbers kept of one image until the backward pass, if no other layer takes this one over.
fn kept(layer: &Layer, row: &LayerSummary, place: Place) -> u64 {
    let (input, output) = (elements(row.input), elements(row.output));
    if let Layer::Dense { .. } = layer {
        // Its copy of the input, its output, and the output's tensor with its gradient.
        return input + 3 * output;
    }
    let begun = if place.begins { input } else { 0 };
    // The tensor of what comes out, its gradient, and two buffers of gradients.
    let ended = if place.ends { 4 * output } else { 0 };
    begun + output + ended
}

/// Takes off what is not kept where batch norm, an activation, 2×2 max pooling and dropout are one
/// operation: all but its output, and its input unless batch norm wants that. Adds the gradients that
/// wait where batch norm must see the whole batch: two buffers, as large as the largest needs.
fn join_and_wait(layers: &[Layer], rows: &[LayerSummary], costs: &mut [Cost]) {
    let output = |at: usize| elements(rows[at].output);
    let mut waiting: Option<(u64, usize)> = None;
    for (at, layer) in layers.iter().enumerate() {
        if matches!(layer, Layer::BatchNorm { .. }) {
            let joined = layers[at + 1..]
                .iter()
                .position(|layer| !is_bent_line(layer));
            let pool = joined.map_or(at, |skipped| at + 1 + skipped);
            let size = if is_joined(layers, at, pool) {
                output(pool)
            } else {
                output(at)
            };
            waiting = waiting.max(Some((size, at)));
        }
    }
    for (pool, _) in layers.iter().enumerate().filter(|(_, layer)| halves(layer)) {
        let mut first = pool;
        if first > 0 && is_bent_line(&layers[first - 1]) {
            first -= 1;
        }
        let after_norm = first > 0 && matches!(layers[first - 1], Layer::BatchNorm { .. });
        first -= usize::from(after_norm);
        if is_parted(layers, first, pool) {
            continue;
        }
        if let (false, Some(before)) = (after_norm, first.checked_sub(1)) {
            costs[before].per_image -= F32 * output(before);
        }
        for cost in &mut costs[first..pool] {
            cost.per_image = 0;
        }
        if matches!(layers.get(pool + 1), Some(Layer::Dropout { .. }))
            && !is_parted(layers, pool, pool + 1)
        {
            costs[pool].per_image = 0;
        }
        // A byte for each value that comes out.
        costs[pool].per_image += output(pool);
    }
    if let Some((size, at)) = waiting {
        costs[at].per_image += 2 * F32 * size;
    }
}

/// Whether the layers from a batch norm to a pooling are one operation.
fn is_joined(layers: &[Layer], norm: usize, pool: usize) -> bool {
    pool <= norm + 2 && layers.get(pool).is_some_and(halves) && !is_parted(layers, norm, pool)
}

/// Whether something goes past layers from between those from `first` to `last`: they are not one
/// operation then. Counted as if none of them were, which is a little too much.
fn is_parted(layers: &[Layer], first: usize, last: usize) -> bool {
    layers.iter().enumerate().any(|(at, layer)| {
        matches!(layer, Layer::Residual { span } if (first + 1..=last).contains(&(at - span)))
    })
}

/// Whether a layer is max pooling over 2×2 windows side by side.
fn halves(layer: &Layer) -> bool {
    matches!(
        layer,
        Layer::MaxPool2d {
            kernel_size: 2,
            stride: 2,
            padding: 0
        }
    )
}

/// Whether a layer is a line on either side of 0.
fn is_bent_line(layer: &Layer) -> bool {
    matches!(
        layer,
        Layer::Activation(ActivationFunction::ReLU | ActivationFunction::LeakyReLU { .. })
    )
}
