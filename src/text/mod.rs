//! Text for people: escaping, numbers and their limits, times, width in terminal cells, tables, ticks.

mod bar;
mod cells;
mod charset;
mod columns;
mod common_beginning;
mod escape;
mod file_name;
mod harmless;
mod histogram;
mod interval;
mod limit;
mod numbers;
mod plain;
pub mod table;
pub mod ticks;
mod time;

pub use bar::bar;
pub use cells::{cut, cut_marked, first, last, left, pad_end, pad_start, right, width, wrap};
pub use charset::{is_ascii_only, is_not_unicode, set_ascii_only};
pub use columns::{columns, ranges};
pub use common_beginning::common_beginning;
pub use escape::{escape_controls, escape_json, escape_markdown, is_unseen, quoted, shown_path};
pub use file_name::file_name;
pub use harmless::harmless;
pub use histogram::histogram;
pub use interval::Scale;
pub use limit::Limit;
pub use numbers::{count, grouped, short, short_decimal, shown_bytes, two_digits};
pub use plain::plain;
pub use time::{clock, duration};
