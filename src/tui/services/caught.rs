//! Work whose panic is an error message, not the end of its thread.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Does the work.
///
/// # Errors
/// If it panics, the sentence for the person at the screen: `doing` says what was being done.
pub fn caught<T>(doing: &str, work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let text = crate::train::panic_text(&*panic);
        format!("internal error {doing}: {text}")
    })
}
