//! The Samples screen.

use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::keys::{Binding, Context, Key};
use crate::tui::shared::Shared;
use crossterm::event::{KeyCode, KeyEvent, MouseEvent};
use ratatui::Frame;
use ratatui::layout::Rect;

/// What can be done on this screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SamplesAction {
    /// The entry above.
    Up,
    /// The entry below.
    Down,
}

/// The screen's keys.
pub const KEYS: &[Binding] = &[
    Binding::new(
        Context::Samples,
        &[Key::plain(KeyCode::Up), Key::char('k')],
        Action::Samples(SamplesAction::Up),
        "",
        "up",
    ),
    Binding::new(
        Context::Samples,
        &[Key::plain(KeyCode::Down), Key::char('j')],
        Action::Samples(SamplesAction::Down),
        "",
        "down",
    ),
];

/// The screen's state.
#[derive(Debug, Default)]
pub struct Samples {}

impl Samples {
    /// The screen was gone to.
    pub fn entered(&mut self, _shared: &mut Shared) -> Vec<Effect> {
        Vec::new()
    }

    /// Shows just the images of class `truth` that were predicted as `predicted`.
    pub fn show_cell(&mut self, _truth: usize, _predicted: usize, _shared: &mut Shared) {}

    /// Takes every layer's output for an image.
    pub fn look_inside(&mut self, _image: usize, _outputs: Vec<Vec<f32>>) {}

    /// Where keys go while this screen has them.
    pub fn context(&self) -> Context {
        Context::Samples
    }

    /// Carries out an action.
    pub fn update(&mut self, _action: SamplesAction, _shared: &mut Shared) -> Vec<Effect> {
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
