//! The largest sizes of a spec.

pub use crate::text::Limit;

/// The most layers a network may have.
pub const MAX_LAYERS: usize = 100;
/// The longest name, in characters.
pub const MAX_NAME: usize = 80;
/// The longest path, in characters.
pub const MAX_PATH: usize = 1024;
/// The most values one layer may hold for one image, and the most parameters of one layer.
/// Far above any sensible network for 64×64 images, far below what would exhaust a machine at once.
pub const MAX_ELEMENTS: u64 = 1 << 28;
