//! From a channel of one kind into one of another.

use std::sync::mpsc::{Receiver, Sender};
use std::thread::JoinHandle;

/// Starts a thread that passes on what comes, as `message` makes it fit; what it makes `None` of is left
/// out. It ends with the last item, or when nobody receives any more.
pub fn forward<T: Send + 'static, M: Send + 'static>(
    items: Receiver<T>,
    outbox: Sender<M>,
    mut message: impl FnMut(T) -> Option<M> + Send + 'static,
) -> JoinHandle<()> {
    std::thread::spawn(move || {
        for message in items.into_iter().filter_map(&mut message) {
            if outbox.send(message).is_err() {
                break;
            }
        }
    })
}
