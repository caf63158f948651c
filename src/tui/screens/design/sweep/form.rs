//! What a sweep is to vary, while it is set up.

use crate::spec::vary::{Vary, known_fields};
use crate::spec::{CheckedSpec, Spec};
use crate::sweep::Halving;
use crate::text::{common_beginning, short_decimal};
use crate::tui::effect::SweepOrder;
use crate::tui::keys::TypingAction;
use crate::tui::widgets::text_field::TextField;
use crossterm::event::{KeyCode, KeyEvent};

/// Most settings that can be varied here; the command takes more.
const MOST_SETTINGS: usize = 8;
/// Letters that a line takes.
const MOST_LETTERS: usize = 400;
/// Most seeds, and runs at a time, that can be chosen here.
const MOST_SEEDS: usize = 99;
const MOST_JOBS: usize = 16;
/// Trials that the arrow keys offer; 0 is every combination.
const TRIALS: [usize; 11] = [0, 5, 10, 20, 30, 50, 75, 100, 200, 500, 1000];

/// A line of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// The setting at this position, and its values.
    Vary(usize),
    /// Seeds of each combination.
    Seeds,
    /// Epochs of each run.
    Epochs,
    /// Combinations that are drawn.
    Trials,
    /// Whether those that do worst are pruned.
    Prune,
    /// Runs at a time.
    Jobs,
}

/// The form.
#[derive(Clone, Debug)]
pub struct Form {
    /// A line for each setting, and an empty one below them.
    pub settings: Vec<TextField>,
    pub seeds: usize,
    pub epochs: usize,
    pub trials: usize,
    /// The factor; 0 where nothing is pruned.
    pub prune: usize,
    pub jobs: usize,
    pub cursor: usize,
    /// Names that the fields of the network have.
    known: Vec<String>,
}

/// A line in which nothing is typed yet.
fn empty() -> TextField {
    TextField::default().at_most(MOST_LETTERS)
}

impl Form {
    /// Three learning rates around the network's own are proposed.
    pub fn new(spec: &Spec, seeds: usize) -> Self {
        let rates = [1.0 / 3.0, 1.0, 3.0].map(|factor| short_decimal(factor * spec.learning_rate));
        Self {
            settings: vec![
                TextField::proposed(format!("learning_rate={}", rates.join(",")))
                    .at_most(MOST_LETTERS),
                empty(),
            ],
            seeds: seeds.max(1),
            epochs: spec.epochs,
            trials: 0,
            prune: 0,
            jobs: 1,
            cursor: 0,
            known: known_fields(spec),
        }
    }

    /// The lines, in their order.
    pub fn rows(&self) -> Vec<Row> {
        let settings = (0..self.settings.len()).map(Row::Vary);
        settings
            .chain([Row::Seeds, Row::Epochs, Row::Trials, Row::Prune, Row::Jobs])
            .collect()
    }

    /// The chosen line.
    pub fn chosen(&self) -> Row {
        let rows = self.rows();
        rows.get(self.cursor).copied().unwrap_or(Row::Jobs)
    }

    /// Chooses a line, or the nearest there is.
    pub fn go(&mut self, row: usize) {
        self.cursor = row.min(self.rows().len() - 1);
    }

    /// Chooses the line below or above, around the ends.
    pub fn step_row(&mut self, down: bool) {
        let count = self.rows().len();
        self.go((self.cursor + if down { 1 } else { count - 1 }) % count);
    }

    /// Takes a key of the text; in a number `+` and `-`.
    pub fn type_key(&mut self, key: KeyEvent) {
        match (self.chosen(), key.code) {
            (Row::Vary(index), _) => {
                if let Some(field) = self.settings.get_mut(index) {
                    field.type_key(key);
                }
                self.keep_one_empty();
            }
            (_, KeyCode::Char('+')) => self.step_value(true),
            (_, KeyCode::Char('-')) => self.step_value(false),
            _ => {}
        }
    }

    /// Takes a pasted text.
    pub fn paste(&mut self, text: &str) {
        if let Row::Vary(index) = self.chosen()
            && let Some(field) = self.settings.get_mut(index)
        {
            field.paste(text);
            self.keep_one_empty();
        }
    }

    fn keep_one_empty(&mut self) {
        let is_full = self
            .settings
            .iter()
            .all(|field| !field.text().trim().is_empty());
        if is_full && self.settings.len() < MOST_SETTINGS {
            self.settings.push(empty());
        }
    }

    /// Names that what is typed in the chosen line may become; none once the name is complete.
    pub fn completions(&self) -> Vec<&str> {
        let Row::Vary(index) = self.chosen() else {
            return Vec::new();
        };
        let text = self.settings[index].text().trim_start();
        if text.contains(['=', ' ']) {
            return Vec::new();
        }
        let known = self.known.iter().map(String::as_str);
        known.filter(|name| name.starts_with(text)).collect()
    }

    /// Completes the name in the chosen line; where there is nothing to complete, chooses the line below.
    pub fn complete_or_next(&mut self) {
        if !self.complete() {
            self.step_row(true);
        }
    }

    /// Completes the name as far as all agree, and its sign; false where there is nothing to complete.
    fn complete(&mut self) -> bool {
        let Row::Vary(index) = self.chosen() else {
            return false;
        };
        let typed = self.settings[index].text().trim_start();
        let names = self.completions();
        if typed.is_empty() || names.is_empty() {
            return false;
        }
        let mut text = common_beginning(&names).to_owned();
        if names.len() == 1 {
            text.push('=');
        }
        let changed = text != typed;
        self.settings[index].set(&text);
        changed
    }

    /// A step up or down in the chosen line; in a text the cursor goes right or left.
    pub fn step_value(&mut self, up: bool) {
        let step = |value: usize, least: usize, most: usize| match up {
            true => (value + 1).min(most),
            false => value.saturating_sub(1).max(least),
        };
        match self.chosen() {
            Row::Vary(index) => {
                let action = if up {
                    TypingAction::Right
                } else {
                    TypingAction::Left
                };
                self.settings[index].update(action);
            }
            Row::Seeds => self.seeds = step(self.seeds, 1, MOST_SEEDS),
            Row::Epochs => {
                let by = match self.epochs - usize::from(!up) {
                    0..10 => 1,
                    10..50 => 5,
                    _ => 10,
                };
                self.epochs = match up {
                    true => (self.epochs + by).min(10_000),
                    false => self.epochs.saturating_sub(by).max(1),
                };
            }
            Row::Trials => {
                let next = match up {
                    true => TRIALS.iter().find(|trials| **trials > self.trials),
                    false => TRIALS.iter().rev().find(|trials| **trials < self.trials),
                };
                self.trials = next.copied().unwrap_or(self.trials);
            }
            Row::Prune => {
                self.prune = match (self.prune, up) {
                    (0, true) => 2,
                    (2, false) => 0,
                    (factor, _) => step(factor, 0, Halving::MOST),
                };
            }
            Row::Jobs => self.jobs = step(self.jobs, 1, MOST_JOBS),
        }
    }

    /// What the line of a setting says; none of an empty one.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn setting(&self, index: usize) -> Option<Result<Vary, String>> {
        let text = self.settings.get(index)?.text().trim();
        if text.is_empty() {
            return None;
        }
        // A space serves as well as the sign.
        let text = match (text.contains('='), text.split_once(' ')) {
            (false, Some((key, values))) => format!("{key}={}", values.trim()),
            _ => text.to_owned(),
        };
        let read = Vary::parse(&text).and_then(|vary| vary.range().map(|range| (vary, range)));
        Some(match read {
            Ok((_, Some(_))) if self.trials == 0 => {
                Err("from a range values are drawn: choose how many trials below".into())
            }
            Ok((vary, _)) => match self.is_known(&vary.key) {
                true => Ok(vary),
                false => Err(format!(
                    "there is no field {}; Tab completes names",
                    vary.key
                )),
            },
            Err(error) => Err(error.to_string()),
        })
    }

    /// Whether the network may have this field: by its path, or by its last name alone.
    fn is_known(&self, key: &str) -> bool {
        let is_last = |name: &String| name.rsplit('.').next() == Some(key);
        key.contains('.') || self.known.iter().any(|name| name == key || is_last(name))
    }

    /// All settings.
    ///
    /// # Errors
    /// What is wrong with the first that is wrong.
    pub fn varies(&self) -> Result<Vec<Vary>, String> {
        let settings = (0..self.settings.len()).filter_map(|index| self.setting(index));
        settings.collect()
    }

    /// Combinations of values, and runs, once nothing is wrong.
    pub fn counts(&self) -> Option<(usize, usize)> {
        let varies = self.varies().ok()?;
        let values = varies.iter().map(|vary| vary.values.len());
        let combinations = match self.trials {
            0 => values.fold(1, usize::saturating_mul),
            trials => trials,
        };
        Some((combinations, combinations.saturating_mul(self.seeds)))
    }

    /// What is to be trained, of this network.
    ///
    /// # Errors
    /// What is wrong with the form.
    pub fn order(&self, spec: &CheckedSpec) -> Result<SweepOrder, String> {
        let vary = self.varies()?;
        if vary.is_empty() && self.seeds == 1 {
            return Err("there is nothing to compare: name a setting, or take more seeds".into());
        }
        if vary.is_empty() && self.trials > 0 {
            return Err("trials draw values of settings: name one".into());
        }
        let epochs = self.epochs;
        let spec = spec.clone().changed(|spec| spec.epochs = epochs);
        Ok(SweepOrder {
            spec: spec.map_err(|problem| problem.to_string())?,
            vary,
            seeds: self.seeds,
            trials: (self.trials > 0).then_some(self.trials),
            prune: (self.prune > 0).then_some(Halving { factor: self.prune }),
            jobs: self.jobs,
        })
    }
}
