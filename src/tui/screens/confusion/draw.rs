//! Draws the title, the matrix and the scores beside it.

use super::about::{about, pairs, score_line, sentence};
use super::geometry::Geometry;
use super::state::{Confusion, change, matrix};
use super::words;
use crate::spec::Validation;
use crate::stats::Accuracy;
use crate::train::ConfusionMatrix;
use crate::tui::shared::{DataState, Shared};
use crate::tui::widgets::area::below;
use crate::tui::widgets::label::{cut, grouped, left, line, plain, right};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

pub fn draw(screen: &Confusion, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
    let area = area.intersection(frame.area());
    let Some(matrix) = matrix(shared) else {
        empty(frame, area, shared);
        return;
    };
    let cursor = screen.cell(matrix.classes());
    let place = Geometry::of(area, matrix, cursor, screen.normalized, shared);
    let percent = match &place {
        Some(place) if !screen.shows_certainty => place.percent,
        _ => screen.normalized,
    };
    title(percent, frame, line(area, 0), matrix, shared);
    if screen.shows_certainty {
        screen.draw_certainty(frame, below(area, 1), shared);
        return;
    }
    let Some(place) = place else {
        let rest = below(area, 1);
        sentence(frame, line(rest, 0), matrix, cursor, shared);
        pairs(frame, below(rest, 1), matrix, cursor, shared);
        return;
    };
    heads(frame, &place, cursor, shared);
    let scores = matrix.class_scores();
    for (row, truth) in place.rows.clone().enumerate() {
        let at = line(
            Rect {
                x: area.x,
                width: place.label,
                ..place.cells
            },
            row,
        );
        let style = if truth == cursor.0 {
            shared.theme.accent()
        } else {
            shared.theme.dim()
        };
        let room = usize::from(place.label);
        let name = left(&shared.class_name(truth), room, shared.theme);
        frame.render_widget(Span::styled(name, style), at);
        cells(
            frame,
            line(place.cells, row),
            matrix,
            (truth, cursor),
            &place,
            shared,
        );
        if let (Some(area), Some(scores)) = (place.scores, scores.get(truth)) {
            frame.render_widget(
                score_line(scores, truth == cursor.0, shared),
                line(area, row),
            );
        }
    }
    about(frame, place.below, matrix, cursor, &place, shared);
}

/// Without a model: what to do to get one.
fn empty(frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
    let theme = shared.theme;
    let key = |key: &'static str| Span::styled(key, theme.accent());
    let dim = |text: &'static str| Span::styled(text, theme.dim());
    let mut lines = vec![Line::from("no model has been evaluated yet")];
    if shared.is_training() {
        lines.push(Line::from(dim("the matrix appears after the first epoch")));
    } else {
        lines.push(Line::from(""));
        lines.push(Line::from(vec![
            key("t"),
            dim("  trains the network of the Design screen"),
        ]));
        lines.push(Line::from(vec![key("L"), dim("  loads a saved model")]));
        lines.push(Line::from(vec![key("5"), dim("  lists the runs on disk")]));
    }
    if matches!(shared.data, DataState::Failed(_)) {
        lines.push(Line::from(dim("there is no data, though")));
    }
    let height = (lines.len() as u16).min(area.height);
    let width = lines.iter().map(Line::width).max().unwrap_or(0) as u16;
    let place = Rect {
        x: area.x + area.width.saturating_sub(width) / 2,
        y: area.y + (area.height - height) / 2,
        width: width.min(area.width),
        height,
    };
    for (index, text) in lines.into_iter().enumerate() {
        frame.render_widget(text, line(place, index));
    }
}

fn title(
    percent: bool,
    frame: &mut Frame<'_>,
    at: Rect,
    matrix: &ConfusionMatrix,
    shared: &Shared,
) {
    let theme = shared.theme;
    let origin = shared.origin();
    let images = usize::try_from(matrix.total()).unwrap_or(usize::MAX);
    let accuracy = Accuracy::of(matrix.accuracy(), images);
    let accuracy = format!("accuracy {}", plain(&accuracy.to_string(), theme));
    let before = shared
        .time
        .moment()
        .and_then(|moment| moment.before.as_ref());
    let unit = if let Some((epoch, _)) = before {
        let signs = theme.sign("▲▼", "^v");
        let unit = if percent { ", percent" } else { "" };
        format!("  {signs} against epoch {epoch}{unit}")
    } else if percent {
        "  percent of each row".to_owned()
    } else {
        format!("  {} images", grouped(matrix.total()))
    };
    let spent = accuracy.width() + unit.width() + 2;
    let room = usize::from(at.width).saturating_sub(spent);
    let mut spans = Vec::new();
    if room > 3 {
        spans.push(Span::raw(cut(&origin, room, theme)));
        spans.push(Span::raw("  "));
    }
    spans.push(Span::styled(accuracy, theme.validation()));
    spans.push(Span::styled(unit, theme.dim()));
    let spec = shared
        .view
        .as_ref()
        .map(|view| &view.validated.snapshot.info.spec);
    if spec.is_some_and(|spec| spec.validation.is_test()) {
        let used: usize = spans.iter().map(Span::width).sum();
        let room = usize::from(at.width).saturating_sub(used + 2);
        let notes = [Validation::IS_TEST, Validation::IS_TEST_IN_SHORT];
        let note = notes.into_iter().find(|note| note.len() <= room);
        spans.extend(note.map(|note| Span::styled(format!("  {note}"), theme.dim())));
    }
    frame.render_widget(Line::from(spans), at);
}

/// What stands above the cells: predicted classes, and the names of the scores.
fn heads(frame: &mut Frame<'_>, place: &Geometry, cursor: (usize, usize), shared: &Shared) {
    let theme = shared.theme;
    let room = usize::from(place.label);
    let corner = if room >= 11 { "true \\ pred" } else { "true" };
    let mut spans = vec![Span::styled(left(corner, room, theme), theme.dim())];
    let trailing = trailing(place);
    let name_width = usize::from(place.cell) - 1 - trailing;
    for predicted in place.columns.clone() {
        // Flush right like the counts below.
        let name: String = shared
            .class_name(predicted)
            .chars()
            .take(name_width)
            .collect();
        let text = right(&name, usize::from(place.cell) - trailing, theme) + &" ".repeat(trailing);
        let style = if predicted == cursor.1 {
            theme.accent()
        } else {
            theme.dim()
        };
        spans.push(Span::styled(text, style));
    }
    if place.scores.is_some() {
        spans.push(Span::styled("   prec  recall     F1", theme.dim()));
    }
    frame.render_widget(Line::from(spans), place.heads);
}

/// Empty cells after a count: one where a closing bracket fits.
fn trailing(place: &Geometry) -> usize {
    usize::from(place.cell >= place.digits + 2)
}

/// Whether the cell has more images than an epoch before, or fewer; in green where that is good.
fn change_sign(cell: (usize, usize), shared: &Shared) -> Option<Span<'static>> {
    let (change, _) = change(cell, shared)?;
    let theme = shared.theme;
    let style = match (change > 0) == (cell.0 == cell.1) {
        true => theme.good(),
        false => theme.bad(),
    };
    let sign = match change {
        0 => return None,
        1.. => theme.sign("▲", "^"),
        _ => theme.sign("▼", "v"),
    };
    Some(Span::styled(sign, style))
}

fn cells(
    frame: &mut Frame<'_>,
    at: Rect,
    matrix: &ConfusionMatrix,
    (truth, cursor): (usize, (usize, usize)),
    place: &Geometry,
    shared: &Shared,
) {
    let theme = shared.theme;
    let total = words::row_total(matrix, truth);
    let trailing = trailing(place);
    let width = usize::from(place.cell);
    let mut spans = Vec::with_capacity(place.columns.len());
    for predicted in place.columns.clone() {
        let count = matrix.count(truth, predicted);
        let share = words::share(count, total);
        let number = match (count, place.percent) {
            (0, _) => theme.sign("·", ".").to_owned(),
            (_, false) => count.to_string(),
            (_, true) => words::short_percent(share),
        };
        let mut style = theme.heat(share, truth == predicted);
        let sign = change_sign((truth, predicted), shared);
        if let Some(sign) = sign.filter(|_| (truth, predicted) != cursor) {
            // Right before the number, so that it is not taken for one of the cell before.
            let before = (width - trailing).saturating_sub(number.width() + 1);
            spans.extend([
                Span::styled(" ".repeat(before), style),
                sign,
                Span::styled(number + &" ".repeat(trailing), style),
            ]);
            continue;
        }
        let mut text = right(&number, width - trailing, theme) + &" ".repeat(trailing);
        if (truth, predicted) == cursor {
            style = style.add_modifier(Modifier::REVERSED | Modifier::BOLD);
            let inner = right(&number, width - 1 - trailing, theme);
            text = if trailing == 1 {
                format!("[{inner}]")
            } else {
                format!("{}{inner}", theme.sign("▸", ">"))
            };
        }
        spans.push(Span::styled(text, style));
    }
    frame.render_widget(Line::from(spans), at);
}
