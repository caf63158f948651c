//! Every key of the screen, from the key table, with a search that finds those of all screens.

use super::popup::popup;
use crate::text::{pad_start, wrap};
use crate::tui::action::Action;
use crate::tui::keys::{Binding, Context, DOWN, ESC, Index, PAGE_DOWN, PAGE_UP, Row, UP, on};
use crate::tui::shared::Shared;
use crate::tui::theme::Theme;
use crate::tui::widgets::label::plain;
use crate::tui::widgets::text_field::TextField;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use std::cell::Cell;

/// Where keys go while the help is open.
pub const CONTEXT: Context = Context::with_text("Help");

/// The keys of the help.
#[rustfmt::skip]
pub const KEYS: &[Binding<Action>] = &[
    on(CONTEXT, &[ESC], Action::Dismiss, "close", "close the help"),
    on(CONTEXT, &[DOWN], Action::Down, "", "scroll down"),
    on(CONTEXT, &[UP], Action::Up, "", "scroll up"),
    on(CONTEXT, &[PAGE_DOWN], Action::PageDown, "", "ten lines down"),
    on(CONTEXT, &[PAGE_UP], Action::PageUp, "", "ten lines up"),
];

/// Cells of the popup.
const WIDTH: u16 = 78;
/// Cells of the keys.
const NAMES: usize = 16;
/// Lines that PgUp and PgDn go.
const PAGE: usize = 10;

/// The open help.
#[derive(Debug)]
pub struct Help {
    /// Where the keys work that are explained.
    context: Context,
    /// The keys there.
    rows: Vec<&'static Row>,
    /// What is searched.
    index: Index,
    search: TextField,
    /// Lines scrolled past. What is past the last one is corrected where the height is known.
    scroll: Cell<usize>,
}

impl Help {
    /// Explains the keys of a context; the search finds those of all.
    pub fn new(context: Context, rows: impl Iterator<Item = &'static Row>, index: Index) -> Self {
        Self {
            context,
            rows: rows.collect(),
            index,
            search: TextField::default(),
            scroll: Cell::new(0),
        }
    }

    /// Takes a key of the search text.
    pub fn type_key(&mut self, key: KeyEvent) {
        // The sign that starts a search elsewhere starts it here, too.
        let begins = key.code == KeyCode::Char('/') && self.search.text().is_empty();
        if !begins && self.search.type_key(key) {
            self.scroll.set(0);
        }
    }

    /// Takes a pasted search text.
    pub fn paste(&mut self, text: &str) {
        self.search.paste(text);
        self.scroll.set(0);
    }

    /// Moves the list.
    pub fn scroll(&mut self, action: Action) {
        let now = self.scroll.get();
        self.scroll.set(match action {
            Action::Down => now + 1,
            Action::PageDown => now + PAGE,
            Action::PageUp => now.saturating_sub(PAGE),
            _ => now.saturating_sub(1),
        });
    }

    /// The rows to show: those of the context, or what the search finds of them, and then elsewhere.
    fn found(&self) -> (Vec<&'static Row>, Vec<&'static Row>) {
        let words = self.search.text();
        if words.trim().is_empty() {
            return (self.rows.clone(), Vec::new());
        }
        let found = self.index.search(words, self.context);
        let is_here = |row: &&'static Row| {
            let is_global = row.context == Context::GLOBAL && self.context.has_global_keys;
            row.context == self.context || is_global
        };
        found.into_iter().partition(is_here)
    }

    /// Draws the help.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        let theme = shared.theme;
        let cells = usize::from(WIDTH.min(area.width)).saturating_sub(2);
        let (here, elsewhere) = self.found();
        let mut lines = Vec::new();
        if here.is_empty() && elsewhere.is_empty() {
            let text = "no action is called that, on no screen";
            lines.push(Line::styled(text, theme.dim()));
        }
        for row in here {
            lines.extend(explained(row, row.help, cells, theme));
        }
        if !elsewhere.is_empty() {
            let text = format!(
                "{}elsewhere; : goes there and does it",
                " ".repeat(NAMES + 2)
            );
            lines.push(Line::styled(text, theme.dim()));
        }
        for row in elsewhere {
            let help = format!("{}: {}", row.context.title, row.help);
            lines.extend(explained(row, &help, cells, theme));
        }
        let height = (lines.len() as u16).saturating_add(4).max(8);
        let title = format!("Keys: {}", self.context.title);
        let inner = popup(frame, area, (WIDTH, height), &title, shared);
        let room = usize::from(inner.height).saturating_sub(2);
        let last = lines.len().saturating_sub(room);
        self.scroll.set(self.scroll.get().min(last));
        let label = "type to search all screens  ";
        let mut field = Line::styled(label, theme.dim());
        field.extend(
            self.search
                .spans(cells.saturating_sub(label.len()), theme.text(), theme),
        );
        let shown = lines.into_iter().skip(self.scroll.get());
        let all: Vec<Line<'_>> = [field, Line::from("")].into_iter().chain(shown).collect();
        frame.render_widget(Paragraph::new(all), inner);
    }
}

/// The keys of a row and what they do, on as many lines as that takes.
fn explained(row: &Row, help: &str, cells: usize, theme: Theme) -> Vec<Line<'static>> {
    let names: Vec<String> = row.keys.iter().map(ToString::to_string).collect();
    let names = pad_start(&names.join(" "), NAMES);
    // Four keys with Alt take more than their cells.
    let room = cells.saturating_sub(crate::text::width(&names) + 3).max(8);
    let lines = wrap(&plain(help, theme), room).into_iter().enumerate();
    let line = |(index, text): (usize, String)| {
        let names = match index {
            0 => format!("{names}  "),
            _ => " ".repeat(crate::text::width(&names) + 2),
        };
        Line::from(vec![
            Span::styled(names, theme.accent()),
            Span::styled(text, theme.text()),
        ])
    };
    lines.map(line).collect()
}
