//! A field for a path, with completion.

use super::popup::popup;
use crate::text::escape_controls;
use crate::tui::action::Action;
use crate::tui::keys::{Binding, Context, ENTER, ESC, TAB, ctrl, on};
use crate::tui::shared::Shared;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};
use std::path::PathBuf;

/// Where keys go while a path is typed.
pub const CONTEXT: Context = Context::without_global_keys("Path");

/// The keys of the field.
#[rustfmt::skip]
pub const KEYS: &[Binding<Action>] = &[
    on(CONTEXT, &[ENTER], Action::Accept, "accept", "use the path"),
    on(CONTEXT, &[TAB], Action::Complete, "complete", "complete the path"),
    on(CONTEXT, &[ctrl('b')], Action::ToggleBest, "", "save the best epoch's model instead of the last one's, or back"),
    on(CONTEXT, &[ESC], Action::Dismiss, "cancel", "leave the field"),
];

/// What a run can be written as.
const EXPORTS: [&str; 3] = [
    ".png .svg      its curves            .csv    its epochs",
    ".safetensors .onnx .c                its best model",
    ".py .keras.py  the best model's network for PyTorch or Keras",
];

/// What the path is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The model is saved there; the best epoch's if `best`.
    SaveModel {
        /// The best epoch's instead of the last one's.
        best: bool,
    },
    /// A model is loaded from there.
    LoadModel,
    /// A picture is put on the drawing pad from there.
    LoadPicture,
    /// The spec is written there.
    WriteSpec,
    /// A run is written there for other programs; the ending says what.
    Export {
        /// Its folder.
        run: PathBuf,
    },
}

/// The letters that all of these begin with; none of no paths.
pub fn common_beginning(paths: &[String]) -> &str {
    let Some((first, rest)) = paths.split_first() else {
        return "";
    };
    let mut common = first.as_str();
    for path in rest {
        let same = common
            .char_indices()
            .zip(path.chars())
            .find(|((_, a), b)| a != b)
            .map_or(common.len().min(path.len()), |((at, _), _)| at);
        common = common.get(..same).unwrap_or_default();
    }
    common
}

/// The open field.
#[derive(Clone, Debug)]
pub struct PathField {
    /// What the path is for.
    pub purpose: Purpose,
    /// The path so far.
    pub text: String,
    /// What it can be completed to.
    pub completions: Vec<String>,
}

impl PathField {
    /// A field that starts with a proposed path.
    pub fn new(purpose: Purpose, text: impl Into<String>) -> Self {
        Self {
            purpose,
            text: text.into(),
            completions: Vec::new(),
        }
    }

    /// Takes a key of the text.
    pub fn type_key(&mut self, key: KeyEvent) {
        match key.code {
            KeyCode::Char('u') if key.modifiers.contains(KeyModifiers::CONTROL) => {
                self.text.clear();
            }
            KeyCode::Char(letter) if !key.modifiers.contains(KeyModifiers::CONTROL) => {
                self.text.push(letter);
            }
            KeyCode::Backspace => {
                self.text.pop();
            }
            _ => {}
        }
        self.completions.clear();
    }

    /// Takes the possible completions: their common beginning is inserted at once.
    pub fn complete(&mut self, typed: &str, paths: Vec<String>) {
        if typed != self.text {
            return;
        }
        let common = common_beginning(&paths);
        if common.len() > self.text.len() {
            self.text = common.to_owned();
        }
        self.completions = paths;
    }

    /// Draws the field.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        let theme = shared.theme;
        let (title, hint) = match self.purpose {
            Purpose::SaveModel { best: false } => (
                "Save the model of the last epoch",
                "Enter save   Tab complete   Ctrl-B best epoch instead   Esc cancel",
            ),
            Purpose::SaveModel { best: true } => (
                "Save the model of the best epoch",
                "Enter save   Tab complete   Ctrl-B last epoch instead   Esc cancel",
            ),
            Purpose::LoadModel => ("Load a model", "Enter load   Tab complete   Esc cancel"),
            Purpose::LoadPicture => (
                "A picture for the drawing pad",
                "Enter open   Tab complete   Esc cancel",
            ),
            Purpose::Export { .. } => (
                "Export the run: the ending says what",
                "Enter write   Tab complete   Esc cancel",
            ),
            Purpose::WriteSpec => ("Write the spec", "Enter write   Tab complete   Esc cancel"),
        };
        let shown = self.completions.len().min(6) as u16;
        let about: &[&str] = match self.purpose {
            Purpose::Export { .. } => &EXPORTS,
            _ => &[],
        };
        let height = 6 + shown + about.len() as u16;
        let inner = popup(frame, area, (72, height), title, shared);
        let width = usize::from(inner.width.saturating_sub(2));
        let text = escape_controls(&self.text);
        let mut lines = vec![
            Line::from(vec![
                Span::raw(crate::text::last(&text, width)),
                Span::styled("_", theme.accent()),
            ]),
            Line::from(""),
        ];
        lines.extend(about.iter().map(|line| Line::styled(*line, theme.dim())));
        for path in self.completions.iter().take(6) {
            lines.push(Line::styled(escape_controls(path), theme.dim()));
        }
        lines.push(Line::from(""));
        lines.push(Line::styled(hint, theme.accent()));
        frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: false }), inner);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn completion_goes_as_far_as_all_agree() {
        let mut field = PathField::new(Purpose::LoadModel, "ru");
        field.complete("ru", vec!["runs/a-1".into(), "runs/a-2".into()]);
        assert_eq!(field.text, "runs/a-");
        assert_eq!(field.completions.len(), 2);
        field.complete("older", vec!["older/".into()]);
        assert_eq!(field.text, "runs/a-");
        let mut field = PathField::new(Purpose::LoadModel, "f");
        field.complete("f", vec!["föhn".into(), "fön".into()]);
        assert_eq!(field.text, "fö");
    }
}
