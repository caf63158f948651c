//! The screen as the app sees it: its tab, and the `Screen` trait.

use super::geometry::Geometry;
use super::keys::{AUDIT, CONTEXT, DataAction, KEYS};
use super::state::Data;
use super::{audit, draw};
use crate::tui::effect::Effect;
use crate::tui::keys::{Context, Key, find, rows};
use crate::tui::screens::screen::{Screen, Tab};
use crate::tui::shared::Shared;
use crossterm::event::{KeyEvent, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

/// The screen's tab.
pub const TAB: Tab = Tab {
    title: "Data",
    panel: None,
    keys: || rows(KEYS),
    open: |_| Box::new(Data::default()),
};

impl Screen for Data {
    fn context(&self) -> Context {
        match self.audit.is_open() {
            true => AUDIT,
            false => CONTEXT,
        }
    }

    fn key(&mut self, key: KeyEvent, shared: &mut Shared) -> Option<Vec<Effect>> {
        let action = find(KEYS, self.context(), Key::of(key))?;
        Some(self.update(action, shared))
    }

    /// A click chooses a class; the wheel scrolls the list or the examples, whichever it is over.
    fn mouse(&mut self, mouse: MouseEvent, area: Rect, shared: &mut Shared) -> Vec<Effect> {
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
