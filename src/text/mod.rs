//! Words and numbers for people: escaping, digits, limits, sizes, tables, ticks.

mod escape;
mod file_name;
mod limit;
mod numbers;
pub mod table;
pub mod ticks;

pub use escape::{escape_controls, escape_json, is_unseen, quoted, shown_path};
pub use file_name::file_name;
pub use limit::Limit;
pub use numbers::{grouped, shown_bytes};
