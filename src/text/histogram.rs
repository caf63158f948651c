//! Histograms made of characters.

use super::columns::columns;

/// A histogram in `cells` columns and so many lines, the upper one first. The bins that fall into a column are added
/// up. Heights are square roots, so that what is rare beside a large bar is still seen; where there are no values,
/// the column is empty.
pub fn histogram(bins: &[u64], cells: usize, lines: usize, ascii: bool) -> Vec<String> {
    let sum = |cell: usize| {
        let first = cell * bins.len() / cells;
        let last = ((cell + 1) * bins.len() / cells).max(first + 1);
        let bins = bins.get(first..last.min(bins.len())).unwrap_or_default();
        bins.iter()
            .fold(0, |sum: u64, bin| sum.saturating_add(*bin))
    };
    let sums: Vec<u64> = (0..cells).map(sum).collect();
    let most = sums.iter().copied().max().unwrap_or(0).max(1) as f64;
    let share = |sum: &u64| (*sum > 0).then(|| (*sum as f64 / most).sqrt());
    let shares: Vec<Option<f64>> = sums.iter().map(share).collect();
    columns(&shares, lines, ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_rare_is_still_seen() {
        assert_eq!(histogram(&[0, 1, 250_000, 62_500], 4, 1, false), [" ▁█▄"]);
        assert_eq!(histogram(&[0, 1, 4], 3, 2, false), ["  █", " ██"]);
        assert_eq!(histogram(&[1, 1, 0, 0], 2, 1, true), ["# "]);
        // More cells than bins, and no values.
        assert_eq!(histogram(&[4, 1], 4, 1, false), ["██▄▄"]);
        assert_eq!(histogram(&[], 3, 1, false), ["   "]);
        assert_eq!(histogram(&[u64::MAX; 2], 1, 1, false), ["█"]);
    }
}
