//! Event files that [TensorBoard](https://www.tensorflow.org/tensorboard) reads: one folder a run, one
//! file in it, whose name never changes. So a run written twice replaces itself.

mod events;
mod live;
mod messages;
mod records;

pub use events::{Shown, event_file, run_names, write_run};
pub use live::LiveLog;
