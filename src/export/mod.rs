//! Runs for other programs: CSV for spreadsheets, event files for TensorBoard. Models for other programs:
//! ONNX, C, Python with PyTorch or Keras.

pub mod c;
mod csv;
mod error;
#[cfg(test)]
mod fixture;
pub mod onnx;
pub mod python;
pub mod tensorboard;

pub use csv::to_csv;
pub use error::ExportError;
