//! The frame of what opens on top of a screen.

use crate::tui::shared::Shared;
use ratatui::Frame;
use ratatui::layout::{Constraint, Rect};
use ratatui::widgets::{Block, Clear};

/// Clears a box of this size in the middle of `area` and returns its inside.
pub fn popup(
    frame: &mut Frame<'_>,
    area: Rect,
    (width, height): (u16, u16),
    title: &str,
    shared: &Shared,
) -> Rect {
    let outer = area.centered(
        Constraint::Length(width.min(area.width)),
        Constraint::Length(height.min(area.height)),
    );
    frame.render_widget(Clear, outer);
    let block = Block::bordered()
        .border_set(shared.theme.borders())
        .border_style(shared.theme.accent())
        .title(format!(" {title} "));
    let inner = block.inner(outer);
    frame.render_widget(block, outer);
    inner
}
