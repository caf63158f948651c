//! Sums in a fixed order that the compiler can do several values at a time.

const LANES: usize = 16;

/// Σ of `value` over the pairs of `a` and `b`, which are equally long.
#[inline]
pub fn sum_pairs(a: &[f32], b: &[f32], value: impl Fn(f32, f32) -> f32) -> f32 {
    let mut lanes = [0.0_f32; LANES];
    let (chunks_a, chunks_b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f32 = chunks_a
        .remainder()
        .iter()
        .zip(chunks_b.remainder())
        .map(|(a, b)| value(*a, *b))
        .sum();
    for (a, b) in chunks_a.zip(chunks_b) {
        for lane in 0..LANES {
            lanes[lane] += value(a[lane], b[lane]);
        }
    }
    lanes.iter().sum::<f32>() + rest
}

/// Σ of the values.
#[inline]
pub fn sum(values: &[f32]) -> f32 {
    sum_pairs(values, values, |value, _| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_any_length() {
        for length in [0, 1, 15, 16, 17, 100] {
            let values: Vec<f32> = (0..length).map(|v| v as f32).collect();
            let expected: f32 = values.iter().sum();
            assert_eq!(sum(&values), expected);
            let squares: f32 = values.iter().map(|v| v * v).sum();
            assert_eq!(sum_pairs(&values, &values, |a, b| a * b), squares);
        }
    }
}
