//! The screen as the app sees it: its tab, and the `Screen` trait.

use super::geometry::Geometry;
use super::keys::{AUDIT, CONTEXT, DataAction, IMPORT, KEYS, PREVIEW};
use super::state::Data;
use super::{audit, draw};
use crate::text::{escape_controls, wrap};
use crate::tui::effect::Effect;
use crate::tui::keys::{Context, Key, find, rows};
use crate::tui::message::{Answer, ImportNews};
use crate::tui::screens::screen::{Screen, Tab};
use crate::tui::shared::Shared;
use crate::tui::widgets::label::plain;
use crossterm::event::{KeyEvent, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

/// The screen's tab.
pub const TAB: Tab = Tab {
    title: "Data",
    panel: None,
    keys: || rows(KEYS),
    open: |_| Box::new(Data::default()),
};

impl Data {
    /// What would be imported, below what was done to the pictures.
    fn draw_preview(&self, preview: &Self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        let theme = shared.theme;
        let words = self.import.about().join("; ");
        let words = format!("not written yet: Enter imports, Esc goes back. {words}");
        let lines = wrap(&escape_controls(&words), usize::from(area.width).max(1));
        let height = lines.len().min(3) as u16;
        let [head, rest] =
            Layout::vertical([Constraint::Length(height), Constraint::Min(0)]).areas(area);
        let lines: Vec<Line<'_>> = lines
            .into_iter()
            .map(|line| Line::styled(plain(&line, theme), theme.warning()))
            .collect();
        frame.render_widget(Paragraph::new(lines), head);
        draw::draw(preview, frame, rest, shared);
    }

    /// A click chooses a line of the form; the wheel goes through classes or lines.
    fn mouse_in_import(
        &mut self,
        mouse: MouseEvent,
        area: Rect,
        shared: &mut Shared,
    ) -> Vec<Effect> {
        let action = match mouse.kind {
            MouseEventKind::ScrollUp => DataAction::Up,
            MouseEventKind::ScrollDown => DataAction::Down,
            MouseEventKind::Down(_) => {
                let at = Position::new(mouse.column, mouse.row);
                let row = self.import.row_at(at).filter(|_| area.contains(at));
                if let Some(row) = row.filter(|_| !self.import.is_preview()) {
                    self.import.click(row);
                }
                return Vec::new();
            }
            _ => return Vec::new(),
        };
        self.update(action, shared)
    }
}

impl Screen for Data {
    fn context(&self) -> Context {
        match (self.import.is_open(), self.audit.is_open()) {
            (true, _) if self.import.is_preview() => PREVIEW,
            (true, _) => IMPORT,
            (false, true) => AUDIT,
            (false, false) => CONTEXT,
        }
    }

    fn key(&mut self, key: KeyEvent, shared: &mut Shared) -> Option<Vec<Effect>> {
        let action = find(KEYS, self.context(), Key::of(key));
        match action {
            Some(action) => Some(self.update(action, shared)),
            None if self.import.is_open() => {
                self.import.type_key(key);
                Some(Vec::new())
            }
            None => None,
        }
    }

    fn paste(&mut self, text: &str, _shared: &mut Shared) {
        if self.import.is_open() {
            self.import.paste(text);
        }
    }

    fn answer(&mut self, answer: &Answer, _shared: &mut Shared) {
        match answer {
            Answer::Import(news) => {
                self.import.observe(news);
                match news {
                    ImportNews::Prepared { dataset, .. } if self.import.is_preview() => {
                        self.show_preview(dataset);
                    }
                    ImportNews::At(_) => {}
                    _ => self.preview = None,
                }
            }
            Answer::Completions { typed, paths } if self.import.is_open() => {
                self.import.complete(typed, paths);
            }
            _ => {}
        }
    }

    /// A click chooses a class; the wheel scrolls the list or the examples, whichever it is over.
    fn mouse(&mut self, mouse: MouseEvent, area: Rect, shared: &mut Shared) -> Vec<Effect> {
        if self.import.is_open() {
            return self.mouse_in_import(mouse, area, shared);
        }
        if self.audit.is_open() {
            return self.audit.mouse(mouse, area, shared);
        }
        let Some(place) = self
            .facts
            .as_ref()
            .map(|facts| Geometry::of(area, facts, self.class))
        else {
            return Vec::new();
        };
        let at = Position::new(mouse.column, mouse.row);
        let over_examples = place.examples.contains(at);
        let action = match mouse.kind {
            MouseEventKind::ScrollUp if over_examples => DataAction::PreviousPage,
            MouseEventKind::ScrollDown if over_examples => DataAction::NextPage,
            MouseEventKind::ScrollUp => DataAction::Up,
            MouseEventKind::ScrollDown => DataAction::Down,
            MouseEventKind::Down(_) => {
                if let Some(class) = place.class_at(at) {
                    self.choose(class, self.kind);
                }
                return Vec::new();
            }
            _ => return Vec::new(),
        };
        self.update(action, shared)
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        if self.import.is_open() {
            let area = area.intersection(frame.area());
            match &self.preview {
                Some(preview) if self.import.is_preview() => {
                    self.draw_preview(preview, frame, area, shared);
                }
                _ => self.import.draw(frame, area, shared),
            }
            return;
        }
        match self.audit.is_open() && self.facts.is_some() {
            true => audit::draw(&self.audit, frame, area.intersection(frame.area()), shared),
            false => draw::draw(self, frame, area, shared),
        }
    }

    fn dismiss(&mut self) -> bool {
        self.audit.close()
    }

    fn entered(&mut self, shared: &mut Shared) -> Vec<Effect> {
        self.data_changed(shared);
        Vec::new()
    }

    fn follow(&mut self, shared: &mut Shared) -> Vec<Effect> {
        self.data_changed(shared);
        Vec::new()
    }
}
