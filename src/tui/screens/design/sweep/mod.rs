//! A sweep from the Design screen: settings and values are typed, the runs are trained in the background, and a
//! table, curves and what mattered grow while they do.

mod curves;
mod draw;
mod effects;
mod form;
mod form_rows;
mod found;
mod state;
mod table;
mod update;

pub use state::SweepPanel;
