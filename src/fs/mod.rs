//! Files: written whole or not at all, and read up to a limit; the user's own folder.

mod home;
mod read_limited;
mod write_atomic;

pub use home::below_home;
pub use read_limited::read_limited;
pub use write_atomic::{
    TEMPORARY_PREFIX, sync_folder_of, write_atomically, write_parts_atomically,
};
