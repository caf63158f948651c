//! A profile as text: the same words and digits on the command line and on the screen.

use super::measured::Section;
use super::report::{Profile, Row, RowKind};

/// The columns behind the layer.
pub const COLUMNS: [&str; 5] = ["forward", "backward", "ms", "share", "GFLOP/s"];

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRow {
    /// The layers' numbers from 1, as `3` or `3–5`; empty for what is no layer.
    pub number: String,
    /// What takes the time.
    pub name: String,
    /// As [`COLUMNS`]; empty where there is nothing to say. What a layer prepares counts as forward.
    pub cells: [String; COLUMNS.len()],
}

impl Section {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Prepare => "weights prepared",
            Self::Forward => "forward",
            Self::Backward => "backward",
            Self::Loss => "loss",
            Self::Optimizer => "optimiser",
            Self::Average => "average of the weights",
            Self::Rest => "everything else",
        }
    }
}

impl Row {
    /// What takes the time.
    pub fn name(&self) -> &str {
        match &self.kind {
            RowKind::Layers { description, .. } => description,
            RowKind::Section(section) => section.name(),
            RowKind::Waiting => "waiting for other threads",
        }
    }
}

impl Profile {
    /// The rows of the table.
    pub fn table(&self) -> Vec<TableRow> {
        let most =
            |pick: fn(&Row) -> Option<f64>| self.rows.iter().filter_map(pick).fold(0.0, f64::max);
        let rate_decimals = decimals(most(|row| row.gflops), 1);
        let rows = self.rows.iter().map(|row| {
            let [prepare, forward, backward] = row.directions;
            let (number, directions) = match &row.kind {
                RowKind::Layers { layers, .. } => {
                    let number = match layers.len() {
                        1 => layers.end.to_string(),
                        _ => format!("{}–{}", layers.start + 1, layers.end),
                    };
                    let directions = [prepare + forward, backward];
                    (number, directions.map(|time| self.shown(time)))
                }
                _ => Default::default(),
            };
            let [forward, backward] = directions;
            let rate = row.gflops;
            let rate = rate.map_or(String::new(), |rate| format!("{rate:.rate_decimals$}"));
            let share = format!("{:.1} %", 100.0 * self.share(row));
            TableRow {
                number,
                name: row.name().to_owned(),
                cells: [forward, backward, self.shown(row.milliseconds), share, rate],
            }
        });
        rows.collect()
    }

    /// A time of this profile in milliseconds, as precise as the others.
    pub fn shown(&self, milliseconds: f64) -> String {
        let decimals = decimals(self.milliseconds, 3);
        format!("{milliseconds:.decimals$}")
    }

    /// What was measured, in a sentence.
    pub fn about(&self) -> String {
        let counted = |number: u64, word: &str| {
            let plural = if number == 1 { "" } else { "s" };
            format!("{number} {word}{plural}")
        };
        format!(
            "A step of {:.0} images takes {} ms on {} (mean of {})",
            self.batch,
            self.shown(self.milliseconds),
            counted(self.threads as u64, "thread"),
            counted(self.steps, "step"),
        )
    }

    /// How much of a step one core works alone, and at what, the longest first.
    pub fn about_one_core(&self) -> String {
        let mut parts = self.one_core.clone();
        parts.sort_by(|one, other| other.1.total_cmp(&one.1));
        let shown = parts.iter().map(|(section, time)| {
            let share = 100.0 * time / self.milliseconds.max(f64::MIN_POSITIVE);
            (section, format!("{share:.1}"))
        });
        let parts = shown.filter(|(_, share)| share != "0.0");
        let parts: Vec<String> = parts
            .map(|(section, share)| format!("{} {share}", section.name()))
            .collect();
        let share = 100.0 * self.one_core_share();
        match parts.is_empty() {
            true => format!("One core alone: {share:.1} %"),
            false => format!("One core alone: {share:.1} %: {}", parts.join(", ")),
        }
    }
}

/// Decimals with which `largest` has four digits, at most `most` of them.
fn decimals(largest: f64, most: usize) -> usize {
    let digits = largest.max(1.0).log10().floor() as usize + 1;
    4_usize.saturating_sub(digits).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_as_many_as_a_mean_of_steps_is_worth() {
        assert_eq!(decimals(0.02, 3), 3);
        assert_eq!(decimals(9.9, 3), 3);
        assert_eq!(decimals(25.3, 3), 2);
        assert_eq!(decimals(253.0, 3), 1);
        assert_eq!(decimals(1e9, 3), 0);
        assert_eq!(decimals(85.0, 1), 1);
        assert_eq!(decimals(4850.0, 1), 0);
    }

    #[test]
    fn a_profile_in_words() {
        let row = |kind, milliseconds| Row {
            kind,
            directions: [0.5, 1.0, 2.0],
            milliseconds,
            gflops: None,
        };
        let layers = |layers: std::ops::Range<usize>| RowKind::Layers {
            layers,
            description: "ReLU + MaxPool2d 2×2".into(),
        };
        let profile = Profile {
            threads: 2,
            steps: 50,
            batch: 128.0,
            milliseconds: 10.0,
            rows: vec![
                row(layers(1..3), 8.0),
                row(RowKind::Section(Section::Loss), 1.5),
                row(RowKind::Waiting, 0.5),
            ],
            one_core: vec![
                (Section::Data, 0.2),
                (Section::Loss, 1.5),
                (Section::Rest, 1e-6),
            ],
        };
        let rows = profile.table();
        assert_eq!(rows[0].number, "2–3");
        assert_eq!(rows[0].cells, ["1.50", "2.00", "8.00", "80.0 %", ""]);
        assert_eq!(rows[1].cells, ["", "", "1.50", "15.0 %", ""]);
        assert_eq!(rows[2].name, "waiting for other threads");
        assert_eq!(
            profile.about(),
            "A step of 128 images takes 10.00 ms on 2 threads (mean of 50 steps)"
        );
        assert_eq!(
            profile.about_one_core(),
            "One core alone: 17.0 %: loss 15.0, data 2.0"
        );
    }
}
