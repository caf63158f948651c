//! Intervals drawn in characters, around a zero.

use super::cells::width;

/// The values at the left and right edge of a drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// At the left edge, 0 or less.
    pub low: f64,
    /// At the right edge, 0 or more.
    pub high: f64,
}

/// How far the means' distance from 0 is exceeded at most, so that one wide interval does not hide all others.
const MOST_BEYOND: f64 = 2.0;
/// How many times the means' median distance from 0 a mean may lie, so that one far away does not press all others
/// together.
const MOST_OF_MEDIAN: f64 = 10.0;

impl Scale {
    /// One for all of these intervals `(mean, half of its width)`: it shows 0 and every mean that is not far from
    /// all others, and intervals as far as twice the largest such mean.
    pub fn of(intervals: &[(f64, f64)]) -> Self {
        let means = intervals.iter().map(|(mean, _)| mean.abs());
        let mut means: Vec<f64> = means.filter(|mean| *mean > 0.0).collect();
        means.sort_by(f64::total_cmp);
        let median = means.get(means.len() / 2).copied().unwrap_or(0.0);
        let near = |mean: &&f64| **mean <= MOST_OF_MEDIAN * median;
        let largest = means.iter().rfind(near).copied().unwrap_or(0.0);
        let most = MOST_BEYOND * largest;
        let most = if most > 0.0 { most } else { f64::INFINITY };
        let ends = |sign: f64| {
            let ends = intervals.iter().map(|(mean, half)| sign * mean + half);
            ends.fold(0.0, f64::max).min(most)
        };
        let (low, high) = (-ends(-1.0), ends(1.0));
        // Room on both sides of 0, so that it is not taken for an edge.
        let rim = ((high - low) / 10.0).max(f64::MIN_POSITIVE);
        Self {
            low: low.min(-rim),
            high: high.max(rim),
        }
    }

    /// The cell of a value, of so many; none outside.
    fn cell(self, value: f64, cells: usize) -> Option<usize> {
        let share = (value - self.low) / (self.high - self.low);
        let cell = (share * cells.saturating_sub(1) as f64).round();
        ((0.0..cells as f64).contains(&cell)).then_some(cell as usize)
    }

    /// The values at both edges, in `cells`: `−5.0       +1.2`. Nothing while there is nothing to draw but 0.
    pub fn edges(self, cells: usize) -> String {
        if self.high - self.low <= 2.0 * f64::MIN_POSITIVE {
            return String::new();
        }
        let low = format!("{:.1}", self.low).replace('-', "−");
        let high = format!("+{:.1}", self.high);
        let gap = cells.saturating_sub(width(&low) + width(&high));
        format!("{low}{}{high}", " ".repeat(gap))
    }

    /// Draws the interval, or a mean without one, in `cells`: `├──●──┤  │`. An arrow stands where it goes on
    /// beyond the edge, and alone for one that lies beyond it.
    pub fn draw(self, mean: f64, half: Option<f64>, cells: usize, ascii: bool) -> String {
        let signs = match ascii {
            true => ['|', '-', '[', ']', 'o', '<', '>'],
            false => ['│', '─', '├', '┤', '●', '←', '→'],
        };
        let [zero, line, left, right, dot, to_left, to_right] = signs;
        let mut row = vec![' '; cells];
        let mut put = |cell: Option<usize>, sign: char| {
            if let Some(place) = cell.and_then(|cell| row.get_mut(cell)) {
                *place = sign;
            }
        };
        put(self.cell(0.0, cells), zero);
        let last = cells.checked_sub(1);
        let reach = half.filter(|half| half.is_finite());
        let [from, to] = [mean - reach.unwrap_or(0.0), mean + reach.unwrap_or(0.0)];
        if to < self.low {
            put(Some(0), to_left);
        } else if from > self.high {
            put(last, to_right);
        } else if let (Some(_), Some(last)) = (reach, last) {
            let (first, end) = (self.cell(from, cells), self.cell(to, cells));
            for cell in first.unwrap_or(0)..=end.unwrap_or(last) {
                put(Some(cell), line);
            }
            put(
                Some(first.unwrap_or(0)),
                if first.is_some() { left } else { to_left },
            );
            put(
                Some(end.unwrap_or(last)),
                if end.is_some() { right } else { to_right },
            );
        }
        put(self.cell(mean, cells), dot);
        row.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_stands_around_its_mean_and_beside_zero() {
        let scale = Scale {
            low: -10.0,
            high: 10.0,
        };
        let draw = |mean, half| scale.draw(mean, half, 21, false);
        assert_eq!(draw(-5.0, Some(2.0)), "   ├─●─┤  │          ");
        assert_eq!(draw(1.0, Some(3.0)), "        ├──●──┤      ");
        assert_eq!(draw(4.0, Some(0.1)), "          │   ●      ");
        assert_eq!(draw(4.0, None), "          │   ●      ");
        assert_eq!(draw(-9.0, Some(30.0)), "←●──────────────────→");
        assert_eq!(draw(-40.0, Some(3.0)), "←         │          ");
        assert_eq!(draw(40.0, None), "          │         →");
        assert_eq!(
            scale.draw(-5.0, Some(2.0), 21, true),
            "   [-o-]  |          "
        );
        for cells in 0..4 {
            assert_eq!(draw(f64::NAN, Some(f64::NAN)).chars().count(), 21);
            assert_eq!(
                scale.draw(0.5, Some(40.0), cells, false).chars().count(),
                cells
            );
        }
    }

    #[test]
    fn a_scale_shows_zero_and_every_mean_but_one_far_away() {
        let scale = Scale::of(&[(-4.0, 1.0), (-1.0, 0.5)]);
        assert_eq!((scale.low, scale.high), (-5.0, 0.5));
        // An interval of two seeds may be very wide.
        let scale = Scale::of(&[(-4.0, 100.0), (1.0, 0.5)]);
        assert_eq!((scale.low, scale.high), (-8.0, 8.0));
        // Without Flatten nothing can be learnt; the other parts are still told apart.
        let scale = Scale::of(&[(-80.0, 1.0), (-2.0, 0.5), (-1.0, 0.5), (0.5, 0.5)]);
        assert_eq!((scale.low, scale.high), (-4.0, 1.0));
        let scale = Scale::of(&[]);
        assert!(scale.low < 0.0 && scale.high > 0.0);
        let scale = Scale::of(&[(0.0, 0.2)]);
        assert_eq!((scale.low, scale.high), (-0.2, 0.2));
    }
}
