//! A row of the list of layers.

use crate::spec::Layer;

/// A layer of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The layer.
    pub layer: Layer,
    /// Whether it is part of the network.
    pub enabled: bool,
}

impl Entry {
    /// A layer that is part of the network.
    pub fn on(layer: Layer) -> Self {
        Self {
            layer,
            enabled: true,
        }
    }
}
