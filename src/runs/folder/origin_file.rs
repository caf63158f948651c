//! `origin.json`: what a run began with, where that is not its spec alone.

use super::file_names::ORIGIN_FILE;
use crate::fs::read_limited;
use crate::train::Origin;
use std::path::Path;

/// What the run in this folder began with beside its spec; a file that is missing or damaged says nothing.
pub fn read_origin(folder: &Path) -> Option<Origin> {
    const MAX_BYTES: u64 = 1 << 20;
    let path = folder.join(ORIGIN_FILE);
    // Opening a pipe of this name would never end.
    if !path.is_file() {
        return None;
    }
    serde_json::from_slice(&read_limited(&path, MAX_BYTES).ok()?).ok()
}
