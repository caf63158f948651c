//! What a user may decide about an import.

/// Whether images have one channel or three.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colours {
    /// As the pictures have it: grey if no picture has a colour.
    #[default]
    AsTheyAre,
    /// One channel: the luma of the colours.
    Grey,
    /// Three channels: red, green and blue.
    Colour,
}

/// Whether dark becomes light, and light dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Invert {
    /// Where images are grey and most of their corners are light, as on paper.
    #[default]
    Auto,
    /// Yes.
    Yes,
    /// No.
    No,
}

/// How pictures become images.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportOptions {
    /// Pixels of a side of an image, 1 to 64. `None`: the pictures' own size, if they come as an array and it is
    /// not larger than that; 28 otherwise.
    pub size: Option<usize>,
    /// Grey or with colours.
    pub colours: Colours,
    /// The share of each class that becomes the test set, if the source has none: above 0, below 1.
    pub split: f64,
    /// Whether dark and light are exchanged.
    pub invert: Invert,
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self {
            size: None,
            colours: Colours::default(),
            split: 0.1,
            invert: Invert::default(),
        }
    }
}
