//! The range of values that a number may have.

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
