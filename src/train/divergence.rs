//! What is said of a run whose loss is NaN or infinite.

use super::{Divergence, Event, TrainError};

/// Reports a loss that is NaN or infinite; `batch` is 0 for the evaluation after the epoch.
pub fn diverged(
    epoch: usize,
    batch: usize,
    loss: f64,
    learning_rate: f64,
    sink: &mut dyn FnMut(Event),
) -> TrainError {
    let place = match batch {
        0 => format!("in the evaluation after epoch {epoch}"),
        _ => format!("in epoch {epoch}, batch {batch}"),
    };
    let message = format!(
        "training diverged: the loss is {loss} {place} (learning rate {learning_rate:.3e}); lower the \
         learning rate, add a warm-up or put BatchNorm layers before the activations"
    );
    sink(Event::Diverged(Divergence {
        epoch,
        batch,
        loss,
        message: message.clone(),
    }));
    TrainError::Diverged(message)
}
