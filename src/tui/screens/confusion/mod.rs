//! The Confusion screen: which classes are taken for which, and how often.

mod about;
mod draw;
mod geometry;
mod words;

#[cfg(test)]
mod tests;

use crate::train::ConfusionMatrix;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::keys::{Binding, Context, Key};
use crate::tui::shared::{Request, Shared};
use crossterm::event::{KeyCode, KeyEvent, MouseEvent, MouseEventKind};
use geometry::Geometry;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

/// What can be done on this screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ConfusionAction {
    /// The true class above.
    Up,
    /// The true class below.
    Down,
    /// The predicted class to the left.
    Left,
    /// The predicted class to the right.
    Right,
    /// The first predicted class of the row.
    RowStart,
    /// The last predicted class of the row.
    RowEnd,
    /// The next most confused pair.
    NextPair,
    /// The more confused pair before.
    PreviousPair,
    /// Shares of the row instead of counts, or back.
    Normalize,
    /// Show the images of the cell.
    Open,
}

const fn row(
    keys: &'static [Key],
    action: ConfusionAction,
    hint: &'static str,
    help: &'static str,
) -> Binding {
    Binding::new(
        Context::Confusion,
        keys,
        Action::Confusion(action),
        hint,
        help,
    )
}

/// The screen's keys.
pub const KEYS: &[Binding] = &[
    row(
        &[Key::plain(KeyCode::Enter)],
        ConfusionAction::Open,
        "images",
        "show the images of the cell",
    ),
    row(
        &[Key::char('p')],
        ConfusionAction::NextPair,
        "next pair",
        "go to the next most confused pair",
    ),
    row(
        &[Key::char('P')],
        ConfusionAction::PreviousPair,
        "",
        "go back to the more confused pair before",
    ),
    row(
        &[Key::char('n')],
        ConfusionAction::Normalize,
        "counts/%",
        "counts, or percent of the true class",
    ),
    row(
        &[Key::plain(KeyCode::Up), Key::char('k')],
        ConfusionAction::Up,
        "",
        "the true class above",
    ),
    row(
        &[Key::plain(KeyCode::Down), Key::char('j')],
        ConfusionAction::Down,
        "",
        "the true class below",
    ),
    row(
        &[Key::plain(KeyCode::Left), Key::char('h')],
        ConfusionAction::Left,
        "",
        "the predicted class to the left",
    ),
    row(
        &[Key::plain(KeyCode::Right), Key::char('l')],
        ConfusionAction::Right,
        "",
        "the predicted class to the right",
    ),
    row(
        &[Key::plain(KeyCode::Home)],
        ConfusionAction::RowStart,
        "",
        "the first predicted class",
    ),
    row(
        &[Key::plain(KeyCode::End)],
        ConfusionAction::RowEnd,
        "",
        "the last predicted class",
    ),
];

/// The screen's state.
#[derive(Debug, Default)]
pub struct Confusion {
    /// `(true class, predicted class)`; may be beyond the classes of a model that came later.
    cursor: (usize, usize),
    /// Shares of the row instead of counts.
    normalized: bool,
}

impl Confusion {
    /// Where keys go while this screen has them.
    pub fn context(&self) -> Context {
        Context::Confusion
    }

    /// The cell of the cursor: `(true class, predicted class)`, both below `classes`.
    fn cell(&self, classes: usize) -> (usize, usize) {
        let last = classes.saturating_sub(1);
        (self.cursor.0.min(last), self.cursor.1.min(last))
    }

    /// Carries out an action.
    pub fn update(&mut self, action: ConfusionAction, shared: &mut Shared) -> Vec<Effect> {
        let Some(matrix) = matrix(shared) else {
            shared.say("no model has been evaluated yet: t trains the network, L loads a model");
            return Vec::new();
        };
        let last = matrix.classes().saturating_sub(1);
        let (mut truth, mut predicted) = self.cell(matrix.classes());
        match action {
            ConfusionAction::Up => truth = truth.saturating_sub(1),
            ConfusionAction::Down => truth = (truth + 1).min(last),
            ConfusionAction::Left => predicted = predicted.saturating_sub(1),
            ConfusionAction::Right => predicted = (predicted + 1).min(last),
            ConfusionAction::RowStart => predicted = 0,
            ConfusionAction::RowEnd => predicted = last,
            ConfusionAction::NextPair | ConfusionAction::PreviousPair => {
                let forward = action == ConfusionAction::NextPair;
                match pair_after(matrix, (truth, predicted), forward) {
                    Some((cell, place, pairs)) => {
                        (truth, predicted) = cell;
                        shared.say(format!("confused pair {place} of {pairs}, by count"));
                    }
                    None => shared.say("no image was taken for another class"),
                }
            }
            ConfusionAction::Normalize => {
                self.normalized = !self.normalized;
                shared.say(if self.normalized {
                    "percent of the images of each true class"
                } else {
                    "counts of images"
                });
            }
            ConfusionAction::Open => {
                if matrix.count(truth, predicted) == 0 {
                    let sentence = words::cell(matrix, (truth, predicted), shared);
                    shared.say(format!("{sentence}: nothing to show"));
                } else {
                    let images = Request::ShowImages { truth, predicted };
                    shared.requests.push(images);
                }
            }
        }
        self.cursor = (truth, predicted);
        Vec::new()
    }

    /// Takes a key that the key table has no action for, where text is typed.
    pub fn type_key(&mut self, _key: KeyEvent, _shared: &mut Shared) -> Vec<Effect> {
        Vec::new()
    }

    /// Takes a click or the wheel inside `area`, the one it was last drawn in.
    pub fn mouse(&mut self, mouse: MouseEvent, area: Rect, shared: &mut Shared) -> Vec<Effect> {
        match mouse.kind {
            MouseEventKind::ScrollUp => return self.update(ConfusionAction::Up, shared),
            MouseEventKind::ScrollDown => return self.update(ConfusionAction::Down, shared),
            MouseEventKind::Down(_) => {}
            _ => return Vec::new(),
        }
        let at = Position::new(mouse.column, mouse.row);
        let cell = matrix(shared).and_then(|matrix| {
            let cursor = self.cell(matrix.classes());
            let geometry = Geometry::of(area, matrix, cursor, shared)?;
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

    /// Draws the screen.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        draw::draw(self, frame, area, shared);
    }
}

/// The matrix in view.
fn matrix(shared: &Shared) -> Option<&ConfusionMatrix> {
    let view = shared.view.as_ref()?;
    let matrix = &view.validated.evaluation.confusion;
    (matrix.classes() > 0).then_some(matrix)
}

/// The confused pair after (or before) a cell, around the end, with its place among all pairs and
/// their number. From a cell that is no pair the first one follows.
fn pair_after(
    matrix: &ConfusionMatrix,
    cell: (usize, usize),
    forward: bool,
) -> Option<((usize, usize), usize, usize)> {
    let pairs = matrix.most_confused(usize::MAX);
    let count = pairs.len();
    let at = pairs
        .iter()
        .position(|pair| (pair.truth, pair.predicted) == cell);
    let next = match at {
        Some(at) if forward => (at + 1) % count,
        Some(at) => (at + count - 1) % count,
        None => 0,
    };
    let pair = pairs.get(next)?;
    Some(((pair.truth, pair.predicted), next + 1, count))
}
