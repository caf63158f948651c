//! What is known of the inside of a network's layers.

use serde::{Deserialize, Serialize};

/// Bins of a histogram, all equally wide.
pub const BINS: usize = 48;

/// What is inside each layer of a network, on some images.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NetworkStatistics {
    /// Images that the evaluation saw, and of which a unit must be active on one not to be dead.
    pub images: usize,
    /// Images of a batch of training: that many gave the gradients.
    pub batch: usize,
    /// Mean loss of that batch, in nats; none where it is no number.
    pub loss: Option<f64>,
    /// A layer of the spec each, in their order.
    pub layers: Vec<LayerStatistics>,
}

/// What is inside one layer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerStatistics {
    /// The least and the largest value of both histograms.
    pub range: (f64, f64),
    /// What comes out while training: dropout drops, batch norm takes the batch's mean and variance.
    pub training: Activations,
    /// What comes out in evaluation.
    pub evaluation: Activations,
    /// Of an activation: its units, and how many are dead.
    pub units: Option<Units>,
    /// Of a layer that has parameters.
    pub parameters: Option<ParameterStatistics>,
}

/// The values that come out of a layer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Activations {
    /// How many values are finite; all other numbers are of these.
    pub count: u64,
    /// How many are NaN or infinite.
    pub not_finite: u64,
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation (divided by n).
    pub std: f64,
    /// [`BINS`] counts over the layer's range. A value's bin is known to within a 64th of the value.
    pub bins: Vec<u64>,
}

/// Channels of an image, or values of a flat output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Units {
    /// How many there are.
    pub all: usize,
    /// How many are 0 for every image, everywhere, in evaluation.
    pub dead: usize,
}

/// The parameters of a layer, weight and bias as one vector.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParameterStatistics {
    /// Their Euclidean norm; none where it is no number.
    pub norm: Option<f64>,
    /// The norm of the loss's gradient by them, before clipping; none where it is no number, or where the layer
    /// is frozen.
    pub gradient: Option<f64>,
    /// How far a step of the optimiser moved them, in parts of their norm; none where no step was seen, or where
    /// the layer is frozen.
    pub update: Option<f64>,
    /// Whether the layer is frozen.
    pub frozen: bool,
    /// The norms of the kernels, or of the rows of a dense weight.
    pub kernels: Option<KernelNorms>,
}

/// The Euclidean norms of a layer's kernels, one an output channel or unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct KernelNorms {
    /// The smallest.
    pub min: f64,
    /// The middle one; of two the mean.
    pub median: f64,
    /// The largest.
    pub max: f64,
}

impl Units {
    /// The dead units' share.
    pub fn dead_share(self) -> f64 {
        self.dead as f64 / self.all.max(1) as f64
    }
}

impl KernelNorms {
    /// Of these norms; none without any, or where one is no number.
    pub fn of(mut norms: Vec<f64>) -> Option<Self> {
        if norms.iter().any(|norm| !norm.is_finite()) {
            return None;
        }
        norms.sort_by(f64::total_cmp);
        let middle = norms.len() / 2;
        let (min, max) = (*norms.first()?, *norms.last()?);
        let median = match norms.len() % 2 {
            0 => f64::midpoint(norms[middle - 1], norms[middle]),
            _ => norms[middle],
        };
        Some(Self { min, median, max })
    }
}
