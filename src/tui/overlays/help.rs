//! Every key of the screen, read off the key table, with a search.

use super::popup;
use crate::tui::keys::{self, Binding, Context};
use crate::tui::shared::Shared;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

/// The open help.
#[derive(Debug)]
pub struct Help {
    context: Context,
    search: String,
    scroll: u16,
}

impl Help {
    /// The keys of `context` and the global ones.
    pub fn new(context: Context) -> Self {
        Self {
            context,
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
        let last = self.rows().len() as u16;
        self.scroll = if down {
            (self.scroll + 1).min(last)
        } else {
            self.scroll.saturating_sub(1)
        };
    }

    fn rows(&self) -> Vec<&'static Binding> {
        let wanted = self.search.to_lowercase();
        let of = |context| keys::table().filter(move |row| row.context == context);
        of(self.context)
            .chain(of(Context::Global).filter(|_| self.context.has_global_keys()))
            .filter(|row| {
                let names = row.keys.iter().map(ToString::to_string);
                row.help.to_lowercase().contains(&wanted)
                    || names.into_iter().any(|name| name.to_lowercase() == wanted)
            })
            .collect()
    }

    /// Draws the help.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        let rows = self.rows();
        let height = (rows.len() as u16 + 5).max(8);
        let title = format!("Keys: {}", self.context.title());
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
