//! How many images go through a convolution in one call.

use crate::nn::layers::window::Window;
use crate::nn::micro_batch::micro_batch;

/// Most images of a call.
pub(super) fn images_at_once(window: &Window, out_channels: usize) -> usize {
    micro_batch((window.channels * window.area()).max(out_channels * window.out_area()))
}
