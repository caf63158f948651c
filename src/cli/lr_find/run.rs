//! Runs the learning rate range test.

use super::args::Args;
use super::csv::write_csv;
use super::json::print_lines;
use super::text::text;
use crate::cli::args::Overrides;
use crate::cli::errors::Usage;
use crate::cli::output::{Written, note, print};
use crate::cli::progress::{TRAINING, bar, bars};
use crate::data::Dataset;
use crate::spec::CheckedSpec;
use crate::spec::limits::{Limit, limit};
use crate::train::{LrFindOptions, LrFindResult, lr_find};
use color_eyre::eyre::Result;

/// Runs the test and shows its result.
pub fn run(args: &Args) -> Result<()> {
    let overrides = Overrides {
        batch: args.batch,
        seed: args.seed,
        precision: args.precision,
        ..Default::default()
    };
    let spec = overrides.apply(args.spec.read()?)?;
    check_range(args.from, args.to)?;
    let dataset = args.limit.load(&args.data, &spec.dataset)?;
    let spec = args.spec.adapted(spec, &dataset)?;
    let options = LrFindOptions {
        from: args.from,
        to: args.to,
        steps: usize::from(args.steps),
        threads: args.threads.get(),
    };
    let result = watched(&spec, &dataset, options)?;
    if let Some(notice) = &result.notice {
        note(notice);
    }
    if let Some(path) = &args.csv
        && write_csv(path, &result.steps)? == Written::Stdout
    {
        return Ok(());
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
        true
    });
    progress.finish_and_clear();
    Ok(result?)
}

#[cfg(test)]
mod tests {
    use super::*;

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
