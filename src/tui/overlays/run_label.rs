//! Two fields: what a run is called, and a note on it.

use super::popup::popup;
use crate::runs::{Label, MOST_OF_NAME, MOST_OF_NOTE};
use crate::text::{is_unseen, last, wrap};
use crate::tui::action::Action;
use crate::tui::keys::{BACK_TAB, Binding, Context, DOWN, ENTER, ESC, TAB, UP, on};
use crate::tui::shared::Shared;
use crate::tui::widgets::label::plain;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use std::path::PathBuf;

/// Where keys go while name and note are typed.
pub const CONTEXT: Context = Context::without_global_keys("Name and note");

/// The keys of the fields.
#[rustfmt::skip]
pub const KEYS: &[Binding<Action>] = &[
    on(CONTEXT, &[ENTER], Action::Accept, "keep", "keep both in the run's folder"),
    on(CONTEXT, &[TAB, BACK_TAB, UP, DOWN], Action::Next, "other field", "the other field"),
    on(CONTEXT, &[ESC], Action::Dismiss, "cancel", "change nothing"),
];

/// Columns of a field's label.
const LABEL: usize = 6;
/// Rows of the note.
const ROWS: usize = 4;

/// The open fields.
#[derive(Clone, Debug)]
pub struct RunLabel {
    folder: PathBuf,
    /// What the run is called without a name.
    usual: String,
    fields: [Field; 2],
    chosen: usize,
}

#[derive(Clone, Debug)]
struct Field {
    label: &'static str,
    text: String,
    most: usize,
}

impl RunLabel {
    /// Fields with what the run in `folder`, `usual` without a name, has so far.
    pub fn new(folder: PathBuf, usual: String, label: &Label) -> Self {
        let field = |label, text: &str, most| Field {
            label,
            text: text.to_owned(),
            most,
        };
        Self {
            folder,
            usual,
            fields: [
                field("name", &label.name, MOST_OF_NAME),
                field("note", &label.note, MOST_OF_NOTE),
            ],
            chosen: 0,
        }
    }

    /// Chooses the other field.
    pub fn switch(&mut self) {
        self.chosen = 1 - self.chosen;
    }

    /// Takes a key of the chosen field's text.
    pub fn type_key(&mut self, key: KeyEvent) {
        let has = |modifier| key.modifiers.contains(modifier);
        let Some(field) = self.fields.get_mut(self.chosen) else {
            return;
        };
        match key.code {
            KeyCode::Char('u') if has(KeyModifiers::CONTROL) => field.text.clear(),
            KeyCode::Char(letter) if !has(KeyModifiers::CONTROL) && !has(KeyModifiers::ALT) => {
                if !is_unseen(letter) && field.text.chars().count() < field.most {
                    field.text.push(letter);
                }
            }
            KeyCode::Backspace => {
                field.text.pop();
            }
            _ => {}
        }
    }

    /// The folder of the run, and the label as typed.
    pub fn finished(self) -> (PathBuf, Label) {
        let [name, note] = &self.fields;
        let label = Label::new(&name.text, &note.text);
        (self.folder, label)
    }

    /// Draws the fields.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        let theme = shared.theme;
        let height = 6 + ROWS as u16;
        let inner = popup(
            frame,
            area,
            (72, height),
            "Name and note of the run",
            shared,
        );
        let room = usize::from(inner.width).saturating_sub(LABEL + 2);
        let mut lines = Vec::new();
        for (index, field) in self.fields.iter().enumerate() {
            let (style, cursor) = match index == self.chosen {
                true => (theme.accent(), "_"),
                false => (theme.dim(), ""),
            };
            let text = plain(&field.text, theme);
            let mut rows = match index {
                0 => vec![last(&text, room).to_owned()],
                _ => wrap(&text, room),
            };
            // What is typed is at the end.
            rows.drain(..rows.len().saturating_sub(ROWS));
            if rows.is_empty() {
                rows.push(String::new());
            }
            let end = rows.len() - 1;
            for (row, text) in rows.into_iter().enumerate() {
                let label = if row == 0 { field.label } else { "" };
                lines.push(Line::from(vec![
                    Span::styled(format!("{label:<LABEL$}"), style),
                    Span::raw(text),
                    Span::styled(if row == end { cursor } else { "" }, theme.accent()),
                ]));
            }
        }
        lines.push(Line::from(""));
        let usual = format!("Without a name: {}", self.usual);
        for text in wrap(&plain(&usual, theme), usize::from(inner.width)) {
            lines.push(Line::styled(text, theme.dim()));
        }
        frame.render_widget(Paragraph::new(lines), inner);
    }
}
