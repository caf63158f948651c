//! What a layer does to values, without how it is computed.

use super::activation::ActivationFunction;

/// How a value that comes out of a layer is made of those that go in, as in evaluation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Arithmetic {
    /// Products with a kernel over the layer's window, summed, and a bias.
    WeightedWindow,
    /// Products of all values with weights, summed, and a bias.
    WeightedSum,
    /// The largest value of the layer's window.
    LargestOfWindow,
    /// The mean of the layer's window, padding as zeros.
    MeanOfWindow,
    /// The mean of a whole channel.
    MeanOfChannel,
    /// `(x − mean) / √(variance + eps) · weight + bias` with the channel's numbers.
    Normalize {
        /// Added to the variance.
        eps: f64,
    },
    /// A function of the one value.
    Function(ActivationFunction),
    /// The value itself.
    Unchanged,
    /// The value with another number: of the same place in a flat list.
    Renumbered,
    /// The value plus what went into the layer `span` layers before.
    SumWithSkip {
        /// How many layers the skip connection spans.
        span: usize,
    },
}

impl Arithmetic {
    /// Whether a value depends on the one that went in at its place and on no other.
    pub fn is_elementwise(self) -> bool {
        matches!(
            self,
            Self::Normalize { .. } | Self::Function(_) | Self::Unchanged
        )
    }
}
