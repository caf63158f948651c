//! The drawing pad: an image that is changed stroke by stroke, and what the model says of it meanwhile.

mod bars;
mod canvas;
mod draw;
mod keys;
mod paint;
mod state;
#[cfg(test)]
mod tests;

pub use draw::draw;
pub use keys::{KEYS, PAD, PadAction};
pub use state::Pad;
