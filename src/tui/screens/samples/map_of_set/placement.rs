//! Where points are on the screen.

use ratatui::layout::{Position, Rect};

/// Dots of a cell, across and down: a dot is about as wide as it is high.
pub const DOTS: (i32, i32) = (2, 4);

/// A place in dots from the upper left corner of an area.
pub type Dot = (i32, i32);

/// A direction to go in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Towards smaller columns.
    Left,
    /// Towards larger columns.
    Right,
    /// Towards smaller rows.
    Up,
    /// Towards larger rows.
    Down,
}

/// From the points of a map to dots of an area.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placement {
    middle: (f64, f64),
    scale: (f64, f64),
    size: (f64, f64),
}

impl Placement {
    /// Fills `area` with `points`. Only neighbourhoods matter on a screen, so both directions are stretched
    /// as far as they go.
    pub fn of(points: &[[f32; 2]], area: Rect) -> Self {
        let size = (
            f64::from((i32::from(area.width) * DOTS.0 - 1).max(0)),
            f64::from((i32::from(area.height) * DOTS.1 - 1).max(0)),
        );
        let along = |axis: usize, room: f64| {
            let values = points.iter().map(|point| f64::from(point[axis]));
            let low = values.clone().fold(f64::INFINITY, f64::min);
            let high = values.fold(f64::NEG_INFINITY, f64::max);
            match low < high {
                true => (f64::midpoint(low, high), room / (high - low)),
                false => (low.min(f64::MAX), 0.0),
            }
        };
        let (across, down) = (along(0, size.0), along(1, size.1));
        Self {
            middle: (across.0, down.0),
            scale: (across.1, down.1),
            size,
        }
    }

    /// The dot of a point; up is up.
    pub fn dot(&self, [x, y]: [f32; 2]) -> Dot {
        let x = self.size.0 / 2.0 + (f64::from(x) - self.middle.0) * self.scale.0;
        let y = self.size.1 / 2.0 - (f64::from(y) - self.middle.1) * self.scale.1;
        (x.round() as i32, y.round() as i32)
    }
}

/// The dot in the middle of the cell at `at`.
pub fn dot_at(area: Rect, at: Position) -> Dot {
    let column = i32::from(at.x) - i32::from(area.x);
    let row = i32::from(at.y) - i32::from(area.y);
    (column * DOTS.0 + DOTS.0 / 2, row * DOTS.1 + DOTS.1 / 2)
}

/// The one of `points` that is nearest to `at`.
pub fn nearest(points: impl Iterator<Item = (usize, Dot)>, at: Dot) -> Option<usize> {
    let distance = |(index, (x, y)): (usize, Dot)| {
        let (x, y) = (i64::from(x - at.0), i64::from(y - at.1));
        (x * x + y * y, index)
    };
    points.map(distance).min().map(|(_, index)| index)
}

/// The one of `points` that one goes to from `from`: the nearest that is at least a cell further in the
/// direction, and rather further than beside; without one, any that is further.
pub fn towards(
    points: impl Iterator<Item = (usize, Dot)>,
    from: Dot,
    direction: Direction,
) -> Option<usize> {
    let cost = |(index, (x, y)): (usize, Dot)| {
        let (x, y) = (i64::from(x - from.0), i64::from(y - from.1));
        let (along, beside, least) = match direction {
            Direction::Left => (-x, y.abs(), DOTS.0),
            Direction::Right => (x, y.abs(), DOTS.0),
            Direction::Up => (-y, x.abs(), DOTS.1),
            Direction::Down => (y, x.abs(), DOTS.1),
        };
        let is_further = along >= i64::from(least);
        let cost = (beside > along, along * along + beside * beside, index);
        is_further.then_some(cost)
    };
    points.filter_map(cost).min().map(|(_, _, index)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_reach_the_edges_of_the_area() {
        let area = Rect::new(5, 5, 10, 4);
        let placement = Placement::of(&[[-3.0, 1.0], [5.0, 2.0], [1.0, 1.5]], area);
        assert_eq!(placement.dot([-3.0, 1.0]), (0, 15));
        assert_eq!(placement.dot([5.0, 2.0]), (19, 0));
        // One point, or none, or no room.
        assert_eq!(Placement::of(&[[7.0, 7.0]], area).dot([7.0, 7.0]), (10, 8));
        Placement::of(&[], Rect::default()).dot([1.0, 1.0]);
        assert_eq!(dot_at(area, Position::new(6, 7)), (3, 10));
    }

    #[test]
    fn arrows_lead_to_the_nearest_point_on_their_side() {
        let points = [
            (0, (10, 10)),
            (1, (11, 10)),
            (2, (20, 12)),
            (3, (14, 30)),
            (4, (11, 40)),
        ];
        let go = |from, direction| towards(points.into_iter(), from, direction);
        // The point beside it, in the same cell, is passed over.
        assert_eq!(go((10, 10), Direction::Right), Some(2));
        assert_eq!(go((10, 10), Direction::Down), Some(3));
        // Nothing is straight on the left: what is furthest from beside.
        assert_eq!(go((14, 30), Direction::Left), Some(4));
        assert_eq!(go((10, 10), Direction::Left), None);
        assert_eq!(nearest(points.into_iter(), (19, 19)), Some(2));
        assert_eq!(nearest(std::iter::empty(), (19, 19)), None);
    }
}
