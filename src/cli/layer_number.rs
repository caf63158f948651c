//! The layer that a command looks at.

use super::errors::Usage;
use crate::spec::CheckedSpec;

/// The position of layer `number`, which is counted from 1, if `spec` has it.
pub fn layer_at(number: usize, spec: &CheckedSpec) -> Result<usize, Usage> {
    let layers = spec.layers.len();
    let position = number.checked_sub(1).filter(|layer| *layer < layers);
    position.ok_or_else(|| {
        Usage(format!(
            "--layer {number}: the layers are numbered 1 to {layers}"
        ))
    })
}
