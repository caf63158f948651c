//! Pieces that more than one screen draws.

pub mod area;
mod chart_scale;
pub mod gauge;
pub mod label;
pub mod line_chart;
pub mod over;
pub mod picture;
mod raster;
pub mod slider;
pub mod sparkline;
pub mod window;
