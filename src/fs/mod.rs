//! Files: written whole or not at all, and read up to a size.

mod atomic;
mod bounded;

pub use atomic::{TEMPORARY_PREFIX, sync_folder_of, write_atomically, write_parts_atomically};
pub use bounded::read_bounded;
