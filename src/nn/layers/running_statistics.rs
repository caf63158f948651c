//! What batch norm gathers over training.

/// Mean and variance as PyTorch saves them.
#[derive(Clone, Debug, PartialEq)]
pub struct RunningStatistics {
    /// `[channels]`.
    pub mean: Vec<f32>,
    /// `[channels]`.
    pub variance: Vec<f32>,
    /// Batches seen.
    pub batches: i64,
}

impl RunningStatistics {
    /// Mean 0 and variance 1 of each channel.
    pub fn new(channels: usize) -> Self {
        Self {
            mean: vec![0.0; channels],
            variance: vec![1.0; channels],
            batches: 0,
        }
    }
}
