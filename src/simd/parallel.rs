//! Plain loops over long slices, shared out over the threads.

use crate::parallel::Metered;
use rayon::prelude::*;

/// Values that a thread works on at a time: fewer are not worth waking another for.
const AT_ONCE: usize = 1 << 14;

/// Copies `from` to `to`.
///
/// # Panics
/// If the lengths differ.
pub fn copy(from: &[f32], to: &mut [f32]) {
    assert_eq!(from.len(), to.len(), "lengths");
    if from.len() <= AT_ONCE {
        to.copy_from_slice(from);
        return;
    }
    let pieces = to.par_chunks_mut(AT_ONCE).zip(from.par_chunks(AT_ONCE));
    pieces.for_each_metered(|(to, from)| to.copy_from_slice(from));
}
