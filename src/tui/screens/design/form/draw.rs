//! The form on the screen.

use super::Form;
use super::field::{Field, Kind};
use crate::text::{escape_controls, pad_end, width};
use crate::tui::theme::Theme;
use crate::tui::widgets::label::{cut_marked, plain};
use crate::tui::widgets::scroll::scroll_to;
use crate::tui::widgets::window::more;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

/// Columns a label takes.
const LABEL: usize = 18;
/// Columns a value takes at least.
const VALUE: usize = 14;

impl Form {
    /// Draws the fields; the range or the error of each stands beside it.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
        let area = area.intersection(frame.area());
        if area.is_empty() {
            return;
        }
        if self.fields.is_empty() {
            let text = format!(" {} has no fields. Enter or Esc closes.", self.title());
            frame.render_widget(Line::styled(text, theme.dim()), area);
            return;
        }
        let height = usize::from(area.height);
        let first = scroll_to(
            &self.scroll,
            self.chosen..self.chosen + 1,
            self.len(),
            height,
        );
        let view = first..(first + height).min(self.len());
        let rows = self.fields.iter().enumerate().skip(first).take(height);
        for ((index, field), place) in rows.zip(area.rows()) {
            let mark = more(index, &view, self.len(), theme);
            let room = usize::from(area.width).saturating_sub(width(&mark));
            frame.render_widget(self.line(index, field, room, theme), place);
            let mark = Line::styled(mark, theme.accent()).right_aligned();
            frame.render_widget(mark, place);
        }
    }

    /// The field at a place of the area the form was last drawn in.
    pub fn field_at(&self, row: u16) -> usize {
        self.scroll.get() + usize::from(row)
    }

    /// Whether the field is the chosen one.
    pub fn is_chosen(&self, field: usize) -> bool {
        self.chosen == field
    }

    fn line(&self, index: usize, field: &Field, room: usize, theme: Theme) -> Line<'_> {
        let label = LABEL.min(room / 2);
        let chosen = index == self.chosen;
        let mark = if chosen { theme.sign("▌", ">") } else { " " };
        // What belongs to a variant stands under it, a little to the right.
        let depth = if field.path.len() > 1 && LABEL + VALUE < room && self.is_nested(field) {
            "  "
        } else {
            ""
        };
        let text = escape_controls(&field.text);
        let style = match (&field.error, chosen) {
            (Some(_), _) => theme.bad(),
            (None, true) => theme.accent(),
            (None, false) => theme.text(),
        };
        // A long name gives way to its cursor.
        let value_room = room.saturating_sub(4 + label).max(VALUE);
        let mut value = match field.kind {
            Kind::Choice(_) | Kind::Flag if chosen => {
                let (left, right) = (theme.sign("◂", "<"), theme.sign("▸", ">"));
                vec![Span::styled(format!("{left} {text} {right}"), style)]
            }
            Kind::Number(_) | Kind::Text if chosen => self.typed.spans(value_room, style, theme),
            _ => vec![Span::styled(format!("{text} "), style)],
        };
        let cells: usize = value.iter().map(Span::width).sum();
        value.push(Span::raw(" ".repeat(VALUE.saturating_sub(cells) + 2)));
        let label_style = if chosen { theme.text() } else { theme.dim() };
        let mut spans = vec![
            Span::styled(mark, theme.accent()),
            Span::styled(
                format!(
                    " {}",
                    pad_end(
                        &cut_marked(&format!("{depth}{}", field.label), label, theme),
                        label
                    )
                ),
                label_style,
            ),
        ];
        spans.extend(value);
        let used = 2 + label + cells.max(VALUE) + 2;
        let left = room.saturating_sub(used);
        if let Some(error) = &field.error {
            let text = format!("{} {error}", theme.sign("✗", "!"));
            spans.push(Span::styled(
                cut_marked(&plain(&text, theme), left, theme),
                theme.bad(),
            ));
        } else if chosen {
            spans.push(Span::styled(
                cut_marked(&field.allowed(), left, theme),
                theme.dim(),
            ));
        }
        let line = Line::from(spans);
        if chosen {
            let style = theme.selected().remove_modifier(Modifier::REVERSED);
            line.style(style)
        } else {
            line
        }
    }

    /// Whether the field belongs to a variant that has a line of its own.
    fn is_nested(&self, field: &Field) -> bool {
        let parents = self.fields.iter();
        let mut choices = parents.filter(|parent| matches!(parent.kind, Kind::Choice(_)));
        choices.any(|parent| {
            parent.path.len() < field.path.len() && field.path.starts_with(&parent.path)
        })
    }
}
