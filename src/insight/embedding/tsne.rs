//! t-SNE (van der Maaten and Hinton 2008, <https://jmlr.org/papers/v9/vandermaaten08a.html>) with the
//! Barnes-Hut approximation (van der Maaten 2014, <https://jmlr.org/papers/v15/vandermaaten14a.html>), by
//! the crate `bhtsne`.

use super::distances::neighbors;
use super::error::EmbedError;
use super::pca::Components;
use crate::train::with_threads;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// How many neighbours each image has, about, as in scikit-learn; fewer where there are few images.
const PERPLEXITY: usize = 30;
/// Steps of the gradient descent.
const STEPS: usize = 1000;
/// How coarsely distant images are taken together.
const THETA: f32 = 0.5;
/// The spread of the first component that the descent starts from.
const START: f32 = 1e-4;

/// Fewer images have no neighbourhoods.
pub const LEAST_IMAGES: usize = 5;

/// The layout that the descent ends with.
#[derive(Clone, Debug, PartialEq)]
pub struct Tsne {
    /// A place for each image.
    pub points: Vec<[f32; 2]>,
    /// The perplexity that was taken.
    pub perplexity: usize,
}

/// What the descent is stopped by: the crate has no other way out of it.
struct Stopped;

impl Tsne {
    /// Lays out images by their principal components, from where the first two of them put them; at least
    /// [`LEAST_IMAGES`] of them. `go_on` is told the share that is done and the layout as it is, and stops the
    /// work by returning false; then there is none.
    ///
    /// # Errors
    /// When the system refuses a thread.
    ///
    /// # Panics
    /// For fewer images.
    pub fn of(
        components: &Components,
        go_on: &mut (dyn FnMut(f64, &[[f32; 2]]) -> bool + Send),
    ) -> Result<Option<Self>, EmbedError> {
        let start = components.first_two();
        let count = start.len();
        assert!(count >= LEAST_IMAGES, "too few images");
        let perplexity = PERPLEXITY.min((count - 1) / 3);
        let near = neighbors(&components.scores, components.count, 3 * perplexity);
        let near: Vec<Vec<bhtsne::Neighbor<f32>>> = near
            .into_iter()
            .map(|row| row.into_iter().map(neighbor).collect())
            .collect();
        let start = scaled(start);
        let descend = || {
            // The crate asks for the vectors, but reads only how many there are.
            let vectors = vec![(); count];
            let mut tsne: bhtsne::tSNE<'_, f32, ()> = bhtsne::tSNE::new(&vectors);
            tsne.perplexity(perplexity as f32)
                .epochs(STEPS)
                .initial_embedding(start)
                .epoch_callback(|step, values: &[f32]| {
                    let (points, _) = values.as_chunks();
                    if !go_on((step + 1) as f64 / STEPS as f64, points) {
                        resume_unwind(Box::new(Stopped));
                    }
                });
            tsne.barnes_hut_with_neighbors(THETA, &near);
            tsne.embedding()
        };
        // The crate adds up on all threads in the order in which they are done: on one the layout is the same
        // every time.
        let descended = catch_unwind(AssertUnwindSafe(|| with_threads(Some(1), descend)));
        let values = match descended {
            Ok(values) => values?,
            Err(panic) if panic.is::<Stopped>() => return Ok(None),
            Err(panic) => resume_unwind(panic),
        };
        let (points, _) = values.as_chunks();
        Ok(Some(Self {
            points: points.to_vec(),
            perplexity,
        }))
    }
}

fn neighbor((index, squared): (u32, f32)) -> bhtsne::Neighbor<f32> {
    bhtsne::Neighbor {
        index: index as usize,
        distance: squared.sqrt(),
    }
}

/// The points in a row, so small that the first steps move them freely.
fn scaled(points: Vec<[f32; 2]>) -> Vec<f32> {
    let squares: f64 = points.iter().map(|point| f64::from(point[0]).powi(2)).sum();
    let spread = (squares / points.len() as f64).sqrt() as f32;
    let scale = if spread > 0.0 { START / spread } else { 0.0 };
    points
        .into_flattened()
        .into_iter()
        .map(|value| value * scale)
        .collect()
}
