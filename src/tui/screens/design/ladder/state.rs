//! The state of the ladder.

use super::found::Found;
use crate::spec::ablation::{Candidate, Part, candidates};
use crate::spec::{CheckedSpec, Problem, Spec};
use crate::tui::message::AblationNews;
use std::cell::Cell;

/// Seeds to begin with.
const SEEDS: usize = 3;
/// Most seeds that can be chosen here; the command takes more.
const MOST_SEEDS: usize = 99;
/// Rows above the parts: how many seeds, how many epochs.
pub const FIELDS: usize = 2;

/// The parts of a network, which of them are marked, and what is known of them.
#[derive(Debug)]
pub struct Ladder {
    /// The network as it was on the screen.
    pub(super) spec: CheckedSpec,
    pub(super) candidates: Vec<Candidate>,
    pub(super) is_marked: Vec<bool>,
    pub(super) seeds: usize,
    pub(super) epochs: usize,
    /// The chosen row: a field, then the parts in their order.
    pub(super) cursor: usize,
    /// First row shown, as last drawn.
    pub(super) scroll: Cell<usize>,
    /// The results, once it was begun; none while parts are chosen.
    pub(super) found: Option<Found>,
}

impl Ladder {
    /// All parts of the network that can be left out are marked.
    pub fn new(spec: CheckedSpec, seeds: usize) -> Self {
        let candidates = candidates(&spec);
        Self {
            is_marked: candidates.iter().map(|one| one.variant.is_ok()).collect(),
            candidates,
            seeds: if seeds > 1 { seeds } else { SEEDS },
            epochs: spec.epochs,
            spec,
            cursor: 0,
            scroll: Cell::new(0),
            found: None,
        }
    }

    /// Whether it is about this network.
    pub fn is_of(&self, spec: &Spec) -> bool {
        self.spec == *spec
    }

    /// How many runs are trained, of how many, while it is under way.
    pub fn under_way(&self) -> Option<(usize, usize)> {
        self.found.as_ref()?.under_way()
    }

    /// Takes news of the training.
    pub fn observe(&mut self, news: &AblationNews) {
        if let Some(found) = &mut self.found {
            found.observe(news);
        }
    }

    /// Rows that the cursor can be on.
    pub fn rows(&self) -> usize {
        match &self.found {
            Some(found) => found.rungs().len(),
            None => FIELDS + self.candidates.len(),
        }
    }

    /// Chooses a row, or the nearest there is.
    pub fn go(&mut self, row: usize) {
        self.cursor = row.min(self.rows().saturating_sub(1));
    }

    /// The row in this line of the list, as last drawn.
    pub fn row_at(&self, line: usize) -> Option<usize> {
        let row = self.scroll.get() + line;
        (row < self.rows()).then_some(row)
    }

    /// Whether this row is the chosen one.
    pub fn is_chosen(&self, row: usize) -> bool {
        self.cursor == row
    }

    /// Whether results are shown, and not what can be left out.
    pub fn has_results(&self) -> bool {
        self.found.is_some()
    }

    /// The chosen part; none on a field, and while there are no results.
    pub fn chosen(&self) -> Option<&Candidate> {
        match &self.found {
            None => self.candidates.get(self.cursor.checked_sub(FIELDS)?),
            Some(found) => {
                let key = &found.rungs().get(self.cursor)?.key;
                let mut all = self.candidates.iter();
                all.find(|candidate| candidate.part.key() == *key)
            }
        }
    }

    /// Marks the chosen part or takes the mark away; gives why not, where it cannot be left out.
    pub fn toggle(&mut self) -> Option<String> {
        let at = self.cursor.checked_sub(FIELDS)?;
        let candidate = self.candidates.get(at)?;
        match &candidate.variant {
            Ok(_) => {
                self.is_marked[at] = !self.is_marked[at];
                None
            }
            Err(reason) => Some(format!("{} cannot be left out: {reason}", candidate.name)),
        }
    }

    /// Marks all parts that can be left out, or takes all marks away where all have one.
    pub fn toggle_all(&mut self) {
        let possible = self.candidates.iter().map(|one| one.variant.is_ok());
        let all: Vec<bool> = possible.collect();
        let none = vec![false; all.len()];
        self.is_marked = if self.is_marked == all { none } else { all };
    }

    /// One step up or down in the chosen field.
    pub fn step(&mut self, up: bool) {
        let step = |value: usize, by: usize, most: usize| match up {
            true => (value + by).min(most),
            false => value.saturating_sub(by).max(1),
        };
        match self.cursor {
            0 => self.seeds = step(self.seeds, 1, MOST_SEEDS),
            1 => {
                let by = match self.epochs - usize::from(!up) {
                    0..10 => 1,
                    10..50 => 5,
                    _ => 10,
                };
                self.epochs = step(self.epochs, by, 10_000);
            }
            _ => {}
        }
    }

    /// The marked parts.
    pub fn marked(&self) -> Vec<Part> {
        let pairs = self.candidates.iter().zip(&self.is_marked);
        let marked = pairs.filter(|(_, is_marked)| **is_marked);
        marked
            .map(|(candidate, _)| candidate.part.clone())
            .collect()
    }

    /// Runs that are to be trained.
    pub fn runs(&self) -> usize {
        (self.marked().len() + 1) * self.seeds
    }

    /// The network with as many epochs as are to be trained here.
    ///
    /// # Errors
    /// What is wrong with so many epochs.
    pub fn to_train(&self) -> Result<CheckedSpec, Problem> {
        let epochs = self.epochs;
        self.spec.clone().changed(|spec| spec.epochs = epochs)
    }

    /// The training begins: results are shown from now on.
    pub fn begin(&mut self) {
        let parts = self.marked().len();
        self.found = Some(Found::new((parts + 1) * self.seeds));
        self.cursor = 0;
    }

    /// Shows the parts again, to choose among them.
    pub fn choose_again(&mut self) {
        self.found = None;
        self.cursor = 0;
    }
}
