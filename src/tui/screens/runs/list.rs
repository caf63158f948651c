//! The table of runs.

use super::baseline::{self, pinned};
use super::order::{Sort, mean_seconds, seconds};
use super::rows::Row;
use crate::runs::Fold;
use crate::stats::Spread;
use crate::text::{clock, escape_controls};
use crate::train::best_epoch;
use crate::tui::run_state::PastRun;
use crate::tui::shared::Shared;
use crate::tui::widgets::label::{cut, left, plain, right};
use crate::tui::widgets::window::window;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

/// The row of the list at a place of the screen.
pub fn row_at(area: Rect, count: usize, chosen: usize, at: Position) -> Option<usize> {
    // The first line is the header.
    if !area.contains(at) || at.y == area.y {
        return None;
    }
    let rows = usize::from(area.height.saturating_sub(1));
    let row = window(chosen, rows, count).start + usize::from(at.y - area.y - 1);
    (row < count).then_some(row)
}

/// Widths of the columns between name and time; 0 leaves one out.
struct Columns {
    name: usize,
    network: usize,
    last: usize,
    /// Differences to the baseline.
    accuracy: usize,
    ratio: usize,
}

const EPOCHS: usize = 9;
/// `0.9331 ± 0.0025 @ 12`, with a sign more in ASCII.
const BEST: usize = 23;
/// `0.9331 ± 0.0025 sd`, with a sign more in ASCII.
const LAST: usize = 20;
const TIME: usize = 9;

impl Columns {
    fn of(width: usize, has_baseline: bool) -> Self {
        // What can do without goes first: the details show it too.
        let mut last = LAST;
        let accuracy = if has_baseline { baseline::ACCURACY } else { 0 };
        let ratio = if has_baseline && width >= 100 {
            baseline::TIME
        } else {
            0
        };
        let fixed = 2 + EPOCHS + BEST + TIME + accuracy + ratio;
        if width < fixed + last + 38 {
            last = 0;
        }
        let text = width.saturating_sub(fixed + last);
        let network = if text < 34 || (has_baseline && text < 40) {
            0
        } else {
            (text * 3 / 10).clamp(11, 24)
        };
        Self {
            name: text - network,
            network,
            last,
            accuracy,
            ratio,
        }
    }
}

/// Draws the table.
pub fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    runs: &[Row<'_>],
    chosen: usize,
    sort: Sort,
    shared: &Shared,
) {
    let theme = shared.theme;
    let baseline = pinned(shared);
    let columns = Columns::of(usize::from(area.width), baseline.is_some());
    let title = |text: &str, by: Option<Sort>| match by == Some(sort) {
        true if sort == Sort::Time => format!("{}{text}", theme.sign("▴", "^")),
        true => format!("{}{text}", theme.sign("▾", "v")),
        false => text.to_owned(),
    };
    let cell = |text: &str, by: Option<Sort>, width: usize, at_left: bool| {
        let text = title(text, by);
        let text = if at_left {
            left(&text, width, theme)
        } else {
            right(&text, width, theme)
        };
        let style = if by == Some(sort) {
            theme.accent()
        } else {
            theme.dim()
        };
        Span::styled(text, style)
    };
    let header = Line::from(vec![
        Span::raw("  "),
        cell("run", Some(Sort::Newest), columns.name, true),
        cell(" network", None, columns.network, true),
        cell("epochs", None, EPOCHS, false),
        cell("best val., picked", Some(Sort::Accuracy), BEST, false),
        cell("last", None, columns.last, false),
        cell(
            theme.sign("Δ last", "d last"),
            None,
            columns.accuracy,
            false,
        ),
        cell("time", Some(Sort::Time), TIME, false),
        cell(theme.sign("× time", "x time"), None, columns.ratio, false),
    ]);
    let mut lines = vec![header];
    let rows = usize::from(area.height.saturating_sub(1));
    let first = window(chosen, rows, runs.len()).start;
    for (index, row) in runs.iter().enumerate().skip(first).take(rows) {
        let mut spans = match row {
            Row::Run(run) => cells_of_run(run, &name_of_run(run, shared), &columns, shared),
            Row::Seed(run) => {
                let seed = run.spec.as_ref().map_or(0, |spec| spec.seed);
                let branch = theme.sign("└", "-");
                let name = format!("  {branch} seed {seed}  {}", run.called());
                cells_of_run(run, &name, &columns, shared)
            }
            Row::Fold { fold, is_open } => cells_of_fold(fold, *is_open, &columns, shared),
        };
        let marker = if index == chosen {
            theme.sign("› ", "> ")
        } else {
            "  "
        };
        spans.insert(0, Span::styled(marker, theme.accent()));
        let style = if index == chosen {
            theme.selected()
        } else {
            Style::new()
        };
        lines.push(Line::from(spans).style(style));
    }
    frame.render_widget(Paragraph::new(lines), area);
}

fn name_of_run(run: &PastRun, shared: &Shared) -> String {
    // Which sweep it is in the details say; the list has room for what its members differ in.
    let name = plain(run.called(), shared.theme);
    match run.member() {
        Some(_) => format!("{}{name}", shared.theme.sign("└ ", "- ")),
        None => name,
    }
}

/// The cells of runs that differ by the seed alone: means, and how far single runs lie from them.
fn cells_of_fold(
    fold: &Fold,
    is_open: bool,
    columns: &Columns,
    shared: &Shared,
) -> Vec<Span<'static>> {
    let theme = shared.theme;
    let Some(first) = fold.runs.first() else {
        return Vec::new();
    };
    let sign = match is_open {
        true => theme.sign("▾", "v"),
        false => theme.sign("▸", "+"),
    };
    let name = format!("{sign} {} × {}", fold.runs.len(), first.called());
    let name = plain(&name, theme);
    let (network, epochs) = match &first.spec {
        Ok(spec) => (&*first.title, spec.epochs),
        Err(_) => ("", 0),
    };
    let complete = fold.complete().len();
    let epochs = match complete == fold.runs.len() {
        true => plain(&format!("{complete} × {epochs}"), theme),
        false => format!("{complete}/{} done", fold.runs.len()),
    };
    let is_under_way = fold
        .runs
        .iter()
        .any(|run| run.in_use || shared.is_under_way(&run.path));
    let epochs_style = match is_under_way {
        true => theme.good().add_modifier(Modifier::BOLD),
        false if complete < fold.runs.len() => theme.warning(),
        false => Style::new(),
    };
    let none = || "-".to_owned();
    let spread = |spread: Option<Spread>| match spread {
        Some(spread) if spread.count > 1 => plain(&format!("{spread} sd"), theme),
        Some(spread) => spread.to_string(),
        None => none(),
    };
    let difference = pinned(shared).and_then(|other| baseline::accuracy_of_fold(fold, other));
    let difference = plain(&difference.unwrap_or_else(none), theme);
    let time = mean_seconds(fold).unwrap_or(0.0);
    let ratio = pinned(shared).and_then(|other| baseline::ratio(time, other));
    vec![
        Span::raw(left(&name, columns.name, theme)),
        Span::styled(
            left(&format!(" {network}"), columns.network, theme),
            theme.dim(),
        ),
        Span::styled(right(&epochs, EPOCHS, theme), epochs_style),
        Span::raw(right(&spread(fold.best()), BEST, theme)),
        Span::raw(right(&spread(fold.last()), columns.last, theme)),
        Span::raw(right(&difference, columns.accuracy, theme)),
        Span::raw(right(&clock(time), TIME, theme)),
        Span::styled(
            right(
                &plain(&ratio.unwrap_or_else(none), theme),
                columns.ratio,
                theme,
            ),
            theme.dim(),
        ),
    ]
}

fn cells_of_run(
    run: &PastRun,
    name: &str,
    columns: &Columns,
    shared: &Shared,
) -> Vec<Span<'static>> {
    let theme = shared.theme;
    let name = Span::raw(left(name, columns.name, theme));
    let spec = match &run.spec {
        Ok(spec) => spec,
        Err(reason) => {
            let room = columns.network
                + EPOCHS
                + BEST
                + columns.last
                + columns.accuracy
                + TIME
                + columns.ratio;
            let reason = cut(&escape_controls(reason), room.saturating_sub(1), theme);
            return vec![name, Span::styled(format!(" {reason}"), theme.bad())];
        }
    };
    let none = || "-".to_owned();
    let best = best_epoch(&run.epochs);
    let last = run.epochs.last();
    let network = left(
        &format!(" {}", plain(&run.title, theme)),
        columns.network,
        theme,
    );
    let epochs = format!("{}/{}", run.epochs.len(), spec.epochs);
    let epochs = right(&epochs, EPOCHS, theme);
    let epochs_style = if run.in_use || shared.is_under_way(&run.path) {
        theme.good().add_modifier(Modifier::BOLD)
    } else if run.can_go_on() {
        theme.warning()
    } else {
        Style::new()
    };
    let best = best.map_or_else(none, |best| {
        let accuracy = run.accuracy(best.validation_accuracy);
        plain(&format!("{accuracy} @{:>3}", best.epoch), theme)
    });
    let last = last.map_or_else(none, |last| {
        let accuracy = run.accuracy(last.validation_accuracy);
        plain(&accuracy.to_string(), theme)
    });
    let baseline = pinned(shared);
    let is_baseline = baseline.is_some_and(|baseline| baseline.path == run.path);
    let beside = |difference: &dyn Fn(&PastRun) -> Option<String>, cells| {
        let text = baseline.and_then(difference).unwrap_or_else(none);
        right(&plain(&text, theme), cells, theme)
    };
    let (accuracy, ratio) = if is_baseline {
        let name = right("baseline", columns.accuracy, theme);
        (
            Span::styled(name, theme.accent()),
            right("", columns.ratio, theme),
        )
    } else {
        let dataset = shared.dataset().map(AsRef::as_ref);
        let accuracy = |other: &PastRun| baseline::accuracy(run, other, dataset);
        let accuracy = beside(&accuracy, columns.accuracy);
        let ratio = beside(&|other| baseline::time(run, other), columns.ratio);
        (Span::raw(accuracy), ratio)
    };
    vec![
        name,
        Span::styled(network, theme.dim()),
        Span::styled(epochs, epochs_style),
        Span::raw(right(&best, BEST, theme)),
        Span::raw(right(&last, columns.last, theme)),
        accuracy,
        Span::raw(right(&clock(seconds(run)), TIME, theme)),
        Span::styled(ratio, theme.dim()),
    ]
}
