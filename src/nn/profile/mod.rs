//! Where the time of training steps goes: by layer, by section of a step, and how well the threads share
//! the work.
//!
//! - `recorder`: what the passes tell how long they took; it costs one branch while nobody asks.
//! - `laps`: a thread's times of the ops it works on.
//! - `measured`: what was recorded, and the sums that follow from it.
//! - `report`: the same as the rows of a table, named after the spec's layers; `table`: in words and digits.

mod laps;
mod measured;
mod recorder;
mod report;
mod table;
#[cfg(test)]
mod tests;

pub use laps::Laps;
pub use measured::{Direction, Measured, OpTime, Section, SectionTime};
pub use recorder::Recorder;
pub use report::{OpLayers, Profile, Row, RowKind};
pub use table::{COLUMNS, TableRow};
