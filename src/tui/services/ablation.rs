//! Training a network whole and without its parts, on a thread of its own.

use super::caught::caught;
use super::current_data::CurrentData;
use super::progress::Progress;
use super::stoppable::Stoppable;
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
use crate::tui::message::{AblationNews, Answer, Message};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;

/// What to train.
pub struct Order {
    /// The whole network.
    pub spec: CheckedSpec,
    /// What is left out, one at a time.
    pub parts: Vec<Part>,
    /// From how many seeds.
    pub seeds: usize,
}

/// Trains on a thread of its own; what there is to say is sent as messages.
pub fn start(
    order: Order,
    dataset: &CurrentData,
    outbox: Sender<Message>,
    threads: Option<usize>,
) -> Stoppable {
    let dataset = dataset.get();
    Stoppable::start(move |is_stopping| {
        let tell = |news| {
            // An error means that the loop has ended: the message has no reader.
            let _ = outbox.send(Message::Answer(Answer::Ablation(news)));
        };
        let threads = threads.unwrap_or_else(available_threads);
        let work = || work(order, dataset?, threads, is_stopping, &tell);
        let ended = caught("while leaving parts out", work).and_then(|outcome| outcome);
        tell(ended.unwrap_or_else(AblationNews::Failed));
    })
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
