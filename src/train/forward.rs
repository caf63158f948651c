//! A thread between two channels.

use std::sync::mpsc::{Receiver, Sender};
use std::thread::JoinHandle;

/// Starts a thread that sends every item on as the message that `message` makes of it; an item with
/// `None` is left out. After the last item it sends `last`. It also ends when the receiver of the
/// messages is gone.
pub fn forward<T: Send + 'static, M: Send + 'static>(
    items: Receiver<T>,
    outbox: Sender<M>,
    mut message: impl FnMut(T) -> Option<M> + Send + 'static,
    last: Option<M>,
) -> JoinHandle<()> {
    std::thread::spawn(move || {
        for message in items.into_iter().filter_map(&mut message).chain(last) {
            if outbox.send(message).is_err() {
                break;
            }
        }
    })
}
