//! Trains the members of a sweep, several at a time.

use super::ladder::Ladder;
use super::member::Outcome;
use super::{MemberState, Standing, Sweep, SweepMember};
use crate::data::Dataset;
use crate::runs::{RunOptions, RunPlace, spawn_run};
use crate::train::{
    BatchReport, Command, EpochMetrics, Event, RunStart, RunSummary, TrainError, TrainingThread,
    forward,
};
use std::collections::{HashSet, VecDeque};
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
    /// It is trained as far as its rung and waits there for the others; so far it has these epochs.
    AtRung(usize, Box<Standing>),
    /// Nothing more happens to it here.
    Ended(usize, MemberEnd),
}

/// How a member ended.
#[derive(Clone, Debug, PartialEq)]
pub enum MemberEnd {
    /// It had ended before: done, pruned or diverged.
    Before(Box<Standing>),
    /// It is trained to its end.
    Done(Box<RunSummary>),
    /// Others did better after the same epoch, the last of these.
    Pruned(Box<Standing>),
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
    end: Option<JobEnd>,
}

/// How a member's training ends here.
enum JobEnd {
    /// For good.
    Ended(MemberEnd),
    /// At its rung: it may go on.
    AtRung,
}

/// What is to be done with a member.
enum Begun {
    /// It is trained.
    Training,
    /// Nothing, as it has ended.
    Ended(MemberEnd),
    /// Nothing before the others are as far: it is at its rung.
    AtRung,
}

/// Trains members of a sweep.
pub struct Scheduler<'a> {
    sweep: &'a Sweep,
    dataset: Arc<Dataset>,
    options: SchedulerOptions,
    /// Members that are to be trained, with the number of the attempt.
    queue: VecDeque<(usize, usize)>,
    jobs: Vec<Job>,
    /// Members of whose end was told.
    told: HashSet<usize>,
    /// None where every member is trained to its end.
    ladder: Option<Ladder>,
    is_stopping: bool,
    inbox: Receiver<News>,
    outbox: Sender<News>,
}

impl<'a> Scheduler<'a> {
    /// A scheduler for the members at these indices; where members are pruned, they must be all of them.
    pub fn new(
        sweep: &'a Sweep,
        mine: &[usize],
        dataset: Arc<Dataset>,
        options: SchedulerOptions,
    ) -> Self {
        let (outbox, inbox) = channel();
        let ladder = Ladder::new(sweep.rungs(), sweep.plan.seeds);
        Self {
            sweep,
            dataset,
            options,
            queue: mine.iter().map(|index| (*index, 1)).collect(),
            jobs: Vec::new(),
            told: HashSet::new(),
            ladder,
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
                match self.begin(index, attempt) {
                    Begun::Ended(end) => self.end(index, end, sink),
                    Begun::Training | Begun::AtRung => {}
                }
                // A stop that has arrived meanwhile comes first.
                self.take_waiting(sink);
            }
            if self.jobs.is_empty() && (self.is_stopping || self.queue.is_empty()) {
                if self.is_stopping || !self.climb(sink) {
                    return;
                }
                continue;
            }
            let Ok(news) = self.inbox.recv() else { return };
            self.take(news, sink);
        }
    }

    /// At the end of a rung: prunes the members that did worse than others, and lines the others up for the next one.
    /// Returns whether there is a next one.
    fn climb(&mut self, sink: &mut dyn FnMut(SweepEvent) -> bool) -> bool {
        let standings = match &self.ladder {
            Some(_) => self.sweep.standings(),
            None => return false,
        };
        let step = self.ladder.as_mut().and_then(|it| it.climb(&standings));
        let Some(step) = step else {
            return false;
        };
        let left = |index: &usize| !self.told.contains(index);
        let promoted = step.promoted.into_iter().filter(left);
        self.queue = promoted.map(|index| (index, 1)).collect();
        let pruned: Vec<usize> = step.pruned.into_iter().filter(left).collect();
        for index in pruned {
            let standing = standings[index].clone();
            let end = match standing.state {
                MemberState::Pruned(_) => MemberEnd::Before(Box::new(standing)),
                _ => {
                    let epoch = step.epoch;
                    self.note_outcome(index, &Outcome::Pruned { epoch });
                    let state = MemberState::Pruned(epoch);
                    MemberEnd::Pruned(Box::new(Standing { state, ..standing }))
                }
            };
            self.end(index, end, sink);
        }
        true
    }

    /// The epoch that members are trained to now, if it is not their last.
    fn until(&self) -> Option<usize> {
        self.ladder.as_ref()?.until()
    }

    fn end(&mut self, index: usize, end: MemberEnd, sink: &mut dyn FnMut(SweepEvent) -> bool) {
        self.told.insert(index);
        self.tell(SweepEvent::Ended(index, end), sink);
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
            News::Closed(index) => match self.close(index) {
                Some(JobEnd::Ended(end)) => self.end(index, end, sink),
                Some(JobEnd::AtRung) => {
                    let standing = Box::new(self.member(index).standing());
                    self.tell(SweepEvent::AtRung(index, standing), sink);
                }
                None => {}
            },
        }
    }

    fn member(&self, index: usize) -> &'a SweepMember {
        &self.sweep.members[index]
    }

    /// Starts or resumes a member, unless there is nothing to train.
    fn begin(&mut self, index: usize, attempt: usize) -> Begun {
        let member = self.member(index);
        let standing = member.standing();
        let until = self.until();
        match standing.state {
            MemberState::UnderWay => return Begun::Ended(MemberEnd::Elsewhere),
            MemberState::Foreign(reason) => return Begun::Ended(MemberEnd::Failed(reason)),
            MemberState::Done | MemberState::Diverged(_) if member.is_settled() => {
                return Begun::Ended(MemberEnd::Before(Box::new(standing)));
            }
            // Another attempt may do better.
            MemberState::Done | MemberState::Failed(_) => {}
            _ if until.is_some_and(|until| standing.epochs.len() >= until) => return Begun::AtRung,
            _ => {}
        }
        let started = member.place().and_then(|place| {
            self.start(index, attempt, place)
                .map_err(|error| error.to_string())
        });
        match started {
            Ok(job) => {
                if let Some(until) = until {
                    // A run that is over needs no commands.
                    let _ = job.commands.send(Command::FinishAfter(until));
                }
                self.jobs.push(job);
                Begun::Training
            }
            Err(reason) => Begun::Ended(MemberEnd::Failed(reason)),
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
        let (is_stopping, has_rung) = (self.is_stopping, self.until().is_some());
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
                job.end = Some(JobEnd::Ended(MemberEnd::Diverged(divergence.message)));
            }
            Event::Failed(message) => job.end = Some(JobEnd::Ended(MemberEnd::Failed(message))),
            Event::Done(summary) => {
                job.end = Some(match (&summary.unsaved, is_stopping) {
                    // A run may also end early by itself.
                    (reason, true) if summary.stopped_early => {
                        JobEnd::Ended(MemberEnd::Stopped(reason.clone()))
                    }
                    (Some(reason), _) => {
                        let reason = format!("the run is not saved: {reason}");
                        JobEnd::Ended(MemberEnd::Failed(reason))
                    }
                    (None, _) if summary.stopped_early && has_rung => JobEnd::AtRung,
                    (None, _) => JobEnd::Ended(MemberEnd::Done(Box::new(summary))),
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
    fn close(&mut self, index: usize) -> Option<JobEnd> {
        let at = self.jobs.iter().position(|job| job.index == index)?;
        let job = self.jobs.remove(at);
        // A panic of the training thread has become an event already.
        let _ = job.training.join();
        let _ = job.forwarding.join();
        let end = match job.end {
            Some(JobEnd::AtRung) => return Some(JobEnd::AtRung),
            Some(JobEnd::Ended(end)) => end,
            None => MemberEnd::Failed("the run ended without a word".into()),
        };
        let member = self.member(index);
        if let (MemberEnd::Failed(_), false) = (&end, job.has_started) {
            match member.standing().state {
                MemberState::UnderWay | MemberState::Done => {
                    return Some(JobEnd::Ended(MemberEnd::Elsewhere));
                }
                // A process that only checks whether a folder is in use holds its lock for a moment.
                _ if job.attempt < ATTEMPTS && !self.is_stopping => {
                    self.queue.push_front((index, job.attempt + 1));
                    return None;
                }
                _ => {}
            }
        }
        match &end {
            MemberEnd::Done(_) => self.note_outcome(index, &Outcome::Done),
            MemberEnd::Diverged(message) => {
                let message = message.clone();
                self.note_outcome(index, &Outcome::Diverged { message });
            }
            MemberEnd::Failed(message) => {
                let message = message.clone();
                self.note_outcome(index, &Outcome::Failed { message });
            }
            MemberEnd::Before(_)
            | MemberEnd::Pruned(_)
            | MemberEnd::Elsewhere
            | MemberEnd::Stopped(_) => {}
        }
        Some(JobEnd::Ended(end))
    }

    /// Leaves in a member's folder how it ended.
    fn note_outcome(&self, index: usize, outcome: &Outcome) {
        if let Err(error) = outcome.write(&self.member(index).folder) {
            // The next sweep finds out by resuming the member.
            tracing::warn!(%error, "cannot note a member's end");
        }
    }
}
