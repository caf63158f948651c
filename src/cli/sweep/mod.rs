//! `fmnist-tui sweep`.

mod above_the_bar;
mod args;
mod effects;
mod json;
mod member_args;
mod progress;
mod report;
mod run;
mod shard;
mod table;
mod text;

pub use above_the_bar::AboveTheBar;
pub use args::Args;
pub use json::{JsonReport, print_table};
pub use member_args::MemberArgs;
pub use progress::SweepProgress;
pub use report::{Begin, SweepReport};
pub use run::{run, train_members};
pub use shard::Shard;
pub use table::{Counts, bad_members};
pub use text::TextReport;
