//! Ops that do the work of a few layers in one pass over the values.

mod blocks;
pub mod norm_act_dropout;
pub mod norm_act_pool_dropout;
mod of_layers;
