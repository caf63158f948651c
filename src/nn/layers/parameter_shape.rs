//! The trainable parameters that a layer declares.

/// A parameter before it has values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterShape {
    /// `weight` or `bias`, as in PyTorch's module.
    pub name: &'static str,
    /// Its 1, 2 or 4 dimensions.
    pub shape: Vec<usize>,
    /// Its first values.
    pub start: Start,
}

/// First values of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Random numbers from the spec's initialiser, whose spread depends on how many inputs a unit has
    /// and how many units an input goes to.
    Random {
        /// Inputs of a unit.
        fan_in: usize,
        /// Units of an input.
        fan_out: usize,
    },
    /// Ones.
    Ones,
    /// Zeros.
    Zeros,
}

impl ParameterShape {
    /// A weight that starts with random numbers.
    pub fn weight(shape: &[usize], fan_in: usize, fan_out: usize) -> Self {
        Self {
            name: "weight",
            shape: shape.to_vec(),
            start: Start::Random { fan_in, fan_out },
        }
    }

    /// The factors of a normalisation, `[channels]`.
    pub fn scale(channels: usize) -> Self {
        Self {
            name: "weight",
            shape: vec![channels],
            start: Start::Ones,
        }
    }

    /// A bias, `[channels]`.
    pub fn bias(channels: usize) -> Self {
        Self {
            name: "bias",
            shape: vec![channels],
            start: Start::Zeros,
        }
    }

    /// Number of values.
    pub fn elements(&self) -> usize {
        self.shape.iter().product()
    }
}
