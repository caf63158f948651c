//! The values that a number of a spec may have.

/// The values a number may have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// A whole number between the two, both allowed.
    Whole(u64, u64),
    /// A real number between the two, both allowed.
    Real(f64, f64),
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Whole(min, max) => write!(f, "a whole number from {min} to {max}"),
            Self::Real(min, max) => write!(f, "a number from {min} to {max}"),
        }
    }
}

/// The most layers a network may have.
pub const MAX_LAYERS: usize = 100;
/// The longest name, in characters.
pub const MAX_NAME: usize = 80;
/// The most values one layer may hold for one image, and the most parameters of one layer.
/// Far above any sensible network for 64×64 images, far below what would exhaust a machine at once.
pub const MAX_ELEMENTS: u64 = 1 << 28;
