//! The result of a sweep: the members' accuracies, over their seeds.

use super::{MemberState, Standing, Sweep};
use crate::stats::Spread;

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
    /// Validation accuracy of the last epoch of those that are done.
    pub last: Option<Spread>,
    /// Validation accuracy of their best epoch.
    pub best: Option<Spread>,
    /// Accuracy of the last epoch on the test images, where others validated.
    pub test: Option<Spread>,
}

/// The groups of a sweep, the best first; `standings` are those of its members, in their order.
///
/// They are ranked by the mean accuracy of the last epoch: the best epoch is picked by the very images
/// that it is measured on, and the noisier a run's accuracy, the more it gains by that. A
/// group some of whose seeds diverged comes after all without, as the rest of it is a selection
/// too; groups of which nothing is done yet come last, in the grid's order.
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
        let key = |group: &Group| (group.last.is_none(), group.diverged > 0);
        let mean = |group: &Group| group.last.map_or(0.0, |last| last.mean);
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
    Group {
        values,
        seeds: standings.len(),
        done: last.len(),
        diverged: count(|state| matches!(state, MemberState::Diverged(_))),
        failed: count(|state| matches!(state, MemberState::Failed(_) | MemberState::Foreign(_))),
        last: Spread::of(&last),
        best: Spread::of(&best),
        test: Spread::of(&tests),
    }
}
