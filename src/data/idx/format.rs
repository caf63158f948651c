//! The two kinds of IDX files that are read, and their limits.

/// Most pixels on a side of an image.
pub const MAX_SIDE: u32 = 64;
/// Most images or labels in a file.
pub const MAX_ITEMS: u32 = 1_000_000;

/// What an IDX file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `u8`, `[count, height, width]`.
    Images,
    /// `u8`, `[count]`.
    Labels,
}

impl Kind {
    /// The number an IDX file of this kind begins with.
    pub fn magic(self) -> u32 {
        match self {
            Self::Images => 0x0000_0803,
            Self::Labels => 0x0000_0801,
        }
    }

    /// The kind that begins with this number.
    pub fn from_magic(magic: u32) -> Option<Self> {
        [Self::Images, Self::Labels]
            .into_iter()
            .find(|kind| kind.magic() == magic)
    }

    /// What messages call the items.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Images => "images",
            Self::Labels => "labels",
        }
    }
}
