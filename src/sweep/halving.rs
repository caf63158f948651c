//! Successive halving: members that do worst early are not trained to their end.

use super::{SweepError, SweepMember};
use serde::{Deserialize, Serialize};

/// Successive halving (Jamieson & Talwalkar 2016; algorithm 1 of Li et al. 2018, who also describe ASHA): all
/// combinations of values are trained for a few epochs, the best `1/factor` of them `factor` times as many, and so on
/// up to all epochs.
///
/// ASHA promotes a combination as soon as it is among the best of those that have come so far, which depends
/// on how fast each was. Here every rung waits for all of its members, so the same command always gives the
/// same result, however many are trained at a time and however often it was interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Halving {
    /// One in so many goes on; from 2 to [`Halving::MOST`].
    pub factor: usize,
}

/// Where members are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rung {
    /// After this epoch.
    pub epochs: usize,
    /// How many combinations of values are trained so far.
    pub combinations: usize,
}

impl Halving {
    /// The factor unless another is named.
    pub const USUAL: Self = Self { factor: 3 };
    /// The largest factor.
    pub const MOST: usize = 16;

    /// The rungs, the last of which is the end of the training: as many as epochs and combinations allow.
    pub fn rungs(self, epochs: usize, combinations: usize) -> Vec<Rung> {
        let factor = self.factor.clamp(2, Self::MOST);
        let mut halvings = 0_u32;
        let power = |halvings: u32| factor.saturating_pow(halvings);
        // A rung more has at least one epoch, and leaves at least one combination.
        while power(halvings + 1) <= epochs && power(halvings + 1) <= combinations {
            halvings += 1;
        }
        let rung = |index: u32| Rung {
            epochs: epochs / power(halvings - index),
            combinations: (combinations / power(index)).max(1),
        };
        (0..=halvings).map(rung).collect()
    }

    /// Whether members can be compared after the same epoch.
    ///
    /// # Errors
    /// A factor out of range, members of different lengths, or too few of them.
    pub(super) fn check(self, members: &[SweepMember], seeds: usize) -> Result<(), SweepError> {
        let refused = |reason: String| Err(SweepError::Prune { reason });
        if !(2..=Self::MOST).contains(&self.factor) {
            return refused(format!(
                "the factor is {}; it must be from 2 to {}",
                self.factor,
                Self::MOST
            ));
        }
        let Some(first) = members.first() else {
            return Ok(());
        };
        let epochs = first.spec.epochs;
        if members.iter().any(|member| member.spec.epochs != epochs) {
            return refused(
                "members are compared after the same epochs, so epochs cannot be varied".into(),
            );
        }
        let groups = members.len() / seeds.max(1);
        match self.rungs(epochs, groups).len() {
            0 | 1 => refused(format!(
                "there is nothing to prune: {groups} combinations and {epochs} epochs; at least \
                 {} of each are needed, or leave it out",
                self.factor
            )),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rungs_go_up_by_the_factor_to_the_last_epoch() {
        let rungs = |factor, epochs, combinations| -> Vec<(usize, usize)> {
            let rungs = Halving { factor }.rungs(epochs, combinations);
            let pairs = rungs.iter().map(|rung| (rung.epochs, rung.combinations));
            pairs.collect()
        };
        assert_eq!(rungs(3, 9, 27), [(1, 27), (3, 9), (9, 3)]);
        assert_eq!(rungs(3, 10, 30), [(1, 30), (3, 10), (10, 3)]);
        assert_eq!(rungs(3, 100, 9), [(11, 9), (33, 3), (100, 1)]);
        assert_eq!(rungs(2, 10, 4), [(2, 4), (5, 2), (10, 1)]);
        assert_eq!(rungs(4, 10, 3), [(10, 3)]);
        assert_eq!(rungs(3, 1, 30), [(1, 30)]);
    }
}
