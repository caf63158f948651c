//! Runs the layers of a network as one operation on dfdx's tape.
//!
//! A [`Block`] takes pixels and returns outputs to dfdx once, however many layers it has. Within it every
//! image goes through as many ops as possible while its values are in the cache. Batch norm needs all
//! images before it can go on, and gathers what it needs of each while it is there; a dense layer takes
//! the whole batch at once, so that its weights are what stays in the cache.
//!
//! - `block`: the ops of a block and their buffers; `forward`, `backward`, `trace` are its passes,
//!   `memory` is what it needs for them.
//! - `each_layer`: a forward pass that shows what comes out of every layer.
//! - `partition`: a batch in chunks and micro-batches. The weight gradients of the chunks are summed
//!   in the order of the chunks, so that the result depends neither on the number of threads nor on
//!   which thread did what.
//! - `stage`: which ops are visited image by image, and which with the whole batch.
//! - `traversal`: in which order the chunks are visited.
//! - `queue`: which thread takes which chunk.
//! - `skip`: skip connections around some of a block's ops.
//! - `tape`: a block on dfdx's tape.

mod backward;
mod block;
mod each_layer;
mod forward;
mod memory;
mod partition;
mod queue;
mod skip;
mod stage;
mod tape;
mod trace;
mod traversal;
mod workspace;

pub use block::{Block, lock};
pub use each_layer::EachLayer;
pub use skip::SkipConnection;
pub use tape::{apply, evaluate};
pub use trace::trace;
