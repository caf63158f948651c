//! Long slices in pieces for the threads. The pieces depend on the length alone, and their sums are added in
//! order: the threads change no bit.

use crate::parallel::{Metered, Region};
use crate::simd::{Arch, on_vectors};
use rayon::prelude::*;

/// Values that a thread works on at a time: fewer are not worth waking another for.
pub const VALUES_AT_ONCE: usize = 1 << 14;

/// Calls `work` for every piece of `values`, on all threads, with the index of its first value.
pub fn for_each_piece(values: &mut [f32], work: impl Fn(usize, &mut [f32]) + Sync) {
    for_each_chunk(values, VALUES_AT_ONCE, work);
}

/// The same for pieces of `len` values.
pub fn for_each_chunk(values: &mut [f32], len: usize, work: impl Fn(usize, &mut [f32]) + Sync) {
    if values.len() <= len {
        return work(0, values);
    }
    let pieces = values.par_chunks_mut(len).enumerate();
    pieces.for_each_metered(|(index, piece)| work(index * len, piece));
}

/// The sum of the squares of `value` of the values of two slices, which are equally long.
pub fn sum_of_squares(
    first: &[f32],
    second: &[f32],
    value: impl Fn(f32, f32) -> f32 + Copy + Sync,
) -> f64 {
    if first.len() <= VALUES_AT_ONCE {
        return sum_of_piece(first, second, value);
    }
    let pieces = first.par_chunks(VALUES_AT_ONCE);
    let pieces = pieces.zip(second.par_chunks(VALUES_AT_ONCE));
    let region = Region::begin();
    let sum = |(first, second)| region.task(|| sum_of_piece(first, second, value));
    let sums = pieces.map(sum);
    sums.collect::<Vec<f64>>().iter().sum()
}

/// In f64, and in eight sums side by side: in a single sum every addition would wait for the last.
fn sum_of_piece(first: &[f32], second: &[f32], value: impl Fn(f32, f32) -> f32) -> f64 {
    let (firsts, seconds) = (first.chunks_exact(8), second.chunks_exact(8));
    let rest = firsts.remainder().iter().zip(seconds.remainder());
    on_vectors!(Arch::new(), {
        let mut sums = [0.0; 8];
        for (first, second) in firsts.zip(seconds) {
            for ((sum, first), second) in sums.iter_mut().zip(first).zip(second) {
                let value = f64::from(value(*first, *second));
                *sum += value * value;
            }
        }
        let square = |value: f32| f64::from(value * value);
        let rest: f64 = rest
            .map(|(first, second)| square(value(*first, *second)))
            .sum();
        sums.iter().sum::<f64>() + rest
    })
}
