//! How exact accuracies are: the error of one that was measured on some images, and the spread of those of
//! several seeds.

mod accuracy;
mod difference;
mod spread;
mod students_t;

pub use accuracy::{Accuracy, standard_error};
pub use difference::{Difference, Side};
pub use spread::{Spread, band, line};
