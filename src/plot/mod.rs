//! Figures of runs and of a model's mistakes, as SVG or PNG.
//!
//! A [`Figure`] draws itself on a [`Sheet`] in points; the sheet becomes a document of either format,
//! so both show the same. Shapes are plotters'; letters and small pictures are placed by us, because
//! plotters' own differ from format to format.

mod axis;
mod bitmap;
mod confusion;
mod curves;
mod error;
mod figure;
mod lettering;
mod mistakes;
mod render;
mod scatter;
mod sheet;
mod size;
mod style;
mod svg;

pub use confusion::Confusion;
pub use curves::{Curve, Curves, MAX_CURVES};
pub use error::PlotError;
pub use figure::Figure;
pub use mistakes::{Mistake, Mistakes};
pub use render::{Format, render};
pub use scatter::{Scatter, ScatterPoint};
pub use sheet::{Drawn, Sheet};
pub use size::{MAX_SIDE, MIN_SIDE, Size};
