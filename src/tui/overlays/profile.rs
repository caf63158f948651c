//! Where the time of the run's steps goes: the table of `bench --profile`, as it is now.

use super::popup::popup;
use crate::nn::profile::{COLUMNS, Profile, RowKind, TableRow};
use crate::text::{escape_controls, pad_end, pad_start, width, wrap};
use crate::tui::action::Action;
use crate::tui::keys::{Binding, Context, DOWN, ESC, PAGE_DOWN, PAGE_UP, UP, char, on};
use crate::tui::run_state::{Phase, RunState};
use crate::tui::shared::Shared;
use crate::tui::theme::Theme;
use crate::tui::widgets::label::plain;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Margin, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};
use std::cell::Cell;

/// Where keys go while the table is shown.
pub const CONTEXT: Context = Context::without_global_keys("Where the time goes");

/// The keys of the table.
#[rustfmt::skip]
pub const KEYS: &[Binding<Action>] = &[
    on(CONTEXT, &[ESC, char('b'), char('q')], Action::Dismiss, "close", "close the table"),
    on(CONTEXT, &[DOWN, char('j')], Action::Down, "scroll", "scroll down"),
    on(CONTEXT, &[UP, char('k')], Action::Up, "", "scroll up"),
    on(CONTEXT, &[PAGE_DOWN], Action::PageDown, "", "a page down"),
    on(CONTEXT, &[PAGE_UP], Action::PageUp, "", "a page up"),
];

/// Cells of the layers' numbers with the space behind them, and of each of [`COLUMNS`].
const NUMBER: usize = 6;
const CELLS: [usize; COLUMNS.len()] = [9, 10, 9, 8, 9];
/// Fewest and most cells of a name; a longer one takes several lines.
const NAME: (usize, usize) = (12, 44);
/// Cells of a bar with the space before it, where there is room for one.
const BAR: usize = 24;
/// Lines that a page goes.
const PAGE: usize = 8;

/// The open table.
#[derive(Debug, Default)]
pub struct ProfileTable {
    /// The first line shown. What is past the last one is corrected where the height is known.
    scroll: Cell<usize>,
}

impl ProfileTable {
    /// Moves the table.
    pub fn scroll(&mut self, action: Action) {
        let first = self.scroll.get();
        self.scroll.set(match action {
            Action::Up => first.saturating_sub(1),
            Action::Down => first + 1,
            Action::PageUp => first.saturating_sub(PAGE),
            Action::PageDown => first + PAGE,
            _ => first,
        });
    }

    /// Draws the table, or what to do so that there is one.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        let profile = shared.run.as_ref().and_then(|run| run.profile.as_deref());
        match (&shared.run, profile) {
            (Some(run), Some(profile)) => {
                self.draw_table(frame, area, (run, profile), shared);
            }
            _ => draw_empty(frame, area, shared),
        }
    }

    fn draw_table(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        (run, profile): (&RunState, &Profile),
        shared: &Shared,
    ) {
        let theme = shared.theme;
        let rows = profile.table();
        let longest = rows.iter().map(|row| width(&row.name)).max().unwrap_or(0);
        let fixed = NUMBER + CELLS.iter().sum::<usize>();
        // The frame, and a column of margin on each side.
        let room = usize::from(area.width).saturating_sub(4 + fixed);
        let bar = if room >= NAME.1.min(longest) + BAR {
            BAR
        } else {
            0
        };
        let name = longest.clamp(NAME.0, NAME.1).min(room.max(1));
        let most = profile.rows.iter().map(|row| row.milliseconds);
        let most = most.fold(f64::MIN_POSITIVE, f64::max);
        let lines: Vec<Line<'_>> = rows
            .iter()
            .zip(&profile.rows)
            .flat_map(|(row, times)| {
                let is_layer = matches!(times.kind, RowKind::Layers { .. });
                let part = times.milliseconds / most;
                lines_of(row, (name, bar), (part, is_layer), theme)
            })
            .collect();
        let below = wrap(&profile.about_one_core(), fixed + name + bar);
        // Above the rows a sentence, an empty line and the header; below them an empty line.
        let around = 4 + below.len();
        let size = (fixed + name + bar + 4, lines.len() + around + 2);
        let title = format!("Where the time goes: {}", run.title);
        let title = plain(&title, theme);
        let inner = popup(frame, area, (size.0 as u16, size.1 as u16), &title, shared);
        draw_state(frame, inner, run, theme);
        let inner = inner.inner(Margin::new(1, 0));
        // What matters least goes first where there is little room.
        let space = u16::from(inner.height >= 12);
        let below_height = if inner.height >= 9 {
            below.len() as u16
        } else {
            0
        };
        let [about, _, header, body, _, last] = Layout::vertical([
            Constraint::Length(1),
            Constraint::Length(space),
            Constraint::Length(1),
            Constraint::Min(0),
            Constraint::Length(space),
            Constraint::Length(below_height),
        ])
        .areas(inner);
        frame.render_widget(Line::raw(plain(&profile.about(), theme)), about);
        frame.render_widget(Line::styled(header_line(name), theme.dim()), header);
        self.draw_body(frame, body, lines, theme);
        let below = below
            .into_iter()
            .map(|line| Line::styled(plain(&line, theme), theme.dim()));
        frame.render_widget(Paragraph::new(below.collect::<Vec<_>>()), last);
    }

    fn draw_body(&self, frame: &mut Frame<'_>, area: Rect, lines: Vec<Line<'_>>, theme: Theme) {
        let (count, height) = (lines.len(), usize::from(area.height));
        let first = self.scroll.get().min(count.saturating_sub(height));
        self.scroll.set(first);
        let shown: Vec<Line<'_>> = lines.into_iter().skip(first).take(height).collect();
        frame.render_widget(Paragraph::new(shown), area);
        // Signs on the frame say that there is more.
        for (is_more, sign, y) in [
            (first > 0, theme.sign("↑", "^"), area.y),
            (
                first + height < count,
                theme.sign("↓", "v"),
                area.bottom().saturating_sub(1),
            ),
        ] {
            if is_more && height > 0 {
                let place = Rect::new(area.right() + 1, y, 1, 1).intersection(frame.area());
                frame.render_widget(Span::styled(sign, theme.accent()), place);
            }
        }
    }
}

fn header_line(name: usize) -> String {
    let cells = COLUMNS.iter().zip(CELLS);
    let cells: String = cells.map(|(text, cells)| pad_start(text, cells)).collect();
    format!(
        "{}{}{cells}",
        pad_start("# ", NUMBER),
        pad_end("layer", name)
    )
}

/// A row's lines: a name that needs more than one has its numbers in the first. `part` is of the longest
/// row's time.
fn lines_of(
    row: &TableRow,
    (name, bar): (usize, usize),
    (part, is_layer): (f64, bool),
    theme: Theme,
) -> Vec<Line<'static>> {
    let mut names = wrap(&plain(&escape_controls(&row.name), theme), name).into_iter();
    let mut style = if is_layer { theme.text() } else { theme.dim() };
    let is_longest = part >= 1.0;
    if is_longest {
        style = style.add_modifier(Modifier::BOLD);
    }
    let cells = row.cells.iter().zip(CELLS);
    let cells: String = cells.map(|(text, cells)| pad_start(text, cells)).collect();
    let number = plain(&format!("{} ", row.number), theme);
    let mut spans = vec![
        Span::styled(pad_start(&number, NUMBER), theme.dim()),
        Span::styled(pad_end(&names.next().unwrap_or_default(), name), style),
        Span::styled(cells, if is_longest { style } else { Style::new() }),
    ];
    if bar > 0 {
        let full = (part.clamp(0.0, 1.0) * (bar - 2) as f64).round() as usize;
        spans.push(Span::styled(
            format!("  {}", theme.sign("━", "=").repeat(full)),
            theme.accent(),
        ));
    }
    let rest = names.map(|text| Line::styled(format!("{:NUMBER$}{text}", ""), style));
    std::iter::once(Line::from(spans)).chain(rest).collect()
}

/// At the upper edge: whether the figures follow the run.
fn draw_state(frame: &mut Frame<'_>, inner: Rect, run: &RunState, theme: Theme) {
    let (text, style) = match run.phase {
        Phase::Paused => ("paused", theme.warning()),
        _ if run.is_active() => (theme.sign("● live", "* live"), theme.good()),
        _ => ("the run is over", theme.dim()),
    };
    let edge = Rect {
        y: inner.y.saturating_sub(1),
        height: 1,
        ..inner
    };
    let line = Line::styled(format!(" {text} "), style).right_aligned();
    frame.render_widget(line, edge.intersection(frame.area()));
}

fn draw_empty(frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
    let theme = shared.theme;
    let name = escape_controls(&shared.designed.spec.name);
    let key = |key: &'static str| Span::styled(key, theme.accent());
    let (title, lines) = match &shared.run {
        None => (
            "No run yet",
            vec![Line::from(vec![
                key("Esc"),
                Span::raw(", then "),
                key("t"),
                Span::raw(format!(" trains {name}.")),
            ])],
        ),
        Some(run) if run.is_active() => (
            "Measuring",
            vec![Line::raw("The first figures come after a few steps.")],
        ),
        Some(_) => (
            "Nothing was measured",
            vec![Line::from(vec![
                Span::raw("The run ended too soon. "),
                key("Esc"),
                Span::raw(", then "),
                key("r"),
                Span::raw(" trains the network again."),
            ])],
        ),
    };
    let inner = popup(frame, area, (62, 9), "Where the time goes", shared);
    let explained = "This table then shows what each layer costs in milliseconds, forward and \
                     backward, and what else a step does.";
    let mut text = vec![Line::raw(""), Line::raw(title), Line::raw("")];
    text.extend(lines);
    text.push(Line::styled(explained, theme.dim()));
    let text = Paragraph::new(text).centered().wrap(Wrap { trim: true });
    frame.render_widget(text, inner.inner(Margin::new(1, 0)));
}
