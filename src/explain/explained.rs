//! A topic with its numbers filled in, and its lines.

use crate::text::wrap;
use serde::Serialize;

/// Which part of a topic a paragraph is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// What it is.
    What,
    /// Its formula, which is not wrapped.
    Formula,
    /// What it does here, with today's numbers.
    Here,
    /// What to try next.
    Try,
}

/// A paragraph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Paragraph {
    /// Which part it is.
    pub part: Part,
    /// Its text.
    pub text: String,
}

/// What there is to say about something, here and today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// The topic's name.
    pub topic: String,
    /// What people call it.
    pub title: String,
    /// The text.
    pub paragraphs: Vec<Paragraph>,
    /// Names of topics to read next.
    pub related: Vec<String>,
}

impl Explained {
    /// The lines in so many cells, each with the part that it belongs to.
    pub fn lines(&self, cells: usize) -> Vec<(Part, String)> {
        let lines = self.paragraphs.iter().flat_map(|paragraph| {
            let texts: Vec<String> = match paragraph.part {
                Part::Formula => {
                    let lines = paragraph.text.lines();
                    lines.map(|line| format!("  {line}")).collect()
                }
                _ => wrap(&paragraph.text, cells),
            };
            texts.into_iter().map(|text| (paragraph.part, text))
        });
        lines.collect()
    }
}
