//! The list of runs to lay over the curves.

use super::compare::{RunKey, candidates, letter};
use crate::text::clock;
use crate::train::best_epoch;
use crate::tui::shared::Shared;
use crate::tui::widgets::label::{called, left, plain, right};
use ratatui::Frame;
use ratatui::layout::{Constraint, Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Paragraph};

/// `0.9331 ± 0.0025`, below a longer title.
const BEST: usize = 18;
/// Names that differ are told apart in so many cells.
const NAME: usize = 32;
const FOLDER: usize = 30;
const EPOCHS: usize = 7;
const TIME: usize = 10;

/// The list's frame and inside within the screen.
fn places(area: Rect, count: usize) -> (Rect, Rect) {
    let height = u16::try_from(count.max(1))
        .unwrap_or(u16::MAX)
        .saturating_add(3);
    let outer = area.centered(
        Constraint::Length(area.width.min(120)),
        Constraint::Length(height.min(area.height)),
    );
    (outer, Block::bordered().inner(outer))
}

/// The first row in view, with the chosen one near the middle.
fn first_row(count: usize, chosen: usize, rows: usize) -> usize {
    chosen
        .saturating_sub(rows / 2)
        .min(count.saturating_sub(rows))
}

/// The row of the list at a place of the screen.
pub fn row_at(area: Rect, count: usize, chosen: usize, at: Position) -> Option<usize> {
    let (_, inner) = places(area, count);
    // The first line is the header.
    if !inner.contains(at) || at.y == inner.y {
        return None;
    }
    let rows = usize::from(inner.height.saturating_sub(1));
    let row = first_row(count, chosen, rows) + usize::from(at.y - inner.y - 1);
    (row < count).then_some(row)
}

/// Draws the list over the screen.
pub fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    shared: &Shared,
    compared: &[RunKey],
    chosen: usize,
) {
    let theme = shared.theme;
    let runs = candidates(shared);
    let chosen = chosen.min(runs.len().saturating_sub(1));
    let (outer, inner) = places(area, runs.len());
    frame.render_widget(Clear, outer);
    let block = Block::bordered()
        .border_set(theme.borders())
        .border_style(theme.accent())
        .title(" Compare with ");
    frame.render_widget(block, outer);
    if runs.is_empty() {
        let text = match shared.past_runs {
            None => "reading runs/ ...",
            Some(_) => "no other run yet; every run you train is kept in runs/",
        };
        frame.render_widget(Paragraph::new(text).style(theme.dim()), inner);
        return;
    }
    let room = usize::from(inner.width).saturating_sub(5 + BEST + EPOCHS + TIME);
    // The folder is told where the names have room enough beside it.
    let folder = if room >= NAME + FOLDER { FOLDER } else { 0 };
    let name = room - folder;
    let header = format!(
        "     {}{}{}{}{}",
        left("run", name, theme),
        left("folder", folder, theme),
        right("best val., picked", BEST, theme),
        right("epochs", EPOCHS, theme),
        right("time ", TIME, theme)
    );
    let mut lines = vec![Line::styled(header, theme.dim())];
    let rows = usize::from(inner.height.saturating_sub(1));
    let first = first_row(runs.len(), chosen, rows);
    for (index, run) in runs.iter().enumerate().skip(first).take(rows) {
        let at = compared.iter().position(|key| *key == run.key);
        let (sign, style) = match at {
            Some(at) => (format!("[{}]", letter(at)), theme.series(at)),
            None => ("[ ]".to_owned(), theme.dim()),
        };
        let best = best_epoch(run.epochs).map(|best| run.accuracy(best.validation_accuracy));
        let best = best.map_or("-".to_owned(), |best| plain(&best.to_string(), theme));
        let kept_in = run.folder.as_deref().unwrap_or("-");
        let text = format!(
            "{}{}{}{}{}",
            called(&run.name, name, theme),
            left(kept_in, folder, theme),
            right(&best, BEST, theme),
            right(&run.epochs.len().to_string(), EPOCHS, theme),
            right(&format!("{} ", clock(run.seconds())), TIME, theme)
        );
        let marker = if index == chosen {
            theme.sign("›", ">")
        } else {
            " "
        };
        let line = Line::from(vec![
            Span::styled(marker, theme.accent()),
            Span::styled(sign, style),
            Span::raw(format!(" {text}")),
        ]);
        let row_style = if index == chosen {
            theme.selected()
        } else {
            Style::new()
        };
        lines.push(line.style(row_style));
    }
    frame.render_widget(Paragraph::new(lines), inner);
}
