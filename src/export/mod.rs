//! Runs for other programs: CSV for spreadsheets, event files for TensorBoard.

mod csv;
mod error;
pub mod tensorboard;

pub use csv::to_csv;
pub use error::ExportError;
