//! The result of a sweep: the members' accuracies, over their seeds.

use super::{MemberState, Standing, Sweep};

/// Mean and standard deviation of some accuracies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The mean.
    pub mean: f64,
    /// The sample standard deviation, divided by n - 1; one value has none.
    pub std: Option<f64>,
}

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
}

impl Spread {
    /// The spread of these values; none of no values.
    pub fn of(values: &[f64]) -> Option<Self> {
        let count = values.len() as f64;
        if values.is_empty() {
            return None;
        }
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let std = (values.len() > 1).then(|| (squares / (count - 1.0)).sqrt());
        Some(Self { mean, std })
    }
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
    Group {
        values,
        seeds: standings.len(),
        done: last.len(),
        diverged: count(|state| matches!(state, MemberState::Diverged(_))),
        failed: count(|state| matches!(state, MemberState::Failed(_) | MemberState::Foreign(_))),
        last: Spread::of(&last),
        best: Spread::of(&best),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spread_is_the_samples() {
        // numpy.std([0.1, 0.2, 0.4], ddof=1)
        let spread = Spread::of(&[0.1, 0.2, 0.4]).unwrap();
        assert!((spread.mean - 0.233_333_333_333_333_3).abs() < 1e-15);
        assert!((spread.std.unwrap() - 0.152_752_523_165_194_67).abs() < 1e-15);
        let one = Spread::of(&[0.5]).unwrap();
        assert_eq!((one.mean, one.std), (0.5, None));
        assert_eq!(Spread::of(&[]), None);
    }
}
