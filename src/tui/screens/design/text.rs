//! The spec as text, in an editor that checks it with every key.

mod json;

use super::lines::{ascii, wrap};
use crate::spec::{Spec, SpecError};
use crate::tui::theme::Theme;
use crossterm::event::{KeyEvent, MouseEvent};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use std::path::Path;
use tui_textarea::TextArea;

/// The open editor.
#[derive(Debug)]
pub struct TextEditor {
    area: TextArea<'static>,
    /// The text it started with.
    before: Vec<String>,
    /// The parsed text, or what is wrong with it.
    spec: Result<Box<Spec>, Wrong>,
}

/// What is wrong, and where, both from 1.
#[derive(Debug)]
struct Wrong {
    line: usize,
    column: usize,
    message: String,
}

impl TextEditor {
    /// An editor with the text of a spec.
    pub fn new(spec: &Spec) -> Self {
        let before: Vec<String> = json::text(spec).lines().map(str::to_owned).collect();
        let mut area = TextArea::new(before.clone());
        area.set_cursor_line_style(Style::new());
        area.set_cursor_style(Style::new().add_modifier(Modifier::REVERSED));
        let mut editor = Self {
            area,
            before,
            spec: Ok(Box::new(spec.clone())),
        };
        editor.check();
        editor
    }

    /// Whether leaving would lose something.
    pub fn is_changed(&self) -> bool {
        self.area.lines() != self.before
    }

    /// The spec that the text describes.
    ///
    /// # Errors
    /// What is wrong with the text, and where.
    pub fn spec(&self) -> Result<Spec, String> {
        match &self.spec {
            Ok(spec) => Ok((**spec).clone()),
            Err(wrong) => Err(format!(
                "line {}, column {}: {}",
                wrong.line, wrong.column, wrong.message
            )),
        }
    }

    /// Takes a key of the text.
    pub fn type_key(&mut self, key: KeyEvent) {
        if self.area.input(key) {
            self.check();
        }
    }

    /// Takes pasted text with its lines; a terminal may end them with a carriage return.
    pub fn paste(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let text = text.replace('\t', "  ");
        let is_text = |letter: &char| *letter == '\n' || !letter.is_control();
        let text: String = text.chars().filter(is_text).collect();
        if self.area.insert_str(text) {
            self.check();
        }
    }

    /// Handles the mouse wheel.
    pub fn mouse(&mut self, mouse: MouseEvent) {
        self.area.input(mouse);
    }

    /// Undoes the last change, or redoes it.
    pub fn undo(&mut self, redo: bool) {
        if redo {
            self.area.redo();
        } else {
            self.area.undo();
        }
        self.check();
    }

    fn check(&mut self) {
        let text = self.area.lines().join("\n");
        self.spec = match Spec::parse(&text, Path::new("text")) {
            Ok(spec) => Ok(Box::new(spec)),
            Err(SpecError::Invalid {
                line,
                column,
                problem,
                ..
            }) => Err(Wrong {
                line,
                column,
                message: problem.to_string(),
            }),
            Err(error) => Err(Wrong {
                line: 1,
                column: 1,
                message: error.to_string(),
            }),
        };
    }

    /// Draws the text, line numbers beside it and what is wrong below it.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
        let area = area.intersection(frame.area());
        if area.is_empty() {
            return;
        }
        let width = usize::from(area.width);
        let state = match &self.spec {
            Ok(_) if self.is_changed() => vec![Line::styled(
                format!("{} valid; Ctrl-S applies it", theme.sign("✓", "ok:")),
                theme.good(),
            )],
            Ok(_) => vec![Line::styled("as it is in the layer list", theme.dim())],
            Err(wrong) => {
                let place = format!("line {}, column {}: ", wrong.line, wrong.column);
                let text = ascii(&format!("{place}{}", wrong.message), theme);
                let lines = wrap(&text, width.saturating_sub(2).max(8)).into_iter();
                let sign = theme.sign("✗ ", "! ");
                let line = |(index, text): (usize, String)| {
                    let start = if index == 0 { sign } else { "  " };
                    Line::styled(format!("{start}{text}"), theme.bad())
                };
                lines.enumerate().map(line).collect()
            }
        };
        // Three lines are kept for messages, so that the text does not jump while it is typed.
        let below = if area.height >= 10 { 3 } else { 1 };
        let [numbers_and_text, rule, message] = Layout::vertical([
            Constraint::Min(0),
            Constraint::Length(u16::from(area.height >= 6)),
            Constraint::Length(below),
        ])
        .areas(area);
        let [numbers, text] = Layout::horizontal([
            Constraint::Length(if width >= 30 { 5 } else { 0 }),
            Constraint::Min(0),
        ])
        .areas(numbers_and_text);
        if !text.is_empty() {
            frame.render_widget(&self.area, text);
        }
        self.draw_numbers(frame, numbers, theme);
        let line = theme.sign("─", "-").repeat(usize::from(rule.width));
        frame.render_widget(Span::styled(line, theme.dim()), rule);
        frame.render_widget(Paragraph::new(state), message);
    }

    /// Line numbers; the line with the error has a sign.
    fn draw_numbers(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
        let (top, _) = self.area.scroll_offset();
        let wrong = self.spec.as_ref().err().map(|wrong| wrong.line);
        let count = self.area.lines().len();
        let lines: Vec<Line<'_>> = (0..usize::from(area.height))
            .map(|row| usize::from(top) + row + 1)
            .take_while(|number| *number <= count)
            .map(|number| {
                if wrong == Some(number) {
                    let text = format!("{}{number:>3} ", theme.sign("✗", "!"));
                    Line::styled(text, theme.bad())
                } else {
                    Line::styled(format!("{number:>4} "), theme.dim())
                }
            })
            .collect();
        frame.render_widget(Paragraph::new(lines), area);
    }
}
