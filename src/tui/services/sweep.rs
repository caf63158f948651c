//! Training a network with other settings, on a thread of its own.

use super::caught::caught;
use super::current_data::CurrentData;
use super::progress::Progress;
use super::stoppable::Stoppable;
use crate::data::Dataset;
use crate::insight::Overview;
use crate::runs::runs_folder;
use crate::sweep::{
    MemberEnd, MemberState, Scheduler, SchedulerOptions, Standing, Sweep, SweepEvent, SweepMember,
    SweepPlan, check_memory, check_shapes_of,
};
use crate::train::{available_threads, identity_for};
use crate::tui::effect::SweepOrder;
use crate::tui::message::{Answer, Message, SweepNews};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

/// Time between two reports of what is known, while nothing ends.
const BETWEEN_REPORTS: Duration = Duration::from_millis(300);

/// Trains on a thread of its own; what there is to say is sent as messages.
pub fn start(
    order: SweepOrder,
    dataset: &CurrentData,
    outbox: Sender<Message>,
    threads: Option<usize>,
) -> Stoppable {
    let dataset = dataset.get();
    Stoppable::start(move |is_stopping| {
        let tell = |news| {
            // An error means that the loop has ended: the message has no reader.
            let _ = outbox.send(Message::Answer(Answer::Sweep(news)));
        };
        let threads = threads.unwrap_or_else(available_threads);
        let work = || work(order, dataset?, threads, is_stopping, &tell);
        let ended = caught("while training the sweep", work).and_then(|outcome| outcome);
        tell(ended.unwrap_or_else(SweepNews::Failed));
    })
}

fn work(
    order: SweepOrder,
    dataset: Arc<Dataset>,
    threads: usize,
    is_stopping: &AtomicBool,
    tell: &dyn Fn(SweepNews),
) -> Result<SweepNews, String> {
    let said = |error: &dyn std::fmt::Display| error.to_string();
    let data = identity_for(&order.spec, &dataset).map_err(|error| said(&error))?;
    let plan = SweepPlan::new(order.spec.into_spec(), order.vary, order.seeds, data)
        .with_trials(order.trials)
        .pruned(order.prune);
    let folder = runs_folder().join(plan.folder_name());
    let sweep = Sweep::new(plan, folder).map_err(|error| said(&error))?;
    check_shapes_of(&sweep.members, &dataset)?;
    let members: Vec<&SweepMember> = sweep.members.iter().collect();
    check_memory(&members, order.jobs, &dataset)?;
    sweep.claim().map_err(|error| said(&error))?;
    let mut known = Known::new(&sweep);
    known.tell(tell);
    let options = SchedulerOptions {
        jobs: order.jobs,
        threads: (threads / order.jobs.max(1)).max(1),
    };
    let all: Vec<usize> = (0..sweep.members.len()).collect();
    let mut progress = Progress::new(&sweep);
    Scheduler::new(&sweep, &all, dataset, options).run(&mut |event| {
        if let Some(now) = progress.observe(&event) {
            tell(SweepNews::Progress(now));
        }
        known.observe(&event);
        if known.is_due(&event) {
            known.tell(tell);
        }
        !is_stopping.load(Ordering::Relaxed)
    });
    known.tell(tell);
    let has_ended = |standing: &&Standing| {
        matches!(
            standing.state,
            MemberState::Done
                | MemberState::Pruned(_)
                | MemberState::Diverged(_)
                | MemberState::Failed(_)
                | MemberState::Foreign(_)
        )
    };
    Ok(SweepNews::Ended {
        ended: known.standings.iter().filter(has_ended).count(),
        runs: sweep.members.len(),
        folder: sweep.folder.clone(),
    })
}

/// What is known of the runs: read once, and then followed.
struct Known<'a> {
    sweep: &'a Sweep,
    standings: Vec<Standing>,
    told: Instant,
}

impl<'a> Known<'a> {
    fn new(sweep: &'a Sweep) -> Self {
        Self {
            sweep,
            standings: sweep.standings(),
            told: Instant::now(),
        }
    }

    fn observe(&mut self, event: &SweepEvent) {
        match event {
            SweepEvent::Epoch(index, metrics, _) => {
                let epochs = &mut self.standings[*index].epochs;
                epochs.retain(|known| known.epoch < metrics.epoch);
                epochs.push(*metrics);
            }
            SweepEvent::Started(index, _) => {
                self.standings[*index].state = MemberState::UnderWay;
            }
            SweepEvent::AtRung(index, standing) => self.standings[*index] = (**standing).clone(),
            SweepEvent::Ended(index, end) => {
                self.standings[*index] = match end {
                    MemberEnd::Before(standing) | MemberEnd::Pruned(standing) => {
                        (**standing).clone()
                    }
                    // The member may have no folder.
                    MemberEnd::Failed(reason) => Standing {
                        state: MemberState::Failed(reason.clone()),
                        ..self.sweep.members[*index].standing()
                    },
                    _ => self.sweep.members[*index].standing(),
                };
            }
            SweepEvent::Batch(..) | SweepEvent::Note(..) => {}
        }
    }

    /// Whether what happened is worth a report by now.
    fn is_due(&self, event: &SweepEvent) -> bool {
        match event {
            // What had ended before is known since the beginning.
            SweepEvent::Ended(_, MemberEnd::Before(_)) => false,
            SweepEvent::Ended(..) => true,
            SweepEvent::Epoch(..) => self.told.elapsed() >= BETWEEN_REPORTS,
            _ => false,
        }
    }

    fn tell(&mut self, tell: &dyn Fn(SweepNews)) {
        self.told = Instant::now();
        let overview = Overview::of(self.sweep, &self.standings);
        tell(SweepNews::Found(Arc::new(overview)));
    }
}
