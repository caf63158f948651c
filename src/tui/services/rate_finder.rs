//! The learning rate range test, on a thread of its own.

use super::caught::caught;
use super::current_data::CurrentData;
use super::stoppable::Stoppable;
use crate::spec::CheckedSpec;
use crate::train::{LrFindOptions, LrStep, lr_find};
use crate::tui::message::{Answer, Message, RateNews};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;

/// Runs the test; its steps and its result are sent as messages.
pub fn start(
    spec: CheckedSpec,
    dataset: &CurrentData,
    outbox: Sender<Message>,
    threads: Option<usize>,
) -> Stoppable {
    let dataset = dataset.get();
    Stoppable::start(move |is_stopping: &AtomicBool| {
        let tell = |news| {
            // An error means that the loop has ended: the message has no reader.
            let _ = outbox.send(Message::Answer(Answer::Rate(news)));
        };
        let options = LrFindOptions {
            threads,
            ..LrFindOptions::default()
        };
        let mut on_step = |step: &LrStep| {
            tell(RateNews::Step(*step));
            !is_stopping.load(Ordering::Relaxed)
        };
        let test = || {
            let result = lr_find(&spec, &*dataset?, options, &mut on_step);
            result.map_err(|error| error.to_string())
        };
        let outcome = caught("while looking for a learning rate", test).and_then(|it| it);
        tell(match outcome {
            Ok(result) => RateNews::Done(Arc::new(result)),
            Err(reason) => RateNews::Failed(reason),
        });
    })
}
