//! Why a try to get a file failed.

use super::error::FetchError;

/// Why a try failed, by what can follow it.
#[derive(Debug)]
pub(super) enum Setback {
    /// The next try may succeed.
    Passing(String),
    /// The next try may succeed if it starts from the beginning; what has arrived is discarded.
    Restart(String),
    /// This address will not have the file.
    Lasting(String),
    /// No address can help.
    Fatal(FetchError),
}

impl From<FetchError> for Setback {
    fn from(error: FetchError) -> Self {
        Self::Fatal(error)
    }
}
