//! Event files that [TensorBoard](https://www.tensorflow.org/tensorboard) reads: one folder a run, one
//! file in it, whose name never changes. So a run written twice replaces itself.

mod events;
mod live;
mod messages;
mod place;
mod records;

pub use events::{Shown, write_run};
pub use live::LiveLog;
pub use place::event_file;
