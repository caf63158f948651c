//! A question before something that cannot be taken back.

use super::popup;
use crate::nn::Snapshot;
use crate::tui::shared::Shared;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Paragraph, Wrap};
use std::path::PathBuf;
use std::sync::Arc;

/// What a yes would do.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// Leave, with a run under way or edits that are in no file.
    Quit,
    /// Stop the run within the epoch.
    StopRun,
    /// Write over a model file.
    OverwriteModel {
        /// The file.
        path: PathBuf,
        /// What to write.
        snapshot: Arc<Snapshot>,
    },
    /// Write over a spec file.
    OverwriteSpec(PathBuf),
    /// Delete a run folder.
    DeleteRun(PathBuf),
    /// Leave the JSON editor and lose its text.
    DropText,
    /// Put another network in place of one whose edits are in no file.
    ReplaceDesign(Box<crate::spec::Spec>),
}

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
        let lines = self.text.chars().count() as u16 / width.saturating_sub(4).max(1) + 1;
        let inner = popup(frame, area, (width, lines + 4), "Sure?", shared);
        let text = vec![
            Line::from(self.text.clone()),
            Line::from(""),
            Line::styled("y yes   n no", shared.theme.accent()),
        ];
        frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: true }), inner);
    }
}
