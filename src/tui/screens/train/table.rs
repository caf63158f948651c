//! The runs in the chart beside each other in numbers.

use super::compare::{RunView, letter};
use crate::text::clock;
use crate::train::best_epoch;
use crate::tui::shared::Shared;
use crate::tui::theme::Theme;
use crate::tui::widgets::label::{called, left, plain, right};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

/// Rows the table takes of `height` for this many runs besides the current one.
pub fn height(height: u16, others: usize) -> u16 {
    if others == 0 {
        return 0;
    }
    // Header, the current run, the others; the charts keep the larger part.
    (others as u16 + 2).min(height * 2 / 5)
}

/// The columns after the name: title and width. The last ones are left out where there is no room.
fn columns(width: u16) -> [(&'static str, usize); 5] {
    // An accuracy with its error; in ASCII it is longer by one.
    let exact = 16;
    // The error of the last epoch is about that of the best, and goes first.
    let last = if width >= 100 { exact } else { 6 };
    [
        ("best val.", exact),
        ("epoch", 5),
        ("train", 6),
        ("val.", last),
        ("time", 8),
    ]
}

/// Draws the table.
pub fn draw(frame: &mut Frame<'_>, area: Rect, shared: &Shared, compared: &[(usize, RunView<'_>)]) {
    if compared.is_empty() || area.height == 0 {
        return;
    }
    let theme = shared.theme;
    let all = columns(area.width);
    let mut columns = all.len();
    let widths = |columns: usize| {
        all[..columns]
            .iter()
            .map(|column| column.1 + 2)
            .sum::<usize>()
    };
    while columns > 1 && widths(columns) + 20 > usize::from(area.width) {
        columns -= 1;
    }
    let name = usize::from(area.width).saturating_sub(widths(columns) + 3);
    let columns = &all[..columns];
    let titles = columns
        .iter()
        .map(|(title, width)| right(title, width + 2, theme));
    let header = format!(
        "   {}{}",
        left("run", name, theme),
        titles.collect::<String>()
    );
    let mut lines = vec![Line::styled(header, theme.dim())];
    let current = shared.run.as_ref().map(RunView::of_session);
    if let Some(run) = &current {
        lines.push(row(("v", theme.validation()), run, (name, columns), theme));
    }
    for (index, run) in compared {
        let sign = letter(*index).to_string();
        lines.push(row(
            (&sign, theme.series(*index)),
            run,
            (name, columns),
            theme,
        ));
    }
    let room = usize::from(area.height);
    if lines.len() > room {
        let hidden = lines.len() - room + 1;
        lines.truncate(room.saturating_sub(1));
        lines.push(Line::styled(format!("   and {hidden} more"), theme.dim()));
    }
    frame.render_widget(Paragraph::new(lines), area);
}

fn row(
    (sign, style): (&str, Style),
    run: &RunView<'_>,
    (name, columns): (usize, &[(&str, usize)]),
    theme: Theme,
) -> Line<'static> {
    let share = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.4}"));
    let exact = |share: f64| plain(&run.accuracy(share).to_string(), theme);
    let (best, last) = (best_epoch(run.epochs), run.epochs.last());
    let cells = [
        best.map_or("-".to_owned(), |best| exact(best.validation_accuracy)),
        best.map_or("-".to_owned(), |best| best.epoch.to_string()),
        share(last.map(|last| last.train_accuracy)),
        match columns.get(3) {
            Some((_, width)) if *width > 6 => {
                last.map_or("-".to_owned(), |last| exact(last.validation_accuracy))
            }
            _ => share(last.map(|last| last.validation_accuracy)),
        },
        clock(run.seconds()),
    ];
    let cells = cells.iter().zip(columns);
    let text: String = cells
        .map(|(cell, (_, width))| right(cell, width + 2, theme))
        .collect();
    Line::from(vec![
        Span::styled(format!(" {sign} "), style.add_modifier(Modifier::BOLD)),
        Span::raw(called(&run.name, name, theme)),
        Span::raw(text),
    ])
}
