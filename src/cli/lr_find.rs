//! `fmnist-tui lr-find`.

mod chart;

use super::args::{DataArgs, LimitArgs, PrecisionArgs, SpecArgs, ThreadArgs};
use super::errors::Usage;
use super::output::{data_line, join_notices, note, print, print_json};
use super::progress::{TRAINING, bar, bars};
use crate::data::Dataset;
use crate::fs::write_atomically;
use crate::spec::limits::{Limit, limit};
use crate::spec::{CheckedSpec, Precision, Spec};
use crate::text::{escape_controls, grouped, quoted, shown_path};
use crate::train::{LrFindEnd, LrFindOptions, LrFindResult, LrStep, LrSuggestion, lr_find};
use color_eyre::eyre::{Result, WrapErr};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What stands below the options.
const AFTER_HELP: &str = "\
A new network is trained for a few batches while the learning rate rises, to see where the loss falls
fastest and where it breaks (the learning rate range test, arXiv 1506.01186). The network is not kept;
begin a training with what the test suggests: fmnist-tui train ... --lr X";

/// Options of `lr-find`.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    #[command(flatten)]
    spec: SpecArgs,
    /// The first learning rate
    #[arg(long, value_name = "X", default_value_t = 1e-6)]
    from: f64,
    /// The last learning rate
    #[arg(long, value_name = "X", default_value_t = 1.0)]
    to: f64,
    /// Optimiser steps from the first to the last
    #[arg(long, value_name = "N", default_value_t = 200)]
    #[arg(value_parser = clap::value_parser!(u16).range(20..=10_000))]
    steps: u16,
    /// Images per optimiser step, instead of the spec's
    #[arg(long, value_name = "N")]
    batch: Option<usize>,
    /// Seed of every random number, instead of the spec's
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    #[command(flatten)]
    precision: PrecisionArgs,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    threads: ThreadArgs,
    #[command(flatten)]
    limit: LimitArgs,
    /// Write every step's learning rate and losses to FILE
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Draw with ASCII characters only
    #[arg(long)]
    ascii: bool,
    /// Print one JSON object a line instead of the chart
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Line<'a> {
    Step {
        step: usize,
        #[serde(flatten)]
        losses: &'a LrStep,
    },
    Done {
        name: &'a str,
        dataset: &'a str,
        notice: Option<String>,
        steps: usize,
        end: LrFindEnd,
        /// What to begin with; none where the loss never fell.
        suggestion: Option<LrSuggestion>,
        batch_size: usize,
        threads: usize,
        precision: Precision,
    },
}

/// Runs the test and shows what it gave.
pub fn run(args: &Args) -> Result<()> {
    let overrides = super::args::Overrides {
        batch: args.batch,
        seed: args.seed,
        precision: args.precision,
        ..Default::default()
    };
    let spec = overrides.apply(args.spec.read()?)?;
    check_range(args.from, args.to)?;
    let dataset = args.limit.load(&args.data, &spec.dataset)?;
    let options = LrFindOptions {
        from: args.from,
        to: args.to,
        steps: usize::from(args.steps),
        threads: args.threads.get(),
    };
    let result = watched(&spec, &dataset, options)?;
    if let Some(notice) = result.notice {
        note(notice);
    }
    if let Some(path) = &args.csv {
        write_csv(path, &result.steps)?;
    }
    if args.json {
        print_lines(&spec, &dataset, &result)
    } else {
        print(&text(args, &spec, &dataset, &result))
    }
}

/// Both ends must be learning rates that a spec may have, the first below the last.
fn check_range(from: f64, to: f64) -> Result<()> {
    if let Some(limit @ Limit::Real(low, high)) = limit("", "learning_rate") {
        for (option, value) in [("--from", from), ("--to", to)] {
            if !(low..=high).contains(&value) {
                return Err(Usage(format!("{option}: is {value}; it must be {limit}")).into());
            }
        }
    }
    if from >= to {
        let text = format!("--from {from}: it must be below --to, which is {to}");
        return Err(Usage(text).into());
    }
    Ok(())
}

/// The test, with a progress bar.
fn watched(spec: &CheckedSpec, dataset: &Dataset, options: LrFindOptions) -> Result<LrFindResult> {
    let bars = bars();
    let progress = bar(&bars, TRAINING, options.steps as u64);
    progress.set_prefix("learning rate");
    let result = lr_find(spec, dataset, options, &mut |step| {
        progress.inc(1);
        progress.set_message(format!(
            "{:.1e}  loss {:.4}",
            step.learning_rate, step.smoothed_loss
        ));
    });
    progress.finish_and_clear();
    Ok(result?)
}

fn write_csv(path: &Path, steps: &[LrStep]) -> Result<()> {
    let mut lines = String::from("learning_rate,loss,smoothed_loss\n");
    for step in steps {
        lines.push_str(&format!(
            "{:e},{},{}\n",
            step.learning_rate, step.loss, step.smoothed_loss
        ));
    }
    write_atomically(path, lines.as_bytes())
        .wrap_err_with(|| format!("{}: cannot write the steps", shown_path(path)))
}

fn print_lines(spec: &Spec, dataset: &Dataset, result: &LrFindResult) -> Result<()> {
    for (index, losses) in result.steps.iter().enumerate() {
        print_json(&Line::Step {
            step: index + 1,
            losses,
        })?;
    }
    print_json(&Line::Done {
        name: &spec.name,
        dataset: &dataset.name,
        notice: join_notices([dataset.notice(), result.notice]),
        steps: result.steps.len(),
        end: result.end,
        suggestion: result.suggestion,
        batch_size: spec.batch_size,
        threads: result.threads,
        precision: result.precision,
    })
}

fn text(args: &Args, spec: &Spec, dataset: &Dataset, result: &LrFindResult) -> String {
    let sign =
        |unicode: &'static str, ascii: &'static str| if args.ascii { ascii } else { unicode };
    let mut text = format!(
        "Learning rate range test of {} with {}, {} steps of {} images\nData: {}, {} training images\n\n\
         smoothed loss against learning rate\n",
        escape_controls(&spec.name),
        spec.optimizer.kind(),
        result.steps.len(),
        spec.batch_size,
        data_line(dataset),
        grouped(dataset.train.len() as u64),
    );
    text.push_str(&chart::text(args.from, args.to, result, args.ascii));
    text.push('\n');
    let last = result
        .steps
        .last()
        .map_or(args.from, |step| step.learning_rate);
    text.push_str(&match result.end {
        LrFindEnd::Reached => format!("The last learning rate was reached: {}\n", rate(args.to)),
        LrFindEnd::Rose => format!(
            "After {} the loss was more than four times its lowest: the test ended there\n",
            rate(last)
        ),
        LrFindEnd::NotFinite => {
            format!(
                "After {} the loss was no number any more: the test ended there\n",
                rate(last)
            )
        }
    });
    match &result.suggestion {
        Some(found) => text.push_str(&format!(
            "{} {:<8} the loss falls fastest here\n{} {:<8} a tenth of where it is lowest ({})\n\
             Begin with one of them, the first if unsure:\n  fmnist-tui train {} --lr {}\n",
            sign("★", "*"),
            rate(found.steepest),
            chart::TENTH,
            rate(found.tenth_of_minimum),
            rate(found.minimum),
            source(args),
            rate(found.steepest),
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

/// The option that the network was named with, as a shell takes it.
fn source(args: &Args) -> String {
    match (&args.spec.preset, &args.spec.spec) {
        (Some(name), _) => format!("--preset {}", quoted(name)),
        (None, path) => {
            let path = path.as_deref().unwrap_or(Path::new(""));
            format!("--spec {}", quoted(&path.display().to_string()))
        }
    }
}

/// A learning rate with two digits, as `--lr` takes it; more would be more than the test can tell.
fn rate(value: f64) -> String {
    let short = format!("{value:.1e}");
    match short.parse::<f64>() {
        Ok(rounded) if rounded >= 1e-4 => rounded.to_string(),
        Ok(rounded) => format!("{rounded:e}"),
        Err(_) => short,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_have_two_digits() {
        for (value, shown) in [
            (0.003_162, "0.0032"),
            (0.000_1, "0.0001"),
            (0.000_012_59, "1.3e-5"),
            (1e-6, "1e-6"),
            (0.1, "0.1"),
            (1.26, "1.3"),
        ] {
            assert_eq!(rate(value), shown);
        }
    }

    #[test]
    fn a_range_that_is_none_names_the_option() {
        for (from, to, option) in [
            (1.0, 0.1, "--from 1"),
            (0.1, 0.1, "--from 0.1"),
            (0.0, 1.0, "--from: is 0"),
            (f64::NAN, 1.0, "--from: is NaN"),
            (1e-6, 1e9, "--to: is"),
        ] {
            let report = check_range(from, to).unwrap_err();
            assert!(report.to_string().starts_with(option), "{report}");
        }
        assert!(check_range(1e-6, 1.0).is_ok());
    }
}
