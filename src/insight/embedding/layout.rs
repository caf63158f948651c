//! Images in two dimensions.

use super::error::EmbedError;
use super::features::Features;
use super::pca::Components;
use super::trustworthiness::Trustworthiness;
use super::tsne::{LEAST_IMAGES, Tsne};

/// Images that are laid out unless another number is asked for.
pub const USUAL_IMAGES: usize = 2000;
/// Images that can be laid out.
pub const MOST_IMAGES: usize = 10_000;

/// How images are brought into two dimensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmbeddingMethod {
    /// The two directions in which they differ most.
    Pca,
    /// t-SNE of their principal components: neighbours stay neighbours.
    Tsne,
}

impl EmbeddingMethod {
    /// The method's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pca => "PCA",
            Self::Tsne => "t-SNE",
        }
    }
}

/// A map of images: those are near each other that the network sees as alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Embedding {
    /// How it was made.
    pub method: EmbeddingMethod,
    /// Positions of the images among the validation images.
    pub images: Vec<u32>,
    /// Where each of them is.
    pub points: Vec<[f32; 2]>,
    /// Values that the network's last layer sees of an image.
    pub features: usize,
    /// The share of the features' variance that the first two principal components hold.
    pub explained: f64,
    /// How many neighbours of an image t-SNE looked at, about.
    pub perplexity: Option<usize>,
    /// How far it may be trusted; none for a handful of images, or where it was not measured.
    pub trustworthiness: Option<Trustworthiness>,
}

impl Embedding {
    /// The map of `features` by a method; where t-SNE cannot tell neighbours, of a handful of images or of
    /// images that are all alike, by PCA.
    /// `go_on` is told the share of t-SNE's steps that are done and the map as it is, and stops the work by
    /// returning false; then there is no map.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub fn new(
        features: &Features,
        components: &Components,
        method: EmbeddingMethod,
        go_on: &mut (dyn FnMut(f64, &[[f32; 2]]) -> bool + Send),
    ) -> Result<Option<Self>, EmbedError> {
        // Where all images are alike there are no neighbours either.
        let can_tell_neighbors = features.images.len() >= LEAST_IMAGES
            && components
                .explained
                .first()
                .is_some_and(|share| *share > 0.0);
        let is_tsne = method == EmbeddingMethod::Tsne && can_tell_neighbors;
        let (method, points, perplexity) = if is_tsne {
            let Some(Tsne { points, perplexity }) = Tsne::of(components, go_on)? else {
                return Ok(None);
            };
            (EmbeddingMethod::Tsne, points, Some(perplexity))
        } else {
            (EmbeddingMethod::Pca, components.first_two(), None)
        };
        let trustworthiness = Trustworthiness::of(&features.values, features.width, &points);
        Ok(Some(Self {
            method,
            points,
            perplexity,
            trustworthiness,
            ..Self::start(features, components)
        }))
    }

    /// The map that t-SNE starts from, by PCA. It is there at once: its trustworthiness is not measured.
    pub fn start(features: &Features, components: &Components) -> Self {
        Self {
            method: EmbeddingMethod::Pca,
            images: features.images.clone(),
            points: components.first_two(),
            features: features.width,
            explained: components.explained.iter().take(2).sum(),
            perplexity: None,
            trustworthiness: None,
        }
    }
}
