//! The Train screen.

use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::keys::{Binding, Context, Key};
use crate::tui::shared::Shared;
use crossterm::event::{KeyCode, KeyEvent, MouseEvent};
use ratatui::Frame;
use ratatui::layout::Rect;

/// What can be done on this screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TrainAction {
    /// The entry above.
    Up,
    /// The entry below.
    Down,
}

/// The screen's keys.
pub const KEYS: &[Binding] = &[
    Binding::new(
        Context::Train,
        &[Key::plain(KeyCode::Up), Key::char('k')],
        Action::Train(TrainAction::Up),
        "",
        "up",
    ),
    Binding::new(
        Context::Train,
        &[Key::plain(KeyCode::Down), Key::char('j')],
        Action::Train(TrainAction::Down),
        "",
        "down",
    ),
];

/// The screen's state.
#[derive(Debug, Default)]
pub struct Train {}

impl Train {
    /// Where keys go while this screen has them.
    pub fn context(&self) -> Context {
        Context::Train
    }

    /// Carries out an action.
    pub fn update(&mut self, _action: TrainAction, _shared: &mut Shared) -> Vec<Effect> {
        Vec::new()
    }

    /// Takes a key that the key table has no action for, where text is typed.
    pub fn type_key(&mut self, _key: KeyEvent, _shared: &mut Shared) -> Vec<Effect> {
        Vec::new()
    }

    /// Takes a click or the wheel inside `area`, the one it was last drawn in.
    pub fn mouse(&mut self, _mouse: MouseEvent, _area: Rect, _shared: &mut Shared) -> Vec<Effect> {
        Vec::new()
    }

    /// Draws the screen.
    pub fn draw(&self, _frame: &mut Frame<'_>, _area: Rect, _shared: &Shared) {}
}
