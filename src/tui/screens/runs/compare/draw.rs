//! The view's layout.

use super::keys::VIEW;
use super::numbers::letter;
use super::state::{Compare, Part, Seen};
use super::{curves, images, numbers, pair};
use crate::text::{grouped, width};
use crate::tui::shared::Shared;
use crate::tui::theme::Theme;
use crate::tui::widgets::label::{cut, line};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Margin, Rect};
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

/// From this size on, all parts stand beside each other.
const WIDE: (u16, u16) = (104, 26);
/// From this height on, the chosen image is shown below the list.
const TALL: u16 = 44;
/// Rows of the image there.
const PAIR: u16 = 17;
/// Fewer rows are too few for curves.
const LEAST_CURVES: u16 = 8;

impl Compare {
    /// Draws the view, or the image on top of it.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        let theme = shared.theme;
        let mut seen = Seen {
            is_wide: area.width >= WIDE.0 && area.height >= WIDE.1,
            list: None,
        };
        // A column of margin, where there is room.
        let area = area.inner(Margin::new(u16::from(area.width >= 70), 0));
        if self.context() != VIEW {
            self.seen.set(seen);
            pair::draw(self, frame, area, theme);
            return;
        }
        let [names, parts, body] = Layout::vertical([
            Constraint::Length(2),
            Constraint::Length(1),
            Constraint::Min(0),
        ])
        .areas(area);
        self.draw_names(frame, names, theme);
        if self.part == Part::All && seen.is_wide {
            seen.list = self.draw_all(frame, body, theme);
        } else {
            self.draw_parts(frame, parts, theme);
            match self.part {
                Part::All | Part::Numbers => numbers::draw(self, frame, body, theme),
                Part::Curves => curves::draw(self, frame, body, theme),
                Part::Images => seen.list = images::draw(self, frame, body, theme),
            }
        }
        self.seen.set(seen);
    }

    fn draw_names(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
        let which = if self.best {
            "best epochs, which were picked"
        } else {
            "last epochs"
        };
        let images = self.comparison().map_or_else(String::new, |comparison| {
            let count = grouped(comparison.images.len() as u64);
            format!("on {count} images")
        });
        for (index, (run, about)) in self.runs.iter().zip([which, images.as_str()]).enumerate() {
            let place = line(area, index);
            let room = usize::from(area.width).saturating_sub(3 + 2 + width(about));
            let name = cut(run.called(), room, theme);
            let words = Line::from(vec![
                letter(index, theme),
                Span::raw("  "),
                Span::styled(name, theme.text().add_modifier(Modifier::BOLD)),
            ]);
            frame.render_widget(words, place);
            let about = Line::styled(about, theme.dim()).right_aligned();
            frame.render_widget(about, place);
        }
    }

    /// Which part is shown, among the others.
    fn draw_parts(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
        let rule = theme.sign("─", "-");
        let mut spans = Vec::new();
        for (part, title) in [
            (Part::Numbers, "what differs"),
            (Part::Curves, "curves"),
            (Part::Images, "images"),
        ] {
            let is_shown = part == self.part || (part, self.part) == (Part::Numbers, Part::All);
            let style = if is_shown {
                theme.accent()
            } else {
                theme.dim()
            };
            spans.push(Span::styled(rule.repeat(2), theme.dim()));
            spans.push(Span::styled(format!(" {title} "), style));
        }
        let mut titles = Line::from(spans);
        let rest = usize::from(area.width).saturating_sub(titles.width());
        titles.push_span(Span::styled(rule.repeat(rest), theme.dim()));
        frame.render_widget(titles, area);
    }

    /// Everything beside each other.
    fn draw_all(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme) -> Option<(Rect, usize)> {
        let list = (area.width * 3 / 8).clamp(44, 84);
        let [left, right] = Layout::horizontal([Constraint::Fill(1), Constraint::Length(list)])
            .spacing(2)
            .areas(area);
        // A row between the numbers and the curves.
        let wanted = numbers::height(self, left.width, theme) + 1;
        let rest = left.height.saturating_sub(wanted);
        let rest = if rest < LEAST_CURVES {
            LEAST_CURVES
        } else {
            rest
        };
        let [numbers, curves] =
            Layout::vertical([Constraint::Fill(1), Constraint::Length(rest)]).areas(left);
        numbers::draw(self, frame, numbers, theme);
        curves::draw(self, frame, curves, theme);
        let below = if area.height >= TALL { PAIR } else { 0 };
        let [list, image] = Layout::vertical([Constraint::Fill(1), Constraint::Length(below)])
            .spacing(u16::from(below > 0))
            .areas(right);
        pair::draw(self, frame, image, theme);
        images::draw(self, frame, list, theme)
    }
}
