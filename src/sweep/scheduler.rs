//! Trains the members of a sweep, several at a time.

use super::member::Outcome;
use super::{MemberState, Standing, Sweep, SweepMember};
use crate::data::Dataset;
use crate::runs::{RunOptions, RunPlace, spawn_run};
use crate::train::{
    BatchReport, Command, EpochMetrics, Event, RunStart, RunSummary, TrainError, TrainingThread,
    forward,
};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

/// Attempts to start a member whose folder another process may have held for a moment.
const ATTEMPTS: usize = 2;

/// How many members at a time, and with how many threads each.
#[derive(Clone, Copy, Debug)]
pub struct SchedulerOptions {
    /// Members at a time.
    pub jobs: usize,
    /// Threads for the arithmetic of each.
    pub threads: usize,
}

/// Something that happened to the member at an index of the sweep.
#[derive(Debug)]
pub enum SweepEvent {
    /// It starts or is resumed.
    Started(usize, Box<RunStart>),
    /// It has trained a batch.
    Batch(usize, BatchReport),
    /// It has trained and evaluated an epoch; whether that is its best so far.
    Epoch(usize, EpochMetrics, bool),
    /// A message about it; it continues.
    Note(usize, String),
    /// Nothing more happens to it here.
    Ended(usize, MemberEnd),
}

/// How a member ended.
#[derive(Clone, Debug, PartialEq)]
pub enum MemberEnd {
    /// It had ended before: done or diverged.
    Before(Box<Standing>),
    /// It is trained to its end.
    Done(Box<RunSummary>),
    /// Its loss was NaN or infinite.
    Diverged(String),
    /// An error ended it.
    Failed(String),
    /// Another process is training it, or has just done so.
    Elsewhere,
    /// It was told to stop. The sentence says why it is not saved, if it is not.
    Stopped(Option<String>),
}

/// Stops a scheduler from another thread.
#[derive(Clone, Debug)]
pub struct Stopper(Sender<News>);

impl Stopper {
    /// Begins no more members; those under way end after their batch and are saved.
    pub fn stop(&self) {
        // A scheduler that has ended has dropped the receiver; there is nothing to stop.
        let _ = self.0.send(News::Stop);
    }
}

#[derive(Debug)]
enum News {
    Event(usize, Box<Event>),
    Closed(usize),
    Stop,
}

/// A member under way.
struct Job {
    index: usize,
    commands: Sender<Command>,
    training: JoinHandle<()>,
    forwarding: JoinHandle<()>,
    has_started: bool,
    attempt: usize,
    end: Option<MemberEnd>,
}

/// Trains members of a sweep.
pub struct Scheduler<'a> {
    sweep: &'a Sweep,
    dataset: Arc<Dataset>,
    options: SchedulerOptions,
    /// Members that are to be trained, with the number of the attempt.
    queue: VecDeque<(usize, usize)>,
    jobs: Vec<Job>,
    is_stopping: bool,
    inbox: Receiver<News>,
    outbox: Sender<News>,
}

impl<'a> Scheduler<'a> {
    /// A scheduler for the members at these indices.
    pub fn new(
        sweep: &'a Sweep,
        mine: &[usize],
        dataset: Arc<Dataset>,
        options: SchedulerOptions,
    ) -> Self {
        let (outbox, inbox) = channel();
        Self {
            sweep,
            dataset,
            options,
            queue: mine.iter().map(|index| (*index, 1)).collect(),
            jobs: Vec::new(),
            is_stopping: false,
            inbox,
            outbox,
        }
    }

    /// A handle that stops the scheduler from another thread.
    pub fn stopper(&self) -> Stopper {
        Stopper(self.outbox.clone())
    }

    /// Trains until every member has ended, or until it is stopped and the members under way are saved.
    /// `sink` returns whether to go on; once it returns `false`, the scheduler stops.
    pub fn run(mut self, sink: &mut dyn FnMut(SweepEvent) -> bool) {
        loop {
            while !self.is_stopping && self.jobs.len() < self.options.jobs.max(1) {
                let Some((index, attempt)) = self.queue.pop_front() else {
                    break;
                };
                if let Some(end) = self.begin(index, attempt) {
                    self.tell(SweepEvent::Ended(index, end), sink);
                }
                // A stop that has arrived meanwhile comes first.
                self.take_waiting(sink);
            }
            if self.jobs.is_empty() && (self.is_stopping || self.queue.is_empty()) {
                return;
            }
            let Ok(news) = self.inbox.recv() else { return };
            self.take(news, sink);
        }
    }

    fn tell(&mut self, event: SweepEvent, sink: &mut dyn FnMut(SweepEvent) -> bool) {
        if !sink(event) {
            self.stop();
        }
    }

    fn stop(&mut self) {
        self.is_stopping = true;
        for job in &self.jobs {
            // A run that is over needs no commands.
            let _ = job.commands.send(Command::Stop);
        }
    }

    fn take_waiting(&mut self, sink: &mut dyn FnMut(SweepEvent) -> bool) {
        while let Ok(news) = self.inbox.try_recv() {
            self.take(news, sink);
        }
    }

    fn take(&mut self, news: News, sink: &mut dyn FnMut(SweepEvent) -> bool) {
        match news {
            News::Stop => self.stop(),
            News::Event(index, event) => {
                if let Some(event) = self.observe(index, *event) {
                    self.tell(event, sink);
                }
            }
            News::Closed(index) => {
                if let Some(end) = self.close(index) {
                    self.tell(SweepEvent::Ended(index, end), sink);
                }
            }
        }
    }

    fn member(&self, index: usize) -> &'a SweepMember {
        &self.sweep.members[index]
    }

    /// Starts or resumes a member, or returns how it ended if there is nothing to train.
    fn begin(&mut self, index: usize, attempt: usize) -> Option<MemberEnd> {
        let member = self.member(index);
        let standing = member.standing();
        match standing.state {
            MemberState::UnderWay => return Some(MemberEnd::Elsewhere),
            MemberState::Foreign(reason) => return Some(MemberEnd::Failed(reason)),
            MemberState::Done | MemberState::Diverged(_) if member.is_settled() => {
                return Some(MemberEnd::Before(Box::new(standing)));
            }
            _ => {}
        }
        let started = member.place().and_then(|place| {
            self.start(index, attempt, place)
                .map_err(|error| error.to_string())
        });
        match started {
            Ok(job) => {
                self.jobs.push(job);
                None
            }
            Err(reason) => Some(MemberEnd::Failed(reason)),
        }
    }

    fn start(&self, index: usize, attempt: usize, place: RunPlace) -> Result<Job, TrainError> {
        let options = RunOptions {
            place: Some(place),
            start_unsaved: false,
            threads: Some(self.options.threads),
            ..RunOptions::default()
        };
        let spec = self.member(index).spec.clone();
        let TrainingThread {
            commands,
            events,
            handle,
        } = spawn_run(spec, Arc::clone(&self.dataset), options)?;
        // No report shows a member's predictions while the sweep is under way.
        let is_wanted = |event: &Event| !matches!(event, Event::Validated(_) | Event::Layers(_));
        let message = move |event| {
            let event = Some(event).filter(is_wanted)?;
            Some(News::Event(index, Box::new(event)))
        };
        let closed = Some(News::Closed(index));
        let forwarding = forward(events, self.outbox.clone(), message, closed);
        Ok(Job {
            index,
            commands,
            training: handle,
            forwarding,
            has_started: false,
            attempt,
            end: None,
        })
    }

    /// Records what a member reports; returns what is to be reported of the sweep.
    fn observe(&mut self, index: usize, event: Event) -> Option<SweepEvent> {
        let is_stopping = self.is_stopping;
        let job = self.jobs.iter_mut().find(|job| job.index == index)?;
        match event {
            Event::Started(start) => {
                job.has_started = true;
                return Some(SweepEvent::Started(index, Box::new(start)));
            }
            Event::Batch(batch) => return Some(SweepEvent::Batch(index, batch)),
            Event::Epoch { metrics, is_best } => {
                return Some(SweepEvent::Epoch(index, metrics, is_best));
            }
            Event::NotSaving(reason) => {
                let text = format!("not saving: {reason}; it goes on and tries again");
                return Some(SweepEvent::Note(index, text));
            }
            Event::SavingAgain { message, .. } => return Some(SweepEvent::Note(index, message)),
            Event::Diverged(divergence) => {
                job.end = Some(MemberEnd::Diverged(divergence.message));
            }
            Event::Failed(message) => job.end = Some(MemberEnd::Failed(message)),
            Event::Done(summary) => {
                job.end = Some(match (&summary.unsaved, is_stopping) {
                    // A run may also end early by itself.
                    (reason, true) if summary.stopped_early => MemberEnd::Stopped(reason.clone()),
                    (Some(reason), _) => {
                        MemberEnd::Failed(format!("the run is not saved: {reason}"))
                    }
                    (None, _) => MemberEnd::Done(Box::new(summary)),
                });
            }
            Event::Steered(_)
            | Event::NotSteered(_)
            | Event::Profile(_)
            | Event::Layers(_)
            | Event::Validated(_)
            | Event::Paused
            | Event::Resumed => {}
        }
        None
    }

    /// A member's run is over, and its folder free. Returns its end, unless it is tried again.
    fn close(&mut self, index: usize) -> Option<MemberEnd> {
        let at = self.jobs.iter().position(|job| job.index == index)?;
        let job = self.jobs.remove(at);
        // A panic of the training thread has become an event already.
        let _ = job.training.join();
        let _ = job.forwarding.join();
        let silent = || MemberEnd::Failed("the run ended without a word".into());
        let end = job.end.unwrap_or_else(silent);
        let member = self.member(index);
        if let (MemberEnd::Failed(_), false) = (&end, job.has_started) {
            match member.standing().state {
                MemberState::UnderWay | MemberState::Done => return Some(MemberEnd::Elsewhere),
                // A process that only checks whether a folder is in use holds its lock for a moment.
                _ if job.attempt < ATTEMPTS && !self.is_stopping => {
                    self.queue.push_front((index, job.attempt + 1));
                    return None;
                }
                _ => {}
            }
        }
        let outcome = match &end {
            MemberEnd::Done(_) => Outcome::Done,
            MemberEnd::Diverged(message) => Outcome::Diverged {
                message: message.clone(),
            },
            MemberEnd::Failed(message) => Outcome::Failed {
                message: message.clone(),
            },
            MemberEnd::Before(_) | MemberEnd::Elsewhere | MemberEnd::Stopped(_) => {
                return Some(end);
            }
        };
        if let Err(error) = outcome.write(&member.folder) {
            // The next sweep finds out by resuming the member.
            tracing::warn!(%error, "cannot note a member's end");
        }
        Some(end)
    }
}
