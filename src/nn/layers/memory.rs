//! What layers need of the machine's memory, in bytes.

/// What an op holds beside activations and gradients, which follow from its sizes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpMemory {
    /// The op's own copies of its parameters: as saved, transformed, packed for matrix products.
    pub weights: u64,
    /// What one chunk of a batch takes of [`Scratch::input`](super::Scratch::input) and
    /// [`Scratch::output`](super::Scratch::output).
    pub scratch: u64,
    /// What an op that takes the whole batch needs for each image of it.
    pub batch_image: u64,
    /// What such an op takes at most of the buffers of one chunk, which is all it uses of them.
    pub batch_scratch: u64,
}

/// What one layer adds to what a network needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LayerMemory {
    /// Copies of the parameters that the layer computes with.
    pub weights: u64,
    /// Training: gradients of the parameters, for each chunk of the batch and for all of it.
    pub gradients: u64,
    /// Buffers for micro-batches, of all chunks.
    pub buffers: u64,
    /// Activations and their gradients, for each image of a training batch.
    pub training_image: u64,
    /// Activations, for each image of an evaluated batch.
    pub evaluation_image: u64,
}

impl std::ops::AddAssign for LayerMemory {
    fn add_assign(&mut self, other: Self) {
        self.weights += other.weights;
        self.gradients += other.gradients;
        self.buffers += other.buffers;
        self.training_image += other.training_image;
        self.evaluation_image += other.evaluation_image;
    }
}

/// Bytes of `values` 32-bit floats.
pub fn f32_bytes(values: usize) -> u64 {
    4 * values as u64
}
