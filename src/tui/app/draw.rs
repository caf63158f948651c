//! The layout: tabs, screens, status line, hints.

use super::time::slider;
use super::{App, Places};
use crate::text::{self, escape_controls};
use crate::tui::keys::{self, Key};
use crate::tui::run_state::Phase;
use crate::tui::screens::{Panel, SCREENS};
use crate::tui::shared::DataState;
use crate::tui::widgets::gauge;
use crate::tui::widgets::label::plain;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Paragraph, Wrap};

/// In a smaller terminal the app only says how large it must be.
const SMALLEST: (u16, u16) = (60, 16);
/// From this size on, all screens that have a panel are shown at once.
const DASHBOARD: (u16, u16) = (120, 36);

impl App {
    /// Draws everything.
    pub fn draw(&self, frame: &mut Frame<'_>) {
        self.draw_all(frame);
        if let Some((ink, paper)) = self.shared.theme.paper() {
            for cell in &mut frame.buffer_mut().content {
                if cell.fg == Color::Reset {
                    cell.fg = ink;
                }
                if cell.bg == Color::Reset {
                    cell.bg = paper;
                }
            }
        }
    }

    fn draw_all(&self, frame: &mut Frame<'_>) {
        let area = frame.area();
        *self.places.borrow_mut() = Places::default();
        if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
            let text = format!("needs {}×{}", SMALLEST.0, SMALLEST.1);
            let row = Rect {
                y: area.y + area.height / 2,
                height: area.height.min(1),
                ..area
            };
            frame.render_widget(Paragraph::new(text).centered(), row);
            return;
        }
        let text = self.status();
        // A long text may take three lines: an error says at its end what to do, a run where it is.
        let lines = (text.width() as u16)
            .div_ceil(area.width.max(1) - 4)
            .clamp(1, 3);
        let lesson = self.lecture.as_ref().map(|lecture| &lecture.player);
        let strip = lesson.map_or(0, |player| player.height(area, &self.shared));
        let slider = slider(&self.shared);
        let [tabs, main, time, strip, status, hints] = Layout::vertical([
            Constraint::Length(1),
            Constraint::Min(1),
            Constraint::Length(u16::from(slider.is_some())),
            Constraint::Length(strip),
            Constraint::Length(lines),
            Constraint::Length(1),
        ])
        .areas(area);
        self.draw_tabs(frame, tabs);
        let wide = area.width >= DASHBOARD.0 && area.height >= DASHBOARD.1;
        self.places.borrow_mut().is_large = wide;
        let alone = self.is_alone || self.screens[self.current].needs_room();
        if wide && !alone && SCREENS[self.current].panel.is_some() {
            for (index, tab) in SCREENS.iter().enumerate() {
                if let Some(panel) = tab.panel {
                    self.draw_panel(frame, place_of(panel, main), index);
                }
            }
        } else {
            self.draw_panel(frame, main, self.current);
        }
        if let Some(slider) = slider {
            let drawn = slider.draw(frame, time, self.shared.theme);
            self.places.borrow_mut().slider = Some(drawn);
        }
        // An error's mark begins at the edge, a message one column further in.
        let inset = u16::from(self.shared.errors.is_empty());
        let status = Rect {
            x: status.x + inset,
            width: status.width - inset,
            ..status
        };
        if lines > 1 {
            frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: false }), status);
        } else {
            frame.render_widget(text, status);
        }
        if let Some(player) = lesson {
            player.draw(frame, strip, &self.shared);
            self.places.borrow_mut().lesson = strip;
        }
        self.draw_hints(frame, hints);
        if let Some(overlay) = &self.overlay {
            overlay.draw(frame, main, &self.shared);
        }
    }

    fn draw_panel(&self, frame: &mut Frame<'_>, area: Rect, screen: usize) {
        let theme = self.shared.theme;
        let focused = screen == self.current;
        let style = if focused { theme.accent() } else { theme.dim() };
        let block = Block::bordered()
            .border_set(theme.borders())
            .border_style(style.remove_modifier(Modifier::BOLD))
            .title(Span::styled(format!(" {} ", SCREENS[screen].title), style));
        let block = match self.shared.dataset().and_then(|dataset| dataset.notice()) {
            Some(notice) if focused => {
                let notice = Span::styled(format!(" {notice} "), theme.warning());
                block.title_bottom(Line::from(notice).right_aligned())
            }
            _ => block,
        };
        let inner = block.inner(area);
        frame.render_widget(block, area);
        self.places.borrow_mut().screens.push((screen, inner));
        self.screens[screen].draw(frame, inner, &self.shared);
    }

    fn draw_tabs(&self, frame: &mut Frame<'_>, area: Rect) {
        let theme = self.shared.theme;
        // What is trained is seen from every screen; of the data it is said where there is room too.
        let (mark, data) = (self.training_mark(), self.data_line());
        let room = area.width.saturating_sub(mark.width() as u16);
        let (area, of_mark) = (
            Rect {
                width: room,
                ..area
            },
            Rect {
                x: area.x + room,
                width: area.width - room,
                ..area
            },
        );
        frame.render_widget(mark, of_mark);
        let data_width = data.width() as u16;
        let labels = SCREENS.iter().enumerate();
        let labels: Vec<String> = labels
            .map(|(index, tab)| format!(" {} {} ", index + 1, tab.title))
            .collect();
        let widths = labels.iter().map(|label| text::width(label) as u16);
        let all: u16 = widths.sum();
        // A space between the tabs, unless what is said of the data needs it.
        let gaps = labels.len() as u16;
        let gives_way = all + gaps + data_width >= area.width && all + data_width <= area.width;
        let gap = u16::from(all + gaps <= area.width && !gives_way);
        let mut x = area.x;
        for (index, label) in labels.into_iter().enumerate() {
            let width = text::width(&label) as u16;
            let place = Rect { x, width, ..area }.intersection(area);
            let style = if index == self.current {
                theme.accent().add_modifier(Modifier::REVERSED)
            } else {
                theme.dim()
            };
            frame.render_widget(Span::styled(label, style), place);
            self.places.borrow_mut().tabs.push((index, place));
            x += width + gap;
        }
        if x + data_width <= area.right() {
            let place = Rect {
                x: area.right() - data_width,
                width: data_width,
                ..area
            };
            frame.render_widget(data, place);
        }
    }

    /// How far the run under way is, in a few cells; empty where there is none.
    fn training_mark(&self) -> Line<'static> {
        let theme = self.shared.theme;
        let Some(run) = self.shared.run.as_ref().filter(|run| run.is_active()) else {
            return Line::default();
        };
        let sign = match run.phase {
            Phase::Paused => theme.sign("‖", "="),
            _ => theme.sign("●", "*"),
        };
        let epochs = format!("{sign} {}/{}", run.epochs.len(), run.spec.epochs);
        let accuracy = run.epochs.last().map_or(String::new(), |last| {
            format!(" {:.3}", last.validation_accuracy)
        });
        Line::styled(format!("{epochs}{accuracy} "), theme.accent())
    }

    fn data_line(&self) -> Line<'_> {
        let theme = self.shared.theme;
        let fetch = &self.shared.fetch;
        if fetch.is_active() {
            let text = format!("fetching {:.0} % ", fetch.share() * 100.0);
            return Line::styled(text, theme.accent());
        }
        match &self.shared.data {
            DataState::Loading(share) => {
                let percent = format!("{:>3.0} %", share * 100.0);
                gauge::line(theme, "data", *share, 10, &percent)
            }
            DataState::Ready { dataset, .. } => Line::styled(
                format!(
                    "{} {} + {} ",
                    escape_controls(&dataset.name),
                    dataset.train.len(),
                    dataset.validation.len()
                ),
                theme.dim(),
            ),
            DataState::Failed(_) => Line::styled("no data ", theme.bad()),
        }
    }

    /// The oldest error, or what happened last.
    fn status(&self) -> Line<'_> {
        let theme = self.shared.theme;
        let Some(error) = self.shared.errors.first() else {
            return Line::from(plain(&escape_controls(&self.shared.status), theme));
        };
        let more = match self.shared.errors.len() - 1 {
            0 => String::new(),
            more => format!(" and {more} more,"),
        };
        Line::from(vec![
            Span::styled(" error ", theme.bad().add_modifier(Modifier::REVERSED)),
            Span::styled(format!("{more} Esc dismisses: "), theme.dim()),
            Span::styled(plain(&escape_controls(error), theme), theme.bad()),
        ])
    }

    /// The keys that matter here, from the key table: as many as fit, and those that are pinned.
    fn draw_hints(&self, frame: &mut Frame<'_>, area: Rect) {
        let theme = self.shared.theme;
        let hint = |row: &'static keys::Row| {
            let key = row.keys.first().filter(|_| !row.hint.is_empty())?;
            Some((*key, key.to_string(), row.hint))
        };
        let length =
            |(_, key, hint): &(Key, String, &str)| text::width(key) + text::width(hint) + 3;
        let rows = || self.keymap.rows_of(self.context());
        let pinned: Vec<_> = rows()
            .filter(|row| row.is_pinned)
            .filter_map(hint)
            .collect();
        let others = rows().filter(|row| !row.is_pinned).filter_map(hint);
        let mut room = usize::from(area.width).saturating_sub(1);
        room = room.saturating_sub(pinned.iter().map(length).sum());
        let fitting = others.filter(|hint| {
            let fits = length(hint) <= room;
            if fits {
                room -= length(hint);
            }
            fits
        });
        let mut spans = vec![Span::raw(" ")];
        let mut x = area.x + 1;
        let mut places = self.places.borrow_mut();
        for hint in fitting.chain(pinned) {
            let width = length(&hint) as u16;
            let (key, name, hint) = hint;
            let place = Rect { x, width, ..area }.intersection(area);
            places.hints.push((key, place));
            x = x.saturating_add(width);
            spans.push(Span::styled(name, theme.accent()));
            spans.push(Span::styled(format!(" {hint}  "), theme.dim()));
        }
        frame.render_widget(Line::from(spans), area);
    }
}

/// A quarter of the area.
fn place_of(panel: Panel, area: Rect) -> Rect {
    let columns = [Constraint::Percentage(46), Constraint::Percentage(54)];
    let [left, right] = Layout::horizontal(columns).areas(area);
    let rows = [Constraint::Percentage(52), Constraint::Percentage(48)];
    let [top_left, bottom_left] = Layout::vertical(rows).areas(left);
    let [top_right, bottom_right] = Layout::vertical(rows).areas(right);
    match panel {
        Panel::TopLeft => top_left,
        Panel::BottomLeft => bottom_left,
        Panel::TopRight => top_right,
        Panel::BottomRight => bottom_right,
    }
}
