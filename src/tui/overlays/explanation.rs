//! What something is, what it does here, what to try next; and a search of all that there is to explain.

use super::popup::popup;
use crate::explain::{Facts, Part, Topic, search, topic};
use crate::tui::action::Action;
use crate::tui::keys::{
    BACK_TAB, Binding, Context, DOWN, ENTER, ESC, LEFT, PAGE_DOWN, PAGE_UP, RIGHT, TAB, UP, on,
};
use crate::tui::shared::Shared;
use crate::tui::theme::Theme;
use crate::tui::widgets::label::{cut_marked, plain};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Margin, Rect};
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use std::cell::Cell;

/// Where keys go while something is explained.
pub const CONTEXT: Context = Context::where_text_is_typed("Explanation");

/// The keys of the explanation.
#[rustfmt::skip]
pub const KEYS: &[Binding<Action>] = &[
    on(CONTEXT, &[ESC], Action::Back, "back", "back to what was read before; from the first text it closes"),
    on(CONTEXT, &[ENTER], Action::Open, "read", "read the chosen topic"),
    on(CONTEXT, &[RIGHT, DOWN, TAB], Action::Next, "choose", "choose the next topic; letters search all of them"),
    on(CONTEXT, &[LEFT, UP, BACK_TAB], Action::Previous, "", "choose the topic before"),
    on(CONTEXT, &[PAGE_DOWN], Action::PageDown, "", "scroll down"),
    on(CONTEXT, &[PAGE_UP], Action::PageUp, "", "scroll up"),
];

/// Cells of a line of text.
const TEXT: u16 = 76;
/// Topics shown of those that are found.
const LIST: u16 = 12;

/// The open explanation.
#[derive(Debug)]
pub struct Explanation {
    /// Today's numbers.
    facts: Facts,
    /// Of a field: its value, and what it may be.
    field: Option<String>,
    /// What is read, and what was read before it; none where the search came first.
    read: Vec<&'static Topic>,
    /// What is searched for, while it is.
    search: Option<String>,
    /// Position of the chosen topic among those found, or those to read next.
    chosen: usize,
    /// Lines scrolled past. What is past the last one is corrected where the height is known.
    scroll: Cell<usize>,
}

impl Explanation {
    /// Explains a topic; without one, all can be searched.
    pub fn new(topic: Option<&'static Topic>, facts: Facts) -> Self {
        let field = facts.fill("The field has {value}; it may have {range}.");
        Self {
            facts,
            field,
            read: topic.into_iter().collect(),
            search: topic.is_none().then(String::new),
            chosen: 0,
            scroll: Cell::new(0),
        }
    }

    /// The topics that can be chosen.
    fn choices(&self) -> Vec<&'static Topic> {
        match &self.search {
            Some(words) => search(words),
            None => {
                let related = self.read.last().map_or(&[][..], |topic| &topic.related);
                related.iter().filter_map(|name| topic(name)).collect()
            }
        }
    }

    /// Takes a key of the search text.
    pub fn type_key(&mut self, key: KeyEvent) {
        let command = KeyModifiers::CONTROL | KeyModifiers::ALT;
        match (key.code, &mut self.search) {
            (KeyCode::Char(letter), _) if !key.modifiers.intersects(command) => {
                let search = self.search.get_or_insert_default();
                // The sign that starts a search elsewhere starts it here, too.
                if letter != '/' {
                    search.push(letter);
                }
            }
            (KeyCode::Backspace, Some(search)) => {
                search.pop();
            }
            _ => return,
        }
        self.chosen = 0;
    }

    /// Carries out a key that moves in it.
    pub fn update(&mut self, action: Action) {
        match action {
            Action::Next | Action::Down => {
                let last = self.choices().len().saturating_sub(1);
                self.chosen = (self.chosen + 1).min(last);
            }
            Action::Previous | Action::Up => self.chosen = self.chosen.saturating_sub(1),
            Action::PageDown => self.scroll.set(self.scroll.get() + 5),
            Action::PageUp => self.scroll.set(self.scroll.get().saturating_sub(5)),
            Action::Open => {
                if let Some(topic) = self.choices().get(self.chosen) {
                    self.read.push(topic);
                    self.search = None;
                    self.chosen = 0;
                    self.scroll.set(0);
                }
            }
            _ => {}
        }
    }

    /// Goes back a step; false where there is none.
    pub fn back(&mut self) -> bool {
        self.chosen = 0;
        self.scroll.set(0);
        if self.search.take().is_none() {
            self.read.pop();
        }
        !self.read.is_empty()
    }

    /// Draws it.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        match (&self.search, self.read.last()) {
            (None, Some(topic)) => self.draw_topic(frame, area, topic, shared),
            (words, _) => {
                let words = words.as_deref().unwrap_or_default();
                self.draw_search(frame, area, words, shared);
            }
        }
    }

    fn draw_topic(&self, frame: &mut Frame<'_>, area: Rect, topic: &Topic, shared: &Shared) {
        let theme = shared.theme;
        let width = (TEXT + 4).min(area.width);
        let explained = topic.explained(&self.facts);
        let cells = usize::from(width.saturating_sub(4));
        let mut lines = Vec::new();
        let mut before = None;
        for (part, text) in explained.lines(cells) {
            // A little air before what is special to this network.
            if before.is_some_and(|before| before != part) {
                lines.push(Line::from(""));
            }
            before = Some(part);
            let style = match part {
                Part::What | Part::Try => theme.text(),
                Part::Formula => theme.accent(),
                Part::Here => theme.text().add_modifier(Modifier::BOLD),
            };
            lines.push(Line::styled(plain(&text, theme), style));
        }
        // What was asked for, not what is read after it.
        if let (Some(field), 1) = (&self.field, self.read.len()) {
            lines.push(Line::styled(plain(field, theme), theme.dim()));
        }
        let height = lines.len() as u16 + 5;
        let title = plain(&topic.title, theme);
        let inner = popup(frame, area, (width, height), &title, shared);
        let inner = inner.inner(Margin::new(u16::from(inner.width > 20), 0));
        let [text, _, next, hint] = Layout::vertical([
            Constraint::Fill(1),
            Constraint::Length(u16::from(inner.height > 8)),
            Constraint::Length(1),
            Constraint::Length(1),
        ])
        .areas(inner);
        let most = lines.len().saturating_sub(usize::from(text.height));
        self.scroll.set(self.scroll.get().min(most));
        let shown: Vec<Line<'_>> = lines.into_iter().skip(self.scroll.get()).collect();
        frame.render_widget(Paragraph::new(shown), text);
        self.draw_related(frame, next, theme);
        let hints = match most {
            0 => "letters search all topics   Enter reads the chosen one   Esc back",
            _ => "PgDn more   letters search   Enter reads the chosen one   Esc back",
        };
        frame.render_widget(Line::styled(hints, theme.dim()), hint);
    }

    /// What to read next, in one line.
    fn draw_related(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
        let related = self.choices();
        if related.is_empty() {
            return;
        }
        let label = "see also";
        let entry = |(index, topic): (usize, &&'static Topic)| {
            let chosen = index == self.chosen;
            let sign = if chosen { theme.sign("▸", ">") } else { " " };
            let style = if chosen { theme.accent() } else { theme.text() };
            Span::styled(format!("  {sign}{}", plain(&topic.title, theme)), style)
        };
        let entries: Vec<Span<'_>> = related.iter().enumerate().map(entry).collect();
        // The chosen one is always in view: those before it give way.
        let room = usize::from(area.width).saturating_sub(label.len());
        let is_visible = |first: &usize| {
            let until_chosen = entries.get(*first..=self.chosen).unwrap_or_default();
            until_chosen.iter().map(Span::width).sum::<usize>() <= room
        };
        let first = (0..self.chosen).find(is_visible).unwrap_or(self.chosen);
        let mut spans = vec![Span::styled(label, theme.dim())];
        spans.extend(entries.into_iter().skip(first));
        frame.render_widget(Line::from(spans), area);
    }

    fn draw_search(&self, frame: &mut Frame<'_>, area: Rect, words: &str, shared: &Shared) {
        let theme = shared.theme;
        let found = self.choices();
        let inner = popup(frame, area, (TEXT + 4, LIST + 6), "Explain", shared);
        let inner = inner.inner(Margin::new(u16::from(inner.width > 20), 0));
        let [field, _, list, hint] = Layout::vertical([
            Constraint::Length(1),
            Constraint::Length(1),
            Constraint::Fill(1),
            Constraint::Length(1),
        ])
        .areas(inner);
        let line = Line::from(vec![
            Span::styled("search  ", theme.dim()),
            Span::raw(crate::text::escape_controls(words)),
            Span::styled("_", theme.accent()),
        ]);
        frame.render_widget(line, field);
        if found.is_empty() {
            let text = "nothing is said of that; Backspace takes letters back";
            frame.render_widget(Line::styled(text, theme.dim()), list);
        }
        let height = usize::from(list.height).max(1);
        let first = (self.chosen + 1).saturating_sub(height);
        let rows = found.iter().enumerate().skip(first).zip(list.rows());
        for ((index, topic), row) in rows {
            let chosen = index == self.chosen;
            let sign = if chosen {
                theme.sign("▸ ", "> ")
            } else {
                "  "
            };
            let width = usize::from(row.width);
            let title = cut_marked(&plain(&topic.title, theme), width.min(26), theme);
            let about = topic.beginning();
            let room = width.saturating_sub(30);
            let style = if chosen { theme.accent() } else { theme.text() };
            let line = Line::from(vec![
                Span::styled(format!("{sign}{}", crate::text::pad_end(&title, 27)), style),
                Span::styled(cut_marked(&plain(&about, theme), room, theme), theme.dim()),
            ]);
            frame.render_widget(line, row);
        }
        let count = format!(
            "{} topics   Enter reads the chosen one   Esc back",
            found.len()
        );
        frame.render_widget(Line::styled(count, theme.dim()), hint);
    }
}
