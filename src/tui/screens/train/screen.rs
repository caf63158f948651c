//! The screen as the app sees it: its tab, and the `Screen` trait.

use super::keys::{CURVES, KEYS, PICKER};
use super::state::Train;
use super::steering::Dial;
use super::view::View;
use super::{compare, crosshair, curves, header, picker, table};
use crate::explain::{Facts, Subject};
use crate::spec::Spec;
use crate::text::escape_controls;
use crate::tui::effect::Effect;
use crate::tui::keys::{Context, Key, find, rows};
use crate::tui::request::Request;
use crate::tui::screens::screen::{Panel, Screen, Tab};
use crate::tui::shared::Shared;
use crossterm::event::{KeyEvent, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Margin, Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

/// The screen's tab.
pub const TAB: Tab = Tab {
    title: "Train",
    panel: Some(Panel::TopRight),
    keys: || rows(KEYS),
    open: |_| Box::new(Train::default()),
};

impl Screen for Train {
    fn context(&self) -> Context {
        match self.picker {
            Some(_) => PICKER,
            None => CURVES,
        }
    }

    fn key(&mut self, key: KeyEvent, shared: &mut Shared) -> Option<Vec<Effect>> {
        let action = find(KEYS, self.context(), Key::of(key))?;
        Some(self.update(action, shared))
    }

    fn mouse(&mut self, mouse: MouseEvent, area: Rect, shared: &mut Shared) -> Vec<Effect> {
        let open = self.picker.is_some();
        match mouse.kind {
            MouseEventKind::ScrollUp if open => self.move_in_picker(-1, shared),
            MouseEventKind::ScrollDown if open => self.move_in_picker(1, shared),
            MouseEventKind::ScrollUp => self.set_zoom(self.zoom + 1, shared),
            MouseEventKind::ScrollDown => self.set_zoom(self.zoom.saturating_sub(1), shared),
            MouseEventKind::Down(_) => {
                if let Some(chosen) = self.picker {
                    let count = compare::candidates(shared).len();
                    let at = Position::new(mouse.column, mouse.row);
                    match picker::row_at(area, count, chosen, at) {
                        Some(row) => {
                            self.picker = Some(row);
                            self.toggle(shared);
                        }
                        None => self.picker = None,
                    }
                } else {
                    self.point_at(Position::new(mouse.column, mouse.row), shared);
                }
            }
            MouseEventKind::Drag(_) if !open => {
                self.point_at(Position::new(mouse.column, mouse.row), shared);
            }
            _ => {}
        }
        Vec::new()
    }

    fn subject(&self, shared: &Shared) -> Subject {
        let view = match self.view {
            View::Both => "curves",
            View::Accuracy => "accuracy",
            View::Loss => "loss",
        };
        // A setting that was chosen to be turned is what is looked at.
        let names = match self.dial {
            Dial::LearningRate => [view, "train"],
            dial => [dial.title(), view],
        };
        let subject = Subject::named(names);
        match &shared.run {
            Some(run) => subject.with(Facts::of_training(&run.spec)),
            None => subject,
        }
    }

    fn dismiss(&mut self) -> bool {
        // One that stands for an epoch of all screens goes when they return to now.
        self.time.is_none() && self.crosshair.take().is_some()
    }

    fn follow(&mut self, shared: &mut Shared) -> Vec<Effect> {
        self.follow_time(shared);
        Vec::new()
    }

    fn serve(&mut self, request: &Request, _shared: &mut Shared) -> bool {
        *request == Request::ShowRun
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        let area = area.intersection(frame.area());
        let next = &shared.designed.spec;
        let compared = compare::chosen(&self.compared, shared);
        let screen = area;
        // A column of margin, where there is room.
        let margin = Margin::new(u16::from(area.width >= 70), 0);
        let area = area.inner(margin);
        if shared.run.is_none() && compared.is_empty() {
            draw_empty(frame, area, shared, next);
        } else {
            let has_epochs = curves::has_epochs(shared.run.as_ref(), &compared);
            let line = self.crosshair.filter(|_| has_epochs);
            let rows = match line {
                Some(_) => {
                    let own = usize::from(shared.run.is_some());
                    crosshair::height(area.height, own + compared.len())
                }
                None => table::height(area.height, compared.len()),
            };
            let head = header::height(area, shared.run.as_ref());
            let [head, charts, table] = Layout::vertical([
                Constraint::Length(head),
                Constraint::Min(0),
                Constraint::Length(rows),
            ])
            .areas(area);
            match &shared.run {
                Some(run) => header::draw(frame, head, run, self.dial, shared),
                None => header::draw_without_run(frame, head, next, shared.theme),
            }
            self.draw_curves(frame, charts, shared, &compared);
            match line {
                Some(at) => crosshair::draw(frame, table, shared, &compared, (self.over, at)),
                None => table::draw(frame, table, shared, &compared),
            }
        }
        if let Some(row) = self.picker {
            picker::draw(frame, screen, shared, &self.compared, row);
        }
    }
}

/// What there is before the first run.
fn draw_empty(frame: &mut Frame<'_>, area: Rect, shared: &Shared, next: &Spec) {
    let theme = shared.theme;
    let key = |key: &'static str| Span::styled(key, theme.accent());
    let name = escape_controls(&next.name);
    let epochs = match next.epochs {
        1 => "1 epoch".to_owned(),
        epochs => format!("{epochs} epochs"),
    };
    let lines = vec![
        Line::styled("No run yet", theme.text()),
        Line::from(""),
        Line::from(vec![
            key("t"),
            Span::raw(format!(" trains {name}, {epochs}")),
        ]),
        Line::from(vec![
            key("1"),
            Span::styled(" changes the network", theme.dim()),
        ]),
        Line::from(vec![
            key("c"),
            Span::styled(" shows the curves of earlier runs", theme.dim()),
        ]),
    ];
    let height = (lines.len() as u16).min(area.height);
    let place = Rect {
        y: area.y + (area.height - height) / 2,
        height,
        ..area
    };
    frame.render_widget(Paragraph::new(lines).centered(), place);
}
