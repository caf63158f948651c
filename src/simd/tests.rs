//! Matrix products on every instruction set and every bf16 unit of this machine, against the definition
//! in f64.

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

/// The rows of `matrix` every `stride` values, NaN between them, nothing after the last.
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

fn product(
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
    // Former values must not be left.
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
fn every_epilogue_is_computed() {
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
                let found = product(&weights, left, before, output);
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
                    .map(|left| bits(&product(&weights, left, &nothing, Epilogue::Overwrite)))
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
fn matmul_tn_adds_to_the_output() {
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
fn matmul_tn_of_rows_on_separate_pages_has_the_same_bits() {
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
fn columns_beyond_the_last_are_refused() {
    let _ = Matrix::new(&[0.0; 8], 2, 4).columns(2, 3);
}

#[test]
#[should_panic(expected = "rows 1 to 3")]
fn rows_beyond_the_last_are_refused() {
    let _ = Matrix::new(&[0.0; 8], 2, 4).rows(1, 2);
}
