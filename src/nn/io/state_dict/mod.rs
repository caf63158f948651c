//! State dicts of other programs: a network's tensors without its spec, under names that its author chose.

mod advice;
mod group;
mod matching;
mod pairs;
#[cfg(test)]
mod tests;

pub use matching::{Matched, match_some, match_whole};
