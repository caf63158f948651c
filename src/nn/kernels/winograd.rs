//! Winograd's minimal filtering F(2×2, 3×3) (Lavin & Gray 2016, <https://arxiv.org/abs/1509.09308>).
//!
//! A 3×3 convolution with stride 1 computes each 2×2 tile of outputs from 4×4 pixels `d` as
//! `Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A`: 16 products where the definition needs 36. Summed over channels, the
//! products are 16 matrix products, one for each place in the tile.
//!
//! The backward pass is the transpose of the same linear maps: `A dy Aᵀ` takes the output's gradient
//! to the 16 places, `B dv Bᵀ` brings the input's back, `Gᵀ du G` the weights'.
//!
//! Images are `[height, width, channels]`; the 16 places are planes `[place, tile, channels]`.

use super::Arch;
use pulp::{Simd, WithSimd};

/// Places in a 4×4 tile.
pub const PLACES: usize = 16;

/// Where the tiles of some images lie.
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
struct Corner {
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
    fn corner(&self, tile: usize) -> Corner {
        let (image, within) = (tile / self.tiles(), tile % self.tiles());
        Corner {
            image,
            row: within / self.across() * 2,
            column: within % self.across() * 2,
        }
    }

    /// Start of the input pixel (`row`, `column`) of the tile's 4×4, if it is not padding.
    #[inline(always)]
    fn input_at(&self, corner: Corner, place: usize, channels: usize) -> Option<usize> {
        let row = (corner.row + place / 4).wrapping_sub(self.padding);
        let column = (corner.column + place % 4).wrapping_sub(self.padding);
        if row < self.height && column < self.width {
            Some(((corner.image * self.height + row) * self.width + column) * channels)
        } else {
            None
        }
    }

    /// Whether all 4×4 input pixels of the tile lie within the image.
    #[inline(always)]
    fn is_inside(&self, corner: Corner) -> bool {
        let (row, column) = (corner.row, corner.column);
        row >= self.padding
            && column >= self.padding
            && row + 4 - self.padding <= self.height
            && column + 4 - self.padding <= self.width
    }

    /// Start of the output pixel of the tile's 2×2, if there is one.
    #[inline(always)]
    fn output_at(&self, corner: Corner, place: usize, channels: usize) -> Option<usize> {
        let (row, column) = (corner.row + place / 2, corner.column + place % 2);
        if row < self.out_height && column < self.out_width {
            Some(((corner.image * self.out_height + row) * self.out_width + column) * channels)
        } else {
            None
        }
    }
}

/// Some consecutive tiles of images with so many channels.
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

    /// The vectors and the rest of one pixel's channels.
    #[inline(always)]
    fn parts<S: Simd>(&self) -> (usize, usize) {
        (self.channels / S::F32_LANES, self.channels % S::F32_LANES)
    }
}

/// `planes = Bᵀ d B` of the 4×4 input pixels of every tile.
pub fn transform_input(arch: Arch, tiles: Tiles, images: &[f32], planes: &mut [f32]) {
    arch.dispatch(TransformInput {
        tiles,
        images,
        planes,
    });
}

/// `images = Aᵀ m A + bias`, the 2×2 outputs of every tile.
pub fn transform_output(
    arch: Arch,
    tiles: Tiles,
    planes: &[f32],
    bias: &[f32],
    images: &mut [f32],
) {
    arch.dispatch(TransformOutput {
        tiles,
        planes,
        bias,
        images,
    });
}

/// `planes = A dy Aᵀ` of the 2×2 output gradients of every tile: transposed [`transform_output`].
pub fn transform_output_gradient(arch: Arch, tiles: Tiles, images: &[f32], planes: &mut [f32]) {
    arch.dispatch(TransformOutputGradient {
        tiles,
        images,
        planes,
    });
}

/// `images += B dv Bᵀ`: transposed [`transform_input`].
pub fn transform_input_gradient(arch: Arch, tiles: Tiles, planes: &[f32], images: &mut [f32]) {
    arch.dispatch(TransformInputGradient {
        tiles,
        planes,
        images,
    });
}

/// `G g Gᵀ` of a kernel, row after row.
pub fn transform_kernel(kernel: &[f32; 9]) -> [f32; PLACES] {
    let line = |a: f32, b: f32, c: f32| {
        let (even, odd) = (0.5 * (a + c), 0.5 * b);
        [a, even + odd, even - odd, c]
    };
    let k = kernel;
    let columns = [
        line(k[0], k[3], k[6]),
        line(k[1], k[4], k[7]),
        line(k[2], k[5], k[8]),
    ];
    let mut out = [0.0; PLACES];
    for row in 0..4 {
        out[4 * row..4 * row + 4].copy_from_slice(&line(
            columns[0][row],
            columns[1][row],
            columns[2][row],
        ));
    }
    out
}

/// `Gᵀ du G`: transposed [`transform_kernel`].
pub fn transform_kernel_gradient(places: &[f32; PLACES]) -> [f32; 9] {
    let line = |a: f32, b: f32, c: f32, d: f32| {
        let (sum, difference) = (0.5 * (b + c), 0.5 * (b - c));
        [a + sum, difference, d + sum]
    };
    let p = places;
    let columns: [[f32; 3]; 4] =
        std::array::from_fn(|column| line(p[column], p[4 + column], p[8 + column], p[12 + column]));
    let mut out = [0.0; 9];
    for row in 0..3 {
        out[3 * row..3 * row + 3].copy_from_slice(&line(
            columns[0][row],
            columns[1][row],
            columns[2][row],
            columns[3][row],
        ));
    }
    out
}

/// `planes` as 16 planes of `len` values.
#[inline(always)]
fn split_planes(planes: &mut [f32], len: usize) -> [&mut [f32]; PLACES] {
    let mut rest = planes;
    std::array::from_fn(
        #[inline(always)]
        |_| {
            let (plane, after) = std::mem::take(&mut rest).split_at_mut(len);
            rest = after;
            plane
        },
    )
}

// The functions below are loops and plain calls instead of closures: only what is sure to be inlined
// is compiled for the instruction set at hand.

#[inline(always)]
fn input_lines<S: Simd>(simd: S, a: [S::f32s; 4]) -> [S::f32s; 4] {
    [
        simd.sub_f32s(a[0], a[2]),
        simd.add_f32s(a[1], a[2]),
        simd.sub_f32s(a[2], a[1]),
        simd.sub_f32s(a[1], a[3]),
    ]
}

#[inline(always)]
fn input_gradient_lines<S: Simd>(simd: S, a: [S::f32s; 4]) -> [S::f32s; 4] {
    let difference = simd.sub_f32s(a[1], a[2]);
    [
        a[0],
        simd.add_f32s(difference, a[3]),
        simd.sub_f32s(simd.add_f32s(a[1], a[2]), a[0]),
        simd.neg_f32s(a[3]),
    ]
}

#[inline(always)]
fn output_lines<S: Simd>(simd: S, a: [S::f32s; 4]) -> [S::f32s; 2] {
    [
        simd.add_f32s(simd.add_f32s(a[0], a[1]), a[2]),
        simd.sub_f32s(simd.sub_f32s(a[1], a[2]), a[3]),
    ]
}

#[inline(always)]
fn output_gradient_lines<S: Simd>(simd: S, a: [S::f32s; 2]) -> [S::f32s; 4] {
    [
        a[0],
        simd.add_f32s(a[0], a[1]),
        simd.sub_f32s(a[0], a[1]),
        simd.neg_f32s(a[1]),
    ]
}

/// `Bᵀ d B`.
#[inline(always)]
fn input_tile<S: Simd>(simd: S, d: [S::f32s; PLACES]) -> [S::f32s; PLACES] {
    let mut half = d;
    for column in 0..4 {
        let line = [d[column], d[4 + column], d[8 + column], d[12 + column]];
        let line = input_lines(simd, line);
        for row in 0..4 {
            half[4 * row + column] = line[row];
        }
    }
    let mut v = half;
    for row in 0..4 {
        let line = [
            half[4 * row],
            half[4 * row + 1],
            half[4 * row + 2],
            half[4 * row + 3],
        ];
        let line = input_lines(simd, line);
        for column in 0..4 {
            v[4 * row + column] = line[column];
        }
    }
    v
}

/// `B dv Bᵀ`.
#[inline(always)]
fn input_gradient_tile<S: Simd>(simd: S, dv: [S::f32s; PLACES]) -> [S::f32s; PLACES] {
    let mut half = dv;
    for column in 0..4 {
        let line = [dv[column], dv[4 + column], dv[8 + column], dv[12 + column]];
        let line = input_gradient_lines(simd, line);
        for row in 0..4 {
            half[4 * row + column] = line[row];
        }
    }
    let mut d = half;
    for row in 0..4 {
        let line = [
            half[4 * row],
            half[4 * row + 1],
            half[4 * row + 2],
            half[4 * row + 3],
        ];
        let line = input_gradient_lines(simd, line);
        for column in 0..4 {
            d[4 * row + column] = line[column];
        }
    }
    d
}

/// `Aᵀ m A + bias`, row after row.
#[inline(always)]
fn output_tile<S: Simd>(simd: S, m: [S::f32s; PLACES], bias: S::f32s) -> [S::f32s; 4] {
    let mut half = [[bias; 4]; 2];
    for column in 0..4 {
        let line = [m[column], m[4 + column], m[8 + column], m[12 + column]];
        let [top, bottom] = output_lines(simd, line);
        half[0][column] = top;
        half[1][column] = bottom;
    }
    let [a, b] = output_lines(simd, half[0]);
    let [c, d] = output_lines(simd, half[1]);
    [
        simd.add_f32s(a, bias),
        simd.add_f32s(b, bias),
        simd.add_f32s(c, bias),
        simd.add_f32s(d, bias),
    ]
}

/// `A dy Aᵀ`.
#[inline(always)]
fn output_gradient_tile<S: Simd>(simd: S, dy: [S::f32s; 4]) -> [S::f32s; PLACES] {
    let left = output_gradient_lines(simd, [dy[0], dy[2]]);
    let right = output_gradient_lines(simd, [dy[1], dy[3]]);
    let mut m = [dy[0]; PLACES];
    for row in 0..4 {
        let line = output_gradient_lines(simd, [left[row], right[row]]);
        for column in 0..4 {
            m[4 * row + column] = line[column];
        }
    }
    m
}

/// Vector `vector` of every slice; 0 where a slice is too short to have one.
#[inline(always)]
fn gather<S: Simd, const N: usize>(
    simd: S,
    slices: [&[S::f32s]; N],
    vector: usize,
) -> [S::f32s; N] {
    let mut values = [simd.splat_f32s(0.0); N];
    for place in 0..N {
        if let Some(value) = slices[place].get(vector) {
            values[place] = *value;
        }
    }
    values
}

/// What the slices hold beyond their whole vectors, zeros behind it.
#[inline(always)]
fn gather_rest<S: Simd, const N: usize>(simd: S, slices: [&[f32]; N]) -> [S::f32s; N] {
    let mut values = [simd.splat_f32s(0.0); N];
    for place in 0..N {
        values[place] = simd.partial_load_f32s(S::as_simd_f32s(slices[place]).1);
    }
    values
}

/// The whole vectors of every slice.
#[inline(always)]
fn whole_vectors<S: Simd, const N: usize>(slices: [&[f32]; N]) -> [&[S::f32s]; N] {
    let mut vectors: [&[S::f32s]; N] = [&[]; N];
    for place in 0..N {
        vectors[place] = S::as_simd_f32s(slices[place]).0;
    }
    vectors
}

/// The channels of one tile in every plane.
#[inline(always)]
fn tile_planes<'a>(tiles: Tiles, planes: &'a [f32], tile: usize) -> [&'a [f32]; PLACES] {
    let mut slices: [&[f32]; PLACES] = [&[]; PLACES];
    for place in 0..PLACES {
        slices[place] = &planes[place * tiles.plane() + tile * tiles.channels..][..tiles.channels];
    }
    slices
}

/// Writes one tile's channels to every plane: the whole vectors by `tile(vector)`, then the rest.
macro_rules! write_planes {
    ($simd:expr, $S:ty, $tiles:expr, $planes:expr, $tile:expr, |$vector:ident| $whole:expr, $rest:expr) => {
        let (channels, (vectors, rest)) = ($tiles.channels, $tiles.parts::<$S>());
        let outputs = $planes.each_mut().map(
            #[inline(always)]
            |plane| &mut plane[$tile * channels..($tile + 1) * channels],
        );
        let mut tails: [&mut [f32]; PLACES] = Default::default();
        let mut heads: [&mut [<$S as Simd>::f32s]; PLACES] = Default::default();
        for (place, output) in outputs.into_iter().enumerate() {
            let (head, tail) = <$S>::as_mut_simd_f32s(output);
            heads[place] = &mut head[..vectors];
            tails[place] = tail;
        }
        for $vector in 0..vectors {
            let values = $whole;
            for place in 0..PLACES {
                heads[place][$vector] = values[place];
            }
        }
        if rest > 0 {
            let values = $rest;
            for place in 0..PLACES {
                $simd.partial_store_f32s(tails[place], values[place]);
            }
        }
    };
}

struct TransformInput<'a> {
    tiles: Tiles,
    images: &'a [f32],
    planes: &'a mut [f32],
}

impl WithSimd for TransformInput<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self {
            tiles,
            images,
            planes,
        } = self;
        let vectors = tiles.parts::<S>().0;
        let mut planes = split_planes(planes, tiles.plane());
        for tile in 0..tiles.count {
            let corner = tiles.tiling.corner(tiles.first + tile);
            let mut pixels: [&[f32]; PLACES] = [&[]; PLACES];
            for place in 0..PLACES {
                if let Some(start) = tiles.tiling.input_at(corner, place, tiles.channels) {
                    pixels[place] = &images[start..start + tiles.channels];
                }
            }
            let mut sources = whole_vectors::<S, PLACES>(pixels);
            if tiles.tiling.is_inside(corner) {
                // Equal lengths spare a test for every load.
                for place in 0..PLACES {
                    sources[place] = &sources[place][..vectors];
                }
                write_planes!(
                    simd,
                    S,
                    tiles,
                    planes,
                    tile,
                    |vector| {
                        let mut d = [sources[0][vector]; PLACES];
                        for place in 1..PLACES {
                            d[place] = sources[place][vector];
                        }
                        input_tile(simd, d)
                    },
                    input_tile(simd, gather_rest::<S, PLACES>(simd, pixels))
                );
            } else {
                write_planes!(
                    simd,
                    S,
                    tiles,
                    planes,
                    tile,
                    |vector| input_tile(simd, gather(simd, sources, vector)),
                    input_tile(simd, gather_rest::<S, PLACES>(simd, pixels))
                );
            }
        }
    }
}

struct TransformOutput<'a> {
    tiles: Tiles,
    planes: &'a [f32],
    bias: &'a [f32],
    images: &'a mut [f32],
}

impl WithSimd for TransformOutput<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self {
            tiles,
            planes,
            bias,
            images,
        } = self;
        let channels = tiles.channels;
        let (vectors, rest) = tiles.parts::<S>();
        let (bias, bias_rest) = S::as_simd_f32s(&bias[..channels]);
        let bias = &bias[..vectors];
        for tile in 0..tiles.count {
            let corner = tiles.tiling.corner(tiles.first + tile);
            let sources = tile_planes(tiles, planes, tile);
            let mut heads = whole_vectors::<S, PLACES>(sources);
            for head in &mut heads {
                *head = &head[..vectors];
            }
            for vector in 0..vectors {
                let mut m = [heads[0][vector]; PLACES];
                for place in 1..PLACES {
                    m[place] = heads[place][vector];
                }
                let y = output_tile(simd, m, bias[vector]);
                for place in 0..4 {
                    if let Some(start) = tiles.tiling.output_at(corner, place, channels) {
                        let at = start + vector * S::F32_LANES;
                        S::as_mut_simd_f32s(&mut images[at..at + S::F32_LANES]).0[0] = y[place];
                    }
                }
            }
            if rest > 0 {
                let m = gather_rest::<S, PLACES>(simd, sources);
                let y = output_tile(simd, m, simd.partial_load_f32s(bias_rest));
                for place in 0..4 {
                    if let Some(start) = tiles.tiling.output_at(corner, place, channels) {
                        let pixel = &mut images[start + channels - rest..start + channels];
                        simd.partial_store_f32s(pixel, y[place]);
                    }
                }
            }
        }
    }
}

struct TransformOutputGradient<'a> {
    tiles: Tiles,
    images: &'a [f32],
    planes: &'a mut [f32],
}

impl WithSimd for TransformOutputGradient<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self {
            tiles,
            images,
            planes,
        } = self;
        let mut planes = split_planes(planes, tiles.plane());
        for tile in 0..tiles.count {
            let corner = tiles.tiling.corner(tiles.first + tile);
            let mut pixels: [&[f32]; 4] = [&[]; 4];
            for place in 0..4 {
                if let Some(start) = tiles.tiling.output_at(corner, place, tiles.channels) {
                    pixels[place] = &images[start..start + tiles.channels];
                }
            }
            let sources = whole_vectors::<S, 4>(pixels);
            write_planes!(
                simd,
                S,
                tiles,
                planes,
                tile,
                |vector| output_gradient_tile(simd, gather(simd, sources, vector)),
                output_gradient_tile(simd, gather_rest::<S, 4>(simd, pixels))
            );
        }
    }
}

struct TransformInputGradient<'a> {
    tiles: Tiles,
    planes: &'a [f32],
    images: &'a mut [f32],
}

impl WithSimd for TransformInputGradient<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self {
            tiles,
            planes,
            images,
        } = self;
        let channels = tiles.channels;
        let (vectors, rest) = tiles.parts::<S>();
        for tile in 0..tiles.count {
            let corner = tiles.tiling.corner(tiles.first + tile);
            let sources = tile_planes(tiles, planes, tile);
            let mut heads = whole_vectors::<S, PLACES>(sources);
            for head in &mut heads {
                *head = &head[..vectors];
            }
            let mut starts = [None; PLACES];
            for place in 0..PLACES {
                starts[place] = tiles.tiling.input_at(corner, place, channels);
            }
            for vector in 0..vectors {
                let mut dv = [heads[0][vector]; PLACES];
                for place in 1..PLACES {
                    dv[place] = heads[place][vector];
                }
                let d = input_gradient_tile(simd, dv);
                for place in 0..PLACES {
                    if let Some(start) = starts[place] {
                        let at = start + vector * S::F32_LANES;
                        let pixel = &mut images[at..at + S::F32_LANES];
                        let pixel = &mut S::as_mut_simd_f32s(pixel).0[0];
                        *pixel = simd.add_f32s(*pixel, d[place]);
                    }
                }
            }
            if rest > 0 {
                let d = input_gradient_tile(simd, gather_rest::<S, PLACES>(simd, sources));
                for place in 0..PLACES {
                    if let Some(start) = starts[place] {
                        let pixel = &mut images[start + channels - rest..start + channels];
                        let sum = simd.add_f32s(simd.partial_load_f32s(pixel), d[place]);
                        simd.partial_store_f32s(pixel, sum);
                    }
                }
            }
        }
    }
}
