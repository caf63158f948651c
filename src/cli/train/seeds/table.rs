//! The table of several seeds: a line each, and what they have in common.

use crate::cli::sweep::{Counts, bad_members};
use crate::stats::{Accuracy, Spread};
use crate::sweep::{Group, MemberState, Standing, Sweep, ranking};
use crate::text::grouped;
use crate::text::table::Table;
use crate::train::best_epoch;

/// The table with everything a reader must know of it.
pub fn text(sweep: &Sweep, standings: &[Standing]) -> String {
    let mut text = runs_table(sweep, standings).text();
    let groups = ranking(sweep, standings);
    text.extend(groups.first().map(|group| over_seeds(sweep, group)));
    text.push_str(&bad_members(sweep, standings));
    text.extend(Counts::of(standings).missing_line());
    text
}

fn runs_table(sweep: &Sweep, standings: &[Standing]) -> Table {
    let has_tests = standings.iter().any(|standing| standing.test.is_some());
    let mut header = vec![">seed", ">last epoch", ">best (picked) @ epoch"];
    if has_tests {
        header.extend([">test, last", ">test, best"]);
    }
    let mut table = Table::new(&header);
    let four = |share: f64| format!("{share:.4}");
    for (member, standing) in sweep.members.iter().zip(standings) {
        let none = || "-".to_owned();
        let is_done = standing.state == MemberState::Done;
        let epochs = &standing.epochs[..if is_done { standing.epochs.len() } else { 0 }];
        let best = best_epoch(epochs);
        let width = member.spec.epochs.to_string().len();
        let mut cells = vec![
            member.spec.seed.to_string(),
            epochs
                .last()
                .map_or_else(none, |last| four(last.validation_accuracy)),
            best.map_or_else(none, |best| {
                format!("{:.4} @ {:>width$}", best.validation_accuracy, best.epoch)
            }),
        ];
        if has_tests {
            let scores = standing.test.map(|test| [test.last, test.best]);
            let scores = scores.map(|scores| scores.map(|scores| four(scores.accuracy)));
            cells.extend(scores.unwrap_or_else(|| [none(), none()]));
        }
        table.row(cells);
    }
    table
}

/// Mean and deviation over the seeds that are trained, and how exact a single accuracy is.
fn over_seeds(sweep: &Sweep, group: &Group) -> String {
    let spreads = [
        ("last epoch", group.last),
        ("best epoch, picked", group.best),
        ("test, last epoch", group.test),
    ];
    let mut table = Table::new(&["over the seeds", ">accuracy", ">n"]);
    let mut is_any = false;
    for (name, spread) in spreads {
        if let Some(spread) = spread {
            is_any = true;
            table.row([name.into(), spread.to_string(), spread.count.to_string()]);
        }
    }
    let Some(last) = group.last.filter(|_| is_any) else {
        return String::new();
    };
    let images = sweep.plan.validation_images(&sweep.plan.spec);
    let one = Accuracy::of(last.mean, images);
    let mut text = format!("\n{}", table.text());
    text.push_str(&format!(
        "{} over n seeds; {} validation images leave each\nseed alone a standard error of {:.4}\n",
        capital_meaning(),
        grouped(images as u64),
        one.error.unwrap_or_default()
    ));
    text
}

fn capital_meaning() -> String {
    Spread::MEANING.replacen("mean", "Mean", 1)
}
