//! Pieces that more than one screen draws.

pub mod area;
mod chart_scale;
pub mod filter;
pub mod filter_list;
pub mod gauge;
pub mod label;
pub mod line_chart;
pub mod over;
pub mod picture;
mod raster;
pub mod scroll;
pub mod slider;
pub mod sparkline;
pub mod text_field;
pub mod window;
