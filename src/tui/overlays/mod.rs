//! What opens on top of the screens: questions, a field for a path, the fetch, the help.

mod confirm;
mod fetch;
mod help;
mod path_field;

pub use confirm::{Confirm, Question};
pub use help::Help;
pub use path_field::{PathField, Purpose};

use super::keys::Context;
use super::shared::Shared;
use ratatui::Frame;
use ratatui::layout::{Constraint, Rect};
use ratatui::widgets::{Block, Clear};

/// What is open.
#[derive(Debug)]
pub enum Overlay {
    /// A question to answer with yes or no.
    Confirm(Confirm),
    /// A field for a path.
    Path(PathField),
    /// The fetch of the real data.
    Fetch,
    /// The keys.
    Help(Help),
}

impl Overlay {
    /// Where keys go.
    pub fn context(&self) -> Context {
        match self {
            Self::Confirm(_) => Context::Confirm,
            Self::Path(_) => Context::PathField,
            Self::Fetch => Context::Fetch,
            Self::Help(_) => Context::Help,
        }
    }

    /// Draws it over the screen.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        match self {
            Self::Confirm(confirm) => confirm.draw(frame, area, shared),
            Self::Path(field) => field.draw(frame, area, shared),
            Self::Fetch => fetch::draw(frame, area, shared),
            Self::Help(help) => help.draw(frame, area, shared),
        }
    }
}

/// Clears a box of this size in the middle of `area` and gives its inside.
fn popup(
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
