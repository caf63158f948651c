//! Draws the ladder: title, list, and what is known of the chosen row.

use super::state::Ladder;
use crate::spec::Spec;
use crate::text::{escape_controls, wrap};
use crate::tui::theme::Theme;
use crate::tui::widgets::label::plain;
use crate::tui::widgets::scroll::scroll_to;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

/// Where the parts are.
pub struct Places {
    pub head: Rect,
    pub list: Rect,
    foot: Rect,
}

impl Ladder {
    /// Where the parts are in `area`.
    pub fn places(&self, area: Rect) -> Places {
        let head = match &self.found {
            Some(_) => 5,
            None => 3,
        };
        let head = if area.height >= head + 3 { head } else { 0 };
        let foot = if area.height >= head + 9 { 3 } else { 0 };
        let [head, list, foot] = Layout::vertical([
            Constraint::Length(head),
            Constraint::Min(0),
            Constraint::Length(foot),
        ])
        .areas(area);
        Places { head, list, foot }
    }

    /// Draws it, while the network `shown` is on the screen.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, shown: &Spec, theme: Theme) {
        let area = area.intersection(frame.area());
        if area.is_empty() {
            return;
        }
        let places = self.places(area);
        let width = usize::from(area.width);
        let (head, rows, foot) = match &self.found {
            None => (
                self.choosing_head(width, theme),
                self.choosing_rows(width, theme),
                self.choosing_foot(),
            ),
            Some(found) => (
                found.head(&self.name(shown), width, theme),
                found.rows(width, theme),
                self.found_foot(),
            ),
        };
        frame.render_widget(Paragraph::new(head), places.head);
        let height = usize::from(places.list.height);
        let count = rows.len();
        let wanted = match count {
            0 => 0..0,
            _ => self.cursor.min(count - 1)..self.cursor.min(count - 1) + 1,
        };
        let first = if height == 0 {
            0
        } else {
            scroll_to(&self.scroll, wanted, count, height)
        };
        let shown = rows.into_iter().enumerate().skip(first).take(height);
        let lines: Vec<Line<'_>> = shown
            .map(|(row, line)| self.marked_row(row, line, theme))
            .collect();
        frame.render_widget(Paragraph::new(lines), places.list);
        let edge = |y: u16| Rect::new(places.list.right().saturating_sub(1), y, 1, 1);
        if first > 0 {
            frame.render_widget(
                Span::styled(theme.sign("↑", "^"), theme.dim()),
                edge(places.list.y),
            );
        }
        if height > 0 && first + height < count {
            let sign = Span::styled(theme.sign("↓", "v"), theme.dim());
            frame.render_widget(sign, edge(places.list.bottom() - 1));
        }
        let text = plain(&foot, theme);
        let lines = wrap(&text, width.saturating_sub(2).max(1)).into_iter();
        let lines: Vec<Line<'_>> = lines
            .map(|line| Line::styled(format!(" {line}"), theme.dim()))
            .collect();
        // An empty line stands between the list and what is said of a row.
        let foot = Rect {
            y: places.foot.y + places.foot.height.min(1),
            height: places.foot.height.saturating_sub(1),
            ..places.foot
        };
        frame.render_widget(Paragraph::new(lines), foot);
    }

    /// The network's name, and whether it has been changed since.
    fn name(&self, shown: &Spec) -> String {
        let name = escape_controls(&self.spec.name);
        match self.is_of(shown) {
            true => name,
            false => format!("{name} (before its last edits)"),
        }
    }

    fn marked_row<'a>(&self, row: usize, mut line: Line<'a>, theme: Theme) -> Line<'a> {
        let is_chosen = row == self.cursor;
        let mark = if is_chosen {
            theme.sign("▌", ">")
        } else {
            " "
        };
        line.spans.insert(0, Span::styled(mark, theme.accent()));
        match is_chosen {
            true => line.patch_style(theme.selected()),
            false => line,
        }
    }
}
