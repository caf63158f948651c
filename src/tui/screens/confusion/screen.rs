//! The screen as the app sees it: its tab, and the `Screen` trait.

use super::draw;
use super::geometry::Geometry;
use super::keys::{CERTAINTY, CONTEXT, ConfusionAction, KEYS};
use super::state::{Confusion, matrix};
use crate::explain::{Facts, Subject};
use crate::tui::effect::Effect;
use crate::tui::keys::{Context, Key, find, rows};
use crate::tui::screens::screen::{Panel, Screen, Tab};
use crate::tui::shared::Shared;
use crossterm::event::{KeyEvent, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

/// The screen's tab.
pub const TAB: Tab = Tab {
    title: "Confusion",
    panel: Some(Panel::BottomLeft),
    keys: || rows(KEYS),
    open: |_| Box::new(Confusion::default()),
};

impl Screen for Confusion {
    fn context(&self) -> Context {
        match self.shows_certainty {
            true => CERTAINTY,
            false => CONTEXT,
        }
    }

    fn key(&mut self, key: KeyEvent, shared: &mut Shared) -> Option<Vec<Effect>> {
        let action = find(KEYS, self.context(), Key::of(key))?;
        Some(self.update(action, shared))
    }

    fn mouse(&mut self, mouse: MouseEvent, area: Rect, shared: &mut Shared) -> Vec<Effect> {
        if self.shows_certainty {
            return match mouse.kind {
                MouseEventKind::ScrollUp => self.update(ConfusionAction::PreviousClass, shared),
                MouseEventKind::ScrollDown => self.update(ConfusionAction::NextClass, shared),
                _ => Vec::new(),
            };
        }
        match mouse.kind {
            MouseEventKind::ScrollUp => return self.update(ConfusionAction::Up, shared),
            MouseEventKind::ScrollDown => return self.update(ConfusionAction::Down, shared),
            MouseEventKind::Down(_) => {}
            _ => return Vec::new(),
        }
        let at = Position::new(mouse.column, mouse.row);
        let cell = matrix(shared).and_then(|matrix| {
            let cursor = self.cell(matrix.classes());
            let geometry = Geometry::of(area, matrix, cursor, self.normalized, shared)?;
            geometry.cell_at(at).map(|cell| (cell, cell == cursor))
        });
        match cell {
            // The second click on a cell opens it.
            Some((_, true)) => self.update(ConfusionAction::Open, shared),
            Some((cell, false)) => {
                self.cursor = cell;
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    fn subject(&self, shared: &Shared) -> Subject {
        let (Some(matrix), Some(evaluation)) = (matrix(shared), shared.evaluation()) else {
            return Subject::named([TAB.title]);
        };
        let names = match self.shows_certainty {
            true => [CERTAINTY.title],
            false => [TAB.title],
        };
        let cell = self.cell(matrix.classes());
        let cell = Facts::of_cell(matrix, cell, &|class| shared.class_name(class));
        Subject::named(names)
            .with(cell)
            .with(Facts::of_certainty(evaluation))
    }

    fn dismiss(&mut self) -> bool {
        std::mem::take(&mut self.shows_certainty)
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        draw::draw(self, frame, area, shared);
    }
}
