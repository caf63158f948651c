//! Where augmentation's random numbers come from.

/// First part of the key of every stream used here, so that no other part of the program draws the
/// same numbers. Keys of different lengths name different streams: MixUp's has three parts, an
/// image's four, its vertical flip's five.
pub const STREAM: u64 = 0x6175_676d_656e_7400;
