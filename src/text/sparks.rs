//! A line of small bars.

/// The eight heights of a bar in one cell.
pub const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// The same in ASCII.
pub const ASCII_BARS: [char; 8] = ['_', '.', ':', '-', '=', '+', '*', '#'];

/// A histogram in `cells` cells, the bins that fall into a cell added up. Heights are square roots, so that what is
/// rare beside a large bar is still seen; a cell without values is empty.
pub fn histogram(bins: &[u64], cells: usize, ascii: bool) -> String {
    let signs = if ascii { ASCII_BARS } else { BARS };
    heights(bins, cells)
        .into_iter()
        .map(|height| match height {
            0.0 => ' ',
            height => signs[((height * 8.0).ceil() as usize).clamp(1, 8) - 1],
        })
        .collect()
}

/// The heights of a histogram's columns, 0 to 1: square roots, in parts of the highest. The bins that fall into a
/// column are added up.
pub fn heights(bins: &[u64], columns: usize) -> Vec<f64> {
    let sum = |column: usize| {
        let first = column * bins.len() / columns;
        let last = ((column + 1) * bins.len() / columns).max(first + 1);
        let bins = bins.get(first..last.min(bins.len())).unwrap_or_default();
        bins.iter()
            .fold(0, |sum: u64, bin| sum.saturating_add(*bin))
    };
    let sums: Vec<u64> = (0..columns).map(sum).collect();
    let most = sums.iter().copied().max().unwrap_or(0).max(1) as f64;
    let height = |sum: u64| (sum as f64 / most).sqrt();
    sums.into_iter().map(height).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_rare_is_still_seen() {
        assert_eq!(histogram(&[0, 1, 250_000, 62_500], 4, false), " ▁█▄");
        assert_eq!(histogram(&[1, 1, 0, 0], 2, true), "# ");
        // More cells than bins, and no values.
        assert_eq!(histogram(&[4, 1], 4, false), "██▄▄");
        assert_eq!(histogram(&[], 3, false), "   ");
        assert_eq!(histogram(&[0, 0], 0, false), "");
        assert_eq!(heights(&[u64::MAX; 2], 1), [1.0]);
    }
}
