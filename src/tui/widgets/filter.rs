//! A list that is narrowed down by typing parts of a name.

use super::text_field::TextField;
use crossterm::event::KeyEvent;
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use std::cell::Cell;
use std::cmp::Reverse;

/// The typed text, the entries that match it, and the chosen one.
#[derive(Debug, Default)]
pub struct Filter {
    /// What is typed.
    pub text: TextField,
    /// Positions in the list, the best match first.
    pub matches: Vec<usize>,
    /// Position in `matches`.
    pub chosen: usize,
    /// The first of the matches that was drawn last.
    pub scroll: Cell<usize>,
}

impl Filter {
    /// Position in the list of what is chosen.
    pub fn item(&self) -> Option<usize> {
        self.matches.get(self.chosen).copied()
    }

    /// Chooses the entry before or after.
    pub fn step(&mut self, down: bool) {
        self.chosen = if down {
            (self.chosen + 1).min(self.matches.len().saturating_sub(1))
        } else {
            self.chosen.saturating_sub(1)
        };
    }

    /// Chooses the entry at a line of the list as it was drawn last; returns whether it was chosen before.
    pub fn click(&mut self, line: u16) -> bool {
        let at = self.scroll.get() + usize::from(line);
        let same = at == self.chosen;
        if at < self.matches.len() {
            self.chosen = at;
        }
        same
    }

    /// Takes a key of the text; returns whether the text changed.
    pub fn type_key(&mut self, key: KeyEvent) -> bool {
        self.text.type_key(key)
    }

    /// Shows these positions, the best match first, and chooses that.
    pub fn show(&mut self, matches: Vec<usize>) {
        self.matches = matches;
        self.chosen = 0;
    }

    /// Matches the list again and chooses the best match.
    pub fn narrow<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        let pattern = Pattern::parse(self.text.text(), CaseMatching::Ignore, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut buffer = Vec::new();
        let mut scored: Vec<(usize, u32)> = names
            .into_iter()
            .enumerate()
            .filter_map(|(index, name)| {
                let score = pattern.score(Utf32Str::new(name, &mut buffer), &mut matcher)?;
                Some((index, score))
            })
            .collect();
        scored.sort_by_key(|(_, score)| Reverse(*score));
        self.show(scored.into_iter().map(|(index, _)| index).collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::PRESETS;

    fn best(text: &str) -> &'static str {
        let mut filter = Filter {
            text: TextField::new(text),
            ..Filter::default()
        };
        filter.narrow(PRESETS.iter().map(|preset| preset.name));
        PRESETS[filter.item().unwrap()].name
    }

    #[test]
    fn a_few_letters_find_a_preset() {
        assert_eq!(best("bnd"), "bn-dropout");
        assert_eq!(best("tin"), "tiny");
        assert_eq!(best("cnnadam"), "basic-cnn-adam");
        assert_eq!(best("relu"), "leaky-relu");
    }
}
