//! Two models on the same images.

/// How often one model is right where the other is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paired {
    /// Images compared.
    pub images: usize,
    /// Images that both get right.
    pub both_right: usize,
    /// Positions of the images that the first alone gets right, in ascending order.
    pub first_alone: Vec<usize>,
    /// Positions of the images that the second alone gets right, in ascending order.
    pub second_alone: Vec<usize>,
}

impl Paired {
    /// Of the classes that two models predict for images with these labels. What one slice has more than
    /// another is left out.
    pub fn new(first: &[u8], second: &[u8], labels: &[u8]) -> Self {
        let mut paired = Self::default();
        for (image, ((first, second), label)) in first.iter().zip(second).zip(labels).enumerate() {
            paired.images += 1;
            match (first == label, second == label) {
                (true, true) => paired.both_right += 1,
                (true, false) => paired.first_alone.push(image),
                (false, true) => paired.second_alone.push(image),
                (false, false) => {}
            }
        }
        paired
    }

    /// The second's accuracy minus the first's.
    pub fn difference(&self) -> f64 {
        let (first, second) = (self.first_alone.len(), self.second_alone.len());
        (second as f64 - first as f64) / self.images.max(1) as f64
    }

    /// The standard error of the difference: with `b` and `c` images that one alone gets right,
    /// `√(b + c − (b − c)² / n) / n`. Images that both get right or wrong add nothing to it, so it is smaller
    /// than the errors of both accuracies together.
    pub fn standard_error(&self) -> f64 {
        let images = self.images.max(1) as f64;
        let (first, second) = (self.first_alone.len(), self.second_alone.len());
        let one_sided = (first + second) as f64;
        let apart = second as f64 - first as f64;
        (one_sided - apart * apart / images).max(0.0).sqrt() / images
    }

    /// The probability that two equally good models differ at least as much (McNemar 1947, exact): where one
    /// alone is right, each has even odds, so it is a two-sided binomial test.
    pub fn p_value(&self) -> f64 {
        let (first, second) = (self.first_alone.len(), self.second_alone.len());
        let (fewer, all) = (first.min(second), first + second);
        // The logarithm of C(all, k) / 2^all, from k to k + 1.
        let mut logarithm = -(all as f64) * std::f64::consts::LN_2;
        let mut sum = 0.0;
        for k in 0..=fewer {
            sum += logarithm.exp();
            logarithm += ((all - k) as f64 / (k + 1) as f64).ln();
        }
        (2.0 * sum).min(1.0)
    }

    /// That probability for people: three digits, or a power of ten where they would be zeros.
    pub fn p_words(&self) -> String {
        match self.p_value() {
            p if p < 0.001 => format!("{p:.1e}"),
            p => format!("{p:.3}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(first_alone: usize, second_alone: usize) -> Paired {
        Paired {
            images: 10_000,
            both_right: 9_000,
            first_alone: (0..first_alone).collect(),
            second_alone: (0..second_alone).collect(),
        }
    }

    #[test]
    fn p_is_that_of_scipys_binomtest() {
        // scipy.stats.binomtest(fewer, fewer + more).pvalue
        let expected = [
            (148, 212, 0.000_874_145_449_417_726_1),
            (0, 1, 1.0),
            (3, 7, 0.343_75),
            (0, 20, 1.907_348_632_812_5e-6),
            (1, 11, 0.006_347_656_25),
            (4800, 5200, 6.593_515_598_672_343e-5),
            (5, 5, 1.0),
            (180, 180, 1.0),
            (0, 0, 1.0),
        ];
        for (fewer, more, p) in expected {
            for paired in [of(fewer, more), of(more, fewer)] {
                let found = paired.p_value();
                assert!((found - p).abs() < 1e-9 * p, "{fewer} {more}: {found}");
            }
        }
    }

    #[test]
    fn images_are_sorted_by_who_is_right() {
        let paired = Paired::new(&[1, 2, 3, 4, 5], &[1, 0, 3, 0, 6], &[1, 2, 0, 0, 6]);
        let expected = Paired {
            images: 5,
            both_right: 1,
            first_alone: vec![1],
            second_alone: vec![3, 4],
        };
        assert_eq!(paired, expected);
        assert!((paired.difference() - 0.2).abs() < 1e-12);
        // The deviation of -1, 0, 0, 1, 1 over √5.
        assert!((paired.standard_error() - (0.56_f64 / 5.0).sqrt()).abs() < 1e-12);
        assert_eq!(Paired::new(&[], &[], &[]).p_value(), 1.0);
    }
}
