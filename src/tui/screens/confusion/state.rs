//! The screen's state and what changes it.

use super::calibrated::Calibrated;
use super::keys::ConfusionAction;
use super::words;
use crate::train::{ConfusionMatrix, Evaluation, Validated};
use crate::tui::effect::Effect;
use crate::tui::request::Request;
use crate::tui::shared::Shared;

/// The screen's state.
#[derive(Debug, Default)]
pub struct Confusion {
    /// `(true class, predicted class)`; may be beyond the classes of a model that came later.
    pub(super) cursor: (usize, usize),
    /// Shares of the row instead of counts.
    pub(super) normalized: bool,
    /// How sure the model is, in place of the matrix.
    pub(super) shows_certainty: bool,
    /// Of which class there: 0 is all, then their numbers from 1.
    pub(super) class: usize,
    /// What that shows.
    pub(super) calibrated: Calibrated<Validated>,
    /// The same of an epoch before.
    pub(super) calibrated_then: Calibrated<Evaluation>,
}

impl Confusion {
    /// The cell of the cursor: `(true class, predicted class)`, both below `classes`.
    pub(super) fn cell(&self, classes: usize) -> (usize, usize) {
        let last = classes.saturating_sub(1);
        (self.cursor.0.min(last), self.cursor.1.min(last))
    }

    /// Carries out an action.
    pub fn update(&mut self, action: ConfusionAction, shared: &mut Shared) -> Vec<Effect> {
        let Some(matrix) = matrix(shared) else {
            shared.say("no model has been evaluated yet: t trains the network, L loads a model");
            return Vec::new();
        };
        let last = matrix.classes().saturating_sub(1);
        let (mut truth, mut predicted) = self.cell(matrix.classes());
        match action {
            ConfusionAction::Up => truth = truth.saturating_sub(1),
            ConfusionAction::Down => truth = (truth + 1).min(last),
            ConfusionAction::Left => predicted = predicted.saturating_sub(1),
            ConfusionAction::Right => predicted = (predicted + 1).min(last),
            ConfusionAction::RowStart => predicted = 0,
            ConfusionAction::RowEnd => predicted = last,
            ConfusionAction::NextPair | ConfusionAction::PreviousPair => {
                let forward = action == ConfusionAction::NextPair;
                match pair_after(matrix, (truth, predicted), forward) {
                    Some((cell, place, pairs)) => {
                        (truth, predicted) = cell;
                        shared.say(format!("confused pair {place} of {pairs}, by count"));
                    }
                    None => shared.say("no image was taken for another class"),
                }
            }
            ConfusionAction::Normalize => {
                self.normalized = !self.normalized;
                shared.say(if self.normalized {
                    "percent of the images of each true class"
                } else {
                    "counts of images"
                });
            }
            ConfusionAction::Certainty => {
                self.shows_certainty = !self.shows_certainty;
                shared.say(match self.shows_certainty {
                    true => "how sure the model is, and how often it is right then",
                    false => "which classes are taken for which",
                });
            }
            ConfusionAction::Layers => shared.requests.push(Request::ShowLayersOfModel),
            ConfusionAction::NextClass => self.class = (self.class + 1).min(last + 1),
            ConfusionAction::PreviousClass => {
                self.class = self.class.min(last + 1).saturating_sub(1);
            }
            ConfusionAction::Open => {
                if matrix.count(truth, predicted) == 0 {
                    let sentence = words::cell(matrix, (truth, predicted), shared);
                    shared.say(format!("{sentence}: nothing to show"));
                } else {
                    let images = Request::ShowImages { truth, predicted };
                    shared.requests.push(images);
                }
            }
        }
        self.cursor = (truth, predicted);
        Vec::new()
    }
}

/// The matrix in view.
pub fn matrix(shared: &Shared) -> Option<&ConfusionMatrix> {
    let matrix = &shared.evaluation()?.confusion;
    (matrix.classes() > 0).then_some(matrix)
}

/// By how much the count of a cell differs from that of the epoch before, while an epoch of the past is shown; and
/// which epoch that is.
pub fn change(cell: (usize, usize), shared: &Shared) -> Option<(i64, usize)> {
    let moment = shared.time.moment()?;
    let (epoch, before) = moment.before.as_ref()?;
    let count = |matrix: &ConfusionMatrix| matrix.count(cell.0, cell.1).cast_signed();
    Some((count(&moment.evaluation.confusion) - count(before), *epoch))
}

/// The confused pair after (or before) a cell, around the end, with its place among all pairs and
/// their number. From a cell that is no pair the first one follows.
fn pair_after(
    matrix: &ConfusionMatrix,
    cell: (usize, usize),
    forward: bool,
) -> Option<((usize, usize), usize, usize)> {
    let pairs = matrix.most_confused(usize::MAX);
    let count = pairs.len();
    let at = pairs
        .iter()
        .position(|pair| (pair.truth, pair.predicted) == cell);
    let next = match at {
        Some(at) if forward => (at + 1) % count,
        Some(at) => (at + count - 1) % count,
        None => 0,
    };
    let pair = pairs.get(next)?;
    Some(((pair.truth, pair.predicted), next + 1, count))
}
