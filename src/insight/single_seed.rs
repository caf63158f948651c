//! How exact the difference of two runs is when there is one seed alone: the images tell.

use super::paired::Paired;
use crate::runs::read_history;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// What runs took the images for that validated them, after their last epochs; each run is read once.
#[derive(Debug, Default)]
pub struct SingleSeed(HashMap<PathBuf, Option<Answers>>);

#[derive(Debug)]
struct Answers {
    labels: Vec<u8>,
    predictions: Vec<u8>,
}

impl SingleSeed {
    /// The standard error of the difference between the runs in two folders, each after its epoch of this number,
    /// as [`Paired`] has it. None where a run has not kept its answers, or the two are of other images.
    pub fn standard_error(&mut self, runs: [(&Path, usize); 2]) -> Option<f64> {
        for (folder, epoch) in runs {
            let known = self.0.entry(folder.to_owned());
            known.or_insert_with(|| answers(folder, epoch));
        }
        let [first, second] = runs.map(|(folder, _)| self.0.get(folder)?.as_ref());
        let (first, second) = (first?, second?);
        let paired = Paired::new(&first.predictions, &second.predictions, &first.labels);
        (first.labels == second.labels).then(|| paired.standard_error())
    }
}

fn answers(folder: &Path, epoch: usize) -> Option<Answers> {
    let history = read_history(folder).ok()??;
    let predictions = history.after(epoch)?.predictions.clone();
    Some(Answers {
        labels: history.labels().to_vec(),
        predictions,
    })
}
