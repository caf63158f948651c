//! A set of images as a network sees it: its features of them, laid out in two dimensions.

mod distances;
mod eigen;
mod error;
mod evenly;
mod features;
mod layout;
mod pca;
#[cfg(test)]
mod tests;
mod trustworthiness;
mod tsne;

pub use error::EmbedError;
pub use features::Features;
pub use layout::{Embedding, EmbeddingMethod, MOST_IMAGES, USUAL_IMAGES};
pub use pca::Components;
pub use trustworthiness::Trustworthiness;
