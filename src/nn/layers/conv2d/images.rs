//! How many images go through a convolution in one call.

use crate::nn::layers::window::Window;

/// Values between two layers that the images of a call have at most, if they are several; a block's
/// micro-batches have no more.
const VALUES: usize = 32 << 10;

/// Most images of a call.
pub(super) fn images_at_once(window: &Window, out_channels: usize) -> usize {
    let values = (window.channels * window.area()).max(out_channels * window.out_area());
    (VALUES / values.max(1)).max(1)
}
