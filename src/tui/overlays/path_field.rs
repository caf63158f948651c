//! A field for a path, with completion.

use super::popup::popup;
use crate::fs::from_typed;
use crate::text::{common_beginning, escape_controls};
use crate::tui::action::Action;
use crate::tui::keys::{Binding, Context, ENTER, ESC, TAB, ctrl, on};
use crate::tui::shared::Shared;
use crate::tui::widgets::text_field::TextField;
use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Paragraph, Wrap};
use std::path::PathBuf;

/// Where keys go while a path is typed.
pub const CONTEXT: Context = Context::with_text("Path");

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
    /// Images are loaded from there, in place of those in use.
    OpenData,
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

/// The open field.
#[derive(Clone, Debug)]
pub struct PathField {
    /// What the path is for.
    pub purpose: Purpose,
    /// The path so far.
    pub field: TextField,
    /// What it can be completed to.
    pub completions: Vec<String>,
}

impl PathField {
    /// A field with the beginning of a path, to go on with.
    pub fn new(purpose: Purpose, beginning: &str) -> Self {
        Self {
            purpose,
            field: TextField::new(beginning),
            completions: Vec::new(),
        }
    }

    /// A field with a proposed name, which typing replaces.
    pub fn proposing(purpose: Purpose, name: &str) -> Self {
        Self {
            field: TextField::proposed(name),
            ..Self::new(purpose, "")
        }
    }

    /// Takes a key of the text.
    pub fn type_key(&mut self, key: KeyEvent) {
        self.field.type_key(key);
        self.completions.clear();
    }

    /// Takes a pasted text.
    pub fn paste(&mut self, text: &str) {
        self.field.paste(text);
        self.completions.clear();
    }

    /// The path, with the ending that such a file has; none where nothing is typed.
    pub fn path(&self) -> Option<PathBuf> {
        let typed = self.field.text().trim();
        let path = from_typed(typed)?;
        let ending = match self.purpose {
            Purpose::SaveModel { .. } => "safetensors",
            Purpose::WriteSpec => "json",
            Purpose::LoadModel
            | Purpose::LoadPicture
            | Purpose::OpenData
            | Purpose::Export { .. } => return Some(path),
        };
        let has_it = path.extension().is_some_and(|found| found == ending);
        let Some(name) = path.file_name().filter(|_| !has_it) else {
            return Some(path);
        };
        let mut name = name.to_owned();
        name.push(".");
        name.push(ending);
        Some(path.with_file_name(name))
    }

    /// Takes the possible completions: their common beginning is inserted at once.
    pub fn complete(&mut self, typed: &str, paths: Vec<String>) {
        if typed != self.field.text() {
            return;
        }
        let common = common_beginning(&paths);
        if common.len() > typed.len() {
            self.field.set(common);
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
            Purpose::OpenData => (
                "Open your own data: a folder of images",
                "Enter open   Tab complete   Esc cancel",
            ),
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
        let spans = self
            .field
            .spans(usize::from(inner.width), theme.text(), theme);
        let mut lines = vec![Line::from(spans), Line::from("")];
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
        assert_eq!(field.field.text(), "runs/a-");
        assert_eq!(field.completions.len(), 2);
        field.complete("older", vec!["older/".into()]);
        assert_eq!(field.field.text(), "runs/a-");
        let mut field = PathField::new(Purpose::LoadModel, "f");
        field.complete("f", vec!["föhn".into(), "fön".into()]);
        assert_eq!(field.field.text(), "fö");
    }

    #[test]
    fn a_model_gets_its_ending_once() {
        let path = |typed: &str| {
            let purpose = Purpose::SaveModel { best: false };
            PathField::new(purpose, typed).path()
        };
        assert_eq!(path("models/a"), Some("models/a.safetensors".into()));
        assert_eq!(path("a.safetensors"), Some("a.safetensors".into()));
        assert_eq!(path("v1.2"), Some("v1.2.safetensors".into()));
        assert_eq!(path("  "), None);
        let loaded = PathField::new(Purpose::LoadModel, "runs/").path();
        assert_eq!(loaded, Some("runs/".into()));
    }
}
