//! A lesson under way, and what is given back when it is left.

use super::player::Player;
use crate::data::Dataset;
use crate::tui::seeds::Seeds;
use std::sync::Arc;

/// A lesson under way.
#[derive(Debug)]
pub struct Lecture {
    /// How far it is.
    pub player: Player,
    /// From how many seeds networks were trained before.
    pub seeds: Seeds,
    /// The data set before the lesson took a part of it, and that part.
    pub data: Option<(Arc<Dataset>, Arc<Dataset>)>,
}
