//! The named tensors of a network.

/// A named tensor of a network, for saving and loading.
#[derive(Clone, Debug, PartialEq)]
pub struct TensorState {
    /// Name in the same network as a `torch.nn.Sequential`, e.g. `0.weight`.
    pub name: String,
    /// Dimensions; empty for a single number.
    pub shape: Vec<usize>,
    /// The values, row after row.
    pub data: TensorData,
}

impl TensorState {
    /// Number of values.
    pub fn elements(&self) -> u64 {
        match &self.data {
            TensorData::F32(values) => values.len() as u64,
            TensorData::I64(values) => values.len() as u64,
        }
    }
}

/// The values of a [`TensorState`].
#[derive(Clone, Debug, PartialEq)]
pub enum TensorData {
    /// Parameters and statistics.
    F32(Vec<f32>),
    /// Counters.
    I64(Vec<i64>),
}

/// The values of one tensor of a network's state, not copied.
pub enum TensorView<'a> {
    /// Of a parameter or of running statistics.
    F32(&'a [f32]),
    /// A count of batches.
    Count(i64),
}
