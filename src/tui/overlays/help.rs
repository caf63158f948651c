//! Every key of the screen, from the key table, with a search.

use super::popup::popup;
use crate::tui::action::Action;
use crate::tui::keys::{Binding, Context, DOWN, ESC, Row, UP, on};
use crate::tui::shared::Shared;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

/// Where keys go while the help is open.
pub const CONTEXT: Context = Context::where_text_is_typed("Help");

/// The keys of the help.
#[rustfmt::skip]
pub const KEYS: &[Binding<Action>] = &[
    on(CONTEXT, &[ESC], Action::Dismiss, "close", "close the help"),
    on(CONTEXT, &[DOWN], Action::Down, "", "scroll down"),
    on(CONTEXT, &[UP], Action::Up, "", "scroll up"),
];

/// The open help.
#[derive(Debug)]
pub struct Help {
    title: &'static str,
    /// The keys that are explained.
    rows: Vec<&'static Row>,
    search: String,
    scroll: u16,
}

impl Help {
    /// Explains the keys of a context.
    pub fn new(title: &'static str, rows: impl Iterator<Item = &'static Row>) -> Self {
        Self {
            title,
            rows: rows.collect(),
            search: String::new(),
            scroll: 0,
        }
    }

    /// Takes a key of the search text.
    pub fn type_key(&mut self, key: KeyEvent) {
        match key.code {
            KeyCode::Char(letter) => self.search.push(letter),
            KeyCode::Backspace => {
                self.search.pop();
            }
            _ => {}
        }
        self.scroll = 0;
    }

    /// Moves the list.
    pub fn scroll(&mut self, down: bool) {
        let last = self.found().len() as u16;
        self.scroll = if down {
            (self.scroll + 1).min(last)
        } else {
            self.scroll.saturating_sub(1)
        };
    }

    /// The rows that the search text leaves.
    fn found(&self) -> Vec<&'static Row> {
        let wanted = self.search.to_lowercase();
        let is_found = |row: &&&Row| {
            let mut names = row.keys.iter().map(ToString::to_string);
            row.help.to_lowercase().contains(&wanted)
                || names.any(|name| name.to_lowercase() == wanted)
        };
        self.rows.iter().filter(is_found).copied().collect()
    }

    /// Draws the help.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        let rows = self.found();
        let height = (rows.len() as u16 + 5).max(8);
        let title = format!("Keys: {}", self.title);
        let inner = popup(frame, area, (64, height), &title, shared);
        let theme = shared.theme;
        let mut lines = vec![
            Line::from(vec![
                Span::styled("search  ", theme.dim()),
                Span::raw(self.search.clone()),
                Span::styled("_", theme.accent()),
            ]),
            Line::from(""),
        ];
        if rows.is_empty() {
            lines.push(Line::styled("nothing is called that", theme.dim()));
        }
        for row in rows.into_iter().skip(usize::from(self.scroll)) {
            let names: Vec<String> = row.keys.iter().map(ToString::to_string).collect();
            lines.push(Line::from(vec![
                Span::styled(format!("{:>14}  ", names.join(" ")), theme.accent()),
                Span::raw(row.help),
            ]));
        }
        frame.render_widget(Paragraph::new(lines), inner);
    }
}
