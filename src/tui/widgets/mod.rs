//! Pieces that more than one screen draws.

pub mod label;
pub mod picture;
