//! Training a network whole and without its parts, on a thread of its own.

use super::caught::caught;
use super::current_data::CurrentData;
use crate::data::Dataset;
use crate::insight::{Ablation, SingleSeed};
use crate::runs::runs_folder;
use crate::spec::CheckedSpec;
use crate::spec::ablation::Part;
use crate::sweep::{
    MemberEnd, MemberState, Scheduler, SchedulerOptions, Sweep, SweepEvent, SweepPlan,
    check_shapes_of,
};
use crate::train::{available_threads, identity_for};
use crate::tui::message::{AblationNews, AblationProgress, Answer, Message};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Time between two reports of how far it is.
const BETWEEN_REPORTS: Duration = Duration::from_millis(200);
/// Before this time the speed does not tell how long the rest takes.
const WARM_UP: Duration = Duration::from_secs(3);

/// What to train.
pub struct Order {
    /// The whole network.
    pub spec: CheckedSpec,
    /// What is left out, one at a time.
    pub parts: Vec<Part>,
    /// From how many seeds.
    pub seeds: usize,
}

/// The thread that trains. When this is dropped, what is under way is saved first.
#[derive(Debug)]
pub struct Ablating {
    is_stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Ablating {
    /// Starts the thread; what it has to say is sent as messages.
    pub fn start(
        order: Order,
        dataset: &CurrentData,
        outbox: Sender<Message>,
        threads: Option<usize>,
    ) -> Self {
        let is_stopping = Arc::new(AtomicBool::new(false));
        let (flag, dataset) = (Arc::clone(&is_stopping), dataset.get());
        let thread = std::thread::spawn(move || {
            let tell = |news| {
                // An error means that the loop has ended: the message has no reader.
                let _ = outbox.send(Message::Answer(Answer::Ablation(news)));
            };
            let threads = threads.unwrap_or_else(available_threads);
            let work = || work(order, dataset?, threads, &flag, &tell);
            let ended = caught("while leaving parts out", work).and_then(|outcome| outcome);
            tell(ended.unwrap_or_else(AblationNews::Failed));
        });
        Self {
            is_stopping,
            thread: Some(thread),
        }
    }

    /// Lets the run under way end after its batch, and begins no other.
    pub fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }
}

impl Drop for Ablating {
    fn drop(&mut self) {
        self.stop();
        if let Some(thread) = self.thread.take() {
            // A panic was reported as a message.
            let _ = thread.join();
        }
    }
}

fn work(
    order: Order,
    dataset: Arc<Dataset>,
    threads: usize,
    is_stopping: &AtomicBool,
    tell: &dyn Fn(AblationNews),
) -> Result<AblationNews, String> {
    let said = |error: &dyn std::fmt::Display| error.to_string();
    let data = identity_for(&order.spec, &dataset).map_err(|error| said(&error))?;
    let plan = SweepPlan::ablation(order.spec.into_spec(), &order.parts, order.seeds, data);
    let plan = plan.map_err(|error| said(&error))?;
    let folder = runs_folder().join(plan.folder_name());
    let sweep = Sweep::new(plan, folder).map_err(|error| said(&error))?;
    check_shapes_of(&sweep.members, &dataset)?;
    sweep.claim().map_err(|error| said(&error))?;
    let mut found = Found::new(&sweep);
    found.tell(tell);
    let members = sweep.training_order((0..sweep.members.len()).collect());
    let options = SchedulerOptions { jobs: 1, threads };
    let mut progress = Progress::new(&sweep);
    Scheduler::new(&sweep, &members, dataset, options).run(&mut |event| {
        if let Some(now) = progress.observe(&event) {
            tell(AblationNews::Progress(now));
        }
        if let SweepEvent::Ended(index, end) = &event {
            found.note(*index, end);
            // What had ended before is known since the beginning.
            if !matches!(end, MemberEnd::Before(_)) {
                found.tell(tell);
            }
        }
        !is_stopping.load(Ordering::Relaxed)
    });
    let standings = sweep.standings();
    let done = standings
        .iter()
        .filter(|standing| standing.state == MemberState::Done);
    Ok(AblationNews::Ended {
        done: done.count(),
        runs: sweep.members.len(),
        folder: sweep.folder.clone(),
    })
}

/// What is known of the parts.
struct Found<'a> {
    sweep: &'a Sweep,
    single: SingleSeed,
    /// Failures that only this process knows: the members may have no folder.
    failures: Vec<(usize, MemberState)>,
}

impl<'a> Found<'a> {
    fn new(sweep: &'a Sweep) -> Self {
        Self {
            sweep,
            single: SingleSeed::default(),
            failures: Vec::new(),
        }
    }

    fn note(&mut self, index: usize, end: &MemberEnd) {
        if let MemberEnd::Failed(reason) = end {
            let state = MemberState::Failed(reason.clone());
            self.failures.push((index, state));
        }
    }

    fn tell(&mut self, tell: &dyn Fn(AblationNews)) {
        let mut standings = self.sweep.standings();
        for (index, state) in &self.failures {
            standings[*index].state = state.clone();
        }
        if let Some(ablation) = Ablation::of(self.sweep, &standings, &mut self.single) {
            tell(AblationNews::Found(Arc::new(ablation)));
        }
    }
}

/// How far it is, and how fast.
struct Progress<'a> {
    sweep: &'a Sweep,
    now: AblationProgress,
    /// Epochs of the run under way that are trained, with the share of the one under way.
    epochs: f64,
    /// Epochs trained by this process.
    trained: f64,
    begun: Instant,
    told: Option<Instant>,
}

impl<'a> Progress<'a> {
    fn new(sweep: &'a Sweep) -> Self {
        let now = AblationProgress {
            runs: sweep.members.len(),
            ..AblationProgress::default()
        };
        Self {
            sweep,
            now,
            epochs: 0.0,
            trained: 0.0,
            begun: Instant::now(),
            told: None,
        }
    }

    /// Takes an event; gives what is to be told, at most a few times a second between two runs.
    fn observe(&mut self, event: &SweepEvent) -> Option<AblationProgress> {
        match event {
            SweepEvent::Started(index, start) => {
                self.now.label.clone_from(&self.sweep.members[*index].label);
                let before = start.resumed.as_ref();
                self.epochs = before.map_or(0.0, |resumed| resumed.epochs.len() as f64);
            }
            SweepEvent::Batch(_, batch) => {
                let share = batch.batch as f64 / batch.batches.max(1) as f64;
                let epochs = (batch.epoch as f64 - 1.0 + share).max(self.epochs);
                self.trained += epochs - self.epochs;
                self.epochs = epochs;
                if self
                    .told
                    .is_some_and(|told| told.elapsed() < BETWEEN_REPORTS)
                {
                    return None;
                }
            }
            SweepEvent::Ended(..) => {
                self.now.ended += 1;
                self.epochs = 0.0;
            }
            SweepEvent::Epoch(..) | SweepEvent::Note(..) => return None,
        }
        self.told = Some(Instant::now());
        let of_each = self.sweep.plan.spec.epochs.max(1) as f64;
        let all = of_each * self.now.runs.max(1) as f64;
        let done = of_each * self.now.ended as f64 + self.epochs;
        self.now.share = (done / all).clamp(0.0, 1.0);
        let elapsed = self.begun.elapsed();
        let speed = self.trained / elapsed.as_secs_f64().max(1e-9);
        let is_known = elapsed > WARM_UP && speed > 0.0;
        self.now.seconds_left = is_known.then(|| (all - done).max(0.0) / speed);
        Some(self.now.clone())
    }
}
