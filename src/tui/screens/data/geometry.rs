//! Where things stand in the screen's area, for drawing and for the mouse.

use super::facts::Facts;
use super::words;
use crate::text::grouped;
use crate::tui::widgets::area::below;
use crate::tui::widgets::label::line;
use crate::tui::widgets::window::window;
use ratatui::layout::{Position, Rect};
use std::ops::Range;
use unicode_width::UnicodeWidthStr;

/// Cells before a name, in which the chosen class is marked.
pub const MARK: usize = 2;
/// Cells of the column of percentages.
pub const PERCENT: usize = 8;
/// Lines about the whole data set.
const FACTS: u16 = 3;
/// Cells of the list in a terminal of 80 columns.
const NARROW: u16 = 32;
const WIDEST: u16 = 72;
/// Cells between the list and the examples.
const GAP: u16 = 2;
/// Fewer cells hold no example.
const SMALLEST_EXAMPLES: u16 = 8;
const SHORTEST_BAR: usize = 4;
const LONGEST_BAR: usize = 30;

/// The screen's parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// The lines about the whole data set.
    pub facts: Rect,
    /// The sentence about classes that have too few images; no line of it where there is none.
    pub sentence: Rect,
    /// The heads of the list's columns: one line.
    pub heads: Rect,
    /// The rows of the list, without the heads.
    pub list: Rect,
    /// Visible classes.
    pub rows: Range<usize>,
    /// The widths of the list's columns.
    pub columns: Columns,
    /// The examples, with the line above them; empty in a narrow terminal.
    pub examples: Rect,
}

/// Widths of the columns of the list; 0 leaves one out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Columns {
    /// The class's name.
    pub name: usize,
    /// Training images.
    pub train: usize,
    /// Validation images.
    pub validation: usize,
    /// Share of all images in percent.
    pub percent: usize,
    /// The bar of the share.
    pub bar: usize,
}

impl Geometry {
    /// The places in `area`, with `class` in view.
    pub fn of(area: Rect, facts: &Facts, class: usize) -> Self {
        let width = usize::from(area.width);
        let sentence = words::imbalance(facts).map_or(0, |text| {
            // Lines end at words, so a few cells of each are lost.
            text.width().div_ceil(width.saturating_sub(8).max(1)).min(2) as u16
        });
        let air = u16::from(sentence == 0 || area.height >= 22);
        let rest = below(area, FACTS + sentence + air);
        let columns = Columns::of(list_width(area.width), facts, area.width >= 100);
        let list_width = columns.all().min(width) as u16;
        let list = below(
            Rect {
                width: list_width,
                ..rest
            },
            1,
        );
        let left = list_width + GAP;
        let examples = Rect {
            x: rest.x.saturating_add(left),
            width: rest.width.saturating_sub(left),
            ..rest
        };
        let room = usize::from(list.height);
        Self {
            facts: Rect {
                height: area.height.min(FACTS),
                ..area
            },
            sentence: Rect {
                height: sentence.min(area.height.saturating_sub(FACTS)),
                ..below(area, FACTS)
            },
            heads: line(
                Rect {
                    width: list_width,
                    ..rest
                },
                0,
            ),
            list,
            rows: window(class, room, facts.classes()),
            columns,
            examples: if examples.width < SMALLEST_EXAMPLES {
                Rect {
                    width: 0,
                    ..examples
                }
            } else {
                examples
            },
        }
    }

    /// The class whose row is at a position.
    pub fn class_at(&self, at: Position) -> Option<usize> {
        if !self.list.contains(at) {
            return None;
        }
        let class = self.rows.start + usize::from(at.y - self.list.y);
        self.rows.contains(&class).then_some(class)
    }
}

impl Columns {
    fn of(room: usize, facts: &Facts, with_percent: bool) -> Self {
        let digits = |counts: &[usize]| {
            let largest = counts.iter().max().copied().unwrap_or(0);
            grouped(largest as u64).len()
        };
        let train = digits(&facts.train).max("train".len()) + 2;
        let validation = digits(&facts.validation).max("val.".len()) + 2;
        let percent = if with_percent { PERCENT } else { 0 };
        let fixed = MARK + train + validation + percent + 1;
        let longest = facts.names.iter().map(|name| name.width()).max();
        let most = room.saturating_sub(fixed + SHORTEST_BAR).max("class".len());
        let name = longest.unwrap_or(0).max("class".len()).min(most);
        let bar = room.saturating_sub(fixed + name).min(LONGEST_BAR);
        Self {
            name,
            train,
            validation,
            percent,
            bar,
        }
    }

    fn all(self) -> usize {
        MARK + self.name + self.train + self.validation + self.percent + 1 + self.bar
    }
}

/// The cells that the list may take of `width`.
fn list_width(width: u16) -> usize {
    let part = (u32::from(width) * 2 / 5) as u16;
    usize::from(part.clamp(NARROW, WIDEST).min(width))
}
