//! From a spec's layers to the ops of a network: which layers become one operation.

mod fuse;
mod plan;

pub use plan::{Plan, PlannedParameter};
