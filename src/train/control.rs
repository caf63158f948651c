//! The commands of a run, obeyed between two batches.

use super::live_profile::LiveProfile;
use super::{Command, Event};
use crate::spec::vary::Settings;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

/// What to do before the next batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Train it.
    GoOn,
    /// Wait first.
    Pause,
    /// End the run.
    Stop,
}

/// The commands of a run, and those that take effect later.
pub(super) struct Control<'a> {
    commands: &'a Receiver<Command>,
    /// The run ends with the current epoch.
    pub finish_epoch: bool,
    /// The run ends with the epoch of this number.
    pub finish_after: Option<usize>,
    /// Tells where the time goes, while that is wanted.
    pub profile: LiveProfile,
    /// New settings that are to take effect before the next step.
    pub steering: Vec<Settings>,
    /// Time spent in pauses.
    pub paused: Duration,
}

impl<'a> Control<'a> {
    pub fn new(commands: &'a Receiver<Command>) -> Self {
        Self {
            commands,
            finish_epoch: false,
            finish_after: None,
            profile: LiveProfile::default(),
            steering: Vec::new(),
            paused: Duration::ZERO,
        }
    }

    /// Whether the run ends now that so many epochs are complete.
    pub fn ends_after(&self, epochs: usize) -> bool {
        self.finish_epoch || self.finish_after.is_some_and(|last| epochs >= last)
    }

    /// Reads the waiting commands, up to one that pauses or stops the run.
    pub fn next_order(&mut self) -> Order {
        loop {
            match self.commands.try_recv() {
                Ok(Command::Pause) => return Order::Pause,
                Ok(Command::Resume) => {}
                Ok(Command::FinishEpoch) => self.finish_epoch = true,
                Ok(Command::FinishAfter(epoch)) => self.finish_after = Some(epoch),
                Ok(Command::Steer(set)) => self.steering.push(set),
                Ok(Command::RecordProfile(wanted)) => self.profile.is_wanted = wanted,
                // The sender is gone, so no command could ever stop the run.
                Ok(Command::Stop) | Err(TryRecvError::Disconnected) => return Order::Stop,
                Err(TryRecvError::Empty) => return Order::GoOn,
            }
        }
    }

    /// Waits until the pause is over. Returns whether the run continues.
    pub fn wait_for_resume(&mut self, sink: &mut dyn FnMut(Event)) -> bool {
        sink(Event::Paused);
        let since = Instant::now();
        let goes_on = loop {
            match self.commands.recv() {
                Ok(Command::Resume | Command::Pause) => break true,
                Ok(Command::Stop) | Err(_) => break false,
                Ok(Command::FinishEpoch) => self.finish_epoch = true,
                Ok(Command::FinishAfter(epoch)) => self.finish_after = Some(epoch),
                Ok(Command::Steer(set)) => self.steering.push(set),
                Ok(Command::RecordProfile(wanted)) => self.profile.is_wanted = wanted,
            }
        };
        self.paused += since.elapsed();
        if goes_on {
            sink(Event::Resumed);
        }
        goes_on
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    fn obey(orders: &[Command], keep_sender: bool) -> (bool, bool, Vec<Event>) {
        let (sender, receiver) = channel();
        for order in orders {
            sender.send(order.clone()).unwrap();
        }
        let kept = keep_sender.then_some(sender);
        let mut control = Control::new(&receiver);
        let mut events = Vec::new();
        let stop = match control.next_order() {
            Order::GoOn => false,
            Order::Stop => true,
            Order::Pause => !control.wait_for_resume(&mut |event| events.push(event)),
        };
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
    fn a_profile_can_be_asked_for_in_a_pause_too() {
        let (sender, receiver) = channel();
        let mut control = Control::new(&receiver);
        for (wanted, orders) in [
            (true, vec![Command::RecordProfile(true)]),
            (false, vec![Command::RecordProfile(false), Command::Pause]),
        ] {
            orders
                .into_iter()
                .for_each(|order| sender.send(order).unwrap());
            control.next_order();
            assert_eq!(control.profile.is_wanted, wanted);
        }
        sender.send(Command::RecordProfile(true)).unwrap();
        sender.send(Command::Resume).unwrap();
        assert!(control.wait_for_resume(&mut |_| {}));
        assert!(control.profile.is_wanted);
    }

    #[test]
    fn a_second_pause_takes_the_first_back() {
        assert_eq!(
            obey(&[Command::Pause, Command::Pause], true),
            (false, false, vec![Event::Paused, Event::Resumed])
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
    fn a_run_without_a_sender_stops() {
        assert!(obey(&[], false).0);
        assert!(obey(&[Command::Pause], false).0);
    }
}
