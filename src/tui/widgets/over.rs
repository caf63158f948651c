//! What curves of epochs are drawn over: the epochs, or the time that they took.

use crate::text::ticks::range;
use crate::train::EpochMetrics;

/// The horizontal axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Over {
    /// The number of the epoch.
    #[default]
    Epochs,
    /// The time of training up to the end of the epoch, without evaluation and pauses.
    Time,
}

/// A horizontal axis in a unit in which it has few digits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    over: Over,
    /// Epochs or seconds in one unit.
    size: f64,
    /// The unit's name, in the plural.
    pub unit: &'static str,
}

impl Over {
    /// The other axis.
    pub fn other(self) -> Self {
        match self {
            Self::Epochs => Self::Time,
            Self::Time => Self::Epochs,
        }
    }

    /// What the status line calls it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Epochs => "curves over epochs",
            Self::Time => "curves over the time of training",
        }
    }

    /// Where each epoch stands: its number, or seconds.
    pub fn positions(self, epochs: &[EpochMetrics]) -> Vec<f64> {
        let mut seconds = 0.0;
        let position = |epoch: &EpochMetrics| {
            seconds += epoch.seconds;
            match self {
                Self::Epochs => epoch.epoch as f64,
                Self::Time => seconds,
            }
        };
        epochs.iter().map(position).collect()
    }
}

impl Axis {
    /// The axis for these runs.
    pub fn new<'a>(over: Over, runs: impl IntoIterator<Item = &'a [EpochMetrics]>) -> Self {
        let ends = runs.into_iter().flat_map(|epochs| over.positions(epochs));
        let longest = range(ends).map_or(0.0, |(_, longest)| longest);
        let (size, unit) = match over {
            Over::Epochs => (1.0, "epochs"),
            Over::Time if longest < 300.0 => (1.0, "seconds"),
            Over::Time if longest < 4.0 * 3600.0 => (60.0, "minutes"),
            Over::Time => (3600.0, "hours"),
        };
        Self { over, size, unit }
    }

    /// Where each epoch of a run stands.
    pub fn positions(&self, epochs: &[EpochMetrics]) -> Vec<f64> {
        let mut positions = self.over.positions(epochs);
        positions.iter_mut().for_each(|at| *at = self.place(*at));
        positions
    }

    /// The place of an epoch's number, or of seconds.
    pub fn place(&self, at: f64) -> f64 {
        at / self.size
    }

    /// The epochs or seconds of a range of the axis.
    pub fn range_of(&self, (first, last): (f64, f64)) -> (f64, f64) {
        (first * self.size, last * self.size)
    }

    /// Where the axis begins if the first epoch is at `first`.
    pub fn start(&self, first: f64) -> f64 {
        match self.over {
            Over::Epochs => first,
            Over::Time => first.min(0.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_adds_up_and_has_a_unit_of_its_size() {
        let line = r#"{"epoch":1,"train_loss":1.0,"train_accuracy":0.5,"validation_loss":1.0,"validation_accuracy":0.6,"learning_rate":0.1,"seconds":100.0,"images_per_second":10.0}"#;
        let first: EpochMetrics = serde_json::from_str(line).unwrap();
        let epochs = [first, EpochMetrics { epoch: 2, ..first }];
        let axis = |over, epochs: &[EpochMetrics]| Axis::new(over, [epochs, &[]]);
        assert_eq!(axis(Over::Epochs, &epochs).positions(&epochs), [1.0, 2.0]);
        let seconds = axis(Over::Time, &epochs);
        assert_eq!(seconds.positions(&epochs), [100.0, 200.0]);
        assert_eq!(seconds.start(100.0), 0.0);
        let minutes = axis(Over::Time, &[first; 4]);
        assert!((minutes.positions(&epochs)[1] - 200.0 / 60.0).abs() < 1e-9);
        let unit = |epochs: &[EpochMetrics]| axis(Over::Time, epochs).unit;
        assert_eq!(unit(&epochs), "seconds");
        assert_eq!(unit(&[first; 4]), "minutes");
        assert_eq!(unit(&[first; 400]), "hours");
        assert_eq!(unit(&[]), "seconds");
    }
}
