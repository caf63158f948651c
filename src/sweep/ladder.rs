//! A sweep on its way up the rungs: who goes on, and who is pruned.

use super::{MemberState, Rung, Standing};

/// The rungs of a sweep whose members are pruned.
pub struct Ladder {
    rungs: Vec<Rung>,
    /// The rung that members are trained to now.
    at: usize,
    /// The combinations of values that are still trained.
    alive: Vec<usize>,
    /// Members of each.
    seeds: usize,
}

/// From a rung to the next, as positions of members.
pub struct Step {
    /// The epoch after which they were compared.
    pub epoch: usize,
    /// Those that go on, in the sweep's order.
    pub promoted: Vec<usize>,
    /// Those that do not.
    pub pruned: Vec<usize>,
}

impl Ladder {
    /// At the first rung; none where there is nothing to prune.
    pub fn new(rungs: Vec<Rung>, seeds: usize) -> Option<Self> {
        let first = rungs.first().filter(|_| rungs.len() > 1)?;
        Some(Self {
            alive: (0..first.combinations).collect(),
            rungs,
            at: 0,
            seeds: seeds.max(1),
        })
    }

    /// The epoch that members are trained to now, if it is not their last.
    pub fn until(&self) -> Option<usize> {
        let is_last = self.at + 1 >= self.rungs.len();
        let rung = self.rungs.get(self.at).filter(|_| !is_last)?;
        Some(rung.epochs)
    }

    /// Goes to the next rung; none where this is the last one, or a member is not yet there.
    pub fn climb(&mut self, standings: &[Standing]) -> Option<Step> {
        let (rung, next) = (self.rungs.get(self.at)?, self.rungs.get(self.at + 1)?);
        let (epoch, keep) = (rung.epochs, next.combinations);
        let mut best = best_of(&self.alive, standings, self.seeds, epoch, keep)?;
        // In the sweep's order, whatever their rank.
        best.sort_unstable();
        let members = |group: &usize| group * self.seeds..(group + 1) * self.seeds;
        let out = self.alive.iter().filter(|group| !best.contains(group));
        let pruned = out.flat_map(members).collect();
        let promoted = best.iter().flat_map(members).collect();
        self.at += 1;
        self.alive = best;
        Some(Step {
            epoch,
            promoted,
            pruned,
        })
    }
}

/// Which of these combinations go on from a rung, the best first: by their mean validation accuracy after its
/// epoch, of equals the one that comes first in the sweep. One with a member that diverged, or that an error ended, comes
/// after all others. None where a member is not that far yet.
fn best_of(
    alive: &[usize],
    standings: &[Standing],
    seeds: usize,
    epochs: usize,
    keep: usize,
) -> Option<Vec<usize>> {
    let mut scored: Vec<(usize, Option<f64>)> = Vec::with_capacity(alive.len());
    for group in alive {
        let members = &standings[group * seeds..(group + 1) * seeds];
        let mut sum = Some(0.0);
        for standing in members {
            let accuracy = match standing.state {
                MemberState::Diverged(_) | MemberState::Failed(_) | MemberState::Foreign(_) => None,
                // One that has lost its patience has no more epochs.
                _ => Some(after(standing, epochs)?),
            };
            sum = sum.zip(accuracy).map(|(sum, accuracy)| sum + accuracy);
        }
        scored.push((*group, sum));
    }
    // Sorting keeps the order of equals.
    scored.sort_by(|(_, a), (_, b)| {
        let key = |sum: &Option<f64>| sum.unwrap_or(f64::NEG_INFINITY);
        key(b).total_cmp(&key(a))
    });
    scored.truncate(keep);
    let kept = scored.into_iter().filter(|(_, sum)| sum.is_some());
    Some(kept.map(|(group, _)| group).collect())
}

/// The validation accuracy after an epoch; of a run that ended before it, after its last one.
fn after(standing: &Standing, epochs: usize) -> Option<f64> {
    let at = standing.epochs.iter().find(|epoch| epoch.epoch == epochs);
    let ended = || {
        let last = standing.epochs.last();
        last.filter(|_| standing.state == MemberState::Done)
    };
    Some(at.or_else(ended)?.validation_accuracy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::EpochMetrics;

    fn standing(accuracies: &[f64], state: MemberState) -> Standing {
        let epochs = accuracies.iter().enumerate();
        let epochs = epochs.map(|(index, accuracy)| EpochMetrics {
            epoch: index + 1,
            validation_accuracy: *accuracy,
            ..EpochMetrics::default()
        });
        Standing {
            state,
            epochs: epochs.collect(),
            test: None,
        }
    }

    #[test]
    fn seeds_go_on_together_and_of_equals_the_first() {
        let rung = |epochs, combinations| Rung {
            epochs,
            combinations,
        };
        let mut ladder = Ladder::new(vec![rung(1, 4), rung(2, 2), rung(4, 1)], 2).unwrap();
        assert_eq!(ladder.until(), Some(1));
        let on = |accuracy| standing(&[accuracy], MemberState::Interrupted);
        let mut all = vec![
            on(0.5),
            on(0.6),
            on(0.7),
            on(0.7),
            on(0.9),
            standing(&[], MemberState::Diverged("NaN".into())),
            on(0.6),
            on(0.5),
        ];
        let step = ladder.climb(&all).unwrap();
        assert_eq!((step.epoch, ladder.until()), (1, Some(2)));
        assert_eq!(step.promoted, [0, 1, 2, 3]);
        assert_eq!(step.pruned, [4, 5, 6, 7]);
        assert!(ladder.climb(&all).is_none(), "nobody is there yet");
        for (member, accuracies) in
            all.iter_mut()
                .zip([[0.5, 0.8], [0.6, 0.8], [0.7, 0.7], [0.7, 0.7]])
        {
            *member = standing(&accuracies, MemberState::Interrupted);
        }
        let step = ladder.climb(&all).unwrap();
        assert_eq!((step.promoted, step.pruned), (vec![0, 1], vec![2, 3]));
        assert_eq!(ladder.until(), None);
        assert!(ladder.climb(&all).is_none());
        assert!(Ladder::new(vec![rung(1, 4)], 1).is_none());
    }
}
