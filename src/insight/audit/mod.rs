//! What is suspicious about a data set: labels that are likely wrong, images that are there twice, images unlike the
//! others, classes with few images.
//!
//! [`Checked`] takes seconds; [`Labels`] takes the training of a few networks.

mod balance;
mod checked;
mod confident;
mod findings;
mod folds;
mod labels;
mod list;
mod part;
mod similarity;
mod twins;
mod unusual;
mod watch;
mod words;

pub use balance::Balance;
pub use checked::Checked;
pub use confident::{LabelIssue, label_issues};
pub use findings::{Finding, Findings, Reason};
pub use labels::{Labels, MOST_FOLDS, OutOfFold, usual_network};
pub use list::exclusions;
pub use part::Part;
pub use similarity::{Sums, correlation};
pub use twins::{SIMILAR, Twin};
pub use watch::{Step, Watch};
pub use words::{reason, short_reason};
