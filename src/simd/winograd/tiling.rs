//! The positions of tiles in images.

use pulp::Simd;

/// Places in a 4×4 tile.
pub const PLACES: usize = 16;

/// How images are cut into tiles.
#[derive(Clone, Copy, Debug)]
pub struct Tiling {
    /// Rows of the input.
    pub height: usize,
    /// Columns of the input.
    pub width: usize,
    /// Rows of the output.
    pub out_height: usize,
    /// Columns of the output.
    pub out_width: usize,
    /// Rows and columns of zeros around the input.
    pub padding: usize,
}

/// Corner of a tile: image, and row and column of its first output.
#[derive(Clone, Copy)]
pub(super) struct Corner {
    image: usize,
    row: usize,
    column: usize,
}

impl Tiling {
    #[inline(always)]
    fn across(&self) -> usize {
        self.out_width.div_ceil(2)
    }

    /// Tiles of one image.
    #[inline(always)]
    pub fn tiles(&self) -> usize {
        self.out_height.div_ceil(2) * self.across()
    }

    #[inline(always)]
    pub(super) fn corner(&self, tile: usize) -> Corner {
        let (image, within) = (tile / self.tiles(), tile % self.tiles());
        Corner {
            image,
            row: within / self.across() * 2,
            column: within % self.across() * 2,
        }
    }

    /// Start of the input pixel (`row`, `column`) of the tile's 4×4, if it is not padding.
    #[inline(always)]
    pub(super) fn input_at(&self, corner: Corner, place: usize, channels: usize) -> Option<usize> {
        let row = (corner.row + place / 4).wrapping_sub(self.padding);
        let column = (corner.column + place % 4).wrapping_sub(self.padding);
        if row < self.height && column < self.width {
            Some(((corner.image * self.height + row) * self.width + column) * channels)
        } else {
            None
        }
    }

    /// Start of the output pixel of the tile's 2×2, if there is one.
    #[inline(always)]
    pub(super) fn output_at(&self, corner: Corner, place: usize, channels: usize) -> Option<usize> {
        let (row, column) = (corner.row + place / 2, corner.column + place % 2);
        if row < self.out_height && column < self.out_width {
            Some(((corner.image * self.out_height + row) * self.out_width + column) * channels)
        } else {
            None
        }
    }
}

/// Some consecutive tiles of images of `channels` channels.
#[derive(Clone, Copy)]
pub struct Tiles {
    /// How the images are tiled.
    pub tiling: Tiling,
    /// The first tile, counted over all images of the slice.
    pub first: usize,
    /// Number of tiles.
    pub count: usize,
    /// Channels of the images.
    pub channels: usize,
}

impl Tiles {
    /// Values of one plane.
    #[inline(always)]
    pub fn plane(&self) -> usize {
        self.count * self.channels
    }

    /// The 4×4 input pixels of tile `tile`, `outside` where they are padding.
    #[inline(always)]
    pub(super) fn input_pixels<'a>(
        &self,
        tile: usize,
        images: &'a [f32],
        outside: &'a [f32],
    ) -> [&'a [f32]; PLACES] {
        let (tiling, channels) = (&self.tiling, self.channels);
        let corner = tiling.corner(self.first + tile);
        let left = corner.column.wrapping_sub(tiling.padding);
        let mut pixels = [outside; PLACES];
        for (i, pixels) in pixels.as_chunks_mut::<4>().0.iter_mut().enumerate() {
            let row = (corner.row + i).wrapping_sub(tiling.padding);
            if row >= tiling.height {
                continue;
            }
            let line = (corner.image * tiling.height + row) * tiling.width * channels;
            let line = &images[line..line + tiling.width * channels];
            if left < tiling.width && left + 4 <= tiling.width {
                let values = &line[left * channels..(left + 4) * channels];
                for (j, pixel) in pixels.iter_mut().enumerate() {
                    *pixel = &values[j * channels..(j + 1) * channels];
                }
                continue;
            }
            for (j, pixel) in pixels.iter_mut().enumerate() {
                let column = left.wrapping_add(j);
                if column < tiling.width {
                    *pixel = &line[column * channels..(column + 1) * channels];
                }
            }
        }
        pixels
    }

    /// The 2×2 output pixels of tile `tile`, `outside` where there are none.
    #[inline(always)]
    pub(super) fn output_pixels<'a>(
        &self,
        tile: usize,
        images: &'a [f32],
        outside: &'a [f32],
    ) -> [&'a [f32]; 4] {
        let corner = self.tiling.corner(self.first + tile);
        let mut pixels = [outside; 4];
        for (place, pixel) in pixels.iter_mut().enumerate() {
            if let Some(start) = self.tiling.output_at(corner, place, self.channels) {
                *pixel = &images[start..start + self.channels];
            }
        }
        pixels
    }

    /// The vectors and the rest of one pixel's channels.
    #[inline(always)]
    pub(super) fn parts<S: Simd>(&self) -> (usize, usize) {
        (self.channels / S::F32_LANES, self.channels % S::F32_LANES)
    }
}
