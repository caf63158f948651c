//! Which curves are shown, and how many epochs of them.

/// How many of the last epochs are shown.
pub const ZOOM: [Option<usize>; 4] = [None, Some(100), Some(20), Some(10)];

/// Which curves are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// Accuracy and loss.
    #[default]
    Both,
    /// Accuracy alone.
    Accuracy,
    /// Loss alone.
    Loss,
}

impl View {
    /// The view after this one.
    pub fn next(self) -> Self {
        match self {
            Self::Both => Self::Accuracy,
            Self::Accuracy => Self::Loss,
            Self::Loss => Self::Both,
        }
    }

    /// What the status line calls it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Both => "accuracy and loss",
            Self::Accuracy => "accuracy alone",
            Self::Loss => "loss alone",
        }
    }
}
