//! What each part of a network brings: how much accuracy changes without it.

use super::single_seed::SingleSeed;
use crate::spec::ablation::{Candidate, Part};
use crate::stats::{Difference, Side, Spread};
use crate::sweep::{MemberState, Standing, Sweep, SweepMember};
use crate::text::grouped;
use crate::train::EpochMetrics;
use serde::Serialize;

/// A run of a sweep, and how far it is.
type Run<'a> = (&'a SweepMember, &'a Standing);

/// A network beside itself without each of some parts, trained from the same seeds.
#[derive(Clone, Debug, PartialEq)]
pub struct Ablation {
    /// Validation accuracy of the whole network's last epochs; none until a seed is trained.
    pub whole: Option<Spread>,
    /// Seeds that each network is trained from.
    pub seeds: usize,
    /// How many images an accuracy is of.
    pub images: usize,
    /// The parts: those first without which most accuracy is lost, last those that have no result yet.
    pub rungs: Vec<Rung>,
}

/// A part, and what is lost without it.
#[derive(Clone, Debug, PartialEq)]
pub struct Rung {
    /// As command lines name it.
    pub key: String,
    /// What it is, in a few words.
    pub name: String,
    /// What stands in its place, if anything.
    pub note: Option<String>,
    /// Trainable parameters without it.
    pub parameters: u64,
    /// Multiply-adds of an image's forward pass without it.
    pub multiply_adds: u64,
    /// Accuracy of the network without it minus that of the whole one, seed by seed; none until both are
    /// trained from a seed.
    pub difference: Option<Difference>,
    /// Seeds without it that are trained to their end.
    pub done: usize,
    /// Seeds whose loss was NaN or infinite.
    pub diverged: usize,
    /// Seeds that an error ended.
    pub failed: usize,
}

/// What an interval says of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Accuracy is lost without it.
    Helps,
    /// Accuracy is gained without it.
    Harms,
    /// The interval holds 0, or is not known yet.
    Open,
}

impl Verdict {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Helps => "helps",
            Self::Harms => "harms",
            Self::Open => "open",
        }
    }
}

impl Rung {
    /// What its interval says.
    pub fn verdict(&self) -> Verdict {
        match self.difference.map(|difference| difference.side()) {
            Some(Side::Below) => Verdict::Helps,
            Some(Side::Above) => Verdict::Harms,
            Some(Side::Open) | None => Verdict::Open,
        }
    }

    /// How many of its seeds are trained, and how many ended badly: `3/3`, `1/3, 2 diverged`.
    pub fn seeds_in_words(&self, seeds: usize) -> String {
        let mut text = format!("{}/{seeds}", self.done);
        for (count, what) in [(self.diverged, "diverged"), (self.failed, "failed")] {
            if count > 0 {
                text.push_str(&format!(", {count} {what}"));
            }
        }
        text
    }
}

impl Ablation {
    /// What the differences are, above every list of them.
    pub const MEANING: &str = "accuracy without it minus that of the whole network, in points";

    /// Of a sweep that is one; `standings` are those of its members. Where a part has a single seed so far, the
    /// images tell how exact its difference is: `single` asks them.
    pub fn of(sweep: &Sweep, standings: &[Standing], single: &mut SingleSeed) -> Option<Self> {
        let keys = sweep.plan.left_out()?;
        let seeds = sweep.plan.seeds.max(1);
        let members: Vec<Run<'_>> = sweep.members.iter().zip(standings).collect();
        let mut groups = members.chunks(seeds);
        let whole = groups.next()?;
        let base = &whole.first()?.0.spec;
        let lasts: Vec<f64> = whole
            .iter()
            .filter_map(|(_, standing)| Some(last(standing)?.validation_accuracy))
            .collect();
        let mut rungs = Vec::with_capacity(keys.len());
        for (key, group) in keys.iter().zip(groups) {
            let part = Part::parse(base, key).ok()?;
            let Candidate { name, variant, .. } = Candidate::new(base, part);
            let variant = variant.ok()?;
            let count = |is: fn(&MemberState) -> bool| {
                let states = group.iter().filter(|(_, standing)| is(&standing.state));
                states.count()
            };
            let summary = variant.spec.summary();
            rungs.push(Rung {
                key: key.clone(),
                name,
                note: variant.note,
                parameters: summary.parameters(),
                multiply_adds: summary.multiply_adds(),
                difference: difference(whole, group, single),
                done: count(|state| *state == MemberState::Done),
                diverged: count(|state| matches!(state, MemberState::Diverged(_))),
                failed: count(|state| {
                    matches!(state, MemberState::Failed(_) | MemberState::Foreign(_))
                }),
            });
        }
        rungs.sort_by(|a, b| {
            let mean = |rung: &Rung| rung.difference.map_or(f64::INFINITY, |found| found.mean);
            mean(a).total_cmp(&mean(b))
        });
        Some(Self {
            whole: Spread::of(&lasts),
            seeds,
            images: sweep.plan.validation_images(base),
            rungs,
        })
    }

    /// The mean of every difference with half of its interval, in points: what a scale must show.
    pub fn intervals(&self) -> Vec<(f64, f64)> {
        let known = self.rungs.iter().filter_map(|rung| rung.difference);
        known
            .map(|known| (100.0 * known.mean, 100.0 * known.half_width.unwrap_or(0.0)))
            .collect()
    }

    /// How exact the differences are, in a sentence.
    pub fn exactness(&self) -> String {
        match self.seeds {
            1 => format!(
                "± is half of the 95 % interval that {} validation images leave to one seed",
                grouped(self.images as u64)
            ),
            seeds => {
                format!("± is half of the 95 % interval over {seeds} seeds (paired, Student's t)")
            }
        }
    }
}

/// The last epoch of a run that is trained to its end.
fn last(standing: &Standing) -> Option<&EpochMetrics> {
    let is_done = standing.state == MemberState::Done;
    standing.epochs.last().filter(|_| is_done)
}

/// How the accuracies differ, seed by seed.
fn difference(
    whole: &[Run<'_>],
    without: &[Run<'_>],
    single: &mut SingleSeed,
) -> Option<Difference> {
    let both = whole.iter().zip(without);
    let pairs = both.filter_map(|(whole, without)| {
        Some([(whole.0, last(whole.1)?), (without.0, last(without.1)?)])
    });
    let pairs: Vec<[(&SweepMember, &EpochMetrics); 2]> = pairs.collect();
    let change = |[whole, without]: &[(&SweepMember, &EpochMetrics); 2]| {
        without.1.validation_accuracy - whole.1.validation_accuracy
    };
    let changes: Vec<f64> = pairs.iter().map(change).collect();
    let difference = Difference::of_pairs(&changes)?;
    let error = match pairs[..] {
        [pair] => single.standard_error(pair.map(|(member, last)| (&*member.folder, last.epoch))),
        _ => None,
    };
    Some(match error {
        Some(error) => difference.with_error_of_images(error),
        None => difference,
    })
}
