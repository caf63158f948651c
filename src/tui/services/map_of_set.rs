//! Lays out the validation images, and tells how far it is.

use crate::insight::{Components, EmbedError, Embedding, EmbeddingMethod, Features, USUAL_IMAGES};
use crate::train::Validated;
use crate::tui::message::{Answer, MapNews};
use crate::tui::ticket::Ticket;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Time between two reports: the eye sees no more.
const PAUSE: Duration = Duration::from_millis(100);

/// Makes the map of the model's images: by PCA, which is sent at once, then by t-SNE. Stops when the ticket
/// is called off.
pub fn lay_out(model: &Validated, ticket: Ticket, send: &(dyn Fn(Answer) + Sync)) -> Answer {
    let tell = |news| {
        let ticket = ticket.clone();
        send(Answer::MapOfSet { ticket, news });
    };
    let last = match map(model, &ticket, &tell) {
        Ok(Some(map)) => MapNews::Done(Arc::new(map)),
        Ok(None) => MapNews::Stopped,
        Err(error) => MapNews::Failed(error.to_string()),
    };
    Answer::MapOfSet { ticket, news: last }
}

fn map(
    model: &Validated,
    ticket: &Ticket,
    tell: &(dyn Fn(MapNews) + Sync),
) -> Result<Option<Embedding>, EmbedError> {
    let mut looking = |share| {
        tell(MapNews::Looking(share));
        ticket.is_wanted()
    };
    let found = Features::of(&model.snapshot, &model.images, USUAL_IMAGES, &mut looking)?;
    let Some(features) = found else {
        return Ok(None);
    };
    let components = Components::of(&features);
    let start = Embedding::start(&features, &components);
    tell(MapNews::Start(Arc::new(start)));
    let mut told = Instant::now();
    let mut go_on = |share, points: &[[f32; 2]]| {
        if told.elapsed() >= PAUSE {
            told = Instant::now();
            let points = points.to_vec();
            tell(MapNews::Moved { points, share });
        }
        ticket.is_wanted()
    };
    Embedding::new(&features, &components, EmbeddingMethod::Tsne, &mut go_on)
}
