//! Accuracy and loss of both runs, over epochs or over time.

use super::state::Compare;
use crate::train::EpochMetrics;
use crate::tui::theme::Theme;
use crate::tui::widgets::line_chart::{LineChart, Series};
use crate::tui::widgets::over::Axis;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

/// The letters of the two.
pub const LETTERS: [char; 2] = ['A', 'B'];

/// What a chart shows.
struct Quantity {
    name: &'static str,
    of: fn(&EpochMetrics) -> f64,
    limits: (f64, f64),
}

const QUANTITIES: [Quantity; 2] = [
    Quantity {
        name: "validation accuracy",
        of: |epoch| epoch.validation_accuracy,
        limits: (0.0, 1.0),
    },
    Quantity {
        name: "loss",
        of: |epoch| epoch.validation_loss,
        limits: (0.0, f64::INFINITY),
    },
];

/// Draws both charts, or where there is room for one, the accuracy.
pub fn draw(compare: &Compare, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let epochs = compare.runs.each_ref().map(|run| run.epochs.as_slice());
    let axis = Axis::new(compare.over, epochs);
    let halves = [Constraint::Fill(1), Constraint::Fill(1)];
    let places = if area.width >= 60 && area.width / 2 >= area.height {
        Layout::horizontal(halves).spacing(2).split(area)
    } else if area.height >= 14 {
        Layout::vertical(halves).split(area)
    } else {
        Layout::vertical([Constraint::Fill(1)]).split(area)
    };
    for (quantity, place) in QUANTITIES.iter().zip(places.iter()) {
        let [title, plot] =
            Layout::vertical([Constraint::Length(1), Constraint::Fill(1)]).areas(*place);
        let Some(chart) = chart(epochs, quantity, axis, theme) else {
            let text = "no epoch was finished";
            frame.render_widget(Span::styled(text, theme.dim()), title);
            continue;
        };
        let bold = theme.text().add_modifier(Modifier::BOLD);
        let words = Line::from(vec![
            Span::styled(quantity.name, bold),
            Span::styled(format!("  over {}", axis.unit), theme.dim()),
        ]);
        frame.render_widget(words, title);
        chart.draw(frame.buffer_mut(), plot);
    }
}

fn chart(
    runs: [&[EpochMetrics]; 2],
    quantity: &Quantity,
    axis: Axis,
    theme: Theme,
) -> Option<LineChart> {
    let series: Vec<Series> = runs
        .iter()
        .enumerate()
        .map(|(index, epochs)| Series {
            points: axis
                .positions(epochs)
                .into_iter()
                .zip(epochs.iter().map(quantity.of))
                .collect(),
            style: theme.series(index),
            letter: Some(LETTERS[index]),
            is_strong: false,
        })
        .collect();
    let all = series.iter().flat_map(|series| &series.points);
    let (first, last) = crate::text::ticks::range(all.map(|point| point.0))?;
    Some(LineChart {
        theme,
        series,
        x: (axis.start(first), last),
        logarithmic: false,
        limits: quantity.limits,
        mark: None,
    })
}
