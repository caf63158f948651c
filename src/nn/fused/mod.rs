//! Chains of layers that an image passes through while it is in the cache.

pub mod norm_act_pool_dropout;
