//! A sweep as JSON, one object a line.

use super::report::{Begin, SweepReport};
use super::table::Counts;
use crate::cli::epoch::{EpochObject, ImageCounts};
use crate::cli::output::{note, print_json};
use crate::cli::test_scores::TestObject;
use crate::insight::{Effects, Matters};
use crate::stats::standard_error;
use crate::sweep::{
    Group, MemberEnd, MemberState, Rung, Standing, Sweep, SweepEvent, SweepMember, ranking,
};
use crate::train::{EpochMetrics, best_epoch};
use color_eyre::eyre::Result;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::path::Path;

/// Prints `sweep`, `start`, `end`, `rung`, `note`, `group`, `effect` and `table` objects.
#[derive(Debug, Default)]
pub struct JsonReport {
    /// Prints `epoch` objects too.
    with_epochs: bool,
    /// How many images the accuracies of the member under way are of.
    images: HashMap<usize, ImageCounts>,
}

impl JsonReport {
    /// A report that also tells of every epoch.
    pub fn with_epochs() -> Self {
        Self {
            with_epochs: true,
            ..Self::default()
        }
    }
}

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Line<'a> {
    Sweep {
        name: &'a str,
        folder: &'a Path,
        members: usize,
        seeds: usize,
        shard: usize,
        shards: usize,
        members_of_shard: usize,
        done_already: usize,
        jobs: usize,
        threads: usize,
        /// Combinations that are drawn, where it is not all of them.
        #[serde(skip_serializing_if = "Option::is_none")]
        trials: Option<usize>,
        /// Where members are compared, and how many combinations get there.
        #[serde(skip_serializing_if = "<[Rung]>::is_empty")]
        rungs: &'a [Rung],
        dataset: &'a str,
        notice: Option<&'a str>,
        train_images: usize,
        validation_images: usize,
    },
    Start {
        #[serde(flatten)]
        member: Which<'a>,
        /// Epochs that were complete when the member was interrupted; none for a new one.
        #[serde(skip_serializing_if = "Option::is_none")]
        resumed_after_epoch: Option<usize>,
        notice: Option<&'a str>,
    },
    Epoch {
        #[serde(flatten)]
        member: Which<'a>,
        #[serde(flatten)]
        metrics: EpochObject<'a>,
        best: bool,
    },
    Note {
        #[serde(flatten)]
        member: Which<'a>,
        message: &'a str,
    },
    /// It waits at a rung for the others.
    Rung {
        #[serde(flatten)]
        member: Which<'a>,
        epoch: usize,
        accuracy: f64,
        accuracy_error: f64,
    },
    End {
        #[serde(flatten)]
        member: Which<'a>,
        #[serde(flatten)]
        end: End<'a>,
    },
    Group {
        /// From 1; none where no member is done yet.
        rank: Option<usize>,
        values: Map<String, Value>,
        seeds: usize,
        done: usize,
        diverged: usize,
        failed: usize,
        /// The epoch after which it was pruned, and the accuracy then.
        #[serde(skip_serializing_if = "Option::is_none")]
        pruned_after: Option<usize>,
        #[serde(skip_serializing_if = "Option::is_none")]
        pruned_accuracy_mean: Option<f64>,
        last_accuracy_mean: Option<f64>,
        last_accuracy_std: Option<f64>,
        /// Picked by the images it is measured on.
        best_accuracy_mean: Option<f64>,
        best_accuracy_std: Option<f64>,
        /// Of the last epoch on the test images, where others validated.
        #[serde(skip_serializing_if = "Option::is_none")]
        test_accuracy_mean: Option<f64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        test_accuracy_std: Option<f64>,
    },
    /// A value of a setting, and by how much the accuracy lies above that with the others.
    Effect {
        setting: &'a str,
        value: &'a str,
        matters: Matters,
        paired: bool,
        /// The epoch that is compared; the last one where there is none.
        #[serde(skip_serializing_if = "Option::is_none")]
        epoch: Option<usize>,
        runs: usize,
        accuracy_mean: f64,
        accuracy_std: Option<f64>,
        difference: Option<f64>,
        difference_error: Option<f64>,
        difference_low: Option<f64>,
        difference_high: Option<f64>,
    },
    Table {
        folder: &'a Path,
        ranked_by: &'static str,
        #[serde(flatten)]
        counts: Counts,
        missing: usize,
        dataset: &'a str,
        notice: Option<&'a str>,
    },
}

/// A member.
#[derive(Serialize)]
struct Which<'a> {
    member: usize,
    values: Map<String, Value>,
    seed: u64,
    folder: &'a Path,
}

/// How a member ended.
#[derive(Default, Serialize)]
struct End<'a> {
    state: &'static str,
    best_epoch: Option<usize>,
    best_accuracy: Option<f64>,
    best_accuracy_error: Option<f64>,
    last_epoch: Option<usize>,
    last_accuracy: Option<f64>,
    last_accuracy_error: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    test: Option<TestObject>,
    seconds: Option<f64>,
    message: Option<&'a str>,
}

fn which<'a>(sweep: &Sweep, member: &'a SweepMember) -> Which<'a> {
    Which {
        member: member.number,
        values: values(sweep, &member.values),
        seed: member.spec.seed,
        folder: &member.folder,
    }
}

/// Numbers as numbers, names as text.
fn values(sweep: &Sweep, values: &[String]) -> Map<String, Value> {
    let keys = sweep.plan.vary.iter().map(|vary| vary.key.clone());
    let value = |text: &String| serde_json::from_str(text).unwrap_or_else(|_| text.as_str().into());
    keys.zip(values.iter().map(value)).collect()
}

/// How a member ended; `images` validated it.
fn end_of(end: &MemberEnd, images: usize) -> End<'_> {
    let only = |state, message| End {
        state,
        message,
        ..End::default()
    };
    let scored = |state, best: Option<&EpochMetrics>, last: Option<&EpochMetrics>| {
        let accuracy = |epoch: &EpochMetrics| epoch.validation_accuracy;
        let error = |epoch: &EpochMetrics| standard_error(epoch.validation_accuracy, images);
        End {
            state,
            best_epoch: best.map(|best| best.epoch),
            best_accuracy: best.map(accuracy),
            best_accuracy_error: best.map(error),
            last_epoch: last.map(|last| last.epoch),
            last_accuracy: last.map(accuracy),
            last_accuracy_error: last.map(error),
            ..End::default()
        }
    };
    match end {
        MemberEnd::Done(summary) => End {
            test: summary.test.as_deref().map(TestObject::new),
            seconds: Some(summary.seconds),
            ..scored("done", summary.best.as_ref(), summary.last.as_ref())
        },
        MemberEnd::Before(standing) => {
            let (state, message) = match &standing.state {
                MemberState::Diverged(message) => ("diverged_before", Some(message.as_str())),
                MemberState::Pruned(_) => ("pruned_before", None),
                _ => ("done_before", None),
            };
            let best = best_epoch(&standing.epochs);
            End {
                test: standing.test.as_ref().map(TestObject::new),
                message,
                ..scored(state, best, standing.epochs.last())
            }
        }
        MemberEnd::Pruned(standing) => scored(
            "pruned",
            best_epoch(&standing.epochs),
            standing.epochs.last(),
        ),
        MemberEnd::Diverged(message) => only("diverged", Some(message)),
        MemberEnd::Failed(message) => only("failed", Some(message)),
        MemberEnd::Elsewhere => only("elsewhere", None),
        MemberEnd::Stopped(reason) => only("stopped", reason.as_deref()),
    }
}

fn group_line<'a>(sweep: &Sweep, index: usize, group: &Group) -> Line<'a> {
    let pruned = group.so_far().filter(|_| group.is_pruned());
    Line::Group {
        rank: (group.last.is_some() || pruned.is_some()).then_some(index + 1),
        values: values(sweep, &group.values),
        seeds: group.seeds,
        done: group.done,
        diverged: group.diverged,
        failed: group.failed,
        pruned_after: pruned.map(|(epoch, _)| epoch),
        pruned_accuracy_mean: pruned.map(|(_, accuracy)| accuracy.mean),
        last_accuracy_mean: group.last.map(|last| last.mean),
        last_accuracy_std: group.last.and_then(|last| last.std),
        best_accuracy_mean: group.best.map(|best| best.mean),
        best_accuracy_std: group.best.and_then(|best| best.std),
        test_accuracy_mean: group.test.map(|test| test.mean),
        test_accuracy_std: group.test.and_then(|test| test.std),
    }
}

impl SweepReport for JsonReport {
    fn begin(&mut self, begin: &Begin<'_>) -> Result<()> {
        let done = |standing: &&Standing| standing.state == MemberState::Done;
        print_json(&Line::Sweep {
            name: &begin.sweep.plan.spec.name,
            folder: &begin.sweep.folder,
            members: begin.sweep.members.len(),
            seeds: begin.sweep.plan.seeds,
            shard: begin.shard.index + 1,
            shards: begin.shard.count,
            members_of_shard: begin.mine.len(),
            done_already: begin.standings.iter().filter(done).count(),
            jobs: begin.options.jobs,
            threads: begin.options.threads,
            trials: begin.sweep.plan.trials,
            rungs: &begin.sweep.rungs(),
            dataset: &begin.dataset.name,
            notice: begin.dataset.notice(),
            train_images: begin.dataset.train.len(),
            validation_images: begin.dataset.validation.len(),
        })
    }

    fn show(&mut self, sweep: &Sweep, event: &SweepEvent) -> Result<()> {
        let member = |index: &usize| which(sweep, &sweep.members[*index]);
        match event {
            SweepEvent::Batch(..) => Ok(()),
            SweepEvent::Started(index, start) => {
                if let Some(notice) = &start.notice {
                    note(notice);
                }
                let images = ImageCounts {
                    train: start.train_images,
                    validation: start.validation_images,
                };
                self.images.insert(*index, images);
                print_json(&Line::Start {
                    member: member(index),
                    resumed_after_epoch: start.resumed.as_ref().map(|resumed| resumed.epochs.len()),
                    notice: start.notice.as_deref(),
                })
            }
            SweepEvent::Epoch(index, metrics, best) if self.with_epochs => {
                let images = self.images.get(index).copied().unwrap_or_default();
                print_json(&Line::Epoch {
                    member: member(index),
                    metrics: EpochObject::new(metrics, images),
                    best: *best,
                })
            }
            SweepEvent::Epoch(..) => Ok(()),
            SweepEvent::Note(index, message) => print_json(&Line::Note {
                member: member(index),
                message,
            }),
            SweepEvent::AtRung(index, standing) => match standing.epochs.last() {
                None => Ok(()),
                Some(last) => {
                    let images = sweep.plan.validation_images(&sweep.members[*index].spec);
                    print_json(&Line::Rung {
                        member: member(index),
                        epoch: last.epoch,
                        accuracy: last.validation_accuracy,
                        accuracy_error: standard_error(last.validation_accuracy, images),
                    })
                }
            },
            SweepEvent::Ended(index, end) => {
                let spec = &sweep.members[*index].spec;
                let images = sweep.plan.validation_images(spec);
                print_json(&Line::End {
                    member: member(index),
                    end: end_of(end, images),
                })
            }
        }
    }

    fn warn(&self, text: &str) {
        note(text);
    }

    fn end(&mut self, sweep: &Sweep, standings: &[Standing], notice: Option<&str>) -> Result<()> {
        for (index, group) in ranking(sweep, standings).iter().enumerate() {
            print_json(&group_line(sweep, index, group))?;
        }
        print_effects(&Effects::of(sweep, standings))?;
        print_table(sweep, standings, "last_accuracy_mean", notice)
    }
}

/// An object for each value of each setting, unless a setting has one alone.
fn print_effects(effects: &Effects) -> Result<()> {
    for setting in effects.settings.iter().filter(|it| it.levels.len() > 1) {
        for level in &setting.levels {
            let difference = level.difference;
            let interval = difference.and_then(|it| it.interval());
            print_json(&Line::Effect {
                setting: &setting.key,
                value: &level.value,
                matters: setting.matters(),
                paired: effects.is_paired,
                epoch: effects.epoch,
                runs: level.accuracy.count,
                accuracy_mean: level.accuracy.mean,
                accuracy_std: level.accuracy.std,
                difference: difference.map(|it| it.mean),
                difference_error: difference.and_then(|it| it.standard_error),
                difference_low: interval.map(|[low, _]| low),
                difference_high: interval.map(|[_, high]| high),
            })?;
        }
    }
    Ok(())
}

/// The last object: how many members stand how, and by what the objects before it are ranked.
///
/// # Errors
/// When the output cannot be written.
pub fn print_table(
    sweep: &Sweep,
    standings: &[Standing],
    ranked_by: &'static str,
    notice: Option<&str>,
) -> Result<()> {
    let counts = Counts::of(standings);
    print_json(&Line::Table {
        folder: &sweep.folder,
        ranked_by,
        counts,
        missing: counts.missing(),
        dataset: &sweep.plan.data.name,
        notice,
    })
}
