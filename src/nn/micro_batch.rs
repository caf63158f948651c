//! How many images go through the layers together.

/// Values between two layers that a micro-batch may have: few enough to stay in the cache.
const MICRO_BATCH_VALUES: usize = 32 << 10;

/// Images of a micro-batch if an image has `len` values between two layers. Where images are small, a
/// layer's weights are what fills the cache: several images make more of them.
pub fn micro_batch(len: usize) -> usize {
    (MICRO_BATCH_VALUES / len.max(1)).max(1)
}
