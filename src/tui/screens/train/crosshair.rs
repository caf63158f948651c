//! A vertical line over the curves, and what all runs had reached there.

use super::compare::{RunView, letter};
use crate::text::clock;
use crate::train::EpochMetrics;
use crate::tui::shared::Shared;
use crate::tui::theme::Theme;
use crate::tui::widgets::label::{called, left, right};
use crate::tui::widgets::over::Over;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

/// Where the line can stand: at the epochs of all runs, in ascending order. All positions here are numbers
/// of epochs, or seconds.
pub fn positions(runs: &[RunView<'_>], over: Over) -> Vec<f64> {
    let all = runs.iter().flat_map(|run| over.positions(run.epochs));
    let mut all: Vec<f64> = all.filter(|at| at.is_finite()).collect();
    all.sort_by(f64::total_cmp);
    all.dedup();
    all
}

/// The position `steps` further on; a line that was not shown appears at the last position. None where
/// there is no position.
pub fn moved(at: Option<f64>, steps: isize, positions: &[f64]) -> Option<f64> {
    let last = positions.len().checked_sub(1)?;
    let Some(at) = at else {
        return positions.last().copied();
    };
    // One that stands between two positions steps to the next on either side.
    let (left, right) = (
        positions.partition_point(|position| *position < at),
        positions.partition_point(|position| *position <= at),
    );
    let index = match steps < 0 {
        true => left.saturating_add_signed(steps),
        false => right.saturating_add_signed(steps).saturating_sub(1),
    };
    positions.get(index.min(last)).copied()
}

/// The position nearest to `x`.
pub fn nearest(x: f64, positions: &[f64]) -> Option<f64> {
    let distance = |position: &f64| (position - x).abs();
    let mut positions = positions.iter().copied();
    let first = positions.next()?;
    Some(positions.fold(first, |best, position| {
        if distance(&position) < distance(&best) {
            position
        } else {
            best
        }
    }))
}

/// Where curves were drawn last, for the mouse.
#[derive(Clone, Copy, Debug)]
pub struct Plot {
    /// The cells of the curves.
    pub place: Rect,
    /// First and last value of the horizontal axis.
    pub x: (f64, f64),
}

impl Plot {
    /// The value of the horizontal axis at a place of the screen; none outside the plot.
    pub fn x_at(&self, at: Position) -> Option<f64> {
        let Self { place, x } = self;
        let across = f64::from(at.x.checked_sub(place.x)?);
        let share = across / f64::from(place.width.saturating_sub(1).max(1));
        place.contains(at).then_some(x.0 + share * (x.1 - x.0))
    }
}

/// The place of the first run's same epoch on another axis.
pub fn on_other_axis(runs: &[RunView<'_>], (before, after): (Over, Over), at: f64) -> Option<f64> {
    let run = runs.first()?;
    let reached = before.positions(run.epochs);
    let epoch = reached.partition_point(|position| *position <= at).max(1);
    after.positions(run.epochs).get(epoch - 1).copied()
}

/// The last epoch that a run had finished there. Over epochs none after the run's end; over time a run
/// that is over stays where it came to.
pub fn reading(epochs: &[EpochMetrics], over: Over, at: f64) -> Option<&EpochMetrics> {
    let positions = over.positions(epochs);
    let count = positions.partition_point(|position| *position <= at);
    let index = count.checked_sub(1)?;
    let is_after_the_end = count == positions.len() && positions[index] < at;
    let epoch = epochs.get(index)?;
    (!is_after_the_end || over == Over::Time).then_some(epoch)
}

/// Rows of the table for this many runs, in a screen of `height` rows.
pub fn height(height: u16, runs: usize) -> u16 {
    (runs as u16 + 1).min(height * 2 / 5)
}

/// The columns after the name: title, width, and value. Those at the end are left out where there is no
/// room.
type Column = (&'static str, usize, fn(&EpochMetrics) -> Option<f64>);
const COLUMNS: [Column; 6] = [
    ("v acc.", 8, |epoch| Some(epoch.validation_accuracy)),
    ("v loss", 8, |epoch| Some(epoch.validation_loss)),
    ("t acc.", 8, |epoch| Some(epoch.train_accuracy)),
    ("t loss", 8, |epoch| Some(epoch.train_loss)),
    ("e acc.", 8, |epoch| epoch.train_eval_accuracy),
    ("e loss", 8, |epoch| epoch.train_eval_loss),
];
/// Cells of the epoch and the time.
const EPOCH: usize = 6;
const TIME: usize = 9;
/// Cells of a name, at least.
const NAME: usize = 12;

/// Draws the exact values of all runs at the line, without any smoothing.
pub fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    shared: &Shared,
    compared: &[(usize, RunView<'_>)],
    (over, at): (Over, f64),
) {
    let theme = shared.theme;
    let cells = usize::from(area.width);
    let mut columns = COLUMNS.len();
    let fixed = 3 + EPOCH + TIME;
    let widths = |columns: usize| {
        COLUMNS[..columns]
            .iter()
            .map(|column| column.1)
            .sum::<usize>()
    };
    while columns > 1 && fixed + widths(columns) + NAME > cells {
        columns -= 1;
    }
    let name = cells.saturating_sub(fixed + widths(columns));
    let titles = COLUMNS[..columns].iter();
    let titles: String = titles
        .map(|(title, width, _)| right(title, *width, theme))
        .collect();
    let header = format!(
        "   {}{}{titles}{}",
        left("Esc hides this", name, theme),
        right("epoch", EPOCH, theme),
        right("time", TIME, theme)
    );
    let row = |(sign, style): (String, Style), run: &RunView<'_>| {
        let epoch = reading(run.epochs, over, at);
        let number = epoch.map_or_else(none, |epoch| epoch.epoch.to_string());
        let time = epoch.map_or_else(none, |epoch| {
            let until = run
                .epochs
                .iter()
                .take_while(|other| other.epoch <= epoch.epoch);
            clock(until.map(|epoch| epoch.seconds).sum())
        });
        let values = COLUMNS[..columns].iter().map(|(_, width, value)| {
            let value = epoch.and_then(value);
            right(
                &value.map_or_else(none, |value| format!("{value:.4}")),
                *width,
                theme,
            )
        });
        Line::from(vec![
            Span::styled(format!(" {sign} "), style.add_modifier(Modifier::BOLD)),
            Span::raw(called(&run.name, name, theme)),
            Span::raw(right(&number, EPOCH, theme)),
            Span::raw(values.collect::<String>()),
            Span::styled(right(&time, TIME, theme), theme.dim()),
        ])
    };
    let own = shared.run.as_ref().map(RunView::of_session);
    let own = own.iter().map(|run| row(sign_of_own(theme), run));
    let others = compared.iter().map(|(index, run)| {
        let sign = letter(*index).to_string();
        row((sign, theme.series(*index)), run)
    });
    let header = Line::styled(header, theme.dim());
    let lines: Vec<Line<'_>> = std::iter::once(header).chain(own).chain(others).collect();
    frame.render_widget(Paragraph::new(lines), area);
}

fn none() -> String {
    "-".into()
}

fn sign_of_own(theme: Theme) -> (String, Style) {
    ("v".into(), theme.validation())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::screens::train::compare::RunKey;

    fn epochs(count: usize, seconds: f64) -> Vec<EpochMetrics> {
        let line = r#"{"epoch":1,"train_loss":1.0,"train_accuracy":0.5,"validation_loss":1.0,"validation_accuracy":0.6,"learning_rate":0.1,"seconds":1.0,"images_per_second":10.0}"#;
        let first: EpochMetrics = serde_json::from_str(line).unwrap();
        let numbers = 1..=count;
        let epoch = |epoch| EpochMetrics {
            epoch,
            seconds,
            ..first
        };
        numbers.map(epoch).collect()
    }

    fn view(epochs: &[EpochMetrics]) -> RunView<'_> {
        RunView {
            validation_images: 0,
            key: RunKey::Session(1),
            name: "run".into(),
            folder: None,
            epochs,
        }
    }

    #[test]
    fn the_line_steps_over_the_epochs_of_all_runs() {
        let (fast, slow) = (epochs(3, 2.0), epochs(2, 5.0));
        let runs = [view(&fast), view(&slow)];
        assert_eq!(positions(&runs, Over::Epochs), [1.0, 2.0, 3.0]);
        let times = positions(&runs, Over::Time);
        assert_eq!(times, [2.0, 4.0, 5.0, 6.0, 10.0]);
        assert_eq!(moved(None, -1, &times), Some(10.0));
        assert_eq!(moved(Some(5.0), 1, &times), Some(6.0));
        assert_eq!(moved(Some(5.0), -1, &times), Some(4.0));
        assert_eq!(moved(Some(4.5), -1, &times), Some(4.0));
        assert_eq!(moved(Some(4.5), 1, &times), Some(5.0));
        assert_eq!(moved(Some(5.0), isize::MIN, &times), Some(2.0));
        assert_eq!(moved(Some(5.0), isize::MAX, &times), Some(10.0));
        assert_eq!(moved(Some(1.0), 1, &[]), None);
        assert_eq!(nearest(4.4, &times), Some(4.0));
        let other = on_other_axis(&runs, (Over::Epochs, Over::Time), 2.0);
        assert_eq!(other, Some(4.0));
    }

    #[test]
    fn a_run_is_read_where_it_had_come_to() {
        let (fast, slow) = (epochs(3, 2.0), epochs(2, 5.0));
        let read = |over, at| {
            let epoch = |epochs| reading(epochs, over, at).map(|epoch| epoch.epoch);
            [epoch(&fast), epoch(&slow)]
        };
        assert_eq!(read(Over::Epochs, 3.0), [Some(3), None]);
        assert_eq!(read(Over::Time, 4.0), [Some(2), None]);
        assert_eq!(read(Over::Time, 10.0), [Some(3), Some(2)]);
    }
}
