//! What a value inside a network is made of.

use crate::nn::layers::{Activation, Op, Scratch};
use crate::spec::{ActivationFunction, Arithmetic};
use serde::{Serialize, Serializer};

/// A value's place in a layer's output. In a flat layer `channel` is the unit, the others are 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct At {
    /// Counted from 0.
    pub channel: usize,
    /// Counted from 0.
    pub row: usize,
    /// Counted from 0.
    pub column: usize,
}

/// What a value is made of.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MadeOf {
    /// A kernel over a window: what all channels bring, and the bias.
    Window {
        /// Side of the kernel.
        kernel_size: usize,
        /// The channels, the one that brings most, without its sign, first.
        parts: Vec<Part>,
        /// The kernel's.
        bias: f32,
    },
    /// Weighted values and the bias.
    Sum {
        /// The products, the largest without its sign first.
        terms: Vec<Term>,
        /// The unit's.
        bias: f32,
    },
    /// The largest value of a window.
    Largest {
        /// Row by row; none where there is padding.
        window: Vec<Option<f32>>,
    },
    /// The mean of a window, padding as zeros.
    Mean {
        /// Row by row; none where there is padding.
        window: Vec<Option<f32>>,
    },
    /// The mean of a channel.
    MeanOfChannel {
        /// The sum of its values.
        sum: f64,
        /// How many these are.
        values: usize,
    },
    /// `(input − mean) / √(variance + eps) · weight + bias`.
    Normalized {
        /// The value that went in.
        input: f32,
        /// The running mean of the channel.
        mean: f32,
        /// The running variance of the channel.
        variance: f32,
        /// Added to the variance.
        eps: f64,
        /// γ.
        weight: f32,
        /// β.
        bias: f32,
    },
    /// A function of the value.
    Function {
        /// Its name.
        function: String,
        /// The value that went in.
        input: f32,
    },
    /// The value itself.
    Same {
        /// The value that went in.
        input: f32,
    },
    /// The value plus what a skip connection brings.
    WithSkip {
        /// The value that went in.
        input: f32,
        /// What the skip connection brings: a value of that layer's input, or of a 1×1 convolution of it.
        skip: f32,
        /// The position of the layer whose input that is; in JSON its number, from 1.
        #[serde(serialize_with = "number")]
        from: usize,
        /// The products of that 1×1 convolution, the largest without its sign first; empty where there is none.
        terms: Vec<Term>,
        /// Its bias.
        bias: f32,
    },
}

/// What one input channel brings to a value of a convolution.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Part {
    /// The input channel.
    pub channel: usize,
    /// The patch of its values, row by row; none where there is padding.
    pub patch: Vec<Option<f32>>,
    /// The kernel, row by row.
    pub kernel: Vec<f32>,
    /// The sum of the products.
    pub sum: f64,
}

/// One product of a sum.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Term {
    /// The number of the value that went in.
    pub input: usize,
    /// The value that went in.
    pub value: f32,
    /// What it is multiplied by.
    pub weight: f32,
}

impl Term {
    /// The product.
    pub fn product(&self) -> f64 {
        f64::from(self.value) * f64::from(self.weight)
    }
}

impl MadeOf {
    /// The value that the terms give, added up in double precision.
    pub fn value(&self, arithmetic: Arithmetic) -> f64 {
        let add_up = |terms: &[Term]| terms.iter().map(Term::product).sum::<f64>();
        match self {
            Self::Window { parts, bias, .. } => {
                parts.iter().map(|part| part.sum).sum::<f64>() + f64::from(*bias)
            }
            Self::Sum { terms, bias } => add_up(terms) + f64::from(*bias),
            Self::Largest { window } => {
                let inside = window.iter().flatten();
                f64::from(inside.copied().fold(f32::NEG_INFINITY, f32::max))
            }
            Self::Mean { window } => {
                let inside = window.iter().flatten();
                inside.copied().map(f64::from).sum::<f64>() / window.len().max(1) as f64
            }
            Self::MeanOfChannel { sum, values } => sum / (*values).max(1) as f64,
            Self::Normalized {
                input,
                mean,
                variance,
                eps,
                weight,
                bias,
            } => {
                let deviation = (f64::from(*variance) + eps).sqrt();
                (f64::from(*input) - f64::from(*mean)) / deviation * f64::from(*weight)
                    + f64::from(*bias)
            }
            Self::Function { input, .. } => match arithmetic {
                Arithmetic::Function(function) => f64::from(value_of(function, *input)),
                _ => f64::from(*input),
            },
            Self::Same { input } => f64::from(*input),
            Self::WithSkip { input, skip, .. } => f64::from(*input) + f64::from(*skip),
        }
    }
}

/// A layer's number, as tables and commands count them.
pub fn number<S: Serializer>(position: &usize, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(*position as u64 + 1)
}

fn value_of(function: ActivationFunction, input: f32) -> f32 {
    let activation = Activation::new(function, 1);
    let output = activation.evaluate_one(&[], &[input], &mut Scratch::default());
    output.first().copied().unwrap_or(f32::NAN)
}
