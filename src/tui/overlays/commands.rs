//! Every action of every screen, to find it by name and do it.

use super::popup::popup;
use crate::text::{pad_end, pad_start, width, wrap};
use crate::tui::action::Action;
use crate::tui::keys::{
    BACK_TAB, Binding, Context, DOWN, ENTER, ESC, Index, PAGE_DOWN, PAGE_UP, Row, TAB, UP, ctrl, on,
};
use crate::tui::shared::Shared;
use crate::tui::theme::Theme;
use crate::tui::widgets::label::{cut_marked, plain};
use crate::tui::widgets::scroll::scroll_to;
use crate::tui::widgets::text_field::TextField;
use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::text::{Line, Span};
use std::cell::Cell;

/// Where keys go while an action is looked for.
pub const CONTEXT: Context = Context::with_text("Actions");

/// The keys of the list.
#[rustfmt::skip]
pub const KEYS: &[Binding<Action>] = &[
    on(CONTEXT, &[ENTER], Action::Accept, "do it", "do the chosen action, on its screen"),
    on(CONTEXT, &[DOWN, TAB, ctrl('n')], Action::Next, "", "the action below"),
    on(CONTEXT, &[UP, BACK_TAB, ctrl('p')], Action::Previous, "", "the action above"),
    on(CONTEXT, &[PAGE_DOWN], Action::PageDown, "", "ten actions down"),
    on(CONTEXT, &[PAGE_UP], Action::PageUp, "", "ten actions up"),
    on(CONTEXT, &[ESC], Action::Dismiss, "close", "close the list"),
];

/// Cells of the popup.
const WIDTH: u16 = 84;
/// Lines of the list.
const LIST: u16 = 16;
/// Actions that PgUp and PgDn go.
const PAGE: usize = 10;
/// Cells of a key.
const KEY: usize = 10;

/// The open list.
#[derive(Debug)]
pub struct Commands {
    /// Where keys went before: what works there comes first.
    here: Context,
    index: Index,
    typed: TextField,
    found: Vec<&'static Row>,
    chosen: usize,
    scroll: Cell<usize>,
    /// Where the list was drawn last.
    list: Cell<Rect>,
}

impl Commands {
    /// All actions, those that work in the context first.
    pub fn new(here: Context, index: Index) -> Self {
        Self {
            here,
            found: index.search("", here),
            index,
            typed: TextField::default(),
            chosen: 0,
            scroll: Cell::new(0),
            list: Cell::default(),
        }
    }

    /// The chosen action; none where nothing is found.
    pub fn chosen(&self) -> Option<&'static Row> {
        self.found.get(self.chosen).copied()
    }

    /// Takes a key of the text.
    pub fn type_key(&mut self, key: KeyEvent) {
        if self.typed.type_key(key) {
            self.look();
        }
    }

    /// Takes a pasted text.
    pub fn paste(&mut self, text: &str) {
        self.typed.paste(text);
        self.look();
    }

    fn look(&mut self) {
        self.found = self.index.search(self.typed.text(), self.here);
        self.chosen = 0;
    }

    /// Moves in the list.
    pub fn step(&mut self, action: Action) {
        let last = self.found.len().saturating_sub(1);
        self.chosen = match action {
            Action::Next | Action::Down => self.chosen + 1,
            Action::PageDown => self.chosen + PAGE,
            Action::PageUp => self.chosen.saturating_sub(PAGE),
            _ => self.chosen.saturating_sub(1),
        }
        .min(last);
    }

    /// Chooses what is clicked.
    pub fn click(&mut self, at: Position) -> Option<Action> {
        let list = self.list.get();
        let row = list.contains(at).then(|| usize::from(at.y - list.y))? + self.scroll.get();
        self.found.get(row)?;
        self.chosen = row;
        Some(Action::Accept)
    }

    /// Draws the list.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        let theme = shared.theme;
        let inner = popup(
            frame,
            area,
            (WIDTH, LIST + 7),
            "What do you want to do?",
            shared,
        );
        let [field, _, list, _, about] = Layout::vertical([
            Constraint::Length(1),
            Constraint::Length(1),
            Constraint::Fill(1),
            Constraint::Length(1),
            Constraint::Length(2),
        ])
        .areas(inner);
        let mut line = Line::styled(" > ", theme.accent());
        let cells = usize::from(field.width).saturating_sub(4);
        line.extend(self.typed.spans(cells, theme.text(), theme));
        frame.render_widget(line, field);
        self.list.set(list);
        if self.found.is_empty() {
            let text = "   nothing is called that; i explains words, ? lists the keys";
            frame.render_widget(Line::styled(text, theme.dim()), list);
        }
        let height = usize::from(list.height);
        let wanted = self.chosen..self.chosen + 1;
        let first = scroll_to(&self.scroll, wanted, self.found.len(), height);
        let rows = self.found.iter().enumerate().skip(first);
        for ((index, row), place) in rows.zip(list.rows()) {
            let line = entry(row, usize::from(place.width), index == self.chosen, theme);
            frame.render_widget(line, place);
        }
        let Some(row) = self.chosen() else {
            return;
        };
        let cells = usize::from(about.width).saturating_sub(2).max(8);
        let text = plain(&format!("{}: {}", row.context.title, row.help), theme);
        for (text, place) in wrap(&text, cells).into_iter().zip(about.rows()) {
            frame.render_widget(Line::styled(format!(" {text}"), theme.dim()), place);
        }
    }
}

/// An action: its key, what it does, and where.
fn entry(row: &Row, cells: usize, chosen: bool, theme: Theme) -> Line<'static> {
    let sign = if chosen { theme.sign("▌", ">") } else { " " };
    let key = row.keys.first().map_or(String::new(), ToString::to_string);
    let place = format!("{} ", row.context.title);
    let room = cells.saturating_sub(KEY + 4 + width(&place) + 1);
    let help = cut_marked(&plain(row.help, theme), room, theme);
    let line = Line::from(vec![
        Span::styled(format!("{sign} "), theme.accent()),
        Span::styled(pad_start(&key, KEY), theme.accent()),
        Span::raw(format!("  {} ", pad_end(&help, room))),
        Span::styled(place, theme.dim()),
    ]);
    match chosen {
        true => line.style(theme.selected()),
        false => line,
    }
}
