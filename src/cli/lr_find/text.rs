//! A learning rate range test as text: the chart and what it suggests.

use super::args::Args;
use super::chart;
use crate::cli::output::data_line;
use crate::cli::settings::is_plain;
use crate::data::Dataset;
use crate::spec::Spec;
use crate::text::{escape_controls, grouped, is_ascii_only, quoted, two_digits};
use crate::train::{LrFindEnd, LrFindResult};
use std::path::Path;

/// The whole output.
pub fn text(args: &Args, spec: &Spec, dataset: &Dataset, result: &LrFindResult) -> String {
    let is_ascii = is_ascii_only();
    let sign = |unicode: &'static str, ascii: &'static str| if is_ascii { ascii } else { unicode };
    let mut text = format!(
        "Learning rate range test of {} with {}, {} steps of {} images\nData: {}, {} training images\n\n",
        escape_controls(&spec.name),
        spec.optimizer.kind(),
        result.steps.len(),
        spec.batch_size,
        data_line(dataset),
        grouped(dataset.train.len() as u64),
    );
    if !is_plain() {
        text.push_str("smoothed loss against learning rate\n");
        text.push_str(&chart::text(args.from, args.to, result, is_ascii));
        text.push('\n');
    }
    let last = result
        .steps
        .last()
        .map_or(args.from, |step| step.learning_rate);
    text.push_str(&match result.end {
        LrFindEnd::Reached => format!(
            "The last learning rate was reached: {}\n",
            two_digits(args.to)
        ),
        LrFindEnd::Rose => format!(
            "After {} the loss was more than four times its lowest: the test ended there\n",
            two_digits(last)
        ),
        LrFindEnd::Stopped => format!("It was stopped after {}\n", two_digits(last)),
        LrFindEnd::NotFinite => {
            format!(
                "After {} the loss was not a finite number: the test ended there\n",
                two_digits(last)
            )
        }
    });
    match &result.suggestion {
        Some(found) => text.push_str(&format!(
            "{} {:<8} the loss falls fastest here\n{} {:<8} a tenth of where it is lowest ({})\n\
             Begin with one of them, the first if unsure:\n  fmnist-tui train {} --lr {}\n",
            sign("★", "*"),
            two_digits(found.steepest),
            chart::TENTH,
            two_digits(found.tenth_of_minimum),
            two_digits(found.minimum),
            source(args),
            two_digits(found.steepest),
        )),
        None => text.push_str(
            "The loss never fell long enough to say more: try --from and --to further apart, or more \
             --steps\n",
        ),
    }
    if let Some(notice) = dataset.notice() {
        text.push_str(&format!("This was measured on the {notice}\n"));
    }
    text
}

/// The option that named the network, quoted for a shell.
fn source(args: &Args) -> String {
    match (&args.spec.preset, &args.spec.spec) {
        (Some(name), _) => format!("--preset {}", quoted(name)),
        (None, path) => {
            let path = path.as_deref().unwrap_or(Path::new(""));
            format!("--spec {}", quoted(&path.display().to_string()))
        }
    }
}
