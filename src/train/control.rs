//! Obeying commands between two batches.

use super::{Command, Event};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

/// The commands of a run and what they have asked for so far.
pub(super) struct Control<'a> {
    commands: &'a Receiver<Command>,
    /// The run ends with the current epoch.
    pub finish_epoch: bool,
    /// Time spent in pauses.
    pub paused: Duration,
}

impl<'a> Control<'a> {
    pub fn new(commands: &'a Receiver<Command>) -> Self {
        Self {
            commands,
            finish_epoch: false,
            paused: Duration::ZERO,
        }
    }

    /// Takes every waiting command, sitting out pauses. Returns whether the run must stop now.
    pub fn must_stop(&mut self, sink: &mut dyn FnMut(Event)) -> bool {
        loop {
            match self.commands.try_recv() {
                Ok(Command::Pause) => {
                    if self.pause_ends_in_stop(sink) {
                        return true;
                    }
                }
                Ok(Command::Resume) => {}
                Ok(Command::FinishEpoch) => self.finish_epoch = true,
                // With the sending side gone nobody could stop the run any more.
                Ok(Command::Stop) | Err(TryRecvError::Disconnected) => return true,
                Err(TryRecvError::Empty) => return false,
            }
        }
    }

    fn pause_ends_in_stop(&mut self, sink: &mut dyn FnMut(Event)) -> bool {
        sink(Event::Paused);
        let since = Instant::now();
        let stop = loop {
            match self.commands.recv() {
                Ok(Command::Resume) => break false,
                Ok(Command::Stop) | Err(_) => break true,
                Ok(Command::FinishEpoch) => self.finish_epoch = true,
                Ok(Command::Pause) => {}
            }
        };
        self.paused += since.elapsed();
        if !stop {
            sink(Event::Resumed);
        }
        stop
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    fn obey(orders: &[Command], keep_sender: bool) -> (bool, bool, Vec<Event>) {
        let (sender, receiver) = channel();
        for order in orders {
            sender.send(*order).unwrap();
        }
        let kept = keep_sender.then_some(sender);
        let mut control = Control::new(&receiver);
        let mut events = Vec::new();
        let stop = control.must_stop(&mut |event| events.push(event));
        drop(kept);
        (stop, control.finish_epoch, events)
    }

    #[test]
    fn nothing_waiting_goes_on() {
        assert_eq!(obey(&[], true), (false, false, vec![]));
        assert_eq!(obey(&[Command::Resume], true), (false, false, vec![]));
    }

    #[test]
    fn a_pause_lasts_until_resume() {
        let orders = [Command::Pause, Command::FinishEpoch, Command::Resume];
        assert_eq!(
            obey(&orders, true),
            (false, true, vec![Event::Paused, Event::Resumed])
        );
    }

    #[test]
    fn a_paused_run_can_be_stopped() {
        assert_eq!(
            obey(&[Command::Pause, Command::Stop], true),
            (true, false, vec![Event::Paused])
        );
    }

    #[test]
    fn a_run_nobody_can_command_stops() {
        assert!(obey(&[], false).0);
        assert!(obey(&[Command::Pause], false).0);
    }
}
