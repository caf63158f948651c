//! Two fields: what a run is called, and a note on it.

use super::popup::popup;
use crate::runs::{Label, MOST_OF_NAME, MOST_OF_NOTE};
use crate::text::wrap;
use crate::tui::action::Action;
use crate::tui::keys::{BACK_TAB, Binding, Context, DOWN, ENTER, ESC, TAB, UP, on};
use crate::tui::shared::Shared;
use crate::tui::widgets::label::{cut_marked, plain};
use crate::tui::widgets::text_field::TextField;
use crossterm::event::KeyEvent;
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

/// The open fields.
#[derive(Clone, Debug)]
pub struct RunLabel {
    folder: PathBuf,
    /// What the run is called without a name.
    usual: String,
    /// Name and note.
    fields: [TextField; 2],
    chosen: usize,
}

impl RunLabel {
    /// Fields with what the run in `folder`, `usual` without a name, has so far.
    pub fn new(folder: PathBuf, usual: String, label: &Label) -> Self {
        Self {
            folder,
            usual,
            fields: [
                TextField::new(&label.name).at_most(MOST_OF_NAME),
                TextField::new(&label.note).at_most(MOST_OF_NOTE),
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
        if let Some(field) = self.fields.get_mut(self.chosen) {
            field.type_key(key);
        }
    }

    /// Takes a pasted text for the chosen field.
    pub fn paste(&mut self, text: &str) {
        if let Some(field) = self.fields.get_mut(self.chosen) {
            field.paste(text);
        }
    }

    /// The folder of the run, and the label as typed.
    pub fn finished(self) -> (PathBuf, Label) {
        let [name, note] = &self.fields;
        let label = Label::new(name.text(), note.text());
        (self.folder, label)
    }

    /// Draws the fields.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        let theme = shared.theme;
        let inner = popup(frame, area, (72, 8), "Name and note of the run", shared);
        let room = usize::from(inner.width).saturating_sub(LABEL + 2);
        let mut lines = Vec::new();
        for (index, (label, field)) in ["name", "note"].into_iter().zip(&self.fields).enumerate() {
            let label = format!("{label:<LABEL$}");
            let line = match index == self.chosen {
                true => {
                    let mut line = Line::styled(label, theme.accent());
                    line.extend(field.spans(room, theme.text(), theme));
                    line
                }
                false => Line::from(vec![
                    Span::styled(label, theme.dim()),
                    Span::raw(cut_marked(&plain(field.text(), theme), room, theme)),
                ]),
            };
            lines.push(line);
        }
        lines.push(Line::from(""));
        let usual = format!("Without a name: {}", self.usual);
        for text in wrap(&plain(&usual, theme), usize::from(inner.width)) {
            lines.push(Line::styled(text, theme.dim()));
        }
        frame.render_widget(Paragraph::new(lines), inner);
    }
}
