//! Bars that stand beside each other.

use std::ops::Range;

/// Bars of these shares (0 to 1), one in each column, in so many lines, the upper one first. Where there is no share,
/// the column is empty. In ASCII a bar grows in whole lines.
pub fn columns(shares: &[Option<f64>], lines: usize, ascii: bool) -> Vec<String> {
    const EIGHTHS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let level = |share: f64| {
        let share = if share.is_finite() {
            share.clamp(0.0, 1.0)
        } else {
            0.0
        };
        // The smallest bar is seen, so that it is told from none.
        ((share * lines as f64 * 8.0).round() as usize).max(1)
    };
    let sign = |share: &Option<f64>, line: usize| {
        let filled = share.map_or(0, level).saturating_sub(line * 8).min(8);
        match (ascii, filled) {
            (false, filled) => EIGHTHS[filled],
            (true, 5..) => '#',
            (true, 1..) if line == 0 => '.',
            (true, _) => ' ',
        }
    };
    let text = |line: usize| shares.iter().map(|share| sign(share, line)).collect();
    (0..lines).rev().map(text).collect()
}

/// Which of `count` things stand in each column, where there are `width` columns for them: one thing takes up to three
/// columns, or several share one.
pub fn ranges(count: usize, width: usize) -> Vec<Range<usize>> {
    if count == 0 || width == 0 {
        return Vec::new();
    }
    if count <= width {
        let each = (width / count).min(3);
        return (0..count * each)
            .map(|at| at / each..at / each + 1)
            .collect();
    }
    let place = |column: usize| column * count / width;
    (0..width)
        .map(|column| place(column)..place(column + 1))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stand_as_high_as_their_shares() {
        let shares = [Some(0.0), Some(0.25), None, Some(1.0), Some(f64::NAN)];
        assert_eq!(columns(&shares, 2, false), ["   █ ", "▁▄ █▁"]);
        assert_eq!(columns(&shares, 2, true), ["   # ", ".. #."]);
        assert_eq!(columns(&shares, 0, false), [""; 0]);
    }

    #[test]
    fn all_of_many_have_a_column_and_few_have_several() {
        assert_eq!(ranges(2, 5), [0..1, 0..1, 1..2, 1..2]);
        assert_eq!(ranges(1, 9), [0..1, 0..1, 0..1]);
        assert_eq!(ranges(5, 2), [0..2, 2..5]);
        assert!(ranges(0, 2).is_empty() && ranges(3, 0).is_empty());
    }
}
