//! The test of a network, and how it is drawn.

use crate::spec::{CheckedSpec, Spec};
use crate::text::{escape_controls, two_digits, wrap};
use crate::train::{LrFindEnd, LrFindOptions, LrFindResult, LrStep};
use crate::tui::message::RateNews;
use crate::tui::theme::Theme;
use crate::tui::widgets::gauge;
use crate::tui::widgets::label::{cut_marked, plain};
use crate::tui::widgets::line_chart::{LineChart, Series};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;
use std::sync::Arc;

/// The test of a network.
#[derive(Debug)]
pub struct RateFinder {
    pub(super) spec: CheckedSpec,
    steps: Vec<LrStep>,
    /// None while it is under way.
    outcome: Option<Result<Arc<LrFindResult>, String>>,
    /// The suggestion that Enter takes.
    pub(super) chosen: usize,
}

impl RateFinder {
    /// Of this network, at its beginning.
    pub fn new(spec: CheckedSpec) -> Self {
        Self {
            spec,
            steps: Vec::new(),
            outcome: None,
            chosen: 0,
        }
    }

    /// Whether it is under way.
    pub fn is_under_way(&self) -> bool {
        self.outcome.is_none()
    }

    /// Takes news of the test.
    pub fn observe(&mut self, news: &RateNews) {
        match news {
            RateNews::Step(step) => self.steps.push(*step),
            RateNews::Done(result) => self.outcome = Some(Ok(Arc::clone(result))),
            RateNews::Failed(reason) => self.outcome = Some(Err(reason.clone())),
        }
    }

    /// The suggested rates, each with why; none before the end, and where the loss never fell.
    pub(super) fn suggestions(&self) -> Vec<(f64, String)> {
        let result = self.outcome.as_ref().and_then(|it| it.as_ref().ok());
        let found = result.and_then(|result| result.suggestion);
        found.map_or_else(Vec::new, |found| {
            let minimum = two_digits(found.minimum);
            vec![
                (found.steepest, "the loss falls fastest here".to_owned()),
                (
                    found.tenth_of_minimum,
                    format!("a tenth of where it is lowest ({minimum})"),
                ),
            ]
        })
    }

    fn words(&self, theme: Theme) -> (String, Style) {
        match &self.outcome {
            None => (String::new(), theme.dim()),
            Some(Err(reason)) => (escape_controls(reason), theme.bad()),
            Some(Ok(result)) => {
                let last = result.steps.last().map_or(0.0, |step| step.learning_rate);
                let last = two_digits(last);
                let end = match result.end {
                    LrFindEnd::Reached => format!("the last rate was reached: {last}"),
                    LrFindEnd::Rose => {
                        format!("after {last} the loss was more than four times its lowest")
                    }
                    LrFindEnd::NotFinite => {
                        format!("after {last} the loss was not a finite number")
                    }
                    LrFindEnd::Stopped => format!("stopped after {last}"),
                };
                let none = match result.suggestion {
                    Some(_) => "",
                    None => "; the loss never fell long enough to suggest a rate",
                };
                (format!("{end}{none}"), theme.dim())
            }
        }
    }

    /// Draws it.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, shown: &Spec, theme: Theme) {
        let area = area.intersection(frame.area());
        let width = usize::from(area.width);
        let suggestions = self.suggestions();
        let foot = if area.height >= 12 { 4 } else { 0 };
        let [head, plot, foot] = Layout::vertical([
            Constraint::Length(3.min(area.height)),
            Constraint::Min(0),
            Constraint::Length(foot),
        ])
        .areas(area);
        let before = match self.spec == *shown {
            true => "",
            false => " (before its last edits)",
        };
        let name = escape_controls(&self.spec.name);
        let title = format!(
            " Which learning rate for {name}{before}? {} raises it step by step",
            self.spec.optimizer.kind()
        );
        let all = LrFindOptions::default().steps;
        let (words, style) = self.words(theme);
        let state = match self.is_under_way() {
            true => {
                let share = self.steps.len() as f64 / all as f64;
                let text = format!("{} of {all} steps", self.steps.len());
                gauge::line(theme, " training", share, 20, &text)
            }
            false => {
                let text = format!(" {words}");
                Line::styled(cut_marked(&plain(&text, theme), width, theme), style)
            }
        };
        let head_lines = vec![
            Line::styled(
                cut_marked(&plain(&title, theme), width, theme),
                theme.accent(),
            ),
            state,
            Line::styled(" smoothed loss over learning rate", theme.dim()),
        ];
        frame.render_widget(Paragraph::new(head_lines), head);
        self.draw_curve(frame, plot, theme);
        let mut lines = vec![Line::default()];
        for (index, (rate, why)) in suggestions.iter().enumerate() {
            let is_chosen = index == self.chosen;
            let mark = if is_chosen {
                theme.sign("▌", ">")
            } else {
                " "
            };
            let text = format!("{mark} {:<8} {why}", two_digits(*rate));
            let line = Line::raw(cut_marked(&plain(&text, theme), width, theme));
            lines.push(match is_chosen {
                true => line.style(theme.selected()),
                false => line,
            });
        }
        if suggestions.is_empty() && !self.is_under_way() {
            let text =
                "r runs it again. A larger batch and more training images make the curve smoother.";
            let text = wrap(text, width.saturating_sub(2).max(1));
            lines.extend(
                text.into_iter()
                    .map(|line| Line::styled(format!(" {line}"), theme.dim())),
            );
        }
        frame.render_widget(Paragraph::new(lines), foot);
    }

    fn draw_curve(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
        let (Some(first), Some(last)) = (self.steps.first(), self.steps.last()) else {
            return;
        };
        let points = self.steps.iter();
        let points: Vec<(f64, f64)> = points
            .map(|step| (step.learning_rate.log10(), step.smoothed_loss))
            .collect();
        let chosen = self.suggestions().get(self.chosen).map(|(rate, _)| *rate);
        let nearest = chosen.and_then(|rate| {
            let distance = |step: &&LrStep| (step.learning_rate.ln() - rate.ln()).abs();
            let steps = self.steps.iter();
            steps.min_by(|a, b| distance(a).total_cmp(&distance(b)))
        });
        let chart = LineChart {
            theme,
            series: vec![Series {
                points,
                style: theme.training(),
                letter: None,
                is_strong: false,
            }],
            x: (first.learning_rate.log10(), last.learning_rate.log10()),
            logarithmic: false,
            limits: (0.0, f64::INFINITY),
            mark: nearest.map(|step| (step.learning_rate.log10(), step.smoothed_loss)),
        };
        chart.draw_decades(frame.buffer_mut(), area);
    }
}
