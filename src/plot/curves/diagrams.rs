//! Accuracy and loss of one or several runs, epoch by epoch.

use super::curve::Curve;
use super::legend;
use super::panel::Panel;
use crate::plot::axis::{Early, Points, range};
use crate::plot::sheet::{Drawn, Sheet};
use crate::plot::size::Size;
use crate::plot::style::{MARGIN, SERIES};
use crate::plot::{Figure, PlotError};
use crate::runs::RunRecord;
use crate::train::{EpochMetrics, best_epoch};
use plotters::backend::DrawingBackend;

/// More runs than this cannot be told apart by their colours.
pub const MAX_RUNS: usize = SERIES.len();

/// Points between the two diagrams.
const BETWEEN: f64 = 32.0;
/// The least height of a diagram with its heading and numbers, in points.
const LEAST_PANEL: f64 = 140.0;
/// Title and margins.
const AROUND: f64 = 132.0;

/// The figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    runs: Vec<Curve>,
    subtitle: String,
}

impl Curves {
    /// A figure of runs; `subtitle` says which data they were trained on.
    ///
    /// # Errors
    /// No run, or more than [`MAX_RUNS`].
    pub fn new(runs: &[RunRecord], subtitle: String) -> Result<Self, PlotError> {
        if runs.len() > MAX_RUNS {
            return Err(PlotError(format!(
                "{} runs are more than the {MAX_RUNS} that can be told apart by colour; give the ones \
                 that matter",
                runs.len()
            )));
        }
        let curves: Vec<Curve> = runs
            .iter()
            .zip(SERIES)
            .filter_map(|(run, color)| {
                Some(Curve {
                    label: run.label.clone(),
                    color,
                    best: *best_epoch(&run.epochs)?,
                    epochs: run.epochs.clone(),
                })
            })
            .collect();
        if curves.is_empty() {
            return Err(PlotError("there is no run with an epoch".into()));
        }
        Ok(Self {
            runs: curves,
            subtitle,
        })
    }

    fn title(&self) -> String {
        match self.runs.as_slice() {
            [run] => run.label.clone(),
            runs => format!("{} runs", runs.len()),
        }
    }

    /// Every run's training and validation values of one kind.
    fn values(&self, of: impl Fn(&EpochMetrics) -> (f64, f64)) -> Vec<(Points, Points)> {
        let runs = self.runs.iter();
        runs.map(|run| {
            let epochs = run.epochs.iter();
            epochs
                .map(|metrics| {
                    let epoch = metrics.epoch as f64;
                    let (training, validation) = of(metrics);
                    ((epoch, training), (epoch, validation))
                })
                .unzip()
        })
        .collect()
    }

    /// The epochs, with room for a mark at both ends.
    fn epochs(&self) -> (f64, f64) {
        let all = || {
            let epochs = self.runs.iter().flat_map(|run| &run.epochs);
            epochs.map(|metrics| metrics.epoch as f64)
        };
        let (first, last) = (
            all().fold(f64::INFINITY, f64::min),
            all().fold(1.0, f64::max),
        );
        let room = (0.025 * (last - first)).max(0.1);
        if last - first < 1.0 {
            (first - 0.5, last + 0.5)
        } else {
            (first - room, last + room)
        }
    }

    fn panels(&self) -> [Panel<'_>; 2] {
        let percent = |metrics: &EpochMetrics| {
            (
                100.0 * metrics.train_accuracy,
                100.0 * metrics.validation_accuracy,
            )
        };
        let nats = |metrics: &EpochMetrics| (metrics.train_loss, metrics.validation_loss);
        let panel = |heading, explanation, unit, values: Vec<(Points, Points)>, early, most| {
            let all: Vec<Points> = values
                .iter()
                .flat_map(|(training, validation)| [training.clone(), validation.clone()])
                .collect();
            let narrowest = if early == Early::Low { 1.0 } else { 0.01 };
            Panel {
                heading,
                explanation,
                unit,
                runs: &self.runs,
                epochs: self.epochs(),
                range: range(&all, early, 0.0..=most, narrowest),
                values,
            }
        };
        [
            panel(
                "Accuracy",
                "share of the images classified correctly",
                " %",
                self.values(percent),
                Early::Low,
                100.0,
            ),
            panel(
                "Loss",
                "mean cross-entropy, in nats",
                "",
                self.values(nats),
                Early::High,
                f64::MAX / 1e6,
            ),
        ]
    }
}

impl Figure for Curves {
    fn default_size(&self) -> Size {
        Size::clamped(1200, 540 + legend::height(self.runs.len(), 1200.0) as u32)
    }

    fn least_height(&self, width: u32) -> u32 {
        let legend = legend::height(self.runs.len(), f64::from(width));
        let beside = AROUND + legend + LEAST_PANEL;
        let least = if beside > f64::from(width) {
            beside + BETWEEN + LEAST_PANEL
        } else {
            beside
        };
        least.ceil() as u32
    }

    fn draw<B: DrawingBackend>(&self, sheet: &mut Sheet<B>) -> Drawn<B> {
        let top = sheet.head(&self.title(), &self.subtitle)?;
        let (width, height) = (sheet.width() - 2.0 * MARGIN, sheet.height());
        let legend = height - MARGIN - legend::height(self.runs.len(), sheet.width());
        let bottom = legend - 22.0;
        let panels = self.panels();
        if sheet.width() >= sheet.height() {
            let one = (width - BETWEEN) / 2.0;
            for (index, panel) in panels.iter().enumerate() {
                let left = MARGIN + index as f64 * (one + BETWEEN);
                panel.draw(sheet, (left, top), (one, bottom - top))?;
            }
        } else {
            let one = (bottom - top - BETWEEN) / 2.0;
            for (index, panel) in panels.iter().enumerate() {
                let y = top + index as f64 * (one + BETWEEN);
                panel.draw(sheet, (MARGIN, y), (width, one))?;
            }
        }
        legend::draw(sheet, &self.runs, legend)
    }
}
