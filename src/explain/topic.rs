//! A topic: its text with places for numbers.

use super::blocks::{Entry, TextError, blocks};
use super::explained::{Explained, Paragraph, Part};
use super::facts::Facts;

/// What there is to say about one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// The file's name without its ending.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Other names that lead here: of fields, of variants.
    pub also: Vec<String>,
    /// Words to find it by that stand nowhere in its text.
    pub words: String,
    /// Names of topics to read next.
    pub related: Vec<String>,
    /// What it is, its formula, what it does here, what to try.
    parts: Vec<(Part, Entry)>,
}

impl Topic {
    /// Reads the topic `name` from its text.
    ///
    /// # Errors
    /// The line that is wrong.
    pub fn parse(name: &str, text: &str) -> Result<Self, TextError> {
        let mut topic = Self {
            name: name.to_owned(),
            title: String::new(),
            also: Vec::new(),
            words: String::new(),
            related: Vec::new(),
            parts: Vec::new(),
        };
        let listed = |entry: &Entry| -> Vec<String> {
            let text = entry.text();
            let names = text.split(',').map(str::trim);
            names
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect()
        };
        for entry in blocks(text)?.into_iter().flatten() {
            match entry.key.as_str() {
                "title" => topic.title = entry.text(),
                "also" => topic.also = listed(&entry),
                "words" => topic.words = entry.text(),
                "related" => topic.related = listed(&entry),
                "what" => topic.parts.push((Part::What, entry)),
                "formula" => topic.parts.push((Part::Formula, entry)),
                "here" => topic.parts.push((Part::Here, entry)),
                "try" => topic.parts.push((Part::Try, entry)),
                other => {
                    let known = "title, also, words, related, what, formula, here, try";
                    return Err(entry.error(format!("{other} is no key; the keys are {known}")));
                }
            }
        }
        if topic.title.is_empty() || topic.parts.is_empty() {
            return Err(TextError {
                line: 1,
                message: "a topic needs a title and a text".into(),
            });
        }
        Ok(topic)
    }

    /// The text with the numbers of `facts`. What needs a number that is not known is left out.
    pub fn explained(&self, facts: &Facts) -> Explained {
        let filled = |(part, entry): &(Part, Entry)| {
            let text = match part {
                Part::Formula => entry.lines.join("\n"),
                _ => entry.text(),
            };
            Some(Paragraph {
                part: *part,
                text: facts.fill(&text)?,
            })
        };
        Explained {
            topic: self.name.clone(),
            title: self.title.clone(),
            paragraphs: self.parts.iter().filter_map(filled).collect(),
            related: self.related.clone(),
        }
    }

    /// How its text begins, for lists.
    pub fn beginning(&self) -> String {
        let mut texts = self.parts.iter().filter(|(part, _)| *part == Part::What);
        texts
            .next()
            .map_or_else(String::new, |(_, entry)| entry.text())
    }

    /// The names of the numbers that its text has places for.
    pub fn places(&self) -> Vec<String> {
        let texts = self.parts.iter().map(|(_, entry)| entry.text());
        let named = texts.flat_map(|text| {
            let ends = text.split('{').skip(1).map(|rest| rest.split('}').next());
            ends.flatten().map(str::to_owned).collect::<Vec<_>>()
        });
        named.collect()
    }

    /// How well a word fits: in a name best, then in the title, then in the words to find it by, then in the
    /// text; 0 where it stands nowhere.
    pub(super) fn fits(&self, word: &str) -> u32 {
        let has = |text: &str| text.to_lowercase().contains(word);
        let mut names = std::iter::once(&self.name).chain(&self.also);
        let is_name = |name: &String| super::key::key(name) == super::key::key(word);
        if names.any(is_name) {
            8
        } else if has(&self.title) || has(&self.name) {
            4
        } else if has(&self.words) || self.also.iter().any(|name| has(name)) {
            2
        } else {
            u32::from(self.parts.iter().any(|(_, entry)| has(&entry.text())))
        }
    }
}
