//! The positions of tiles in images.

use std::ops::Range;

/// Values of a part's lines that are between the two passes of a transform: they stay in the L1 cache.
const PART_VALUES: usize = 6 << 10;

/// How the images on one side of a convolution are cut into tiles.
#[derive(Clone, Copy, Debug)]
pub struct Grid {
    /// Rows of an image.
    pub height: usize,
    /// Columns of an image.
    pub width: usize,
    /// Rows and columns of zeros before and after the image.
    pub padding: usize,
    /// Pixels from one tile to the next.
    pub step: usize,
    /// Rows of tiles.
    pub down: usize,
    /// Columns of tiles.
    pub across: usize,
}

impl Grid {
    /// Tiles of one image.
    pub fn tiles(&self) -> usize {
        self.down * self.across
    }
}

/// Some consecutive tiles of images of `channels` channels.
#[derive(Clone, Copy, Debug)]
pub struct Tiles {
    /// How the images are tiled.
    pub grid: Grid,
    /// The first tile, counted over all images of the slice.
    pub first: usize,
    /// Number of tiles.
    pub count: usize,
    /// Channels of the images.
    pub channels: usize,
}

/// Tiles side by side, as many as are transformed together.
pub(super) struct Part {
    /// Its first tile, counted from the first of all [`Tiles`].
    pub first: usize,
    /// Number of tiles.
    pub count: usize,
    /// Columns of pixels that they cover, padding included.
    pub columns: usize,
    /// How many of them are padding before those of the image.
    pub before: usize,
    /// How many of them are of the image.
    pub inside: usize,
    image: usize,
    /// Row and column of its first pixel; the row with the padding.
    row: usize,
    column: usize,
}

impl Tiles {
    /// Values of one plane.
    pub fn plane(&self) -> usize {
        self.count * self.channels
    }

    /// Most tiles of a part whose tiles have `side` × `side` pixels.
    fn part_tiles(&self, side: usize) -> usize {
        let columns = PART_VALUES / (6 * self.channels);
        (columns.saturating_sub(side) / self.grid.step + 1).min(self.grid.across)
    }

    /// Most values of a line of pixels of a part.
    pub(super) fn part_line(&self, side: usize) -> usize {
        ((self.part_tiles(side) - 1) * self.grid.step + side) * self.channels
    }

    /// Working space that transforms of tiles of `places` × `places` places need.
    pub fn work_len(&self, places: usize) -> usize {
        // The lines of a part, one line of zeros or of biases, and lines outside the image.
        let line = self.part_line(places).max(self.part_line(self.grid.step));
        (2 * places + 1) * line
    }

    /// The part that begins with tile `first`; the tiles have `side` × `side` pixels.
    #[inline(always)]
    pub(super) fn part(&self, first: usize, side: usize) -> Part {
        let Grid {
            width,
            padding,
            step,
            across,
            ..
        } = self.grid;
        let tile = self.first + first;
        let (image, within) = (tile / self.grid.tiles(), tile % self.grid.tiles());
        let (down, right) = (within / across, within % across);
        let count = self.part_tiles(side);
        let count = count.min(across - right).min(self.count - first);
        let columns = (count - 1) * step + side;
        let before = padding.saturating_sub(right * step).min(columns);
        let column = (right * step).saturating_sub(padding);
        Part {
            first,
            count,
            columns,
            before,
            inside: (columns - before).min(width.saturating_sub(column)),
            image,
            row: down * step,
            column,
        }
    }

    /// Where the values of line `line` of a part are that belong to the image, if it has that line.
    #[inline(always)]
    pub(super) fn line(&self, part: &Part, line: usize) -> Option<Range<usize>> {
        let Grid {
            height,
            width,
            padding,
            ..
        } = self.grid;
        let row = (part.row + line).wrapping_sub(padding);
        if row < height && part.inside > 0 {
            let start = ((part.image * height + row) * width + part.column) * self.channels;
            Some(start..start + part.inside * self.channels)
        } else {
            None
        }
    }
}
