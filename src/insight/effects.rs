//! What mattered in a sweep: how much the accuracy depends on each setting.

use crate::spec::vary::{Range, Vary};
use crate::stats::{Difference, Side, Spread};
use crate::sweep::{MemberState, Standing, Sweep};
use serde::Serialize;
use std::collections::BTreeMap;

/// Parts that a range is divided into.
const PARTS: usize = 3;

/// How much the accuracy depends on each setting of a sweep.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effects {
    /// The settings, those first that move the accuracy most.
    pub settings: Vec<Setting>,
    /// The epoch whose accuracies are compared; none is each run's last.
    pub epoch: Option<usize>,
    /// Runs that count.
    pub runs: usize,
    /// Whether differences are taken between runs that have all other settings and the seed in common.
    pub is_paired: bool,
}

/// A setting, and what its values do.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Its name.
    pub key: String,
    /// Its values, or the parts of its range, in their order.
    pub levels: Vec<Level>,
    /// The mean of the best level minus that of the worst, which were picked for it; none with one level alone.
    pub span: Option<Difference>,
}

/// A value of a setting, or a part of its range.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// As it is written: `0.001`, `0.0001 to 0.001`.
    pub value: String,
    /// The accuracies with it.
    pub accuracy: Spread,
    /// By how much it lies above the setting's other values.
    pub difference: Option<Difference>,
}

/// What can be said of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Matters {
    /// The interval of a value lies on one side of 0.
    Yes,
    /// None does, or too few runs are done.
    Open,
}

impl Matters {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "matters",
            Self::Open => "open",
        }
    }
}

/// A run that counts: its values, its seed, its accuracy.
struct Run<'a> {
    values: &'a [String],
    seed: u64,
    accuracy: f64,
}

impl Setting {
    /// Whether it is seen to move the accuracy.
    pub fn matters(&self) -> Matters {
        let differences = self.levels.iter().filter_map(|level| level.difference);
        let mut sides = differences.map(|difference| difference.side());
        match sides.any(|side| side != Side::Open) {
            true => Matters::Yes,
            false => Matters::Open,
        }
    }
}

impl Effects {
    /// What the differences are, below every list of them.
    pub fn meaning(&self) -> String {
        let of = match self.is_paired {
            true => "pairs with all else in common, Student's t",
            false => "all runs, Welch's t",
        };
        let when = match self.epoch {
            Some(epoch) => format!("after epoch {epoch}, which all have reached"),
            None => "after the last epoch".into(),
        };
        format!(
            "accuracy with the value minus that with the others, in points, {when}; ± is half of the 95 % interval ({of}), not corrected for the number of values"
        )
    }

    /// Of a sweep; `standings` are those of its members. Where members are pruned, all count as they were
    /// at the first rung; else those that are trained to their end.
    pub fn of(sweep: &Sweep, standings: &[Standing]) -> Self {
        let rungs = sweep.rungs();
        let epoch = rungs.first().filter(|_| rungs.len() > 1);
        let epoch = epoch.map(|rung| rung.epochs);
        let members = sweep.members.iter().zip(standings);
        let runs: Vec<Run<'_>> = members
            .filter_map(|(member, standing)| {
                let metrics = match epoch {
                    None => {
                        let last = standing.epochs.last();
                        last.filter(|_| standing.state == MemberState::Done)
                    }
                    Some(wanted) => standing.epochs.iter().find(|it| it.epoch == wanted),
                };
                Some(Run {
                    values: &member.values,
                    seed: member.spec.seed,
                    accuracy: metrics?.validation_accuracy,
                })
            })
            .collect();
        let is_paired = sweep.plan.trials.is_none();
        let varies = sweep.plan.vary.iter().enumerate();
        let mut settings: Vec<Setting> = varies
            .map(|(index, vary)| setting(index, vary, &runs, is_paired))
            .collect();
        let span = |setting: &Setting| setting.span.map_or(f64::NEG_INFINITY, |span| span.mean);
        settings.sort_by(|a, b| span(b).total_cmp(&span(a)));
        Self {
            settings,
            epoch,
            runs: runs.len(),
            is_paired,
        }
    }
}

fn setting(index: usize, vary: &Vary, runs: &[Run<'_>], is_paired: bool) -> Setting {
    let range = vary.range().ok().flatten();
    let names = match range {
        None => vary.values.clone(),
        Some(range) => (0..PARTS).map(|part| part_name(range, part)).collect(),
    };
    let level_of = |run: &Run<'_>| -> Option<usize> {
        let value = run.values.get(index)?;
        match range {
            None => vary.values.iter().position(|known| known == value),
            Some(range) => {
                let share = range.share(value.parse().ok()?);
                Some(((share * PARTS as f64) as usize).min(PARTS - 1))
            }
        }
    };
    let mut by_level: Vec<Vec<&Run<'_>>> = names.iter().map(|_| Vec::new()).collect();
    for run in runs {
        if let Some(level) = level_of(run) {
            by_level[level].push(run);
        }
    }
    let filled = by_level.iter().filter(|level| !level.is_empty()).count();
    let compared = |a: &[&Run<'_>], b: &[&[&Run<'_>]]| match is_paired {
        true => paired(index, a, b),
        false => {
            let accuracies =
                |runs: &[&Run<'_>]| -> Vec<f64> { runs.iter().map(|run| run.accuracy).collect() };
            let others = b.iter().flat_map(|runs| runs.iter());
            let others: Vec<f64> = others.map(|run| run.accuracy).collect();
            Difference::of_groups(&accuracies(a), &others)
        }
    };
    let levels: Vec<(usize, Level)> = (0..names.len())
        .filter_map(|at| {
            let accuracies: Vec<f64> = by_level[at].iter().map(|run| run.accuracy).collect();
            let others = by_level.iter().enumerate();
            let others: Vec<&[&Run<'_>]> = others
                .filter(|(other, runs)| *other != at && !runs.is_empty())
                .map(|(_, runs)| runs.as_slice())
                .collect();
            let level = Level {
                value: names[at].clone(),
                accuracy: Spread::of(&accuracies)?,
                difference: (filled > 1)
                    .then(|| compared(&by_level[at], &others))
                    .flatten(),
            };
            Some((at, level))
        })
        .collect();
    let mean = |(_, level): &&(usize, Level)| level.accuracy.mean;
    let best = levels.iter().max_by(|a, b| mean(a).total_cmp(&mean(b)));
    let worst = levels.iter().min_by(|a, b| mean(a).total_cmp(&mean(b)));
    let span = best.zip(worst).filter(|_| levels.len() > 1);
    let span = span.and_then(|((best, _), (worst, _))| {
        compared(&by_level[*best], &[by_level[*worst].as_slice()])
    });
    Setting {
        key: vary.key.clone(),
        levels: levels.into_iter().map(|(_, level)| level).collect(),
        span,
    }
}

/// The differences between a value and the mean of other values, of the runs that have everything but this
/// setting in common; only where there is a run with each of the values.
fn paired(index: usize, with: &[&Run<'_>], others: &[&[&Run<'_>]]) -> Option<Difference> {
    let rest = |run: &Run<'_>| -> (Vec<String>, u64) {
        let values = run.values.iter().enumerate();
        let values = values.filter(|(at, _)| *at != index);
        (values.map(|(_, value)| value.clone()).collect(), run.seed)
    };
    let tables: Vec<BTreeMap<_, f64>> = others
        .iter()
        .map(|runs| runs.iter().map(|run| (rest(run), run.accuracy)).collect())
        .collect();
    let differences: Vec<f64> = with
        .iter()
        .filter_map(|run| {
            let key = rest(run);
            let beside: Option<Vec<f64>> = tables.iter().map(|it| it.get(&key).copied()).collect();
            let beside = beside?;
            Some(run.accuracy - beside.iter().sum::<f64>() / beside.len().max(1) as f64)
        })
        .collect();
    Difference::of_pairs(&differences)
}

/// `0.0001 to 0.001`.
fn part_name(range: Range, part: usize) -> String {
    let border = |part: usize| crate::text::short_decimal(range.border(part as f64 / PARTS as f64));
    format!("{} to {}", border(part), border(part + 1))
}
