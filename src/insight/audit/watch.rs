//! What watches an audit: it is told how far the audit is, and may end it.

/// Where an audit is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// It compares images with each other; the share that is done.
    Comparing(f64),
    /// It trains the network that does not see one of the folds.
    Training {
        /// The fold, from 1.
        fold: usize,
        /// How many there are.
        folds: usize,
        /// Epochs of this network that are complete.
        epoch: usize,
        /// Epochs it is trained for.
        epochs: usize,
        /// The share of all the training that is done.
        share: f64,
    },
}

/// Watches an audit.
pub trait Watch: Sync {
    /// How far it is. Called from any thread.
    fn at(&self, step: Step);

    /// Whether it is to end.
    fn is_cancelled(&self) -> bool;
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// Watches nothing.
    pub struct Unwatched;

    impl Watch for Unwatched {
        fn at(&self, _: Step) {}

        fn is_cancelled(&self) -> bool {
            false
        }
    }
}
