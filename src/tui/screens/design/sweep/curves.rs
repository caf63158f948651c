//! The validation accuracy of the best combinations, and of the chosen one, over the epochs.

use super::state::SweepPanel;
use crate::spec::vary::label;
use crate::stats::line;
use crate::text::ticks;
use crate::tui::theme::Theme;
use crate::tui::widgets::label::{cut_marked, plain};
use crate::tui::widgets::line_chart::{LineChart, Series, edges};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

/// Curves of the best that are drawn, beside the chosen one.
const BEST: usize = 3;

/// The combinations with a curve, by their rank: the best, and the chosen one.
fn drawn(panel: &SweepPanel) -> Vec<usize> {
    let groups = panel.groups();
    let mut drawn: Vec<usize> = (0..groups.len().min(BEST)).collect();
    if !drawn.contains(&panel.cursor) && panel.cursor < groups.len() {
        drawn.push(panel.cursor);
    }
    drawn.retain(|index| groups[*index].curve.len() > 1);
    drawn
}

/// The letter of a combination's curve, and its place among the curves, if it has one.
pub fn letter(panel: &SweepPanel, index: usize) -> Option<(char, usize)> {
    let place = drawn(panel).iter().position(|drawn| *drawn == index)?;
    Some((char::from(b'A' + place as u8), place))
}

impl SweepPanel {
    pub(super) fn draw_curves(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
        if area.is_empty() {
            return;
        }
        let drawn = drawn(self);
        if drawn.is_empty() {
            let text = " curves begin with the second epoch";
            frame.render_widget(Line::styled(text, theme.dim()), area);
            return;
        }
        let legend = drawn.len() as u16 + 1;
        let legend = if area.height >= legend + 6 { legend } else { 0 };
        let [words, plot] =
            Layout::vertical([Constraint::Length(legend), Constraint::Fill(1)]).areas(area);
        let groups = self.groups();
        let varies = self.form.varies().unwrap_or_default();
        let width = usize::from(area.width).saturating_sub(3);
        let mut lines = vec![Line::styled(
            cut_marked(" validation accuracy over epochs", width, theme),
            theme.dim(),
        )];
        let mut series: Vec<Series> = Vec::new();
        for index in &drawn {
            let group = &groups[*index];
            let Some((letter, place)) = letter(self, *index) else {
                continue;
            };
            let style = theme.series(place);
            let text = plain(&label(&varies, &group.values), theme);
            lines.push(Line::from(vec![
                Span::styled(format!(" {letter} "), style),
                Span::raw(cut_marked(&text, width, theme)),
            ]));
            if group.seeds > 1 {
                series.extend(edges(&group.curve, theme.dim()));
            }
            series.push(Series {
                points: line(&group.curve, 0.0),
                style,
                letter: Some(letter),
                is_strong: false,
            });
        }
        frame.render_widget(Paragraph::new(lines), words);
        let points = series.iter().flat_map(|series| &series.points);
        let Some(x) = ticks::range(points.map(|point| point.0)) else {
            return;
        };
        let chart = LineChart {
            theme,
            series,
            x,
            logarithmic: false,
            limits: (0.0, 1.0),
            mark: None,
        };
        chart.draw(frame.buffer_mut(), plot);
    }
}
