//! What the work on one chunk of a batch needs for itself.

use super::partition::Partition;
use crate::nn::layers::{Partial, Scratch};
use crate::simd::buffer::Buffer;

/// The buffers of one chunk, kept from step to step.
#[derive(Default)]
pub(super) struct Workspace {
    pub scratch: Scratch,
    /// Values or gradients of a micro-batch between two ops.
    pub between: [Buffer; 2],
    /// Evaluation: what each skip connection carries of a micro-batch.
    pub skips: Vec<Buffer>,
    /// Evaluation: what an op notes for a backward pass that does not come.
    pub notes: Vec<u8>,
    /// Gradients `[op][parameter][value]`, as the ops add them up.
    pub gradients: Vec<Vec<Buffer>>,
    /// Sums that an op gathers over the chunk, one micro-batch after the other.
    pub sums: Buffer,
}

/// What has been observed in every micro-batch of `size` images, in the order of the batch.
pub(super) fn partials(
    workspaces: &[Workspace],
    partition: Partition,
    size: usize,
    statistics_len: usize,
) -> Vec<Partial<'_>> {
    let workspaces = workspaces[..partition.chunks].iter().enumerate();
    workspaces
        .flat_map(|(chunk, workspace)| {
            let sums = workspace.sums.chunks_exact(statistics_len);
            partition
                .micro_batches(chunk, size)
                .zip(sums)
                .map(|(images, sums)| Partial {
                    images: images.len(),
                    sums,
                })
        })
        .collect()
}
