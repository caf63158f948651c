//! Tables of text with one picture a line, as Kaggle gives them.

mod files;
mod label;
mod table;

pub use files::Csv;
pub use table::{Table, parse};
