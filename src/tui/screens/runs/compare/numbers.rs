//! What differs between the two specs, the scores, and what they mean.

use super::curves::LETTERS;
use super::state::{Compare, Measured};
use crate::insight::{SAME_SPECS, score_rows, verdict};
use crate::spec::Change;
use crate::text::{escape_controls, pad_end, pad_start, width, wrap};
use crate::tui::theme::Theme;
use crate::tui::widgets::label::{cut, left, plain};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

/// Rows that the differences get at least.
const LEAST_DIFFERENCES: usize = 2;

/// Rows that everything takes in this width.
pub fn height(compare: &Compare, width: u16, theme: Theme) -> u16 {
    let width = usize::from(width);
    let differences = differences(compare, width, theme).len();
    let below = below(compare, width, theme);
    (differences + below.iter().map(|lines| lines.len() + 1).sum::<usize>()) as u16
}

/// Draws as much as there is room for; the differences are scrolled.
pub fn draw(compare: &Compare, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let width = usize::from(area.width);
    let room = usize::from(area.height);
    let differences = differences(compare, width, theme);
    let below = below(compare, width, theme);
    let needed: usize = below.iter().map(Vec::len).sum();
    let wanted = differences.len().min(LEAST_DIFFERENCES);
    let gap = usize::from(wanted + needed + below.len() <= room);
    let height = room.saturating_sub(needed + gap * below.len());
    let height = height.clamp(wanted.min(room), differences.len().max(1));
    let first = compare
        .scroll
        .get()
        .min(differences.len().saturating_sub(height));
    compare.scroll.set(first);
    let is_more = [first > 0, first + height < differences.len()];
    let mut lines: Vec<Line<'_>> = differences.into_iter().skip(first).take(height).collect();
    for section in below {
        lines.extend((0..gap).map(|_| Line::default()));
        lines.extend(section);
    }
    frame.render_widget(Paragraph::new(lines), area);
    // Signs at the edge say that there is more.
    for (is_more, sign, row) in [
        (is_more[0], theme.sign("↑", "^"), 0),
        (is_more[1], theme.sign("↓", "v"), height.saturating_sub(1)),
    ] {
        if is_more && area.width > 0 {
            let place = Rect::new(area.right() - 1, area.y + row as u16, 1, 1);
            frame.render_widget(Span::styled(sign, theme.accent()), place.intersection(area));
        }
    }
}

/// A or B in its colour.
pub fn letter(index: usize, theme: Theme) -> Span<'static> {
    let style = theme.series(index).add_modifier(Modifier::BOLD);
    Span::styled(LETTERS[index].to_string(), style)
}

fn differences(compare: &Compare, cells: usize, theme: Theme) -> Vec<Line<'static>> {
    let changes = match &compare.changes {
        Ok(changes) => changes,
        Err(reason) => return styled(reason, cells, theme, true),
    };
    if changes.is_empty() {
        return vec![Line::styled(SAME_SPECS, theme.dim())];
    }
    let fields = changes.iter().filter_map(|change| match change {
        Change::Field { path, first, .. } => Some((width(path), width(first))),
        Change::Removed { .. } | Change::Added { .. } => None,
    });
    let (names, values): (Vec<usize>, Vec<usize>) = fields.unzip();
    let longest = |widths: Vec<usize>, most: usize| widths.into_iter().max().unwrap_or(0).min(most);
    let columns = (longest(names, cells / 3), longest(values, cells / 4));
    let of = |change: &Change| match change {
        Change::Removed { number, layer } => vec![layer_line(0, *number, layer, cells, theme)],
        Change::Added { number, layer } => vec![layer_line(1, *number, layer, cells, theme)],
        Change::Field {
            path,
            first,
            second,
        } => field_lines(path, [first, second], columns, cells, theme),
    };
    changes.iter().flat_map(of).collect()
}

/// A layer that one of the two alone has.
fn layer_line(
    side: usize,
    number: usize,
    layer: &str,
    cells: usize,
    theme: Theme,
) -> Line<'static> {
    let text = plain(&format!(" alone has layer {number}, {layer}"), theme);
    let text = cut(&text, cells.saturating_sub(1), theme);
    Line::from(vec![letter(side, theme), Span::raw(text)])
}

/// A field with both values: one line, or where that is too long, one for each and more.
fn field_lines(
    path: &str,
    values: [&String; 2],
    (name, value): (usize, usize),
    cells: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    let path = Span::styled(left(&escape_controls(path), name, theme), theme.dim());
    let values = values.map(|value| plain(&escape_controls(value), theme));
    let [first, second] = values.each_ref().map(|value| width(value));
    if first <= value && name + 2 + 2 + value + 2 + 2 + second <= cells {
        let [first, second] = values;
        return vec![Line::from(vec![
            path,
            Span::raw("  "),
            letter(0, theme),
            Span::raw(format!(" {}  ", pad_end(&first, value))),
            letter(1, theme),
            Span::raw(format!(" {second}")),
        ])];
    }
    let mut lines = vec![Line::from(path)];
    for (side, value) in values.iter().enumerate() {
        for (index, text) in wrap(value, cells.saturating_sub(4)).into_iter().enumerate() {
            let sign = match index {
                0 => letter(side, theme),
                _ => Span::raw(" "),
            };
            let text = cut(&text, cells.saturating_sub(4), theme);
            lines.push(Line::from(vec![
                Span::raw("  "),
                sign,
                Span::raw(format!(" {text}")),
            ]));
        }
    }
    lines
}

fn styled(text: &str, cells: usize, theme: Theme, is_bad: bool) -> Vec<Line<'static>> {
    let style = if is_bad { theme.bad() } else { theme.dim() };
    let line = |text: String| Line::styled(cut(&text, cells, theme), style);
    let lines = wrap(&plain(&escape_controls(text), theme), cells);
    lines.into_iter().map(line).collect()
}

/// The scores and the verdict; until they are there, what is missing.
fn below(compare: &Compare, cells: usize, theme: Theme) -> Vec<Vec<Line<'static>>> {
    let comparison = match &compare.measured {
        Measured::Done(comparison) => comparison,
        Measured::Failed(reason) => return vec![styled(reason, cells, theme, true)],
        Measured::Wanted | Measured::Asked => {
            let text = "evaluating both on the validation images …";
            return vec![styled(text, cells, theme, false)];
        }
    };
    let rows = score_rows(comparison);
    let cell = |text: &String| plain(text, theme);
    let header = ["A", "B", theme.sign("B − A", "B - A")];
    let widths: Vec<usize> = (0..3)
        .map(|column| {
            let cells = rows.iter().map(|row| width(&cell(&row.cells[column])));
            cells.chain([width(header[column])]).max().unwrap_or(0) + 2
        })
        .collect();
    let label = cells.saturating_sub(widths.iter().sum()).min(24);
    let text = |cells: [&str; 3]| {
        let cells = cells.iter().zip(&widths);
        cells
            .map(|(cell, width)| pad_start(cell, *width))
            .collect::<String>()
    };
    let mut table = vec![Line::styled(
        format!("{}{}", " ".repeat(label), text(header)),
        theme.dim(),
    )];
    for (index, row) in rows.iter().enumerate() {
        let cells = row.cells.each_ref().map(cell);
        let style = match index {
            0 => theme.text().add_modifier(Modifier::BOLD),
            _ => theme.text(),
        };
        table.push(Line::from(vec![
            Span::styled(left(row.what, label, theme), theme.dim()),
            Span::styled(text(cells.each_ref().map(String::as_str)), style),
        ]));
    }
    let lines = verdict(&comparison.paired);
    let last = lines.len().saturating_sub(1);
    let mut meaning = Vec::new();
    for (index, text) in lines.iter().enumerate() {
        // The reservation is dim, what was found is not.
        let style = if index == last && last > 0 {
            theme.dim()
        } else {
            theme.text()
        };
        let wrapped = wrap(text, cells).into_iter();
        meaning.extend(wrapped.map(|text| Line::styled(text, style)));
    }
    vec![table, meaning]
}
