//! Training a network from several seeds, one run after the other.

use super::run_state::RunState;
use crate::stats::Spread;

/// How many seeds can be chosen, one after the other.
const COUNTS: [usize; 5] = [1, 2, 3, 5, 10];

/// How many seeds the next training has, and those of the training under way.
#[derive(Clone, Debug, Default)]
pub struct Seeds {
    /// Position in [`COUNTS`].
    chosen: usize,
    /// The runs that belong together, if the last training has several seeds.
    pub series: Option<Series>,
}

/// Runs that differ by nothing but the seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// How many there are to be.
    pub count: usize,
    /// The numbers of those begun, in the order of their seeds.
    pub runs: Vec<u64>,
}

impl Seeds {
    /// From how many seeds the network is trained.
    pub fn count(&self) -> usize {
        COUNTS[self.chosen]
    }

    /// Chooses the next number of seeds.
    pub fn choose_next(&mut self) {
        self.chosen = (self.chosen + 1) % COUNTS.len();
    }

    /// The number of the run among the seeds, from 1, and how many there are to be.
    pub fn place(&self, run: &RunState) -> Option<(usize, usize)> {
        let series = self.series.as_ref()?;
        let at = series.runs.iter().position(|id| *id == run.id)?;
        Some((at + 1, series.count))
    }

    /// Those of `runs` that belong to the series and are trained to their end.
    pub fn finished<'a>(&self, runs: impl Iterator<Item = &'a RunState>) -> Vec<&'a RunState> {
        let Some(series) = &self.series else {
            return Vec::new();
        };
        runs.filter(|run| series.runs.contains(&run.id) && run.is_complete())
            .collect()
    }
}

/// Validation accuracy of the last epochs of these runs.
pub fn last_of(runs: &[&RunState]) -> Option<Spread> {
    Spread::of(&accuracies_of(runs))
}

/// Validation accuracies of the last epochs of these runs.
pub fn accuracies_of(runs: &[&RunState]) -> Vec<f64> {
    let last = |run: &&RunState| Some(run.epochs.last()?.validation_accuracy);
    runs.iter().filter_map(last).collect()
}
