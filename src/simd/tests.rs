//! Every instruction set and every bf16 unit of this machine against the definitions in f64.

use super::winograd::{
    PLACES, Tiles, Tiling, transform_input, transform_input_gradient, transform_kernel,
    transform_kernel_gradient, transform_output, transform_output_gradient,
};
use super::{Arch, Engine, Epilogue, Matrix, PackedMatrix, available, lanes};
use crate::simd::bf16::{Unit, to_bf16, to_f32};
use crate::simd::testing::{Sum, assert_close, bits, random};

/// Errors relative to the sums of the products' sizes.
const BOUND: f64 = 1e-6;

/// Sums shorter than this are taken in f32 by every engine.
const SHORTEST_BF16_SUM: usize = 16;

/// An engine, and whether it rounds the operands of long sums to bf16.
#[derive(Clone, Copy, Debug)]
struct Multiplier {
    engine: Engine,
    rounds: bool,
}

impl Multiplier {
    /// Each instruction set in f32, then each bf16 unit.
    fn all() -> impl Iterator<Item = Self> {
        let f32 = available().into_iter().map(|arch| Self {
            engine: Engine::on(arch),
            rounds: false,
        });
        let bf16 = Unit::available().into_iter().map(|unit| Self {
            engine: Engine::bf16(unit),
            rounds: true,
        });
        f32.chain(bf16)
    }

    /// `values` as they meet in sums of `depth` products.
    fn operand(self, values: &[f32], depth: usize) -> Vec<f32> {
        if self.rounds && depth >= SHORTEST_BF16_SUM {
            let values = values.iter();
            values.map(|value| to_f32(to_bf16(*value))).collect()
        } else {
            values.to_vec()
        }
    }
}

/// A product `[rows, depth] · [depth, columns]`.
#[derive(Clone, Copy, Debug)]
struct Shape {
    rows: usize,
    depth: usize,
    columns: usize,
}

impl Shape {
    /// Every number of rows to 27, every depth and every number of columns to 70, each with a few
    /// sizes of the other two.
    fn many() -> impl Iterator<Item = Self> {
        let rows =
            with_each_of(1..=27, [1, 9, 33], [5, 37, 64]).map(|[rows, depth, columns]| Self {
                rows,
                depth,
                columns,
            });
        let depths = with_each_of(1..=70, [1, 13], [1, 40]).map(|[depth, rows, columns]| Self {
            rows,
            depth,
            columns,
        });
        let columns = with_each_of(1..=70, [2, 19], [4, 18]).map(|[columns, rows, depth]| Self {
            rows,
            depth,
            columns,
        });
        rows.chain(depths).chain(columns)
    }

    /// `start + left · right` by the definition; `left(row, k)` and `right(k, column)` are values.
    fn product(
        self,
        start: impl Fn(usize, usize) -> f32,
        left: impl Fn(usize, usize) -> f32,
        right: impl Fn(usize, usize) -> f32,
    ) -> Vec<Sum> {
        let mut sums = Vec::new();
        for row in 0..self.rows {
            for column in 0..self.columns {
                let mut sum = Sum::of(start(row, column));
                for k in 0..self.depth {
                    sum.add_product(left(row, k), right(k, column));
                }
                sums.push(sum);
            }
        }
        sums
    }
}

fn with_each_of<const N: usize, const M: usize>(
    all: std::ops::RangeInclusive<usize>,
    few: [usize; N],
    others: [usize; M],
) -> impl Iterator<Item = [usize; 3]> {
    all.flat_map(move |a| {
        few.into_iter()
            .flat_map(move |b| others.map(move |c| [a, b, c]))
    })
}

fn transposed(matrix: &[f32], columns: usize) -> Vec<f32> {
    (0..columns)
        .flat_map(|column| matrix[column..].iter().step_by(columns).copied())
        .collect()
}

/// The rows of `matrix` every `stride` values, NaN between them, nothing behind the last.
fn spread(matrix: &[f32], columns: usize, stride: usize) -> Vec<f32> {
    let mut spread = Vec::new();
    for row in matrix.chunks_exact(columns) {
        spread.resize(spread.len().next_multiple_of(stride), f32::NAN);
        spread.extend_from_slice(row);
    }
    spread
}

/// `matrix` with NaN around it: two rows above, one below, one column on the left, three on the right.
struct Framed {
    values: Vec<f32>,
    rows: usize,
    columns: usize,
}

impl Framed {
    fn new(matrix: &[f32], columns: usize) -> Self {
        let stride = columns + 4;
        let rows = matrix.len() / columns;
        let mut values = vec![f32::NAN; 2 * stride + 1];
        values.extend(spread(matrix, columns, stride));
        values.resize((rows + 3) * stride, f32::NAN);
        Self {
            values,
            rows,
            columns,
        }
    }

    fn rows(&self) -> Matrix<'_> {
        Matrix::new(&self.values, self.rows + 3, self.columns + 4)
            .rows(2, self.rows)
            .columns(1, self.columns)
    }
}

fn multiply(
    weights: &PackedMatrix,
    left: Matrix<'_>,
    before: &[f32],
    epilogue: Epilogue<'_>,
) -> Vec<f32> {
    let mut out = before.to_vec();
    weights.matmul(left, &mut out, epilogue);
    out
}

fn packed(
    engine: Engine,
    Shape { depth, columns, .. }: Shape,
    pack: impl Fn(&mut PackedMatrix),
) -> PackedMatrix {
    let mut weights = PackedMatrix::new(engine, depth, columns);
    // What was there before must not shine through.
    weights.pack(&vec![f32::NAN; depth * columns], columns);
    pack(&mut weights);
    weights
}

#[test]
fn every_instruction_set_is_listed_once() {
    let mut widths: Vec<_> = available().into_iter().map(lanes).collect();
    println!("values in a register: {widths:?}");
    assert!(widths.contains(&lanes(Arch::new())));
    let count = widths.len();
    widths.dedup();
    assert_eq!(widths.len(), count, "{widths:?}");
}

#[test]
fn products_replace_add_to_and_follow_what_is_given() {
    for multiplier in Multiplier::all() {
        for shape in Shape::many() {
            let Shape {
                rows,
                depth,
                columns,
            } = shape;
            let (a, b) = (random(rows * depth, 1), random(depth * columns, 2));
            let (before, line) = (random(rows * columns, 3), random(columns, 4));
            let nothing = vec![f32::NAN; rows * columns];
            let weights = packed(multiplier.engine, shape, |w| w.pack(&b, columns));
            let left = Matrix::new(&a, rows, depth);
            let [x, w] = [&a, &b].map(|values| multiplier.operand(values, depth));
            let zero = |_: usize, _: usize| 0.0;
            let own = |row: usize, column: usize| before[row * columns + column];
            let same_for_all = |_: usize, column: usize| line[column];
            let cases: [(_, _, &dyn Fn(usize, usize) -> f32); 3] = [
                (&nothing, Epilogue::Overwrite, &zero),
                (&before, Epilogue::Accumulate, &own),
                (&nothing, Epilogue::Bias(&line), &same_for_all),
            ];
            for (before, output, start) in cases {
                let expected =
                    shape.product(start, |i, k| x[i * depth + k], |k, j| w[k * columns + j]);
                let found = multiply(&weights, left, before, output);
                let what = format_args!("{multiplier:?} {shape:?} {output:?}");
                assert_close(&found, &expected, BOUND, what);
            }
        }
    }
}

#[test]
fn every_way_to_pack_and_to_select_rows_gives_the_same_bits() {
    for multiplier in Multiplier::all() {
        for shape in Shape::many() {
            let Shape {
                rows,
                depth,
                columns,
            } = shape;
            let (a, b) = (random(rows * depth, 5), random(depth * columns, 6));
            let (wide, tall) = (columns + 3, depth + 2);
            let turned = transposed(&b, columns);
            let b_spread = spread(&b, columns, wide);
            let turned_spread = spread(&turned, depth, tall);
            let pack: [&dyn Fn(&mut PackedMatrix); 8] = [
                &|w| w.pack(&b, columns),
                &|w| w.pack(&b_spread, wide),
                &|w| w.pack_transposed(&turned, depth),
                &|w| w.pack_transposed(&turned_spread, tall),
                &|w| w.pack_in_parallel(&b, columns),
                &|w| w.pack_in_parallel(&b_spread, wide),
                &|w| w.pack_transposed_in_parallel(&turned, depth),
                &|w| w.pack_transposed_in_parallel(&turned_spread, tall),
            ];
            let framed = Framed::new(&a, depth);
            let nothing = vec![f32::NAN; rows * columns];
            let results = pack.map(|pack| {
                let weights = packed(multiplier.engine, shape, pack);
                [Matrix::new(&a, rows, depth), framed.rows()]
                    .map(|left| bits(&multiply(&weights, left, &nothing, Epilogue::Overwrite)))
            });
            for (way, result) in results.as_flattened().iter().enumerate() {
                assert!(
                    *result == results[0][0],
                    "{multiplier:?} {shape:?}: way {way} differs"
                );
            }
        }
    }
}

#[test]
fn outer_products_are_added_to_what_is_there() {
    for multiplier in Multiplier::all() {
        for shape in Shape::many() {
            let Shape {
                rows,
                depth,
                columns,
            } = shape;
            let (a, b) = (random(depth * rows, 7), random(depth * columns, 8));
            let before = random(rows * columns, 9);
            let [x, w] = [&a, &b].map(|values| multiplier.operand(values, depth));
            let expected = shape.product(
                |i, j| before[i * columns + j],
                |i, k| x[k * rows + i],
                |k, j| w[k * columns + j],
            );
            let (left, right) = (Framed::new(&a, rows), Framed::new(&b, columns));
            let plain = (
                Matrix::new(&a, depth, rows),
                Matrix::new(&b, depth, columns),
            );
            let results = [plain, (left.rows(), right.rows())].map(|(left, right)| {
                let mut out = before.clone();
                multiplier.engine.add_matmul_tn(left, right, &mut out);
                out
            });
            let what = format_args!("{multiplier:?} {shape:?}");
            assert_close(&results[0], &expected, BOUND, what);
            assert_eq!(bits(&results[0]), bits(&results[1]), "{what}: framed");
        }
    }
}

#[test]
fn outer_products_of_scattered_rows_have_the_same_bits() {
    let (depth, stride) = (19, 1500);
    let far = random(depth * stride, 1);
    let far = Matrix::new(&far, depth, stride);
    for Multiplier { engine, .. } in Multiplier::all() {
        for rows in [1, 6, 7, 12, 13, 25] {
            let left = random(depth * rows, 2);
            let left = Matrix::new(&left, depth, rows);
            for (first, columns) in [(0, 1), (3, 16), (7, 31), (1430, 70)] {
                let right = far.columns(first, columns);
                let near: Vec<f32> = (0..depth).flat_map(|k| right.row(k)).copied().collect();
                let results = [right, Matrix::new(&near, depth, columns)].map(|right| {
                    let mut out = random(rows * columns, 3);
                    engine.add_matmul_tn(left, right, &mut out);
                    bits(&out)
                });
                let what = format!("{engine:?} {rows} rows, columns {first} + {columns}");
                assert_eq!(results[0], results[1], "{what}");
            }
        }
    }
}

#[test]
fn short_sums_have_the_bits_of_f32() {
    for unit in Unit::available() {
        for depth in 1..SHORTEST_BF16_SUM {
            let (rows, columns) = (13, 21);
            let (a, b) = (random(rows * depth, 1), random(depth * columns, 2));
            let results = [Engine::f32(), Engine::bf16(unit)].map(|engine| {
                let mut weights = PackedMatrix::new(engine, depth, columns);
                weights.pack(&b, columns);
                let mut product = vec![f32::NAN; rows * columns];
                let left = Matrix::new(&a, rows, depth);
                weights.matmul(left, &mut product, Epilogue::Overwrite);
                let mut outer = vec![0.0; rows * columns];
                let left = transposed(&a, depth);
                let (left, right) = (
                    Matrix::new(&left, depth, rows),
                    Matrix::new(&b, depth, columns),
                );
                engine.add_matmul_tn(left, right, &mut outer);
                [bits(&product), bits(&outer)]
            });
            assert_eq!(results[0], results[1], "{unit:?}, depth {depth}");
        }
    }
}

#[test]
fn products_of_no_rows_change_nothing() {
    for Multiplier { engine, .. } in Multiplier::all() {
        for depth in [3, 40] {
            let weights = PackedMatrix::new(engine, depth, 5);
            weights.matmul(Matrix::new(&[], 0, depth), &mut [], Epilogue::Overwrite);
        }
        let mut out = random(35, 1);
        engine.add_matmul_tn(Matrix::new(&[], 0, 5), Matrix::new(&[], 0, 7), &mut out);
        assert_eq!(out, random(35, 1), "{engine:?}");
    }
}

#[test]
fn a_nan_reaches_every_sum_it_belongs_to() {
    let (rows, depth, columns) = (7, 17, 19);
    for Multiplier { engine, .. } in Multiplier::all() {
        let mut a = random(rows * depth, 1);
        a[3 * depth + 5] = f32::NAN;
        let mut weights = PackedMatrix::new(engine, depth, columns);
        // Zeros too: 0 · NaN is NaN.
        weights.pack(&vec![0.0; depth * columns], columns);
        let mut out = vec![0.0; rows * columns];
        let left = Matrix::new(&a, rows, depth);
        weights.matmul(left, &mut out, Epilogue::Overwrite);
        for (row, line) in out.chunks_exact(columns).enumerate() {
            let expected = row == 3;
            let found = line.iter().all(|value| value.is_nan() == expected);
            assert!(found, "{engine:?} row {row}: {line:?}");
        }
    }
}

#[test]
#[should_panic(expected = "columns 2 to 5")]
fn rows_have_no_part_beyond_their_width() {
    let _ = Matrix::new(&[0.0; 8], 2, 4).columns(2, 3);
}

#[test]
#[should_panic(expected = "rows 1 to 3")]
fn rows_have_no_lines_beyond_their_count() {
    let _ = Matrix::new(&[0.0; 8], 2, 4).rows(1, 2);
}

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

/// Which side of a product a matrix stands on.
#[derive(Clone, Copy)]
enum Side {
    AsItIs,
    Transposed,
}

/// `M x Mᵀ` with `M` the `matrix` or its transpose, row after row.
fn sandwich(matrix: &[&[f64]], side: Side, x: &[f32]) -> Vec<Sum> {
    let (rows, columns) = match side {
        Side::AsItIs => (matrix.len(), matrix[0].len()),
        Side::Transposed => (matrix[0].len(), matrix.len()),
    };
    let at = |row: usize, column: usize| match side {
        Side::AsItIs => matrix[row][column],
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
        let expected = sandwich(G, Side::AsItIs, kernel);
        let what = format_args!("seed {seed}");
        assert_close(&transform_kernel(kernel), &expected, BOUND, what);
        let expected = sandwich(G, Side::Transposed, places);
        assert_close(&transform_kernel_gradient(places), &expected, BOUND, what);
    }
}

/// Some consecutive tiles of three images, with what the definition says of where they lie.
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
            to_planes(&mut v, sandwich(B_T, Side::AsItIs, &d));
            let d = gathered(&dy, outputs);
            to_planes(&mut dm, sandwich(A_T, Side::Transposed, &d));
            let m = gathered(&planes, places.map(Some));
            let sums = sandwich(A_T, Side::AsItIs, &m);
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
