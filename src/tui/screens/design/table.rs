//! The layers with the output shape, parameters and multiply-adds of each.

use super::entry::Entry;
use super::skip_connections::signs;
use crate::spec::{CheckedSpec, LayerSummary, Problem, Spec, infer_layers, limits};
use crate::text::{grouped, pad_end, pad_start, wrap};
use crate::tui::theme::Theme;
use crate::tui::widgets::label::{cut_marked, plain};
use crate::tui::widgets::scroll::scroll_to;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use std::cell::Cell;

/// The layer table, computed.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<Row>,
    /// What the table is of, where nothing is wrong with it.
    spec: Option<CheckedSpec>,
    /// What is wrong with the network, and the row that it concerns.
    problem: Option<(Option<usize>, Problem)>,
    /// What is seldom meant, with the row that it concerns; nothing while something is wrong.
    doubts: Vec<(usize, Problem)>,
    /// First line shown, as last drawn.
    scroll: Cell<usize>,
}

#[derive(Debug)]
struct Row {
    /// Position among the layers that are on, from 1; none for one that is off.
    number: Option<usize>,
    description: String,
    /// None from the first layer on that does not fit its input.
    summary: Option<LayerSummary>,
}

/// Which columns there is room for, and how wide the description is.
#[derive(Clone, Copy)]
struct Columns {
    description: usize,
    output: bool,
    sees: bool,
    parameters: bool,
    multiply_adds: bool,
}

const OUTPUT: usize = 11;
/// The receptive field.
const SEES: usize = 7;
const PARAMETERS: usize = 12;
const MULTIPLY_ADDS: usize = 14;
/// Mark of the cursor, number, space.
const GUTTER: usize = 5;

impl Columns {
    fn of(width: usize) -> Self {
        let (output, parameters, multiply_adds) = (width >= 28, width >= 44, width >= 68);
        let sees = width >= 75;
        let mut description = width.saturating_sub(GUTTER + 1);
        for (shown, size) in [
            (output, OUTPUT),
            (sees, SEES),
            (parameters, PARAMETERS),
            (multiply_adds, MULTIPLY_ADDS),
        ] {
            description -= if shown { size } else { 0 };
        }
        Self {
            description,
            output,
            sees,
            parameters,
            multiply_adds,
        }
    }

    /// The cells after the description, each flush right.
    fn cells(self, [output, sees, parameters, multiply_adds]: [&str; 4]) -> String {
        let mut text = String::new();
        for (shown, size, cell) in [
            (self.output, OUTPUT, output),
            (self.sees, SEES, sees),
            (self.parameters, PARAMETERS, parameters),
            (self.multiply_adds, MULTIPLY_ADDS, multiply_adds),
        ] {
            if shown {
                text += &pad_start(cell, size);
            }
        }
        text
    }
}

impl Table {
    /// The table of `spec`, whose layers are those of `entries` that are on.
    pub fn new(entries: &[Entry], spec: &Spec) -> Self {
        let (checked, problem) = match spec.check() {
            Ok(checked) => (Some(checked), None),
            Err(problem) => (None, Some(problem)),
        };
        // Shapes are only computed where all values are within their limits.
        let sound = match limits::check(spec) {
            Ok(()) => spec.layers.len(),
            Err(outside) => outside.layer_index().unwrap_or(0),
        };
        let fitting = match infer_layers(&spec.layers[..sound], spec.input) {
            Ok(rows) => Ok(rows),
            Err(misfit) => {
                let before = misfit.layer_index().unwrap_or(0);
                infer_layers(&spec.layers[..before], spec.input)
            }
        };
        let mut summaries = fitting.unwrap_or_default().into_iter();
        let mut number = 0;
        let mut rows: Vec<Row> = entries
            .iter()
            .map(|entry| {
                number += usize::from(entry.enabled);
                Row {
                    number: entry.enabled.then_some(number),
                    description: entry.layer.to_string(),
                    summary: entry.enabled.then(|| summaries.next()).flatten(),
                }
            })
            .collect();
        let signs = signs(entries, ['┌', '│', '└']);
        for (row, signs) in rows.iter_mut().zip(signs) {
            row.description.insert_str(0, &signs);
        }
        let row_of = |problem: &Problem| {
            let number = problem.layer_index().map(|index| index + 1);
            let at = |row: &Row| row.number.is_some() && row.number == number;
            rows.iter().position(at)
        };
        let problem = problem.map(|problem| (row_of(&problem), problem));
        let doubts = checked.iter().flat_map(CheckedSpec::doubts);
        let doubts = doubts.filter_map(|doubt| Some((row_of(&doubt)?, doubt)));
        let doubts = doubts.collect();
        Self {
            rows,
            spec: checked,
            problem,
            doubts,
            scroll: Cell::new(0),
        }
    }

    /// The table of a spec all of whose layers are on.
    pub fn of_spec(spec: &Spec) -> Self {
        let entries: Vec<Entry> = spec.layers.iter().cloned().map(Entry::on).collect();
        Self::new(&entries, spec)
    }

    /// What the table is of, where nothing is wrong with it.
    pub fn spec(&self) -> Option<&CheckedSpec> {
        self.spec.as_ref()
    }

    /// Keeps the scroll position of the table that this one replaces.
    pub fn scrolled_like(self, older: &Self) -> Self {
        self.scroll.set(older.scroll.get());
        self
    }

    /// Draws the names of the columns.
    pub fn draw_header(frame: &mut Frame<'_>, area: Rect, theme: Theme) {
        let columns = Columns::of(usize::from(area.width));
        let cells = columns.cells(["output", "sees", "parameters", "multiply-adds"]);
        let size = columns.description;
        let text = format!(
            "{:>GUTTER$}{}{cells}",
            "# ",
            pad_end(&cut_marked("layer", size, theme), size)
        );
        frame.render_widget(Line::styled(text, theme.dim()), area);
    }

    /// Draws the sums with the first of what is said of the `times` that there is room for, or a problem that
    /// concerns no single layer.
    pub fn draw_totals(&self, frame: &mut Frame<'_>, area: Rect, times: &[String], theme: Theme) {
        if let Some((None, problem)) = &self.problem {
            let text = plain(&format!("     {problem}"), theme);
            frame.render_widget(Line::styled(text, theme.bad()), area);
            return;
        }
        let columns = Columns::of(usize::from(area.width));
        let sum = |of: fn(&LayerSummary) -> u64| {
            let all = self.rows.iter().filter_map(|row| row.summary.as_ref());
            grouped(all.map(of).sum())
        };
        let off = self.rows.iter().filter(|row| row.number.is_none()).count();
        let on = self.rows.len() - off;
        let mut label = format!("{on} layers");
        if off > 0 {
            label += &format!(", {off} off");
        }
        // Sums over a part of the network would mislead.
        let [parameters, multiply_adds] = match self.problem {
            None => [sum(|row| row.parameters), sum(|row| row.multiply_adds)],
            Some(_) => ["-".into(), "-".into()],
        };
        // There is no sum of the outputs: the words may go on into their column.
        let size = columns.description
            + if columns.output { OUTPUT } else { 0 }
            + if columns.sees { SEES } else { 0 };
        let rest = Columns {
            output: false,
            sees: false,
            ..columns
        };
        let cells = rest.cells(["", "", &parameters, &multiply_adds]);
        if !columns.parameters {
            label += &format!(", {parameters} parameters");
        }
        let longer = times
            .iter()
            .map(|time| plain(&format!("{label} · {time}"), theme));
        let fitting = longer
            .into_iter()
            .find(|longer| crate::text::width(longer) < size);
        label = fitting.unwrap_or(label);
        let label = cut_marked(&label, size, theme);
        let text = format!("{:GUTTER$}{}{cells}", "", pad_end(&label, size));
        let style = theme.text().add_modifier(Modifier::BOLD);
        frame.render_widget(Line::styled(text, style), area);
    }

    /// Draws the rows, scrolled so that the row of `cursor` is visible.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, cursor: Option<usize>, theme: Theme) {
        let area = area.intersection(frame.area());
        if area.is_empty() {
            return;
        }
        let width = usize::from(area.width);
        let mut lines = Vec::new();
        let mut wanted = 0..1;
        for (index, row) in self.rows.iter().enumerate() {
            let chosen = cursor == Some(index);
            let start = lines.len();
            lines.push(self.line(index, row, chosen, width, theme));
            let style = if self.is_wrong(index) {
                theme.bad()
            } else {
                theme.warning()
            };
            for text in self.reason(index, width) {
                let text = plain(&format!("{:GUTTER$}{text}", ""), theme);
                lines.push(Line::styled(text, style));
            }
            if chosen {
                wanted = start..lines.len();
            }
        }
        if cursor.is_some_and(|cursor| cursor >= self.rows.len()) {
            wanted = lines.len().saturating_sub(1)..lines.len();
        }
        if cursor.is_none() {
            wanted = self.scroll.get()..self.scroll.get();
        }
        let height = usize::from(area.height);
        let first = scroll_to(&self.scroll, wanted, lines.len(), height);
        let hidden = lines.len().saturating_sub(first + height);
        let shown: Vec<Line<'_>> = lines.into_iter().skip(first).take(height).collect();
        frame.render_widget(Paragraph::new(shown), area);
        // Signs at the edge say that there is more.
        let edge = |y: u16| Rect::new(area.right() - 1, y, 1, 1);
        if first > 0 {
            let sign = Span::styled(theme.sign("↑", "^"), theme.dim());
            frame.render_widget(sign, edge(area.y));
        }
        if hidden > 0 {
            let sign = Span::styled(theme.sign("↓", "v"), theme.dim());
            frame.render_widget(sign, edge(area.bottom() - 1));
        }
    }

    /// The row at a line of the area the table was last drawn in.
    pub fn row_at(&self, line: u16, width: u16) -> Option<usize> {
        let wanted = self.scroll.get() + usize::from(line);
        let mut end = 0;
        (0..self.rows.len()).find(|index| {
            end += 1 + self.reason(*index, usize::from(width)).len();
            wanted < end
        })
    }

    /// What is wrong with this row, or seldom meant, in lines.
    fn reason(&self, index: usize, width: usize) -> Vec<String> {
        let wrong = self.problem.iter();
        let wrong = wrong.filter_map(|(row, problem)| Some(((*row)?, problem)));
        let all = wrong.chain(self.doubts.iter().map(|(row, doubt)| (*row, doubt)));
        let here = all.filter(|(row, _)| *row == index);
        here.flat_map(|(_, problem)| {
            wrap(&problem.message, width.saturating_sub(GUTTER + 2).max(10))
        })
        .collect()
    }

    /// Whether something is wrong with this row.
    fn is_wrong(&self, index: usize) -> bool {
        matches!(self.problem, Some((Some(at), _)) if at == index)
    }

    fn line(&self, index: usize, row: &Row, chosen: bool, width: usize, theme: Theme) -> Line<'_> {
        let columns = Columns::of(width);
        let wrong = self.is_wrong(index);
        let mark = match (wrong, chosen) {
            (true, _) => theme.sign("✗", "!"),
            (false, true) => theme.sign("▌", ">"),
            (false, false) => " ",
        };
        let number = row.number.map_or("off".into(), |number| number.to_string());
        let cells: [String; 4] = match &row.summary {
            Some(summary) => [
                plain(&summary.output.to_string(), theme),
                plain(&summary.sees(), theme),
                count(summary.parameters, theme),
                count(summary.multiply_adds, theme),
            ],
            None => Default::default(),
        };
        let off = row.number.is_none();
        let style = match (wrong, off) {
            (true, _) => theme.bad(),
            (false, true) => theme.dim().add_modifier(Modifier::CROSSED_OUT),
            (false, false) => theme.text(),
        };
        let size = columns.description;
        let description = cut_marked(&plain(&row.description, theme), size, theme);
        let rest = size.saturating_sub(crate::text::width(&description));
        let mark_style = if wrong { theme.bad() } else { theme.accent() };
        let numbers = if off || wrong { style } else { Style::new() };
        let line = Line::from(vec![
            Span::styled(mark, mark_style),
            Span::styled(format!("{number:>3} "), theme.dim()),
            Span::styled(description, style),
            Span::styled(
                format!(
                    "{:rest$}{} ",
                    "",
                    columns.cells(cells.each_ref().map(String::as_str))
                ),
                numbers.remove_modifier(Modifier::CROSSED_OUT),
            ),
        ]);
        if chosen {
            line.style(theme.selected())
        } else {
            line
        }
    }
}

/// A count; zero is a dot, so that the numbers stand out.
fn count(count: u64, theme: Theme) -> String {
    match count {
        0 => theme.sign("·", ".").into(),
        count => grouped(count),
    }
}
