//! The view's state and what changes it.

use super::keys::{CompareAction, IMAGE, VIEW};
use crate::insight::{Comparison, history_differences};
use crate::runs::PastRun;
use crate::spec::{Change, differences};
use crate::text::escape_controls;
use crate::tui::effect::{Effect, Job};
use crate::tui::keys::Context;
use crate::tui::message::Answer;
use crate::tui::shared::Shared;
use crate::tui::widgets::over::Over;
use ratatui::layout::{Position, Rect};
use std::cell::Cell;
use std::path::PathBuf;
use std::sync::Arc;

/// The part of the view that has all the room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// None: all that fits beside each other, in a small terminal the numbers.
    #[default]
    All,
    /// What differs, and the scores.
    Numbers,
    /// Accuracy and loss.
    Curves,
    /// The images that one alone gets right.
    Images,
}

/// How far the evaluation is.
#[derive(Clone, Debug)]
pub enum Measured {
    /// To be asked for.
    Wanted,
    /// Asked for.
    Asked,
    /// Done.
    Done(Arc<Comparison>),
    /// Not possible; the sentence says why.
    Failed(String),
}

/// What was drawn last, for keys and the mouse.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    /// Several parts beside each other have room.
    pub is_wide: bool,
    /// The rows of images, and the first image in them.
    pub list: Option<(Rect, usize)>,
}

/// Two runs, A and B, beside each other.
#[derive(Debug)]
pub struct Compare {
    pub(super) runs: [Arc<PastRun>; 2],
    /// What differs between their specs, or why one cannot be read.
    pub(super) changes: Result<Vec<Change>, String>,
    /// The models of the best epochs instead of the last ones.
    pub(super) best: bool,
    pub(super) over: Over,
    pub(super) part: Part,
    pub(super) measured: Measured,
    /// The chosen one of [`images`](Self::images).
    pub(super) chosen: usize,
    /// The chosen image is shown large.
    pub(super) is_enlarged: bool,
    /// The first difference in view; drawing limits it.
    pub(super) scroll: Cell<usize>,
    pub(super) seen: Cell<Seen>,
}

impl Compare {
    /// Compares B with A. The evaluation is still to be asked for.
    pub fn new(runs: [Arc<PastRun>; 2]) -> Self {
        let [first, second] = &runs;
        let problem = |run: &PastRun, reason: &String| {
            format!(
                "{} cannot be read: {}",
                run.called(),
                escape_controls(reason)
            )
        };
        let changes = match (&first.spec, &second.spec) {
            (Ok(one), Ok(other)) => {
                let mut changes = differences(one, other);
                changes.extend(history_differences(first, second));
                Ok(changes)
            }
            (Err(reason), _) => Err(problem(first, reason)),
            (_, Err(reason)) => Err(problem(second, reason)),
        };
        Self {
            changes,
            runs,
            best: false,
            over: Over::default(),
            part: Part::default(),
            measured: Measured::Wanted,
            chosen: 0,
            is_enlarged: false,
            scroll: Cell::default(),
            seen: Cell::default(),
        }
    }

    /// Where keys go.
    pub fn context(&self) -> Context {
        if self.is_enlarged { IMAGE } else { VIEW }
    }

    fn folders(&self) -> [PathBuf; 2] {
        self.runs.each_ref().map(|run| run.path.clone())
    }

    /// Asks for the evaluation where that is still to be done.
    pub fn ask(&mut self) -> Vec<Effect> {
        if !matches!(self.measured, Measured::Wanted) {
            return Vec::new();
        }
        self.measured = Measured::Asked;
        let job = Job::Compare {
            folders: self.folders(),
            best: self.best,
        };
        vec![job.into()]
    }

    /// Takes the evaluation; other data makes it worthless.
    pub fn answer(&mut self, answer: &Answer) {
        match answer {
            Answer::Compared {
                folders,
                best,
                outcome,
            } if *folders == self.folders() && *best == self.best => {
                self.measured = match outcome {
                    Ok(comparison) => Measured::Done(Arc::clone(comparison)),
                    Err(reason) => Measured::Failed(reason.clone()),
                };
                self.chosen = self.chosen.min(self.images().len().saturating_sub(1));
                self.is_enlarged &= !self.images().is_empty();
            }
            Answer::DataReady { .. } => self.forget(),
            _ => {}
        }
    }

    fn forget(&mut self) {
        self.measured = Measured::Wanted;
        self.is_enlarged = false;
    }

    /// The evaluation, once it is there.
    pub(super) fn comparison(&self) -> Option<&Comparison> {
        match &self.measured {
            Measured::Done(comparison) => Some(comparison),
            _ => None,
        }
    }

    /// Positions of the images that one alone gets right: first those of B, then those of A.
    pub(super) fn images(&self) -> Vec<usize> {
        let paired = self.comparison().map(|comparison| &comparison.paired);
        paired.map_or_else(Vec::new, |paired| {
            let (first, second) = (&paired.first_alone, &paired.second_alone);
            [second.as_slice(), first].concat()
        })
    }

    /// Carries out an action but [`Back`](CompareAction::Back).
    pub fn update(&mut self, action: CompareAction, shared: &mut Shared) -> Vec<Effect> {
        match action {
            CompareAction::Move(step) if self.is_enlarged || self.seen.get().list.is_some() => {
                let last = self.images().len().saturating_sub(1);
                self.chosen = self.chosen.saturating_add_signed(step).min(last);
            }
            CompareAction::Move(step) => {
                let changes = self.changes.as_ref().map_or(0, Vec::len);
                let scroll = self.scroll.get().saturating_add_signed(step);
                self.scroll.set(scroll.min(changes));
            }
            CompareAction::Enlarge => {
                self.is_enlarged = !self.images().is_empty();
                if !self.is_enlarged {
                    shared.say("there is no image that one alone gets right");
                }
            }
            CompareAction::NextAxis => {
                self.over = self.over.other();
                shared.say(self.over.title());
            }
            CompareAction::NextPart => {
                self.part = match self.part {
                    Part::All if self.seen.get().is_wide => Part::Numbers,
                    Part::All | Part::Numbers => Part::Curves,
                    Part::Curves => Part::Images,
                    Part::Images => Part::All,
                };
            }
            CompareAction::ToggleBest => {
                self.best = !self.best;
                shared.say(match self.best {
                    true => "the best epochs, which were picked by their validation images",
                    false => "the last epochs",
                });
                self.forget();
                return self.ask();
            }
            CompareAction::Back => {}
        }
        Vec::new()
    }

    /// Closes the image; true where there is none, and the view is to be closed.
    pub fn back(&mut self) -> bool {
        !std::mem::take(&mut self.is_enlarged)
    }

    /// A click chooses an image, and opens the chosen one.
    pub fn click(&mut self, at: Position) {
        let Some((list, first)) = self.seen.get().list.filter(|(list, _)| list.contains(at)) else {
            return;
        };
        let row = first + usize::from(at.y - list.y);
        if row >= self.images().len() {
            return;
        }
        self.is_enlarged = row == self.chosen;
        self.chosen = row;
    }
}
