//! The keys of a lesson. They work wherever the global keys do, before the screen's own.

use crate::tui::keys::{Binding, Context, char, on};

/// What a key does in a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LessonAction {
    /// Go on.
    GoOn,
    /// Go back a step.
    GoBack,
    /// Predict, while a question is asked: the choice at this position.
    Answer(usize),
}

use LessonAction as Do;

/// What the keys of a lesson stand under.
pub const CONTEXT: Context = Context::without_global_keys("Lesson");

/// The keys of a lesson.
#[rustfmt::skip]
pub const KEYS: &[Binding<Do>] = &[
    on(CONTEXT, &[char('.')], Do::GoOn, "next", "go on; while something is awaited, a second time skips it"),
    on(CONTEXT, &[char(',')], Do::GoBack, "back", "go back a step"),
    on(CONTEXT, &[char('a')], Do::Answer(0), "", "while a question is asked: the first choice"),
    on(CONTEXT, &[char('b')], Do::Answer(1), "", "the second choice"),
    on(CONTEXT, &[char('c')], Do::Answer(2), "", "the third choice"),
    on(CONTEXT, &[char('d')], Do::Answer(3), "", "the fourth choice"),
];
