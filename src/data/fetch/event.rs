//! What a fetch reports while it runs.

use std::time::Duration;

/// What happens during a fetch; `file` is an index into the data set's list of files.
#[derive(Clone, Debug, PartialEq)]
pub enum FetchEvent {
    /// A try begins.
    Started {
        /// Which.
        file: usize,
        /// From where.
        url: String,
        /// Bytes that had arrived before.
        resumed_at: u64,
    },
    /// Bytes have arrived.
    Progress {
        /// Which.
        file: usize,
        /// Bytes of the file that have arrived.
        bytes: u64,
        /// Of this try.
        bytes_per_second: f64,
    },
    /// A try has failed; another follows.
    Retrying {
        /// Which.
        file: usize,
        /// Address and what went wrong.
        reason: String,
        /// Time until the next try.
        wait: Duration,
    },
    /// The file is complete and has the published checksum.
    Done {
        /// Which.
        file: usize,
        /// It was in the folder before the fetch.
        already: bool,
    },
}
