//! Networks in whole numbers of 8 bits (static quantisation).

mod graph;
mod levels;
mod network;
mod ranges;
mod weights;

pub use graph::int8_graph;
pub use network::Int8Network;
