//! Why images could not be laid out.

use crate::nn::NnError;
use crate::train::TrainError;
use thiserror::Error;

/// Why there is no map of the images.
#[derive(Debug, Error)]
pub enum EmbedError {
    /// There is nothing to lay out.
    #[error("the data has no validation images")]
    NoImages,
    /// The network has diverged.
    #[error(
        "what goes into the network's last layer is not a number, or far too large, for some images; \
         take the model of an epoch before it diverged"
    )]
    NotFinite,
    /// A failure of the network.
    #[error(transparent)]
    Network(#[from] NnError),
    /// The system refused a thread.
    #[error(transparent)]
    Threads(#[from] TrainError),
}
