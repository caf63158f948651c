//! The sizes of the parts of a history's file.

/// The first line.
pub const MAGIC: &[u8] = b"fmnist-tui history 1\n";
/// Bytes of the header without the labels.
pub const HEADER: usize = MAGIC.len() + 4 + 4 + 4;
/// Bytes of a record's head.
pub const HEAD: usize = 4 + 1 + 8 + 4;
/// Bytes of a record without predictions and probabilities.
pub const RECORD: usize = HEAD + 4;
