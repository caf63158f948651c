//! Accuracy and loss over the epochs.

use super::compare::{RunView, letter};
use super::crosshair::{Plot, reading};
use super::smoothing::{SMOOTHING, smoothed};
use super::state::Train;
use super::view::{View, ZOOM};
use crate::runs::band_of;
use crate::stats::line;
use crate::train::{EpochMetrics, Steered};
use crate::tui::run_state::RunState;
use crate::tui::shared::Shared;
use crate::tui::theme::Theme;
use crate::tui::widgets::label::{cut, plain};
use crate::tui::widgets::line_chart::{LineChart, Series, edges};
use crate::tui::widgets::over::{Axis, Over};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

/// What a chart shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quantity {
    Accuracy,
    Loss,
}

impl Quantity {
    /// On the training images as they were trained on.
    fn training(self, epoch: &EpochMetrics) -> Option<f64> {
        Some(match self {
            Self::Accuracy => epoch.train_accuracy,
            Self::Loss => epoch.train_loss,
        })
    }

    /// On training images after the epoch, in evaluation mode.
    fn training_evaluated(self, epoch: &EpochMetrics) -> Option<f64> {
        match self {
            Self::Accuracy => epoch.train_eval_accuracy,
            Self::Loss => epoch.train_eval_loss,
        }
    }

    /// On the validation images.
    fn validation(self, epoch: &EpochMetrics) -> Option<f64> {
        Some(match self {
            Self::Accuracy => epoch.validation_accuracy,
            Self::Loss => epoch.validation_loss,
        })
    }

    /// The curve of one of these.
    fn points(
        self,
        axis: Axis,
        epochs: &[EpochMetrics],
        of: fn(Self, &EpochMetrics) -> Option<f64>,
    ) -> Vec<(f64, f64)> {
        let places = axis.positions(epochs).into_iter().zip(epochs);
        let point = |(at, epoch)| Some((at, of(self, epoch)?));
        places.filter_map(point).collect()
    }

    fn limits(self) -> (f64, f64) {
        match self {
            Self::Accuracy => (0.0, 1.0),
            Self::Loss => (0.0, f64::INFINITY),
        }
    }
}

impl Train {
    /// Draws the charts that there is room for.
    pub(super) fn draw_curves(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        shared: &Shared,
        compared: &[(usize, RunView<'_>)],
    ) {
        self.plots.borrow_mut().clear();
        let single = match self.view {
            View::Accuracy => Some(Quantity::Accuracy),
            View::Loss => Some(Quantity::Loss),
            View::Both if area.width < 44 && area.height < 14 => Some(Quantity::Accuracy),
            View::Both => None,
        };
        if let Some(quantity) = single {
            self.draw_panel(frame, area, quantity, shared, compared);
            return;
        }
        let halves = [Constraint::Fill(1), Constraint::Fill(1)];
        let [accuracy, loss] = if area.width >= 44 && area.width / 2 >= area.height {
            Layout::horizontal(halves).spacing(2).areas(area)
        } else {
            Layout::vertical(halves).areas(area)
        };
        self.draw_panel(frame, accuracy, Quantity::Accuracy, shared, compared);
        self.draw_panel(frame, loss, Quantity::Loss, shared, compared);
    }

    fn draw_panel(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        quantity: Quantity,
        shared: &Shared,
        compared: &[(usize, RunView<'_>)],
    ) {
        let run = shared.run.as_ref();
        let has_epochs = has_epochs(run, compared);
        let others = compared.iter().map(|(_, run)| run.epochs);
        let own = run.map(|run| run.epochs.as_slice());
        let axis = Axis::new(self.over, own.into_iter().chain(others));
        let chart = if has_epochs {
            self.epoch_chart(quantity, axis, shared, compared)
        } else {
            run.and_then(|run| self.batch_chart(quantity, run, shared.theme))
        };
        let Some(chart) = chart else {
            let text = Paragraph::new("the curves begin with the first batches");
            let middle = Rect {
                y: area.y + area.height / 2,
                height: area.height.min(1),
                ..area
            };
            if quantity == Quantity::Accuracy {
                frame.render_widget(text.style(shared.theme.dim()).centered(), middle);
            }
            return;
        };
        let head = if area.height >= 8 { 2 } else { 1 };
        let [head, plot] =
            Layout::vertical([Constraint::Length(head), Constraint::Min(0)]).areas(area);
        self.draw_head(frame, head, quantity, (has_epochs, axis), shared);
        chart.draw(frame.buffer_mut(), plot);
        for at in run
            .filter(|_| has_epochs)
            .into_iter()
            .flat_map(|run| steered_at(run, self.over))
        {
            chart.draw_tick(frame.buffer_mut(), plot, axis.place(at));
        }
        if let Some(at) = self.crosshair.filter(|_| has_epochs) {
            chart.draw_cross(frame.buffer_mut(), plot, axis.place(at));
        }
        if let Some(place) = chart.plot(plot).filter(|_| has_epochs) {
            let x = axis.range_of(chart.x);
            self.plots.borrow_mut().push(Plot { place, x });
        }
    }

    /// What is drawn, how, and the last values.
    fn draw_head(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        quantity: Quantity,
        (has_epochs, axis): (bool, Axis),
        shared: &Shared,
    ) {
        let theme = shared.theme;
        let run = shared.run.as_ref();
        let [first, second] =
            Layout::vertical([Constraint::Length(1), Constraint::Length(1)]).areas(area);
        let name = match quantity {
            Quantity::Accuracy => "accuracy",
            Quantity::Loss => "loss",
        };
        let mut details = Vec::new();
        if !has_epochs {
            details.push("of each batch".to_owned());
        } else if self.over == Over::Time {
            details.push(format!("over {}", axis.unit));
        }
        if quantity == Quantity::Loss && self.log_loss {
            details.push("log".to_owned());
        }
        if let Some(last) = ZOOM[self.zoom] {
            details.push(format!("last {last}"));
        }
        if self.smoothing > 0 {
            details.push(format!("smoothed {}", SMOOTHING[self.smoothing]));
        }
        let width = usize::from(area.width);
        let best = run.and_then(RunState::best);
        let best = best.filter(|_| quantity == Quantity::Accuracy);
        let best = best.map_or(Line::default(), |best| {
            let sign = theme.sign("★", "*");
            let accuracy = run.map(|run| run.accuracy(best.validation_accuracy));
            let accuracy = accuracy.map_or_else(String::new, |accuracy| accuracy.to_string());
            let epoch = best.epoch;
            let texts = [
                format!("{sign} best {accuracy} @ {epoch}, picked"),
                format!("{sign} {accuracy} @ {epoch}, picked"),
                format!("{sign} {accuracy} @ {epoch}"),
                format!("{sign} {:.4} @ {epoch}", best.validation_accuracy),
            ];
            let texts = texts.map(|text| plain(&text, theme));
            let details: usize = details.iter().map(|detail| detail.len() + 2).sum();
            let taken = name.len() + 2 + details;
            let fits = |text: &&String| crate::text::width(text) + taken <= width;
            let text = texts.iter().find(fits).unwrap_or(&texts[3]).clone();
            Line::styled(text, theme.good())
        });
        let read = |at| run.and_then(|run| reading(&run.epochs, self.over, at));
        let last = run.and_then(|run| run.epochs.last());
        let epoch = self.crosshair.map_or(last, read);
        let legend = legend(epoch, quantity, width, theme);
        // With a single row the last values are worth more than the title.
        let right = if area.height >= 2 {
            best
        } else {
            legend.clone()
        };
        let room = width.saturating_sub(right.width() + name.len() + 4);
        let title = Line::from(vec![
            Span::styled(name, theme.text().add_modifier(Modifier::BOLD)),
            Span::styled(
                format!("  {}", cut(&details.join(", "), room, theme)),
                theme.dim(),
            ),
        ]);
        if right.width() + name.len() < width {
            frame.render_widget(title, first);
        }
        frame.render_widget(right.right_aligned(), first);
        if area.height >= 2 {
            frame.render_widget(legend.right_aligned(), second);
        }
    }

    fn epoch_chart(
        &self,
        quantity: Quantity,
        axis: Axis,
        shared: &Shared,
        compared: &[(usize, RunView<'_>)],
    ) -> Option<LineChart> {
        let theme = shared.theme;
        let run = shared.run.as_ref();
        let epochs = run.map_or(&[][..], |run| &run.epochs);
        let strength = SMOOTHING[self.smoothing];
        let mut series = Vec::new();
        for (index, other) in compared {
            series.push(Series {
                points: smoothed(
                    &quantity.points(axis, other.epochs, Quantity::validation),
                    strength,
                ),
                style: theme.series(*index),
                letter: Some(letter(*index)),
                is_strong: false,
            });
        }
        if self.over == Over::Epochs {
            series.extend(self.seeds(quantity, shared));
        }
        let points = |of| quantity.points(axis, epochs, of);
        let own = [
            (
                points(Quantity::training_evaluated),
                theme.training_evaluated(),
                'e',
            ),
            (points(Quantity::training), theme.training(), 't'),
            (points(Quantity::validation), theme.validation(), 'v'),
        ];
        if strength > 0.0 {
            series.extend(own.iter().map(|(points, ..)| Series {
                points: points.clone(),
                style: theme.dim(),
                letter: None,
                is_strong: false,
            }));
        }
        series.extend(own.map(|(points, style, letter)| Series {
            points: smoothed(&points, strength),
            style,
            letter: Some(letter),
            is_strong: letter == 'v',
        }));
        let best = run.and_then(RunState::best);
        let mut places = axis.positions(epochs).into_iter().zip(epochs);
        let best = best.and_then(|best| places.find(|(_, epoch)| epoch.epoch == best.epoch));
        Some(LineChart {
            theme,
            x: self.in_view(&series, axis, run)?,
            series,
            logarithmic: quantity == Quantity::Loss && self.log_loss,
            limits: quantity.limits(),
            mark: best
                .filter(|_| quantity == Quantity::Accuracy)
                .map(|(at, best)| (at, best.validation_accuracy)),
        })
    }

    /// Of the finished runs of several seeds: the mean of what they validate, and a deviation above and below.
    fn seeds(&self, quantity: Quantity, shared: &Shared) -> Vec<Series> {
        let runs = shared.session_runs.iter().chain(&shared.run);
        let runs = shared.seeds.finished(runs);
        let epochs = runs.iter().map(|run| run.epochs.as_slice());
        let band = band_of(epochs, |epoch| quantity.validation(epoch));
        if runs.len() < 2 {
            return Vec::new();
        }
        let theme = shared.theme;
        let mean = Series {
            points: line(&band, 0.0),
            style: theme.series(0),
            letter: Some('m'),
            is_strong: true,
        };
        let mut series = edges(&band, theme.dim()).to_vec();
        series.push(mean);
        series
    }

    /// First and last value of the horizontal axis.
    fn in_view(&self, series: &[Series], axis: Axis, run: Option<&RunState>) -> Option<(f64, f64)> {
        let all = series.iter().flat_map(|series| &series.points);
        let (first, last) = crate::text::ticks::range(all.map(|point| point.0))?;
        let first = axis.start(first);
        if let Some(recent) = ZOOM[self.zoom] {
            let start = match self.over {
                Over::Epochs => last - recent as f64 + 1.0,
                Over::Time => before_the_last(recent, series).unwrap_or(first),
            };
            return Some((start.max(first), last));
        }
        // While it trains, the curve has room to grow into, so that the axis seldom changes.
        let planned = run
            .filter(|run| run.is_active())
            .map_or(0.0, |run| planned_end(run, self.over, axis));
        let power = 10_f64.powf(last.max(1.0).log10().floor());
        let room = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power.max(10.0));
        let end = room.into_iter().find(|end| *end >= last).unwrap_or(last);
        Some((first, end.min(planned).max(last)))
    }

    /// The batches of the first epoch, as long as there is nothing else to see.
    fn batch_chart(&self, quantity: Quantity, run: &RunState, theme: Theme) -> Option<LineChart> {
        let last = run.batches.last()?;
        let points: Vec<(f64, f64)> = run
            .batches
            .iter()
            .map(|batch| {
                let value = match quantity {
                    Quantity::Accuracy => batch.accuracy,
                    Quantity::Loss => f64::from(batch.loss),
                };
                (batch.batch as f64, value)
            })
            .collect();
        Some(LineChart {
            theme,
            series: vec![Series {
                points: smoothed(&points, SMOOTHING[self.smoothing]),
                style: theme.training(),
                letter: Some('t'),
                is_strong: false,
            }],
            x: (1.0, last.batches.max(last.batch) as f64),
            logarithmic: quantity == Quantity::Loss && self.log_loss,
            limits: quantity.limits(),
            mark: None,
        })
    }
}

/// Where the run's settings changed: at the epoch that was under way, once that is drawn.
fn steered_at(run: &RunState, over: Over) -> Vec<f64> {
    let places = over.positions(&run.epochs);
    let place = |steered: &Steered| places.get(steered.epoch.checked_sub(1)?).copied();
    run.steering.iter().filter_map(place).collect()
}

/// Whether there is more to show than the batches of a first epoch.
pub fn has_epochs(run: Option<&RunState>, compared: &[(usize, RunView<'_>)]) -> bool {
    run.is_some_and(|run| !run.epochs.is_empty()) || !compared.is_empty()
}

/// Where the last `recent` epochs of the run begin that goes on longest.
fn before_the_last(recent: usize, series: &[Series]) -> Option<f64> {
    let end = |series: &&Series| series.points.last().map_or(f64::MIN, |point| point.0);
    let longest = series.iter().max_by(|a, b| end(a).total_cmp(&end(b)))?;
    let before = longest.points.len().checked_sub(recent + 1)?;
    longest.points.get(before).map(|point| point.0)
}

/// Where the run's last epoch will be, if they all take as long as those before.
fn planned_end(run: &RunState, over: Over, axis: Axis) -> f64 {
    let done = run.epochs.len();
    match axis.positions(&run.epochs).last() {
        Some(last) if over == Over::Time => last * run.spec.epochs as f64 / done as f64,
        _ if over == Over::Time => 0.0,
        _ => run.spec.epochs as f64,
    }
}

/// The curves' letters, names and values after the epoch, as far as they fit.
fn legend(
    epoch: Option<&EpochMetrics>,
    quantity: Quantity,
    width: usize,
    theme: Theme,
) -> Line<'static> {
    let Some(last) = epoch else {
        return Line::default();
    };
    let own = [
        ("t", "training ", quantity.training(last), theme.training()),
        (
            "e",
            "evaluated ",
            quantity.training_evaluated(last),
            theme.training_evaluated(),
        ),
        (
            "v",
            "validation ",
            quantity.validation(last),
            theme.validation(),
        ),
    ];
    let line = |is_long: bool, curves: &[&str]| {
        let mut spans = Vec::new();
        for (letter, name, value, style) in &own {
            let Some(value) = value.filter(|_| curves.contains(letter)) else {
                continue;
            };
            let gap = if spans.is_empty() { "" } else { "  " };
            let name = if is_long { *name } else { "" };
            spans.extend([
                Span::raw(gap),
                Span::styled(*letter, style.add_modifier(Modifier::BOLD)),
                Span::styled(format!(" {name}"), *style),
                Span::raw(format!("{value:.4}")),
            ]);
        }
        Line::from(spans)
    };
    let all = ["t", "e", "v"];
    let lines = [
        line(true, &all),
        line(false, &all),
        line(false, &["t", "v"]),
    ];
    let mut fitting = lines.iter().filter(|line| line.width() <= width);
    fitting.next().unwrap_or(&lines[2]).clone()
}
