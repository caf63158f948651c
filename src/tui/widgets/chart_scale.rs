//! From the values of a chart to its cells and dots.

use crate::text::ticks;

/// Where values stand on a chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// The horizontal axis: the middles of the first and of the last column.
    pub x: (f64, f64),
    /// The vertical axis: the middles of the lowest and of the highest row.
    pub y: (f64, f64),
    /// Whether the vertical axis is logarithmic.
    pub logarithmic: bool,
}

/// A way to have even ticks.
struct Fit {
    step: f64,
    /// The difference from row to row.
    row: f64,
    /// The lowest and the highest row, counted from the one in whose middle 0 would stand.
    below: f64,
    above: f64,
    /// What is in view, in parts of the height.
    used: f64,
    /// Ticks in view.
    ticks: usize,
}

impl Fit {
    /// Ticks `apart` rows apart, if what is to be seen has room in `gaps` rows.
    fn new(
        (low, high): (f64, f64),
        step: f64,
        apart: usize,
        gaps: usize,
        limits: (f64, f64),
    ) -> Option<Self> {
        let apart = apart as f64;
        let row = step / apart;
        let (below, above) = ((low / row).floor(), (high / row).ceil());
        let spare = gaps as f64 - (above - below);
        if spare < 0.0 || !row.is_normal() {
            return None;
        }
        let room_below = (below - (limits.0 / row).ceil()).max(0.0);
        let room_above = ((limits.1 / row).floor() - above).max(0.0);
        let up = (spare / 2.0).ceil().min(room_above);
        let down = (spare - up).min(room_below);
        // Where both limits are reached, empty rows are left at the top.
        let (below, above) = (below - down, above + spare - down);
        Some(Self {
            step,
            row,
            below,
            above,
            used: (high - low) / (gaps as f64 * row),
            ticks: ((above / apart).floor() - (below / apart).ceil() + 1.0).max(0.0) as usize,
        })
    }

    /// More height for the curves is better, more ticks a little; a single tick tells no distances, two tell few,
    /// and ticks on all rows are a crowd.
    fn score(&self) -> f64 {
        let few = match self.ticks {
            0 | 1 => 1.0,
            2 => 0.15,
            _ => 0.0,
        };
        let crowd = if self.step == self.row { 0.3 } else { 0.0 };
        self.used + 0.02 * self.ticks.min(6) as f64 - few - crowd
    }
}

impl Scale {
    /// The same with the ends of the vertical axis moved apart a little, so that ticks stand a whole number of
    /// rows apart, each in the middle of one; and the step from tick to tick, at most `most` of them. Of what
    /// is possible it is what leaves the fewest rows empty. No end goes beyond `limits` where the other
    /// has the room. None where there are too few rows.
    pub fn even(self, most: usize, rows: usize, limits: (f64, f64)) -> Option<(Self, f64)> {
        let (low, high) = self.y;
        let gaps = rows.saturating_sub(1);
        let fits = ticks::steps(low, high, most).flat_map(|step| {
            let of_row = move |apart: usize| Fit::new((low, high), step, apart, gaps, limits);
            (1..=gaps).filter_map(of_row)
        });
        let best = fits.max_by(|a, b| a.score().total_cmp(&b.score()))?;
        let y = (best.below * best.row, best.above * best.row);
        Some((Self { y, ..self }, best.step))
    }

    fn across(&self, x: f64) -> f64 {
        let (low, high) = self.x;
        if high > low {
            (x - low) / (high - low)
        } else {
            0.5
        }
    }

    /// From 0 at the bottom to 1 at the top.
    fn up(&self, y: f64) -> f64 {
        let along = |y: f64| {
            if self.logarithmic {
                y.max(f64::MIN_POSITIVE).ln()
            } else {
                y
            }
        };
        let (low, high) = (along(self.y.0), along(self.y.1));
        if high > low {
            ((along(y) - low) / (high - low)).clamp(0.0, 1.0)
        } else {
            0.5
        }
    }

    /// The position among `cells` cells, in cells from the middle of the top left one.
    pub fn place(&self, (x, y): (f64, f64), (width, height): (u16, u16)) -> (f64, f64) {
        let last = |cells: u16| f64::from(cells.saturating_sub(1));
        (
            self.across(x) * last(width),
            (1.0 - self.up(y)) * last(height),
        )
    }

    /// The cell among `cells` in which a point stands.
    pub fn cell(&self, point: (f64, f64), cells: (u16, u16)) -> (u16, u16) {
        let (column, row) = self.place(point, cells);
        let within =
            |at: f64, cells: u16| (at.round().max(0.0) as u16).min(cells.saturating_sub(1));
        (within(column, cells.0), within(row, cells.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(low: f64, high: f64) -> Scale {
        Scale {
            x: (0.0, 1.0),
            y: (low, high),
            logarithmic: false,
        }
    }

    #[test]
    fn ticks_stand_equally_far_apart_and_curves_fill_the_height() {
        for (low, high, rows) in [
            (0.03, 0.87, 23_u16),
            (0.45, 2.93, 22),
            (0.713, 0.934, 9),
            (0.68, 0.94, 6),
            (0.0, 1.0, 17),
            (-0.3, 0.3, 30),
            (12.0, 9_000.0, 46),
        ] {
            let limits = (-1.0, f64::INFINITY);
            let (even, step) = scale(low, high)
                .even(7, usize::from(rows), limits)
                .expect("there are rows enough");
            assert!(even.y.0 <= low && even.y.1 >= high, "{even:?}");
            let used = (high - low) / (even.y.1 - even.y.0);
            assert!(used > 0.7, "{used} of {rows} rows: {even:?}");
            let ticks = ticks::multiples(even.y.0, even.y.1, step);
            let place = |tick: &f64| even.place((0.0, *tick), (1, rows)).1;
            let places: Vec<f64> = ticks.iter().map(place).collect();
            assert!((2..=8).contains(&places.len()), "{ticks:?}");
            let whole = |row: &f64| (row - row.round()).abs() < 1e-6;
            assert!(places.iter().all(whole), "{places:?}");
        }
    }

    #[test]
    fn an_accuracy_axis_ends_at_one_while_there_is_room_below() {
        let even = scale(0.85, 0.997).even(5, 21, (0.0, 1.0));
        let (even, _) = even.expect("there are rows enough");
        assert!(even.y.1 <= 1.0 + 1e-9, "{even:?}");
        assert!(even.y.0 >= 0.0 && even.y.0 <= 0.85, "{even:?}");
    }

    #[test]
    fn nothing_to_divide_is_left_as_it_is() {
        assert_eq!(scale(0.5, 0.5).even(5, 20, (0.0, 1.0)), None);
        assert_eq!(scale(0.1, 0.9).even(5, 1, (0.0, 1.0)), None);
        assert_eq!(scale(f64::NAN, 0.9).even(5, 9, (0.0, 1.0)), None);
    }
}
