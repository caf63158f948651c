//! A question before something that cannot be taken back.

use super::popup::popup;
use super::question::Question;
use crate::text::wrap;
use crate::tui::action::Action;
use crate::tui::keys::{Binding, Context, ESC, char, on};
use crate::tui::shared::Shared;
use crate::tui::widgets::label::plain;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Paragraph, Wrap};

/// Where keys go while a question is open.
pub const CONTEXT: Context = Context::without_global_keys("Question");

/// The keys of a question.
#[rustfmt::skip]
pub const KEYS: &[Binding<Action>] = &[
    // Not Enter: background work may ask while Enter is pressed for something else.
    on(CONTEXT, &[char('y')], Action::Yes, "yes", "yes"),
    on(CONTEXT, &[char('n'), ESC], Action::No, "no", "no"),
];

/// An open question.
#[derive(Clone, Debug)]
pub struct Confirm {
    /// What a yes would do.
    pub question: Question,
    /// The question as people read it.
    pub text: String,
}

impl Confirm {
    /// Asks.
    pub fn new(question: Question, text: impl Into<String>) -> Self {
        Self {
            question,
            text: text.into(),
        }
    }

    /// Draws the question.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        let width = 56_u16.min(area.width);
        let question = wrap(
            &plain(&self.text, shared.theme),
            usize::from(width.saturating_sub(2)),
        );
        let height = question.len() as u16 + 4;
        let inner = popup(frame, area, (width, height), "Sure?", shared);
        let mut text: Vec<Line<'_>> = question.into_iter().map(Line::from).collect();
        text.push(Line::from(""));
        text.push(Line::styled("y yes   n no", shared.theme.accent()));
        // A path may be longer than a line.
        frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: true }), inner);
    }
}
