//! The kinds of IDX files that are read, and their limits.

/// Most pixels on a side of an image.
pub const MAX_SIDE: u32 = 64;
/// Most images or labels in a file.
pub const MAX_ITEMS: u32 = 1_000_000;

/// What an IDX file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Grey images, `u8`, `[count, height, width]`.
    Images,
    /// Images with colours, `u8`, `[count, height, width, 3]`.
    ColourImages,
    /// `u8`, `[count]`.
    Labels,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Images, Self::ColourImages, Self::Labels];

    /// The number an IDX file of this kind begins with.
    pub fn magic(self) -> u32 {
        match self {
            Self::Images => 0x0000_0803,
            Self::ColourImages => 0x0000_0804,
            Self::Labels => 0x0000_0801,
        }
    }

    /// The kind that begins with this number.
    pub fn from_magic(magic: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.magic() == magic)
    }

    /// What messages call the items.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Images | Self::ColourImages => "images",
            Self::Labels => "labels",
        }
    }
}
