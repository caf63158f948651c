//! Draws the text below the matrix: the cursor's cell in words, scores, confused pairs.

use super::geometry::{Geometry, SCORES};
use super::state::change;
use super::words;
use crate::train::{ClassScores, ConfusionMatrix};
use crate::tui::shared::Shared;
use crate::tui::widgets::area::below;
use crate::tui::widgets::label::{cut, grouped, left, line, right};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

/// The sentence about the cursor's cell.
pub fn sentence(
    frame: &mut Frame<'_>,
    at: Rect,
    matrix: &ConfusionMatrix,
    cursor: (usize, usize),
    shared: &Shared,
) {
    let theme = shared.theme;
    let room = usize::from(at.width);
    let mut text = words::cell(matrix, cursor, shared);
    if text.width() > room {
        text = words::cell_in_short(matrix, cursor, shared);
    }
    if let Some((change, epoch)) = change(cursor, shared).filter(|(change, _)| *change != 0) {
        let since = format!("  {change:+} since epoch {epoch}");
        if text.width() + since.width() <= room {
            text.push_str(&since);
        }
    }
    let style = if matrix.count(cursor.0, cursor.1) == 0 {
        theme.dim()
    } else if cursor.0 == cursor.1 {
        theme.good()
    } else {
        theme.bad()
    };
    let mut spans = vec![Span::styled(
        cut(&text, usize::from(at.width), theme),
        style,
    )];
    let hint = "  Enter shows them";
    let there = matrix.count(cursor.0, cursor.1) > 0;
    if there && text.width() + hint.width() <= room {
        spans.push(Span::styled(hint, theme.dim()));
    }
    frame.render_widget(Line::from(spans), at);
}

/// Below the matrix: the sentence, scores where they have no place beside it, confused pairs.
pub fn about(
    frame: &mut Frame<'_>,
    area: Rect,
    matrix: &ConfusionMatrix,
    cursor: (usize, usize),
    place: &Geometry,
    shared: &Shared,
) {
    sentence(frame, line(area, 0), matrix, cursor, shared);
    let gap = u16::from(area.height >= 5);
    let rest = below(area, 1 + gap);
    if place.scores.is_some() {
        pairs(frame, rest, matrix, cursor, shared);
        return;
    }
    let scores = matrix.class_scores();
    let table = place.label + SCORES;
    let rows = matrix.classes() as u16 + 1;
    if rest.height >= rows && rest.width >= table {
        let head = " ".repeat(usize::from(place.label)) + "   prec  recall     F1";
        frame.render_widget(Line::styled(head, shared.theme.dim()), line(rest, 0));
        for (class, scores) in scores.iter().enumerate() {
            let name = left(
                &shared.class_name(class),
                usize::from(place.label),
                shared.theme,
            );
            let mut text = score_line(scores, class == cursor.0, shared);
            text.spans.insert(0, Span::raw(name));
            frame.render_widget(text, line(rest, class + 1));
        }
        pairs(frame, below(rest, rows), matrix, cursor, shared);
    } else if let Some(scores) = scores.get(cursor.0) {
        let text = format!(
            "{}: precision {:.3}, recall {:.3}, F1 {:.3}",
            shared.class_name(cursor.0),
            scores.precision,
            scores.recall,
            scores.f1
        );
        let text = cut(&text, usize::from(rest.width), shared.theme);
        frame.render_widget(Line::styled(text, shared.theme.dim()), line(rest, 0));
        pairs(frame, below(rest, 1), matrix, cursor, shared);
    }
}

/// The most confused pairs, in as many columns as fit, each column read downwards.
pub fn pairs(
    frame: &mut Frame<'_>,
    area: Rect,
    matrix: &ConfusionMatrix,
    cursor: (usize, usize),
    shared: &Shared,
) {
    let theme = shared.theme;
    if area.is_empty() {
        return;
    }
    let arrow = theme.sign(" → ", " > ");
    let name = |class| shared.class_name(class);
    let (head, area) = if area.height >= 3 {
        (Some(line(area, 0)), below(area, 1))
    } else {
        (None, area)
    };
    let most = usize::from(area.height) * usize::from(area.width / 12).max(1);
    let pairs = matrix.most_confused(most);
    let Some(first) = pairs.first() else {
        frame.render_widget(
            Line::styled("no image was taken for another class", theme.dim()),
            area,
        );
        return;
    };
    if let Some(head) = head {
        frame.render_widget(Line::styled("most confused", theme.dim()), head);
    }
    let digits = grouped(first.count).len();
    let names = pairs
        .iter()
        .map(|pair| name(pair.truth).width() + name(pair.predicted).width() + 3);
    let width = (names.max().unwrap_or(0) + digits + 2).min(usize::from(area.width));
    let columns = (usize::from(area.width) + 3) / (width + 3);
    let shown = usize::from(area.height) * columns.max(1);
    for (index, pair) in pairs.iter().take(shown).enumerate() {
        let column = index / usize::from(area.height);
        let at = line(area, index % usize::from(area.height));
        let at = Rect {
            x: at.x + (column * (width + 3)) as u16,
            width: width as u16,
            ..at
        };
        let style = if (pair.truth, pair.predicted) == cursor {
            theme.selected()
        } else {
            Style::new()
        };
        let text = format!("{}{arrow}{}", name(pair.truth), name(pair.predicted));
        let text = Line::from(vec![
            Span::styled(right(&grouped(pair.count), digits, theme), theme.bad()),
            Span::raw("  "),
            Span::raw(cut(&text, width.saturating_sub(digits + 2), theme)),
        ]);
        frame.render_widget(text.style(style), at.intersection(area));
    }
}

/// Precision, recall and F1 of a class.
pub fn score_line<'a>(scores: &ClassScores, chosen: bool, shared: &Shared) -> Line<'a> {
    let text = format!(
        "  {:>5.3}  {:>6.3}  {:>5.3}",
        scores.precision, scores.recall, scores.f1
    );
    let style = if chosen {
        Style::new()
    } else {
        shared.theme.dim()
    };
    Line::styled(text, style)
}
