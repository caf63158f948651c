//! A row with a knob that is drawn along a line.

use super::label::cut;
use crate::tui::theme::Theme;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

/// Cells of the line at least and at most.
const TRACK: (usize, usize) = (6, 60);

/// The row: `◀ label ━━●━━ ▶  note`.
#[derive(Clone, Debug)]
pub struct Slider {
    /// What stands before the line.
    pub label: String,
    /// What stands behind it, if there is room.
    pub note: String,
    /// Where the knob is.
    pub place: usize,
    /// How many places there are.
    pub count: usize,
}

/// What of a slider is at a place of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The arrow to the left.
    Back,
    /// The arrow to the right.
    On,
    /// The line, at this place.
    Place(usize),
}

/// Where a slider was drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    /// The whole row.
    pub row: Rect,
    track: Rect,
    count: usize,
}

impl Slider {
    /// Draws it in the first row of `area`.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme) -> Drawn {
        let row = Rect {
            height: area.height.min(1),
            ..area
        };
        let cells = usize::from(row.width);
        let label = format!(" {} ", self.label);
        // The arrows with a space each at the outside.
        let fixed = label.width() + 5;
        let note = match fixed + TRACK.0 + self.note.width() <= cells {
            true => self.note.clone(),
            false => String::new(),
        };
        let width = cells.saturating_sub(fixed + note.width()).clamp(1, TRACK.1);
        let knob = self.place.min(self.count.saturating_sub(1)) * (width - 1)
            / self.count.saturating_sub(1).max(1);
        let bar = theme.sign("━", "-");
        let spans = vec![
            Span::styled(format!(" {}", theme.sign("◀", "<")), theme.accent()),
            Span::styled(label.clone(), theme.accent()),
            Span::styled(bar.repeat(knob), theme.accent()),
            Span::styled(theme.sign("●", "O"), theme.accent()),
            Span::styled(bar.repeat(width - knob - 1), theme.dim()),
            Span::styled(format!(" {}", theme.sign("▶", ">")), theme.accent()),
            Span::styled(cut(&note, cells, theme), theme.dim()),
        ];
        frame.render_widget(Line::from(spans).style(Style::new()), row);
        let before = 2 + label.width() as u16;
        let track = Rect {
            x: row.x.saturating_add(before),
            width: width as u16,
            ..row
        };
        Drawn {
            row,
            track: track.intersection(row),
            count: self.count,
        }
    }
}

impl Drawn {
    /// What of it is at a place of the screen.
    pub fn part_at(&self, at: Position) -> Option<Part> {
        if !self.row.contains(at) {
            return None;
        }
        Some(if at.x < self.track.x {
            Part::Back
        } else if at.x >= self.track.right() {
            Part::On
        } else {
            Part::Place(self.place_at(at.x))
        })
    }

    /// The place nearest to a column.
    pub fn place_at(&self, column: u16) -> usize {
        let last = usize::from(self.track.width.saturating_sub(1)).max(1);
        let across = usize::from(column.saturating_sub(self.track.x)).min(last);
        let places = self.count.saturating_sub(1);
        (across * places + last / 2) / last
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    fn drawn(width: u16, place: usize) -> (String, Drawn) {
        let mut terminal = Terminal::new(TestBackend::new(width, 1)).unwrap();
        let slider = Slider {
            label: "epoch 3/30".into(),
            note: "  a note".into(),
            place,
            count: 30,
        };
        let mut found = Drawn::default();
        terminal
            .draw(|frame| found = slider.draw(frame, frame.area(), Theme::default()))
            .unwrap();
        let cells = terminal.backend().buffer().content.iter();
        (cells.map(|cell| cell.symbol()).collect(), found)
    }

    #[test]
    fn the_knob_is_where_a_click_puts_it() {
        let (text, at) = drawn(40, 2);
        assert_eq!(text.trim_end(), " ◀ epoch 3/30 ●━━━━━━━━━━━━━━ ▶  a note");
        assert_eq!(at.part_at(Position::new(1, 0)), Some(Part::Back));
        assert_eq!(at.part_at(Position::new(30, 0)), Some(Part::On));
        assert_eq!(at.part_at(Position::new(14, 0)), Some(Part::Place(0)));
        assert_eq!(at.part_at(Position::new(28, 0)), Some(Part::Place(29)));
        assert_eq!(at.part_at(Position::new(14, 1)), None);
        assert_eq!(at.place_at(39), 29);
        for width in [1, 5, 20, 200] {
            for place in [0, 29, 99] {
                drawn(width, place);
            }
        }
    }
}
