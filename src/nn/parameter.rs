//! Trainable parameters and their gradients.

use crate::simd::buffer::Buffer;
use std::ops::Range;
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

/// The gradients of a network's parameters, in their order. The operations on the tape share them and
/// add to them in the backward pass.
#[derive(Clone, Debug, Default)]
pub struct Gradients(Arc<Mutex<Vec<Buffer>>>);

impl Gradients {
    /// Zeros for each of the parameters, before a training pass.
    pub fn reset(&self, parameters: &[Parameter]) {
        let mut all = self.lock();
        all.resize(parameters.len(), Buffer::default());
        for (gradient, parameter) in all.iter_mut().zip(parameters) {
            gradient.size(parameter.values.len()).fill(0.0);
        }
    }

    /// The gradients; none before the first training pass.
    pub fn lock(&self) -> MutexGuard<'_, Vec<Buffer>> {
        // A panic in another thread leaves arbitrary numbers, which the next reset overwrites.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those of the parameters `range`, for an operation.
    pub fn of(&self, range: Range<usize>) -> GradientRange {
        GradientRange {
            all: self.clone(),
            range,
        }
    }
}

/// The gradients of some consecutive parameters.
pub struct GradientRange {
    all: Gradients,
    range: Range<usize>,
}

impl GradientRange {
    /// Lets `add` add to the gradients.
    pub fn update(&self, add: impl FnOnce(&mut [Buffer])) {
        if let Some(gradients) = self.all.lock().get_mut(self.range.clone()) {
            add(gradients);
        }
    }
}
