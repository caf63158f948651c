//! Files: written whole or not at all, read up to a limit, and where they are; the user's own folders.

mod from_typed;
mod read_limited;
mod user_state;
mod write_atomic;

pub use from_typed::from_typed;
pub use read_limited::read_limited;
pub use user_state::user_state_folder;
pub use write_atomic::{
    TEMPORARY_PREFIX, sync_folder_of, write_atomically, write_parts_atomically,
};
