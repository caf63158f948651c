//! Trainable parameters and their gradients.

use crate::simd::buffer::Buffer;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A trainable tensor: a bias, a scale or a shift `[channels]`, a dense weight `[out, in]`, or the
/// kernels of a convolution `[out_channels, in_channels, kernel_size, kernel_size]`.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Name in the equal `torch.nn.Sequential`, e.g. `0.weight`.
    pub name: String,
    /// The dimensions.
    pub shape: Vec<usize>,
    /// The values, row after row.
    pub values: Buffer,
}

impl Parameter {
    /// A vector without a name.
    #[cfg(test)]
    pub fn of(values: &[f32]) -> Self {
        Self {
            name: String::new(),
            shape: vec![values.len()],
            values: Buffer::from(values),
        }
    }
}

/// The gradients of a network's parameters, in their order. The backward pass overwrites them.
#[derive(Clone, Debug, Default)]
pub struct Gradients(Arc<Mutex<Vec<Buffer>>>);

impl Gradients {
    /// Makes room for those of these parameters; the values are arbitrary.
    pub fn size(&self, parameters: &[Parameter]) {
        let mut all = self.lock();
        all.resize(parameters.len(), Buffer::default());
        for (gradient, parameter) in all.iter_mut().zip(parameters) {
            gradient.size(parameter.values.len());
        }
    }

    /// The gradients; none before the first training pass.
    pub fn lock(&self) -> MutexGuard<'_, Vec<Buffer>> {
        // A panic in another thread leaves arbitrary numbers, which the next pass overwrites.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
