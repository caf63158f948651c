//! What is imported, and how.

use crate::data::import::{Colours, ImportOptions, Invert};
use crate::fs::from_typed;
use crate::text::file_name;
use crate::tui::effect::ImportOrder;
use crate::tui::keys::TypingAction;
use crate::tui::widgets::text_field::TextField;
use crossterm::event::KeyEvent;
use std::path::{Path, PathBuf};

/// Letters that a path may have here.
const MOST_LETTERS: usize = 1000;
/// Shares that the arrow keys offer, in percent.
const SHARES: [usize; 6] = [5, 10, 15, 20, 30, 50];
/// The largest side of an image, pixels.
const LARGEST: usize = 64;

/// A line of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    Source,
    To,
    Size,
    Colours,
    Split,
    Invert,
}

/// All lines, in their order.
pub const ROWS: [Row; 6] = [
    Row::Source,
    Row::To,
    Row::Size,
    Row::Colours,
    Row::Split,
    Row::Invert,
];

/// The form.
#[derive(Clone, Debug)]
pub struct Form {
    pub source: TextField,
    /// Empty: beside other data, called as the source.
    pub to: TextField,
    pub size: Option<usize>,
    pub colours: Colours,
    /// In percent.
    pub split: usize,
    pub invert: Invert,
    pub cursor: usize,
    /// What the path under the cursor can be completed to.
    pub completions: Vec<String>,
}

impl Default for Form {
    fn default() -> Self {
        let options = ImportOptions::default();
        Self {
            source: TextField::default().at_most(MOST_LETTERS),
            to: TextField::default().at_most(MOST_LETTERS),
            size: options.size,
            colours: options.colours,
            split: (100.0 * options.split).round() as usize,
            invert: options.invert,
            cursor: 0,
            completions: Vec::new(),
        }
    }
}

impl Form {
    /// The chosen line.
    pub fn chosen(&self) -> Row {
        ROWS.get(self.cursor).copied().unwrap_or(Row::Source)
    }

    /// Chooses a line, or the nearest there is.
    pub fn go(&mut self, row: usize) {
        self.cursor = row.min(ROWS.len() - 1);
        self.completions.clear();
    }

    /// The text of the chosen line, where it has one.
    pub fn text(&mut self) -> Option<&mut TextField> {
        match self.chosen() {
            Row::Source => Some(&mut self.source),
            Row::To => Some(&mut self.to),
            _ => None,
        }
    }

    /// Takes a key of the text.
    pub fn type_key(&mut self, key: KeyEvent) {
        self.completions.clear();
        if let Some(text) = self.text() {
            text.type_key(key);
        }
    }

    /// Takes a pasted text.
    pub fn paste(&mut self, pasted: &str) {
        self.completions.clear();
        if let Some(text) = self.text() {
            text.paste(pasted);
        }
    }

    /// A step up or down in the chosen line; in a text the cursor goes right or left.
    pub fn step(&mut self, up: bool) {
        match self.chosen() {
            Row::Source | Row::To => {
                let action = if up {
                    TypingAction::Right
                } else {
                    TypingAction::Left
                };
                if let Some(text) = self.text() {
                    text.update(action);
                }
            }
            Row::Size => {
                self.size = match (self.size, up) {
                    (None, true) => Some(28),
                    (Some(size), true) => Some((size + 4).min(LARGEST)),
                    (Some(size), false) if size > 8 => Some(size - 4),
                    (_, false) => None,
                };
            }
            Row::Colours => {
                let all = [Colours::AsTheyAre, Colours::Grey, Colours::Colour];
                self.colours = stepped(&all, self.colours, up);
            }
            Row::Split => {
                let next = match up {
                    true => SHARES.iter().find(|share| **share > self.split),
                    false => SHARES.iter().rev().find(|share| **share < self.split),
                };
                self.split = next.copied().unwrap_or(self.split);
            }
            Row::Invert => {
                let all = [Invert::Auto, Invert::Yes, Invert::No];
                self.invert = stepped(&all, self.invert, up);
            }
        }
    }

    /// The folder to make.
    pub fn to(&self) -> PathBuf {
        let typed = self.to.text().trim();
        match from_typed(typed) {
            None => {
                let name = Path::new(self.source.text().trim()).file_stem();
                let name = name.unwrap_or_default().to_string_lossy();
                Path::new("data").join(file_name(&name))
            }
            Some(to) => to,
        }
    }

    /// What is to be done; none without a source.
    pub fn order(&self) -> Option<ImportOrder> {
        let source = from_typed(self.source.text().trim())?;
        Some(ImportOrder {
            source,
            to: self.to(),
            options: ImportOptions {
                size: self.size,
                colours: self.colours,
                split: self.split as f64 / 100.0,
                invert: self.invert,
            },
        })
    }
}

/// The next of some values, or the one before, around the ends.
fn stepped<T: Copy + PartialEq>(all: &[T], now: T, up: bool) -> T {
    let at = all.iter().position(|it| *it == now).unwrap_or(0);
    let step = if up { 1 } else { all.len() - 1 };
    all.get((at + step) % all.len().max(1))
        .copied()
        .unwrap_or(now)
}
