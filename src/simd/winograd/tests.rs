//! The transforms on every instruction set of this machine, against their matrices in f64.

use super::{
    PLACES, Tiles, Tiling, transform_input, transform_input_gradient, transform_kernel,
    transform_kernel_gradient, transform_output, transform_output_gradient,
};
use crate::simd::available;
use crate::simd::testing::{Sum, assert_close, random};

/// Errors relative to the sums of the products' sizes.
const BOUND: f64 = 1e-6;

/// The matrices of Lavin & Gray.
const B_T: &[&[f64]] = &[
    &[1.0, 0.0, -1.0, 0.0],
    &[0.0, 1.0, 1.0, 0.0],
    &[0.0, -1.0, 1.0, 0.0],
    &[0.0, 1.0, 0.0, -1.0],
];
const G: &[&[f64]] = &[
    &[1.0, 0.0, 0.0],
    &[0.5, 0.5, 0.5],
    &[0.5, -0.5, 0.5],
    &[0.0, 0.0, 1.0],
];
const A_T: &[&[f64]] = &[&[1.0, 1.0, 1.0, 0.0], &[0.0, 1.0, -1.0, -1.0]];

/// Whether a matrix is transposed.
#[derive(Clone, Copy)]
enum Side {
    Plain,
    Transposed,
}

/// `M x Mᵀ` with `M` the `matrix` or its transpose, row after row.
fn sandwich(matrix: &[&[f64]], side: Side, x: &[f32]) -> Vec<Sum> {
    let (rows, columns) = match side {
        Side::Plain => (matrix.len(), matrix[0].len()),
        Side::Transposed => (matrix[0].len(), matrix.len()),
    };
    let at = |row: usize, column: usize| match side {
        Side::Plain => matrix[row][column],
        Side::Transposed => matrix[column][row],
    };
    assert_eq!(x.len(), columns * columns);
    let mut result = vec![Sum::default(); rows * rows];
    for (index, sum) in result.iter_mut().enumerate() {
        for (from, x) in x.iter().enumerate() {
            let factor = at(index / rows, from / columns) * at(index % rows, from % columns);
            sum.add_product(factor as f32, *x);
        }
    }
    result
}

#[test]
fn kernels_are_transformed_by_their_matrix() {
    for seed in 0..50 {
        let (kernel, places) = (random(9, seed), random(16, seed));
        let (kernel, places): (&[f32; 9], &[f32; 16]) =
            match (kernel.as_slice().try_into(), places.as_slice().try_into()) {
                (Ok(kernel), Ok(places)) => (kernel, places),
                _ => unreachable!("their sizes are given above"),
            };
        let expected = sandwich(G, Side::Plain, kernel);
        let what = format_args!("seed {seed}");
        assert_close(&transform_kernel(kernel), &expected, BOUND, what);
        let expected = sandwich(G, Side::Transposed, places);
        assert_close(&transform_kernel_gradient(places), &expected, BOUND, what);
    }
}

/// Some consecutive tiles of three images, with what the definition says of their positions.
struct TileCase {
    tiles: Tiles,
    images: usize,
}

impl TileCase {
    fn all() -> impl Iterator<Item = Self> {
        let sizes = [(3, 3), (4, 4), (5, 8), (7, 6), (9, 9)];
        let channels = [1, 3, 7, 8, 9, 16, 17, 24, 33];
        sizes.into_iter().flat_map(move |(height, width)| {
            (0..=2).flat_map(move |padding| {
                channels.map(move |channels| Self::new(height, width, padding, channels))
            })
        })
    }

    fn new(height: usize, width: usize, padding: usize, channels: usize) -> Self {
        let tiling = Tiling {
            height,
            width,
            out_height: height + 2 * padding - 2,
            out_width: width + 2 * padding - 2,
            padding,
        };
        let images = 3;
        // From within the first image to within the last, where they have more than one tile.
        let margin = tiling.tiles() / 2;
        let tiles = Tiles {
            tiling,
            first: margin,
            count: images * tiling.tiles() - 2 * margin,
            channels,
        };
        Self { tiles, images }
    }

    fn input_len(&self) -> usize {
        self.images * self.tiles.tiling.height * self.tiles.tiling.width * self.tiles.channels
    }

    fn output_len(&self) -> usize {
        let Tiling {
            out_height,
            out_width,
            ..
        } = self.tiles.tiling;
        self.images * out_height * out_width * self.tiles.channels
    }

    /// Positions of each tile's 4×4 inputs, 2×2 outputs and 16 places, channel by channel; none where
    /// the tile reaches beyond the image.
    fn each(&self, mut visit: impl FnMut([Option<usize>; 16], [Option<usize>; 4], [usize; 16])) {
        let Tiles {
            tiling,
            first,
            count,
            channels,
        } = self.tiles;
        let across = tiling.out_width.div_ceil(2);
        let down = tiling.out_height.div_ceil(2);
        let position = |image: usize, row: usize, column: usize, height: usize, width: usize| {
            (row < height && column < width)
                .then_some(((image * height + row) * width + column) * channels)
        };
        for index in 0..count {
            let tile = first + index;
            let image = tile / (across * down);
            let row = 2 * (tile / across % down);
            let column = 2 * (tile % across);
            for channel in 0..channels {
                let inputs = std::array::from_fn(|place| {
                    let row = (row + place / 4).checked_sub(tiling.padding)?;
                    let column = (column + place % 4).checked_sub(tiling.padding)?;
                    let at = position(image, row, column, tiling.height, tiling.width)?;
                    Some(at + channel)
                });
                let outputs = std::array::from_fn(|place| {
                    let (row, column) = (row + place / 2, column + place % 2);
                    let at = position(image, row, column, tiling.out_height, tiling.out_width)?;
                    Some(at + channel)
                });
                let places =
                    std::array::from_fn(|place| (place * count + index) * channels + channel);
                visit(inputs, outputs, places);
            }
        }
    }
}

fn gathered<const N: usize>(values: &[f32], at: [Option<usize>; N]) -> [f32; N] {
    at.map(|at| at.map_or(0.0, |at| values[at]))
}

#[test]
fn tiles_are_transformed_by_their_matrices() {
    for case in TileCase::all() {
        let planes_len = PLACES * case.tiles.plane();
        let (x, dy) = (random(case.input_len(), 1), random(case.output_len(), 2));
        let (planes, bias) = (random(planes_len, 3), random(case.tiles.channels, 4));
        let mut v = vec![Sum::default(); planes_len];
        let mut dm = v.clone();
        // Pixels of other tiles stay as they are.
        let mut y: Vec<Sum> = dy.iter().copied().map(Sum::of).collect();
        let mut dx: Vec<Sum> = x.iter().copied().map(Sum::of).collect();
        case.each(|inputs, outputs, places| {
            let to_planes = |planes: &mut [Sum], values: Vec<Sum>| {
                for (place, value) in places.into_iter().zip(values) {
                    planes[place] = value;
                }
            };
            let d = gathered(&x, inputs);
            to_planes(&mut v, sandwich(B_T, Side::Plain, &d));
            let d = gathered(&dy, outputs);
            to_planes(&mut dm, sandwich(A_T, Side::Transposed, &d));
            let m = gathered(&planes, places.map(Some));
            let sums = sandwich(A_T, Side::Plain, &m);
            for (at, mut sum) in outputs.into_iter().zip(sums) {
                if let Some(at) = at {
                    sum += Sum::of(bias[at % bias.len()]);
                    y[at] = sum;
                }
            }
            let sums = sandwich(B_T, Side::Transposed, &m);
            for (at, sum) in inputs.into_iter().zip(sums) {
                if let Some(at) = at {
                    dx[at] += sum;
                }
            }
        });
        for arch in available() {
            let tiles = case.tiles;
            let what = |transform: &str| {
                let Tiles {
                    tiling, channels, ..
                } = tiles;
                format!("{arch:?} {transform}, {channels} channels, {tiling:?}")
            };
            let check = |transform: &str, found: &[f32], expected: &[Sum]| {
                assert_close(found, expected, BOUND, format_args!("{}", what(transform)));
            };
            let nothing = vec![f32::NAN; planes_len];
            let mut found = nothing.clone();
            transform_input(arch, tiles, &x, &mut found);
            check("input", &found, &v);
            let mut found = nothing;
            transform_output_gradient(arch, tiles, &dy, &mut found);
            check("output gradient", &found, &dm);
            let mut found = dy.clone();
            transform_output(arch, tiles, &planes, &bias, &mut found);
            check("output", &found, &y);
            let mut found = x.clone();
            transform_input_gradient(arch, tiles, &planes, &mut found);
            check("input gradient", &found, &dx);
        }
    }
}
