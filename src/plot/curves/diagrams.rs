//! Accuracy and loss of one or several runs, epoch by epoch.

use super::curve::{Curve, Values};
use super::legend;
use super::panel::Panel;
use crate::plot::axis::{Early, Points, range};
use crate::plot::sheet::{Drawn, Sheet};
use crate::plot::size::Size;
use crate::plot::style::{MARGIN, SERIES};
use crate::plot::{Figure, PlotError};
use crate::runs::Fold;
use plotters::backend::DrawingBackend;

/// More curves than this cannot be told apart by their colours.
pub const MAX_CURVES: usize = SERIES.len();

/// Points between the two diagrams.
const BETWEEN: f64 = 32.0;
/// The least height of a diagram with its heading and numbers, in points.
const LEAST_PANEL: f64 = 140.0;
/// Title and margins.
const AROUND: f64 = 132.0;

/// The figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    curves: Vec<Curve>,
    /// How many runs they are drawn from.
    runs: usize,
    subtitle: String,
}

impl Curves {
    /// A figure of curves, each of one run or of several that differ by the seed alone, with its label;
    /// `subtitle` says which data they were trained on.
    ///
    /// # Errors
    /// No run with an epoch, or more than [`MAX_CURVES`] curves.
    pub fn new(folds: Vec<(String, Fold)>, subtitle: String) -> Result<Self, PlotError> {
        if folds.len() > MAX_CURVES {
            return Err(PlotError(format!(
                "{} curves are more than the {MAX_CURVES} that can be told apart by colour; give the runs \
                 that matter",
                folds.len()
            )));
        }
        let mut runs = 0;
        let curves = folds.into_iter().zip(SERIES);
        let curves = curves.filter_map(|((label, fold), color)| {
            let curve = Curve::new(&fold, label, color)?;
            runs += fold.runs.len();
            Some(curve)
        });
        let curves: Vec<Curve> = curves.collect();
        if curves.is_empty() {
            return Err(PlotError("there is no run with an epoch".into()));
        }
        Ok(Self {
            curves,
            runs,
            subtitle,
        })
    }

    fn title(&self) -> String {
        match self.curves.as_slice() {
            [curve] => curve.label.clone(),
            curves if curves.len() == self.runs => format!("{} runs", self.runs),
            curves => format!("{} networks, {} runs", curves.len(), self.runs),
        }
    }

    /// The epochs, with room for a mark at both ends.
    fn epochs(&self) -> (f64, f64) {
        let all = || {
            let curves = self.curves.iter();
            curves.flat_map(|curve| curve.accuracy().validation.iter().map(|point| point.0))
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
        let panel = |heading, explanation, unit, of: fn(&Curve) -> &Values, early, most| {
            let values = self.curves.iter().map(of);
            let all = values.flat_map(|values| {
                let [below, above] = &values.band;
                [&values.training, &values.validation, below, above]
            });
            let all: Vec<Points> = all.filter(|points| !points.is_empty()).cloned().collect();
            let narrowest = if early == Early::Low { 1.0 } else { 0.01 };
            Panel {
                heading,
                explanation,
                unit,
                curves: &self.curves,
                epochs: self.epochs(),
                range: range(&all, early, 0.0..=most, narrowest),
                of,
            }
        };
        [
            panel(
                "Accuracy",
                "share of the images classified correctly",
                " %",
                Curve::accuracy,
                Early::Low,
                100.0,
            ),
            panel(
                "Loss",
                "mean cross-entropy, in nats",
                "",
                Curve::loss,
                Early::High,
                f64::MAX / 1e6,
            ),
        ]
    }
}

impl Figure for Curves {
    fn default_size(&self) -> Size {
        Size::clamped(1200, 540 + legend::height(self.curves.len(), 1200.0) as u32)
    }

    fn least_height(&self, width: u32) -> u32 {
        let legend = legend::height(self.curves.len(), f64::from(width));
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
        let legend = height - MARGIN - legend::height(self.curves.len(), sheet.width());
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
        legend::draw(sheet, &self.curves, legend)
    }
}
