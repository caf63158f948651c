//! The result of a sweep: the members' accuracies, over their seeds.

use super::{MemberState, Standing, Sweep};
use crate::stats::{Spread, band};

/// The members with the same values.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The value of every varied field.
    pub values: Vec<String>,
    /// Members of the group, one for each seed.
    pub seeds: usize,
    /// Members trained to their end.
    pub done: usize,
    /// Members whose loss was NaN or infinite.
    pub diverged: usize,
    /// Members that an error ended.
    pub failed: usize,
    /// Members that were pruned.
    pub pruned: usize,
    /// Validation accuracy after each epoch that all members have which are begun.
    pub curve: Vec<(usize, Spread)>,
    /// Validation accuracy of the last epoch of those that are done.
    pub last: Option<Spread>,
    /// Validation accuracy of their best epoch.
    pub best: Option<Spread>,
    /// Accuracy of the last epoch on the test images, where others validated.
    pub test: Option<Spread>,
}

impl Group {
    /// Whether it was not trained to its end as others did better.
    pub fn is_pruned(&self) -> bool {
        self.pruned > 0
    }

    /// The last epoch that all its members have which are begun, and their accuracy after it.
    pub fn so_far(&self) -> Option<(usize, Spread)> {
        self.curve.last().copied()
    }
}

/// The groups of a sweep, the best first; `standings` are those of its members, in their order.
///
/// They are ranked by the mean accuracy of the last epoch: the best epoch is picked by the very images
/// that it is measured on, and the noisier a run's accuracy, the more it gains by that. A
/// group some of whose seeds diverged comes after all without, as the rest of it is a selection
/// too; then come those that were pruned, the later the better, and last, in the grid's order, those of which
/// nothing is done yet.
pub fn ranking(sweep: &Sweep, standings: &[Standing]) -> Vec<Group> {
    let seeds = sweep.plan.seeds.max(1);
    let pairs: Vec<_> = sweep.members.iter().zip(standings).collect();
    // The seed changes fastest, so a group's members are adjacent.
    let mut groups: Vec<Group> = pairs
        .chunks(seeds)
        .map(|members| {
            let values = members
                .first()
                .map_or_else(Vec::new, |(member, _)| member.values.clone());
            let standings: Vec<&Standing> = members.iter().map(|(_, standing)| *standing).collect();
            group(values, &standings)
        })
        .collect();
    groups.sort_by(|a, b| {
        let key = |group: &Group| {
            let epochs = match group.is_pruned() {
                true => group.curve.len(),
                false => 0,
            };
            let place = (group.last.is_none(), group.diverged > 0, !group.is_pruned());
            (place, std::cmp::Reverse(epochs))
        };
        let mean = |group: &Group| match (group.last, group.is_pruned()) {
            (Some(last), _) => last.mean,
            (None, true) => group.so_far().map_or(0.0, |(_, so_far)| so_far.mean),
            (None, false) => 0.0,
        };
        key(a).cmp(&key(b)).then(mean(b).total_cmp(&mean(a)))
    });
    groups
}

fn group(values: Vec<String>, standings: &[&Standing]) -> Group {
    let count = |is: fn(&MemberState) -> bool| {
        let states = standings.iter().filter(|standing| is(&standing.state));
        states.count()
    };
    let (best, last): (Vec<f64>, Vec<f64>) = standings
        .iter()
        .filter(|standing| standing.state == MemberState::Done)
        .filter_map(|standing| standing.accuracies())
        .unzip();
    let tests: Vec<f64> = standings
        .iter()
        .filter(|standing| standing.state == MemberState::Done)
        .filter_map(|standing| Some(standing.test?.last.accuracy))
        .collect();
    let curves: Vec<Vec<(usize, f64)>> = standings
        .iter()
        .filter(|standing| !standing.epochs.is_empty())
        .map(|standing| {
            let epochs = standing.epochs.iter();
            let points = epochs.map(|epoch| (epoch.epoch, epoch.validation_accuracy));
            points.collect()
        })
        .collect();
    Group {
        values,
        seeds: standings.len(),
        pruned: count(|state| matches!(state, MemberState::Pruned(_))),
        curve: band(&curves),
        done: last.len(),
        diverged: count(|state| matches!(state, MemberState::Diverged(_))),
        failed: count(|state| matches!(state, MemberState::Failed(_) | MemberState::Foreign(_))),
        last: Spread::of(&last),
        best: Spread::of(&best),
        test: Spread::of(&tests),
    }
}
