//! Pictures that come as arrays of numbers.

mod definition;
mod element;
mod levels;
mod numbers;
mod part;
mod shape;

pub use definition::{Array, count_of};
pub use element::Element;
pub use numbers::Numbers;
pub use part::{ArrayPart, parts};
