//! Ops that do the work of a few layers in one pass over the values.

pub mod norm_act_pool_dropout;
