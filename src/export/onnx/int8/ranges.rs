//! Which values there are between the layers of a network, on some images.

use crate::nn::Layerwise;
use std::sync::{Mutex, PoisonError};

/// The least and the largest value.
pub type Range = (f32, f32);

/// The ranges of what goes into each layer and of what comes out of the last one, for `batches` of normalised pixels,
/// each `[batch, channels, height, width]`.
pub fn ranges<'a>(network: &Layerwise, batches: impl Iterator<Item = &'a [f32]>) -> Vec<Range> {
    let empty = (f32::INFINITY, f32::NEG_INFINITY);
    let all = Mutex::new(vec![empty; network.len() + 1]);
    let see = |at: usize, values: &[f32]| {
        let values = values.iter();
        let (least, most) = values.fold(empty, |(least, most), value| {
            (least.min(*value), most.max(*value))
        });
        let range = &mut all.lock().unwrap_or_else(PoisonError::into_inner)[at];
        *range = (range.0.min(least), range.1.max(most));
    };
    for batch in batches {
        see(0, batch);
        let pixels = network.take_in(batch);
        network.run_changed(0..network.len(), pixels, &|layer, y| see(layer + 1, y));
    }
    all.into_inner().unwrap_or_else(PoisonError::into_inner)
}
