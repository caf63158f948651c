//! What a run took its validation images for, epoch after epoch, and the file that keeps it.

mod answers;
mod bytes;
mod file;
mod kept;
mod layout;

pub use answers::{Answers, History};
pub use bytes::{ReadHistory, history_bytes, parse_history};
pub use file::{HISTORY_FILE, HistoryFile, read_history, read_whole_records};
