//! The state of the panel of a sweep.

use super::form::Form;
use super::found::Found;
use crate::spec::vary::{Settings, label};
use crate::spec::{CheckedSpec, Spec};
use crate::sweep::Group;
use crate::tui::message::SweepNews;
use crossterm::event::KeyEvent;
use std::cell::Cell;

/// What is shown where there is no room for all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// The combinations, ranked.
    #[default]
    Table,
    /// Their validation accuracy over the epochs.
    Curves,
    /// What mattered.
    Effects,
}

impl View {
    /// The next one, around the end.
    pub fn next(self) -> Self {
        match self {
            Self::Table => Self::Curves,
            Self::Curves => Self::Effects,
            Self::Effects => Self::Table,
        }
    }
}

/// A sweep of a network: what is to be varied, and what is known.
#[derive(Debug)]
pub struct SweepPanel {
    /// The network as it was on the screen.
    pub(super) spec: CheckedSpec,
    pub(super) form: Form,
    /// Why it could not be trained as the form says.
    pub(super) refused: Option<String>,
    /// The results, once it was begun; none while it is set up.
    pub(super) found: Option<Found>,
    pub(super) view: View,
    /// The chosen combination.
    pub(super) cursor: usize,
    /// First row shown, as last drawn.
    pub(super) scroll: Cell<usize>,
}

impl SweepPanel {
    /// A sweep of this network that is to be set up.
    pub fn new(spec: CheckedSpec, seeds: usize) -> Self {
        Self {
            form: Form::new(&spec, seeds),
            spec,
            refused: None,
            found: None,
            view: View::default(),
            cursor: 0,
            scroll: Cell::new(0),
        }
    }

    /// Whether it is about this network.
    pub fn is_of(&self, spec: &Spec) -> bool {
        self.spec == *spec
    }

    /// Whether results are shown, and not the form.
    pub fn has_results(&self) -> bool {
        self.found.is_some()
    }

    /// How many runs have ended, of how many, while it is under way.
    pub fn under_way(&self) -> Option<(usize, usize)> {
        let found = self.found.as_ref().filter(|found| found.is_under_way())?;
        Some((found.progress.ended, found.progress.runs))
    }

    /// Takes news of the training.
    pub fn observe(&mut self, news: &SweepNews) {
        if let SweepNews::Failed(reason) = news {
            // What is wrong is seen at the form.
            self.refused = Some(reason.clone());
            self.found = None;
            return;
        }
        let chosen = self.chosen().map(|group| group.values.clone());
        if let Some(found) = &mut self.found {
            found.observe(news);
        }
        // The cursor stays on its combination, wherever that stands now.
        let place = self
            .groups()
            .iter()
            .position(|group| Some(&group.values) == chosen.as_ref());
        if let Some(place) = place.filter(|_| self.cursor > 0) {
            self.cursor = place;
        }
    }

    /// The combinations, ranked; none while it is set up.
    pub(super) fn groups(&self) -> &[Group] {
        let overview = self
            .found
            .as_ref()
            .and_then(|found| found.overview.as_ref());
        overview.map_or(&[], |overview| &overview.groups)
    }

    /// The chosen combination.
    pub(super) fn chosen(&self) -> Option<&Group> {
        self.groups().get(self.cursor)
    }

    /// Takes a key of the text, while it is set up.
    pub fn type_key(&mut self, key: KeyEvent) {
        self.refused = None;
        self.form.type_key(key);
    }

    /// Takes pasted text, while it is set up.
    pub fn paste(&mut self, text: &str) {
        if self.found.is_none() {
            self.refused = None;
            self.form.paste(text);
        }
    }

    /// Chooses a row, or the nearest there is.
    pub fn go(&mut self, row: usize) {
        match self.found {
            None => self.form.go(row),
            Some(_) => self.cursor = row.min(self.groups().len().saturating_sub(1)),
        }
    }

    /// The row in this line of the list, as last drawn.
    pub fn row_at(&self, line: usize) -> Option<usize> {
        let rows = match self.found {
            None => self.form.rows().len(),
            Some(_) => self.groups().len(),
        };
        let row = self.scroll.get() + line;
        (row < rows).then_some(row)
    }

    /// Whether this row is the chosen one.
    pub fn is_chosen(&self, row: usize) -> bool {
        match self.found {
            None => self.form.cursor == row,
            Some(_) => self.cursor == row,
        }
    }

    /// The network with the values of the chosen combination, and these values in words.
    ///
    /// # Errors
    /// What is in the way of opening it.
    pub fn chosen_network(&self) -> Result<(CheckedSpec, String), String> {
        let none = "there is no result yet";
        let group = self.chosen().ok_or(none)?;
        let varies = self.form.varies()?;
        let words = label(&varies, &group.values);
        let pairs = varies.iter().zip(&group.values);
        let texts: Vec<String> = pairs
            .map(|(vary, value)| format!("{}={value}", vary.key))
            .collect();
        let settings = Settings::parse(&texts).map_err(|error| error.to_string())?;
        let spec = settings
            .apply(&self.spec)
            .map_err(|error| error.to_string())?;
        Ok((spec, words))
    }
}
