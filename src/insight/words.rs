//! A comparison in words, the same in the app and on the command line.

use super::comparison::{Compared, Comparison};
use super::paired::Paired;
use crate::stats::standard_error;
use crate::text::{duration, grouped};
use crate::train::best_epoch;

/// What differs between specs in which nothing does.
pub const SAME_SPECS: &str = "nothing: the same layers and settings";

/// A row of the table of scores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreRow {
    /// What is compared, with its unit.
    pub what: &'static str,
    /// The first's value, the second's, and how much larger the second's is; empty where that says
    /// nothing.
    pub cells: [String; 3],
}

/// Accuracies with their standard errors, losses, sizes, and of two runs what their training took.
pub fn score_rows(comparison: &Comparison) -> Vec<ScoreRow> {
    let Comparison { sides, paired, .. } = comparison;
    let [first, second] = sides;
    let percent = |share: f64| format!("{:.2}", 100.0 * share);
    let row = |what, cell: &dyn Fn(&Compared) -> String, difference: String| ScoreRow {
        what,
        cells: [cell(first), cell(second), difference],
    };
    let accuracy = |side: &Compared| {
        let error = standard_error(side.accuracy(), paired.images);
        format!("{} ± {}", percent(side.accuracy()), percent(error))
    };
    let loss = |side: &Compared| side.evaluation.loss;
    let mut rows = vec![
        row(
            "accuracy, %",
            &accuracy,
            format!(
                "{:+.2} ± {}",
                100.0 * paired.difference(),
                percent(paired.standard_error())
            ),
        ),
        row(
            "loss, nats",
            &|side| format!("{:.4}", loss(side)),
            format!("{:+.4}", loss(second) - loss(first)),
        ),
        row(
            "parameters",
            &|side| grouped(side.parameters()),
            String::new(),
        ),
    ];
    if sides.iter().any(|side| side.epochs().is_empty()) {
        return rows;
    }
    let best = |side: &Compared| {
        best_epoch(side.epochs()).map_or_else(String::new, |best| {
            format!("{} @ {}", percent(best.validation_accuracy), best.epoch)
        })
    };
    rows.extend([
        row(
            "epochs trained",
            &|side| side.epochs().len().to_string(),
            String::new(),
        ),
        row(
            "time trained",
            &|side| duration(side.seconds()),
            String::new(),
        ),
        row("best epoch (picked), %", &best, String::new()),
    ]);
    rows
}

/// Who is right where the other is wrong, and what chance would make of it: lines of at most 72
/// characters.
pub fn verdict(paired: &Paired) -> Vec<String> {
    let (first, second) = (paired.first_alone.len(), paired.second_alone.len());
    if first + second == 0 {
        return vec!["Both get the very same images right.".into()];
    }
    let meaning = if paired.p_value() < 0.05 {
        "chance alone seldom does that"
    } else {
        "chance alone could do that"
    };
    vec![
        format!(
            "B gets {} right that A got wrong, and {} the other way:",
            grouped(second as u64),
            grouped(first as u64)
        ),
        format!("p = {} (McNemar, exact); {meaning}.", paired.p_words()),
        "That is of these two models: other seeds of the same specs differ too.".into(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdict_says_how_often_and_what_chance_makes_of_it() {
        let paired = |first: usize, second: usize| Paired {
            images: 10_000,
            both_right: 9_000,
            first_alone: (0..first).collect(),
            second_alone: (0..second).collect(),
        };
        let lines = verdict(&paired(150, 210));
        assert_eq!(
            lines[..2],
            [
                "B gets 210 right that A got wrong, and 150 the other way:",
                "p = 0.002 (McNemar, exact); chance alone seldom does that."
            ]
        );
        assert!(verdict(&paired(5, 6))[1].contains("p = 1.000"));
        assert!(verdict(&paired(5, 6))[1].ends_with("could do that."));
        assert!(verdict(&paired(1, 99))[1].contains("e-"));
        assert_eq!(verdict(&paired(0, 0)).len(), 1);
        assert!(lines.iter().all(|line| line.len() <= 72));
    }
}
