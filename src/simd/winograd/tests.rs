//! The transforms on every instruction set of this machine, against their matrices in f64.

use super::{
    F2x3, F2x5, F4x3, Filtering, Grid, KERNEL_WORK, Tiles, add_kernel_gradient, plane_stride,
    planes, planes_mut, transform_input, transform_input_gradient, transform_kernels,
    transform_output, transform_output_gradient,
};
use crate::simd::available;
use crate::simd::testing::{Sum, assert_close, random};

/// Errors relative to the sums of the products' sizes.
const BOUND: f64 = 1e-6;

type Rows = Vec<Vec<f64>>;

/// The matrices Bᵀ and Aᵀ of an algorithm; G is in its code.
struct Matrices {
    b_t: Rows,
    a_t: Rows,
}

fn rows<const N: usize>(rows: &[[f64; N]]) -> Rows {
    rows.iter().map(|row| row.to_vec()).collect()
}

/// The matrices of Lavin & Gray for F(2×2, 3×3).
fn four_points() -> Matrices {
    Matrices {
        b_t: rows(&[
            [1.0, 0.0, -1.0, 0.0],
            [0.0, 1.0, 1.0, 0.0],
            [0.0, -1.0, 1.0, 0.0],
            [0.0, 1.0, 0.0, -1.0],
        ]),
        a_t: rows(&[[1.0, 1.0, 1.0, 0.0], [0.0, 1.0, -1.0, -1.0]]),
    }
}

/// The matrices of the points 0, ±3/4, ±3/2, ∞ for `out` outputs: a row of Bᵀ has the coefficients of
/// the polynomial whose zeros are all other points, a column of A the powers of its point.
fn six_points(out: usize) -> Matrices {
    let points = [0.0, 0.75, -0.75, 1.5, -1.5];
    let product_without = |left_out: Option<usize>| {
        let mut coefficients = vec![0.0; 6];
        coefficients[0] = 1.0;
        for (index, point) in points.iter().enumerate() {
            if Some(index) == left_out {
                continue;
            }
            for k in (0..6).rev() {
                let shifted = if k > 0 { coefficients[k - 1] } else { 0.0 };
                coefficients[k] = shifted - point * coefficients[k];
            }
        }
        coefficients
    };
    let b_t = (0..5)
        .map(Some)
        .chain([None])
        .map(product_without)
        .collect();
    let a_t = (0..out)
        .map(|power| {
            let infinity = if power + 1 == out { 1.0 } else { 0.0 };
            let powers = points.iter().map(|point: &f64| point.powi(power as i32));
            powers.chain([infinity]).collect()
        })
        .collect();
    Matrices { b_t, a_t }
}

fn transposed(matrix: &Rows) -> Rows {
    let column = |column: usize| matrix.iter().map(|row| row[column]).collect();
    (0..matrix[0].len()).map(column).collect()
}

/// `M x Mᵀ`, row after row.
fn sandwich(matrix: &Rows, x: &[f32]) -> Vec<Sum> {
    let (rows, columns) = (matrix.len(), matrix[0].len());
    assert_eq!(x.len(), columns * columns);
    let mut result = vec![Sum::default(); rows * rows];
    for (index, sum) in result.iter_mut().enumerate() {
        for (from, x) in x.iter().enumerate() {
            let factor =
                matrix[index / rows][from / columns] * matrix[index % rows][from % columns];
            sum.add_product(factor as f32, *x);
        }
    }
    result
}

/// `Aᵀ[(G g) ⊙ (Bᵀ d)]` is the convolution of a line.
fn assert_convolves<F, const TILE: usize, const OUT: usize, const KERNEL: usize>(
    Matrices { b_t, a_t }: &Matrices,
) where
    F: Filtering<TILE, OUT, KERNEL>,
{
    let times = |matrix: &Rows, x: &[f64]| -> Vec<f64> {
        let dot = |row: &Vec<f64>| row.iter().zip(x).map(|(a, b)| a * b).sum();
        matrix.iter().map(dot).collect()
    };
    for pixel in 0..TILE {
        for tap in 0..KERNEL {
            let unit = |at: usize, len: usize| -> Vec<f64> {
                (0..len).map(|k| f64::from(u8::from(k == at))).collect()
            };
            let d = times(b_t, &unit(pixel, TILE));
            let g = times(&rows(&F::G), &unit(tap, KERNEL));
            let product: Vec<f64> = d.iter().zip(g).map(|(d, g)| d * g).collect();
            for (output, y) in times(a_t, &product).into_iter().enumerate() {
                let expected = f64::from(u8::from(output + tap == pixel));
                assert!((y - expected).abs() < 1e-12, "{pixel} {tap} {output}: {y}");
            }
        }
    }
}

#[test]
fn the_matrices_convolve_a_line() {
    assert_convolves::<F2x3, 4, 2, 3>(&four_points());
    assert_convolves::<F4x3, 6, 4, 3>(&six_points(4));
    assert_convolves::<F2x5, 6, 2, 5>(&six_points(2));
}

fn assert_kernels<F, const TILE: usize, const OUT: usize, const KERNEL: usize>()
where
    F: Filtering<TILE, OUT, KERNEL>,
{
    let g = rows(&F::G);
    let (places, area) = (TILE * TILE, KERNEL * KERNEL);
    for count in [1, 3, 8, 20, 200] {
        for arch in available() {
            let what = format_args!("F({OUT}, {KERNEL}), {count} kernels, {arch:?}");
            let kernels = random(count * area, 1);
            let mut found = vec![f32::NAN; count * places];
            // Of one output with many channels, or of several outputs.
            let channels = if count % 4 == 0 { count / 4 } else { count };
            let mut to = planes_mut::<TILE>(&mut found, count);
            transform_kernels::<F, TILE, OUT, KERNEL>(arch, &kernels, channels, &mut to);
            let mut expected = vec![Sum::default(); found.len()];
            for (index, kernel) in kernels.chunks_exact(area).enumerate() {
                for (place, sum) in sandwich(&g, kernel).into_iter().enumerate() {
                    expected[place * count + index] = sum;
                }
            }
            assert_close(&found, &expected, BOUND, what);

            let stride = plane_stride(count);
            let (du, before) = (random(places * stride, 2), random(area * stride, 3));
            let mut found = before.clone();
            let mut taps = planes_mut::<KERNEL>(&mut found, stride);
            for tap in taps.iter_mut().flatten() {
                *tap = &mut std::mem::take(tap)[..count];
            }
            let mut work = vec![f32::NAN; KERNEL_WORK];
            let planes = planes::<TILE>(&du, stride);
            add_kernel_gradient::<F, TILE, OUT, KERNEL>(arch, &planes, &mut taps, &mut work);
            let mut expected: Vec<Sum> = before.iter().copied().map(Sum::of).collect();
            for index in 0..count {
                let du: Vec<f32> = (0..places).map(|k| du[k * stride + index]).collect();
                for (tap, sum) in sandwich(&transposed(&g), &du).into_iter().enumerate() {
                    expected[tap * stride + index] += sum;
                }
            }
            assert_close(&found, &expected, BOUND, what);
        }
    }
}

#[test]
fn kernels_are_transformed_by_their_matrix() {
    assert_kernels::<F2x3, 4, 2, 3>();
    assert_kernels::<F4x3, 6, 4, 3>();
    assert_kernels::<F2x5, 6, 2, 5>();
}

/// Some consecutive tiles of three images, on both sides of a convolution.
struct TileCase {
    inputs: Tiles,
    outputs: Tiles,
    images: usize,
}

impl TileCase {
    fn all(kernel: usize, step: usize) -> impl Iterator<Item = Self> {
        let sizes = [(5, 5), (6, 6), (7, 12), (13, 8), (3, 37)];
        let channels = [1, 3, 8, 9, 16, 17, 33, 200];
        sizes.into_iter().flat_map(move |(height, width)| {
            (0..=4).step_by(2).chain([1]).flat_map(move |padding| {
                channels
                    .into_iter()
                    .filter(move |_| height + 2 * padding >= kernel)
                    .filter(move |channels| *channels < 33 || padding == 1)
                    .map(move |channels| Self::new(height, width, padding, channels, kernel, step))
            })
        })
    }

    fn new(
        height: usize,
        width: usize,
        padding: usize,
        channels: usize,
        kernel: usize,
        step: usize,
    ) -> Self {
        let (out_height, out_width) = (
            height + 2 * padding + 1 - kernel,
            width + 2 * padding + 1 - kernel,
        );
        let grid = Grid {
            height,
            width,
            padding,
            step,
            down: out_height.div_ceil(step),
            across: out_width.div_ceil(step),
        };
        let images = 3;
        // From within the first image to within the last, where they have more than one tile.
        let margin = grid.tiles() / 2;
        let inputs = Tiles {
            grid,
            first: margin,
            count: images * grid.tiles() - 2 * margin,
            channels,
        };
        let outputs = Tiles {
            grid: Grid {
                height: out_height,
                width: out_width,
                padding: 0,
                ..grid
            },
            ..inputs
        };
        Self {
            inputs,
            outputs,
            images,
        }
    }

    fn values(&self, tiles: Tiles) -> usize {
        self.images * tiles.grid.height * tiles.grid.width * tiles.channels
    }
}

/// Where the `side`×`side` pixels of tile `index` are, without its channel; none beyond the image.
fn pixels(tiles: Tiles, index: usize, side: usize) -> Vec<Option<usize>> {
    let Grid {
        height,
        width,
        padding,
        step,
        down,
        across,
    } = tiles.grid;
    let tile = tiles.first + index;
    let image = tile / (across * down);
    let (row, column) = (tile / across % down * step, tile % across * step);
    let at = |place: usize| {
        let row = (row + place / side).checked_sub(padding)?;
        let column = (column + place % side).checked_sub(padding)?;
        (row < height && column < width)
            .then_some(((image * height + row) * width + column) * tiles.channels)
    };
    (0..side * side).map(at).collect()
}

fn assert_tiles<F, const TILE: usize, const OUT: usize, const KERNEL: usize>(
    Matrices { b_t, a_t }: &Matrices,
) where
    F: Filtering<TILE, OUT, KERNEL>,
{
    let (b, a) = (transposed(b_t), transposed(a_t));
    for case in TileCase::all(KERNEL, OUT) {
        let TileCase {
            inputs, outputs, ..
        } = case;
        let channels = inputs.channels;
        let stride = plane_stride(inputs.plane());
        let planes_len = TILE * TILE * stride;
        let (x, dy) = (
            random(case.values(inputs), 1),
            random(case.values(outputs), 2),
        );
        let (m, bias) = (random(planes_len, 3), random(channels, 4));
        let mut v = vec![Sum::of(0.5); planes_len];
        let mut dm = v.clone();
        // Pixels of other tiles stay as they are.
        let mut y: Vec<Sum> = dy.iter().copied().map(Sum::of).collect();
        let mut dx: Vec<Sum> = x.iter().copied().map(Sum::of).collect();
        for index in 0..inputs.count {
            for channel in 0..channels {
                let gathered = |values: &[f32], at: &[Option<usize>]| -> Vec<f32> {
                    at.iter()
                        .map(|at| at.map_or(0.0, |at| values[at + channel]))
                        .collect()
                };
                let place = |place: usize| place * stride + index * channels + channel;
                let (input, output) = (pixels(inputs, index, TILE), pixels(outputs, index, OUT));
                let sums = sandwich(b_t, &gathered(&x, &input));
                for (k, sum) in sums.into_iter().enumerate() {
                    v[place(k)] = sum;
                }
                let sums = sandwich(&a, &gathered(&dy, &output));
                for (k, sum) in sums.into_iter().enumerate() {
                    dm[place(k)] = sum;
                }
                let m: Vec<f32> = (0..TILE * TILE).map(|k| m[place(k)]).collect();
                for (at, mut sum) in output.into_iter().zip(sandwich(a_t, &m)) {
                    if let Some(at) = at {
                        sum += Sum::of(bias[channel]);
                        y[at + channel] = sum;
                    }
                }
                for (at, sum) in input.into_iter().zip(sandwich(&b, &m)) {
                    if let Some(at) = at {
                        dx[at + channel] += sum;
                    }
                }
            }
        }
        for arch in available() {
            let check = |transform: &str, found: &[f32], expected: &[Sum]| {
                let what = format_args!("{arch:?} F({OUT}, {KERNEL}) {transform}, {inputs:?}");
                assert_close(found, expected, BOUND, what);
            };
            // Whatever is left there from before must not be read.
            let mut work = vec![f32::NAN; inputs.work_len(TILE).max(outputs.work_len(TILE))];
            let mut found = vec![0.5; planes_len];
            let mut planes = planes_mut::<TILE>(&mut found, stride);
            transform_input::<F, TILE, OUT, KERNEL>(arch, inputs, &x, &mut planes, &mut work);
            check("input", &found, &v);
            let mut found = vec![0.5; planes_len];
            let mut planes = planes_mut::<TILE>(&mut found, stride);
            work.fill(f32::NAN);
            transform_output_gradient::<F, TILE, OUT, KERNEL>(
                arch,
                outputs,
                &dy,
                &mut planes,
                &mut work,
            );
            check("output gradient", &found, &dm);
            let planes = super::planes::<TILE>(&m, stride);
            let mut found = dy.clone();
            work.fill(f32::NAN);
            transform_output::<F, TILE, OUT, KERNEL>(
                arch, outputs, &planes, &bias, &mut found, &mut work,
            );
            check("output", &found, &y);
            let mut found = x.clone();
            work.fill(f32::NAN);
            transform_input_gradient::<F, TILE, OUT, KERNEL>(
                arch, inputs, &planes, &mut found, &mut work,
            );
            check("input gradient", &found, &dx);
        }
    }
}

#[test]
fn tiles_are_transformed_by_their_matrices() {
    assert_tiles::<F2x3, 4, 2, 3>(&four_points());
    assert_tiles::<F4x3, 6, 4, 3>(&six_points(4));
    assert_tiles::<F2x5, 6, 2, 5>(&six_points(2));
}
