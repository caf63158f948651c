//! What an import reports while it runs.

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportEvent {
    /// So many bytes of the source are read or unpacked.
    Read(u64),
    /// So many of so many pictures have become images.
    Pictures {
        /// Done.
        done: usize,
        /// All of this part.
        all: usize,
    },
    /// The files are being written.
    Writing,
}
