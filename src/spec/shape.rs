//! The shape of one image's activations between two layers.

/// Shape without the batch dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `[channels, height, width]`.
    Image {
        /// Feature maps.
        channels: usize,
        /// Rows.
        height: usize,
        /// Columns.
        width: usize,
    },
    /// `[features]`.
    Flat {
        /// Values per image.
        features: usize,
    },
}

impl Shape {
    /// Values per image.
    pub fn elements(&self) -> usize {
        match *self {
            Self::Image {
                channels,
                height,
                width,
            } => channels * height * width,
            Self::Flat { features } => features,
        }
    }

    /// Rows and columns of each channel; a flat value is a channel of its own.
    pub fn rows_and_columns(&self) -> (usize, usize) {
        match *self {
            Self::Image { height, width, .. } => (height, width),
            Self::Flat { .. } => (1, 1),
        }
    }

    /// Channels and values per channel; a flat value is a channel of its own.
    pub fn channels_and_area(&self) -> (usize, usize) {
        match *self {
            Self::Image {
                channels,
                height,
                width,
            } => (channels, height * width),
            Self::Flat { features } => (features, 1),
        }
    }
}

impl std::fmt::Display for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Image {
                channels,
                height,
                width,
            } => write!(f, "{channels}×{height}×{width}"),
            Self::Flat { features } => write!(f, "{features}"),
        }
    }
}
