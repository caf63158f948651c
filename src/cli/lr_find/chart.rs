//! The app's chart as text: the smoothed loss over the learning rate.

use crate::train::{LrFindResult, LrStep};
use crate::tui::theme::Theme;
use crate::tui::widgets::line_chart::{LineChart, Series};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use std::io::IsTerminal;

/// The mark at a tenth of the minimum.
pub const TENTH: char = 'm';

/// Columns and rows if stdout is not a terminal.
const SIZE: (u16, u16) = (80, 20);
/// Lines printed above and below the chart.
const OTHER_LINES: u16 = 12;

/// The chart, as wide as the terminal; its height leaves room for the other lines.
pub fn text(from: f64, to: f64, result: &LrFindResult, ascii: bool) -> String {
    let (width, height) = match crossterm::terminal::size() {
        Ok((width, height)) if std::io::stdout().is_terminal() => (
            width.clamp(20, 200),
            height.saturating_sub(OTHER_LINES).clamp(8, 30),
        ),
        _ => SIZE,
    };
    draw(from, to, result, ascii, Rect::new(0, 0, width, height))
}

fn draw(from: f64, to: f64, result: &LrFindResult, ascii: bool, area: Rect) -> String {
    let point = |step: &LrStep| (step.learning_rate.log10(), step.smoothed_loss);
    let curve = Series {
        points: result.steps.iter().map(point).collect(),
        style: Style::new(),
        letter: None,
        is_strong: false,
    };
    let at = |rate: f64| {
        let reached = |step: &&LrStep| step.learning_rate >= rate;
        result.steps.iter().find(reached).map(point)
    };
    let mut series = vec![curve];
    if let Some(found) = &result.suggestion {
        series.push(Series {
            points: at(found.tenth_of_minimum).into_iter().collect(),
            style: Style::new(),
            letter: Some(TENTH),
            is_strong: false,
        });
    }
    let chart = LineChart {
        theme: Theme {
            ascii,
            ..Theme::default()
        },
        series,
        x: (from.log10(), to.log10()),
        logarithmic: false,
        limits: (0.0, f64::INFINITY),
        mark: result.suggestion.and_then(|found| at(found.steepest)),
    };
    let mut buffer = Buffer::empty(area);
    chart.draw_decades(&mut buffer, area);
    lines(&buffer)
}

/// The buffer's text, without its colours.
fn lines(buffer: &Buffer) -> String {
    let width = usize::from(buffer.area.width).max(1);
    let rows = buffer.content.chunks(width).map(|row| {
        let line: String = row.iter().map(|cell| cell.symbol()).collect();
        format!("{}\n", line.trim_end())
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Precision;
    use crate::train::{LrFindEnd, LrSuggestion};

    fn result() -> LrFindResult {
        let steps = (0..150).map(|step| {
            let learning_rate = 1e-6 * 10_f64.powf(f64::from(step) * 6.0 / 199.0);
            let x = learning_rate.log10();
            let smoothed_loss =
                0.4 + 1.9 / (1.0 + (4.0 * (x + 3.5)).exp()) + (6.0 * (x + 1.9)).exp();
            LrStep {
                learning_rate,
                loss: smoothed_loss,
                smoothed_loss,
            }
        });
        LrFindResult {
            steps: steps.collect(),
            end: LrFindEnd::Rose,
            suggestion: Some(LrSuggestion {
                steepest: 3.2e-4,
                minimum: 5e-3,
                tenth_of_minimum: 5e-4,
            }),
            threads: 1,
            precision: Precision::F32,
            notice: None,
        }
    }

    #[test]
    fn the_curve_its_decades_and_its_marks() {
        let area = Rect::new(0, 0, 80, 16);
        insta::assert_snapshot!("lr-chart", draw(1e-6, 1.0, &result(), false, area));
        let ascii = draw(1e-6, 1.0, &result(), true, area);
        assert!(ascii.is_ascii(), "{ascii}");
        insta::assert_snapshot!("lr-chart-ascii", ascii);
    }

    #[test]
    fn nothing_and_no_size_panics() {
        let empty = LrFindResult {
            steps: Vec::new(),
            suggestion: None,
            ..result()
        };
        for result in [empty, result()] {
            for (width, height) in [(0, 0), (1, 1), (20, 8), (80, 3), (200, 60)] {
                for (from, to) in [(1e-6, 1.0), (0.02, 0.03), (1e-9, 1000.0)] {
                    draw(from, to, &result, false, Rect::new(0, 0, width, height));
                }
            }
        }
    }
}
