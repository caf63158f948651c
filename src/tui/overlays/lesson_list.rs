//! The lessons there are, to choose one.

use super::popup::popup;
use crate::explain::lesson::Lesson;
use crate::text::{pad_end, pad_start, width};
use crate::tui::action::Action;
use crate::tui::keys::{Binding, Context, DOWN, ENTER, ESC, UP, char, on};
use crate::tui::shared::Shared;
use crate::tui::widgets::label::{cut_marked, plain};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use std::cell::Cell;
use std::sync::Arc;

/// Where keys go while a lesson is chosen.
pub const CONTEXT: Context = Context::without_global_keys("Lessons");

/// The keys of the list.
#[rustfmt::skip]
pub const KEYS: &[Binding<Action>] = &[
    on(CONTEXT, &[ENTER], Action::Open, "begin", "begin the lesson"),
    on(CONTEXT, &[DOWN, char('j')], Action::Next, "", "the lesson below"),
    on(CONTEXT, &[UP, char('k')], Action::Previous, "", "the lesson above"),
    on(CONTEXT, &[ESC, char('H'), char('q')], Action::Back, "close", "close the list"),
];

/// The open list.
#[derive(Debug)]
pub struct LessonList {
    lessons: Vec<Arc<Lesson>>,
    chosen: usize,
    /// Where the lessons were drawn last.
    place: Cell<Rect>,
}

impl LessonList {
    /// A list of these lessons.
    pub fn new(lessons: impl IntoIterator<Item = Lesson>) -> Self {
        Self {
            lessons: lessons.into_iter().map(Arc::new).collect(),
            chosen: 0,
            place: Cell::default(),
        }
    }

    /// The chosen lesson.
    pub fn chosen(&self) -> Option<&Arc<Lesson>> {
        self.lessons.get(self.chosen)
    }

    /// Chooses the next one, or the one before.
    pub fn step(&mut self, forward: bool) {
        let last = self.lessons.len().saturating_sub(1);
        self.chosen = match forward {
            true => (self.chosen + 1).min(last),
            false => self.chosen.saturating_sub(1),
        };
    }

    /// Begins the lesson that is clicked.
    pub fn click(&mut self, at: Position) -> Option<Action> {
        let place = self.place.get();
        self.chosen = place.contains(at).then(|| usize::from(at.y - place.y))?;
        Some(Action::Open)
    }

    /// Draws the list.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        let theme = shared.theme;
        let height = self.lessons.len() as u16 + 6;
        let inner = popup(frame, area, (78, height), "Lessons", shared);
        // Below two lines of text.
        let place = Rect {
            y: inner.y + 2,
            height: self.lessons.len() as u16,
            ..inner
        };
        self.place.set(place.intersection(inner));
        let titles = self.lessons.iter().map(|lesson| width(&lesson.title));
        let titles = titles.max().unwrap_or(0).min(30);
        let mut lines = vec![
            Line::styled(
                " Each works on a network of its own; yours comes back afterwards.",
                theme.dim(),
            ),
            Line::from(""),
        ];
        for (index, lesson) in self.lessons.iter().enumerate() {
            let chosen = index == self.chosen;
            let sign = if chosen {
                theme.sign("▸ ", "> ")
            } else {
                "  "
            };
            let style = if chosen { theme.accent() } else { theme.text() };
            let title = pad_end(&cut_marked(&lesson.title, titles, theme), titles);
            let minutes = pad_start(&lesson.minutes.to_string(), 2);
            let room = usize::from(inner.width).saturating_sub(titles + 15);
            let about = cut_marked(&plain(&lesson.about, theme), room, theme);
            lines.push(Line::from(vec![
                Span::styled(format!("{sign}{title}"), style),
                Span::styled(format!("  {minutes} min  {about}"), theme.dim()),
            ]));
        }
        lines.push(Line::from(""));
        lines.push(Line::styled(" Enter begins   Esc closes", theme.dim()));
        frame.render_widget(Paragraph::new(lines), inner);
    }
}
