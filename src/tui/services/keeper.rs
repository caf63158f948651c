//! Keeps the edited network for the next start, on a thread of its own.

use crate::tui::kept_design::KeptDesign;
use crate::tui::message::{Answer, Message};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long a network must rest before it is written: many keys in a row are one change.
const REST: Duration = Duration::from_millis(500);

/// The thread; what it was given last is written before it ends.
#[derive(Debug)]
pub struct Keeper {
    networks: Option<Sender<KeptDesign>>,
    handle: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts the thread, which writes into the folder.
    pub fn start(outbox: Sender<Message>, folder: PathBuf) -> Self {
        let (networks, inbox) = channel();
        let keep = move |network: KeptDesign| {
            if let Err(why) = network.write(&folder) {
                // An error means that the loop has ended: the message has no reader.
                let _ = outbox.send(Message::Answer(Answer::NotKept(why)));
            }
        };
        Self {
            networks: Some(networks),
            handle: Some(std::thread::spawn(move || keep_all(&inbox, &keep))),
        }
    }

    /// Keeps this network, in place of the one before.
    pub fn keep(&self, network: KeptDesign) {
        if let Some(networks) = &self.networks {
            // An error means that the thread has ended with a panic, which the log has.
            let _ = networks.send(network);
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.networks.take());
        if let Some(handle) = self.handle.take() {
            // An error is a panic, which the log has.
            let _ = handle.join();
        }
    }
}

fn keep_all(inbox: &Receiver<KeptDesign>, keep: &dyn Fn(KeptDesign)) {
    while let Ok(mut network) = inbox.recv() {
        while let Ok(next) = inbox.recv_timeout(REST) {
            network = next;
        }
        keep(network);
    }
}
