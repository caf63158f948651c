//! Every unit of this CPU against sums in f64, and its packing against the layouts' definition.

use super::packing::left_of_panels;
use super::portable::InMemory;
use super::{Left, Right, Store, Sums, Unit};
use super::{left_len, padded_inner, right_len, to_bf16, to_f32};
use crate::simd::matrix::Matrix;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn random(count: usize, seed: usize) -> Vec<f32> {
    let mut random = ChaCha8Rng::seed_from_u64(seed as u64);
    (0..count)
        .map(|_| random.random_range(-1.0..1.0f32))
        .collect()
}

/// `matrix`, `[rows][columns]`, with rows and columns exchanged and each row widened by `gap` NaNs.
fn transposed(matrix: &[f32], rows: usize, columns: usize, gap: usize) -> Vec<f32> {
    let mut result = vec![f32::NAN; columns * (rows + gap)];
    for i in 0..rows {
        for j in 0..columns {
            result[j * (rows + gap) + i] = matrix[i * columns + j];
        }
    }
    result
}

/// `matrix`, `[rows][columns]`, with each row widened by `gap` NaNs.
fn widened(matrix: &[f32], rows: usize, columns: usize, gap: usize) -> Vec<f32> {
    let mut result = vec![f32::NAN; rows * (columns + gap)];
    for i in 0..rows {
        result[i * (columns + gap)..][..columns].copy_from_slice(&matrix[i * columns..][..columns]);
    }
    result
}

/// The packed form of `matrix`, `[m][k]`, by its definition.
fn left_by_definition(matrix: &[f32], m: usize, k: usize) -> Vec<u16> {
    let mut packed = vec![0; left_len(m, k)];
    for i in 0..m {
        for p in 0..k {
            packed[i * padded_inner(k) + p] = to_bf16(matrix[i * k + p]);
        }
    }
    packed
}

/// The packed form of `matrix`, `[k][n]`, by its definition.
fn right_by_definition(matrix: &[f32], k: usize, n: usize) -> Vec<u16> {
    let mut packed = vec![0; right_len(k, n)];
    for p in 0..k {
        for j in 0..n {
            let place = j / 32 * padded_inner(k) * 32 + p / 2 * 64 + j % 32 * 2 + p % 2;
            packed[place] = to_bf16(matrix[p * n + j]);
        }
    }
    packed
}

/// One product with either layout of the left operand, twice for each output; `gap` lengthens the
/// stride of the sums.
fn check_product(unit: Unit, (m, n, k): (usize, usize, usize), gap: usize) {
    let a = random(m * k, 1);
    let rows = left_by_definition(&a, m, k);
    check_product_of(unit, &a, Left::new(&rows, m, k), n, gap);
    let panels = right_by_definition(&transposed(&a, m, k, 0), k, m);
    let panels = Right::new(&panels, k, m);
    check_product_of(unit, &a, Left::transpose_of(panels), n, gap);
}

/// The product of `left`, which is `a` `[m][k]`, and some matrix of `n` columns.
fn check_product_of(unit: Unit, a: &[f32], left: Left<'_>, n: usize, gap: usize) {
    let (m, k) = (left.rows, left.inner);
    let b = random(k * n, 2);
    let before = random(m * n, 3);

    let right = right_by_definition(&b, k, n);
    let right = Right::new(&right, k, n);

    for store in [Store::Overwrite, Store::Accumulate] {
        // Rows follow that are not part of the product.
        let mut untouched = widened(&before, m, n, gap);
        untouched.resize((m + 16) * (n + gap) + 64, f32::NAN);
        let mut sums = untouched.clone();
        unit.product(Sums::new(&mut sums, m, n, n + gap), store, left, right);
        let mut again = untouched.clone();
        unit.product(Sums::new(&mut again, m, n, n + gap), store, left, right);
        assert!(
            sums.iter()
                .zip(&again)
                .all(|(one, other)| one.to_bits() == other.to_bits()),
            "{unit:?} {m}×{n}×{k}: not the same twice"
        );
        for i in 0..m {
            for j in 0..n {
                let start = match store {
                    Store::Overwrite => 0.0,
                    Store::Accumulate => f64::from(before[i * n + j]),
                };
                let (mut sum, mut size) = (start, start.abs());
                for p in 0..k {
                    let product = f64::from(to_f32(to_bf16(a[i * k + p])))
                        * f64::from(to_f32(to_bf16(b[p * n + j])));
                    sum += product;
                    size += product.abs();
                }
                let found = f64::from(sums[i * (n + gap) + j]);
                assert!(
                    (found - sum).abs() <= 1e-5 * size,
                    "{unit:?} {m}×{n}×{k} {store:?}: ({i}, {j}) is {found}, not {sum}"
                );
            }
            for j in n..n + gap {
                assert!(sums[i * (n + gap) + j].is_nan(), "wrote beyond a row");
            }
        }
        assert!(
            sums[m * (n + gap)..].iter().all(|value| value.is_nan()),
            "{unit:?} {m}×{n}×{k}: wrote beyond the last row"
        );
    }
}

#[test]
fn products_of_many_shapes() {
    for unit in Unit::available() {
        for m in [1, 2, 5, 11, 12, 13, 16, 17, 24, 31, 32, 33, 40] {
            for n in [1, 15, 16, 17, 31, 32, 33, 48, 64, 65, 70] {
                for k in [1, 2, 31, 32, 33, 65, 200] {
                    check_product(unit, (m, n, k), (m + n + k) % 4);
                }
            }
        }
    }
}

#[test]
fn products_of_every_number_of_rows() {
    for unit in Unit::available() {
        for m in 1..=70 {
            check_product(unit, (m, 37, 35), 3);
            check_product(unit, (m, 64, 64), 0);
        }
    }
}

#[test]
fn products_of_every_number_of_columns_and_inner_size() {
    for unit in Unit::available() {
        for size in 1..=140 {
            check_product(unit, (3, size, 6), 1);
            check_product(unit, (19, 5, size), 1);
        }
    }
}

#[test]
fn products_of_nothing() {
    for unit in Unit::available() {
        let mut sums = [f32::NAN; 6];
        unit.product(
            Sums::new(&mut sums, 2, 3, 3),
            Store::Overwrite,
            Left::new(&[], 2, 0),
            Right::new(&[], 0, 3),
        );
        assert_eq!(sums, [0.0; 6]);
        let right = vec![0; right_len(4, 3)];
        unit.product(
            Sums::new(&mut [], 0, 3, 3),
            Store::Overwrite,
            Left::new(&[], 0, 4),
            Right::new(&right, 4, 3),
        );
        unit.product(
            Sums::new(&mut [], 1, 0, 0),
            Store::Accumulate,
            Left::new(&vec![0; left_len(1, 4)], 1, 4),
            Right::new(&[], 4, 0),
        );
    }
}

#[test]
fn products_on_many_threads() {
    for unit in Unit::available() {
        std::thread::scope(|scope| {
            for thread in 0..4 {
                scope.spawn(move || {
                    for size in 1..20 {
                        check_product(unit, (3 * size + thread, 4 * size, 5 * size), thread);
                    }
                });
            }
        });
    }
}

#[test]
fn packing_of_many_shapes() {
    for unit in Unit::available() {
        for rows in (1..=20).chain([31, 32, 33, 48, 63, 64, 65]) {
            for columns in (1..=18).chain([31, 32, 33, 63, 64, 65, 97]) {
                check_packing(unit, rows, columns, (rows + columns) % 3);
            }
        }
    }
}

fn check_packing(unit: Unit, rows: usize, columns: usize, gap: usize) {
    let plain = random(rows * columns, rows);
    let (row_stride, column_stride) = (columns + gap, rows + gap);
    let by_row = widened(&plain, rows, columns, gap);
    let by_column = transposed(&plain, rows, columns, gap);
    // What was in the places before must not shine through where the padding is.
    let mut left = vec![0x1234; left_len(rows, columns)];
    let mut right = vec![0x1234; right_len(rows, columns)];

    let expected = left_by_definition(&plain, rows, columns);
    unit.pack_left(
        &mut left,
        Matrix::strided(&by_row, rows, columns, row_stride),
    );
    assert!(left == expected, "{unit:?} left {rows}×{columns}");
    let expected = right_by_definition(&plain, rows, columns);
    unit.pack_right(
        &mut right,
        Matrix::strided(&by_row, rows, columns, row_stride),
    );
    assert!(right == expected, "{unit:?} right {rows}×{columns}");
    right.fill(0x1234);
    unit.pack_right_transposed(
        &mut right,
        Matrix::strided(&by_column, columns, rows, column_stride),
    );
    assert!(
        right == expected,
        "{unit:?} right transposed {rows}×{columns}"
    );
}

#[test]
fn rows_of_a_left_operand_that_came_in_panels() {
    for rows in (1..=20).chain([31, 32, 33, 48, 63, 64, 65]) {
        for inner in (0..=18).chain([31, 32, 33, 63, 64, 65, 97]) {
            let plain = random(rows * inner, rows);
            let panels = right_by_definition(&transposed(&plain, rows, inner, 0), inner, rows);
            let panels = Right::new(&panels, inner, rows);
            let expected = left_by_definition(&plain, rows, inner);
            let mut left = vec![0x1234; expected.len()];
            // SAFETY: `InMemory` needs no particular instructions.
            unsafe { left_of_panels::<InMemory>(&mut left, panels) };
            assert!(left == expected, "{rows}×{inner}");
            #[cfg(target_arch = "x86_64")]
            if Unit::Avx512Bf16.is_available() {
                left.fill(0x1234);
                // SAFETY: the unit is available, so the CPU has the instructions.
                unsafe { super::avx512::left_of_panels(&mut left, panels) };
                assert!(left == expected, "by AVX-512: {rows}×{inner}");
            }
        }
    }
}

#[test]
fn packing_of_nothing() {
    for unit in Unit::available() {
        unit.pack_left(&mut [], Matrix::strided(&[], 3, 0, 0));
        unit.pack_right(&mut [], Matrix::strided(&[], 0, 3, 3));
        unit.pack_right_transposed(&mut [], Matrix::strided(&[], 3, 0, 0));
    }
}

#[test]
fn every_unit_rounds_to_the_same_bits() {
    // Every exponent and sign with lower halves around a tie: zeros, denormals, infinities, NaNs.
    let mut values = Vec::new();
    for upper in (0..=u16::MAX).step_by(13).chain(0x7f70..0x7fff) {
        for lower in [0, 1, 0x7fff, 0x8000, 0x8001, 0xffff] {
            values.push(f32::from_bits(u32::from(upper) << 16 | lower));
        }
    }
    let expected: Vec<u16> = values.iter().map(|value| to_bf16(*value)).collect();
    for unit in Unit::available() {
        let mut rounded = vec![0; values.len()];
        unit.round(&values, &mut rounded);
        for (value, (rounded, expected)) in values.iter().zip(rounded.iter().zip(&expected)) {
            let value = value.to_bits();
            assert_eq!(
                rounded, expected,
                "{unit:?}: {value:08x} became {rounded:04x}"
            );
        }
        for count in 0..100 {
            let mut rounded = vec![0; count];
            unit.round(&values[..count], &mut rounded);
            assert_eq!(rounded, expected[..count]);
        }
    }
}

#[test]
fn infinities_and_nans_reach_the_sums() {
    for unit in Unit::available() {
        let product = |left: f32, right: f32| {
            let mut left_packed = vec![0; left_len(1, 1)];
            let mut right_packed = vec![0; right_len(1, 1)];
            unit.pack_left(&mut left_packed, Matrix::strided(&[left], 1, 1, 1));
            unit.pack_right(&mut right_packed, Matrix::strided(&[right], 1, 1, 1));
            let mut sums = [0.0];
            unit.product(
                Sums::new(&mut sums, 1, 1, 1),
                Store::Overwrite,
                Left::new(&left_packed, 1, 1),
                Right::new(&right_packed, 1, 1),
            );
            sums[0]
        };
        assert_eq!(product(2.0, f32::INFINITY), f32::INFINITY);
        assert_eq!(product(f32::MAX, -f32::MAX), -f32::INFINITY);
        assert!(product(0.0, f32::INFINITY).is_nan());
        assert!(product(f32::NAN, 1.0).is_nan());
    }
}

#[test]
fn the_fastest_available_unit_is_detected() {
    let available = Unit::available();
    assert_eq!(available.last(), Some(&Unit::Portable));
    assert_eq!(
        Unit::detect(),
        available
            .first()
            .copied()
            .filter(|unit| *unit != Unit::Portable)
    );
    println!("{available:?}");
}

#[test]
fn units_that_are_not_there_are_refused() {
    for unit in [Unit::Amx, Unit::Avx512Bf16] {
        if !unit.is_available() {
            let refused = std::panic::catch_unwind(|| unit.round(&[1.0], &mut [0]));
            assert!(refused.is_err(), "{unit:?}");
        }
    }
}

#[test]
#[should_panic(expected = "inner sizes differ")]
fn shapes_must_fit() {
    Unit::Portable.product(
        Sums::new(&mut [0.0], 1, 1, 1),
        Store::Overwrite,
        Left::new(&vec![0; left_len(1, 2)], 1, 2),
        Right::new(&vec![0; right_len(3, 1)], 3, 1),
    );
}

#[test]
#[should_panic(expected = "rows of")]
fn rows_must_not_overlap() {
    Sums::new(&mut [0.0; 8], 2, 4, 3);
}
