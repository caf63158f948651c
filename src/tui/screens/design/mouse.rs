//! Clicks and the wheel.

use super::editor::Editor;
use super::keys::DesignAction;
use super::picker::Picker;
use super::state::Design;
use crate::tui::effect::Effect;
use crate::tui::shared::Shared;
use crate::tui::widgets::filter_list;
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

impl Design {
    /// Takes a click or the wheel inside `area`, the one the screen was last drawn in.
    pub(super) fn take_mouse(
        &mut self,
        mouse: MouseEvent,
        area: Rect,
        shared: &mut Shared,
    ) -> Vec<Effect> {
        match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => self.click(mouse, area, shared),
            MouseEventKind::ScrollDown | MouseEventKind::ScrollUp => {
                if let Some(Editor::Text(text)) = &mut self.editor {
                    text.mouse(mouse);
                    return Vec::new();
                }
                let down = mouse.kind == MouseEventKind::ScrollDown;
                let action = if down {
                    DesignAction::Down
                } else {
                    DesignAction::Up
                };
                self.update(action, shared)
            }
            _ => Vec::new(),
        }
    }

    /// Chooses the row or entry that is clicked; opens it if it was chosen already.
    fn click(&mut self, mouse: MouseEvent, area: Rect, shared: &mut Shared) -> Vec<Effect> {
        let at = Position::new(mouse.column, mouse.row);
        let places = self.places(area);
        match &mut self.editor {
            None => {
                let row = if places.training.contains(at) {
                    Some(self.stack.entries().len())
                } else if places.rows.contains(at) {
                    self.table.row_at(at.y - places.rows.y, places.rows.width)
                } else {
                    None
                };
                match row {
                    Some(row) if row == self.stack.cursor() => {
                        self.update(DesignAction::Edit, shared)
                    }
                    Some(row) => {
                        self.stack.go(row);
                        Vec::new()
                    }
                    None => Vec::new(),
                }
            }
            Some(Editor::Form(form)) => {
                if places.tool.contains(at) {
                    let field = form.field_at(at.y - places.tool.y);
                    if form.is_chosen(field) {
                        form.step_value(true);
                    } else {
                        form.choose(field);
                    }
                    self.compute();
                }
                Vec::new()
            }
            Some(Editor::Palette(open)) => {
                let list = filter_list::below(places.tool);
                if list.contains(at) && open.filter.click(at.y - list.y) {
                    return self.update(DesignAction::Accept, shared);
                }
                self.compute();
                Vec::new()
            }
            Some(Editor::Picker(open)) => {
                let list = Rect {
                    width: Picker::list_width(places.tool),
                    ..filter_list::below(places.tool)
                };
                if list.contains(at) && open.filter.click(at.y - list.y) {
                    return self.update(DesignAction::Accept, shared);
                }
                Vec::new()
            }
            Some(Editor::Text(_) | Editor::RateFinder) => Vec::new(),
            Some(Editor::Ladder) => self.click_ladder(at, places.tool, shared),
            Some(Editor::Sweep) => self.click_sweep(at, places.tool, shared),
        }
    }

    /// Chooses the row of the sweep that is clicked; opens it, or steps its value, if it was chosen already.
    fn click_sweep(&mut self, at: Position, area: Rect, shared: &mut Shared) -> Vec<Effect> {
        let Some(sweep) = &mut self.sweep else {
            return Vec::new();
        };
        let list = sweep.places(area).list;
        if !list.contains(at) {
            return Vec::new();
        }
        let Some(row) = sweep.row_at(usize::from(at.y - list.y)) else {
            return Vec::new();
        };
        if sweep.is_chosen(row) {
            let action = match sweep.has_results() {
                true => DesignAction::Accept,
                false => DesignAction::Increase,
            };
            return self.update(action, shared);
        }
        sweep.go(row);
        Vec::new()
    }

    /// Chooses the row of the ladder that is clicked; marks or opens it if it was chosen already.
    fn click_ladder(&mut self, at: Position, area: Rect, shared: &mut Shared) -> Vec<Effect> {
        let Some(ladder) = &mut self.ladder else {
            return Vec::new();
        };
        let list = ladder.places(area).list;
        if !list.contains(at) {
            return Vec::new();
        }
        match ladder.row_at(usize::from(at.y - list.y)) {
            Some(row) if ladder.is_chosen(row) => {
                let action = match ladder.has_results() {
                    true => DesignAction::Accept,
                    false => DesignAction::Toggle,
                };
                self.update(action, shared)
            }
            Some(row) => {
                ladder.go(row);
                Vec::new()
            }
            None => Vec::new(),
        }
    }
}
