//! The list of formats.

use super::cifar::Cifar;
use super::csv::Csv;
use super::definition::Format;
use super::idx::IdxFiles;
use super::numpy::NumPy;
use super::tree::PictureTree;

/// All formats; the first that finds something is taken.
pub const FORMATS: [&dyn Format; 5] = [&IdxFiles, &NumPy, &Cifar, &Csv, &PictureTree];
