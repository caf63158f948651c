//! Audits a data set.

use super::args::Args;
use super::audited::Audited;
use super::{json, probabilities, text};
use crate::cli::args::{Overrides, SpecArgs};
use crate::cli::data::default_set::FASHION_MNIST;
use crate::cli::errors::{Cause, Interrupted, Left, Usage};
use crate::cli::output::{note, print, print_json, write_to};
use crate::cli::progress::{TRAINING, bar, bars};
use crate::cli::signals::Interrupts;
use crate::data::Dataset;
use crate::insight::audit::{Checked, Findings, OutOfFold, Step, Watch, exclusions, usual_network};
use crate::spec::CheckedSpec;
use crate::train::with_threads;
use color_eyre::eyre::{Result, bail};
use indicatif::ProgressBar;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Parts of a progress bar.
const PARTS: f64 = 1000.0;
/// Less similar images are not alike.
const LEAST_SIMILAR: f64 = 0.9;

/// Audits the data, prints what was found, and writes the files that were asked for.
pub fn run(args: &Args) -> Result<()> {
    if !(LEAST_SIMILAR..=1.0).contains(&args.similarity) {
        let problem = format!(
            "--similarity: is {}; it must be a number from {LEAST_SIMILAR} to 1",
            args.similarity
        );
        return Err(Usage(problem).into());
    }
    let spec = spec(args)?;
    let dataset = args.limit.load(&args.data, FASHION_MNIST)?;
    let spec = match (args.no_labels, spec) {
        (true, _) => None,
        (false, Some(spec)) => Some(network(args).adapted(spec, &dataset)?),
        (false, None) => usual(args, &dataset)?,
    };
    let cancelled = Arc::new(AtomicBool::new(false));
    let stop = Arc::clone(&cancelled);
    let interrupts = Interrupts::watch(move || stop.store(true, Ordering::Relaxed))?;
    let bars = bars();
    let watch = Bar {
        bar: bar(&bars, TRAINING, PARTS as u64),
        cancelled,
    };
    let audited = with_threads(args.threads.get(), || audit(args, spec, dataset, &watch));
    watch.bar.finish_and_clear();
    let Some((audited, predictions)) = audited?? else {
        let cause = Cause::Signal(interrupts.first().unwrap_or_default());
        let left = Left::NoResult;
        return Err(Interrupted { cause, left }.into());
    };
    if let (Some(path), Some(predictions)) = (&args.probabilities, &predictions) {
        let csv = probabilities::csv(predictions, &audited.dataset);
        write_to(path, csv.as_bytes(), "the probabilities")?;
    }
    if let Some(path) = &args.out {
        let list = exclusions(&audited.findings, &audited.dataset);
        write_to(path, list.as_bytes(), "the list of images to leave out")?;
    }
    match args.json {
        true => print_json(&json::object(&audited)),
        false => print(&text::text(args, &audited)),
    }
}

/// The network that was asked for.
fn spec(args: &Args) -> Result<Option<CheckedSpec>> {
    if args.preset.is_none() && args.spec.is_none() {
        return Ok(None);
    }
    let spec = network(args).read()?;
    Ok(Some(epochs(args).apply(spec)?))
}

/// The options that name it.
fn network(args: &Args) -> SpecArgs {
    SpecArgs {
        preset: args.preset.clone(),
        spec: args.spec.clone(),
    }
}

/// The usual network; none for data without labels to check.
fn usual(args: &Args, dataset: &Dataset) -> Result<Option<CheckedSpec>> {
    if dataset.classes() < 2 {
        note("there is only one class: labels are not checked");
        return Ok(None);
    }
    match usual_network(dataset) {
        Some(spec) => Ok(Some(epochs(args).apply(spec)?)),
        None => {
            bail!("the usual network does not fit the data; name another with --preset or --spec")
        }
    }
}

fn epochs(args: &Args) -> Overrides {
    Overrides {
        epochs: args.epochs,
        ..Overrides::default()
    }
}

/// None if it was cancelled.
fn audit(
    args: &Args,
    spec: Option<CheckedSpec>,
    dataset: Dataset,
    watch: &Bar,
) -> Result<Option<(Audited, Option<OutOfFold>)>> {
    let Some(checked) = Checked::new(&dataset, args.similarity, watch) else {
        return Ok(None);
    };
    let folds = usize::from(args.folds);
    let (mut labels, mut predictions) = (None, None);
    if let Some(spec) = spec {
        let Some(judged) = OutOfFold::train(&spec, &dataset, folds, &checked, watch)? else {
            return Ok(None);
        };
        labels = Some(judged.labels(&spec, &dataset, folds));
        predictions = Some(judged);
    }
    let audited = Audited {
        findings: Findings::of(&dataset, &checked, labels.as_ref()),
        dataset,
        checked,
        labels,
    };
    Ok(Some((audited, predictions)))
}

/// Shows how far the audit is.
struct Bar {
    bar: ProgressBar,
    cancelled: Arc<AtomicBool>,
}

impl Watch for Bar {
    fn at(&self, step: Step) {
        let (prefix, share) = match step {
            Step::Comparing(share) => ("comparing".to_owned(), share),
            Step::Training {
                fold,
                folds,
                share,
                epoch,
                epochs,
            } => {
                self.bar
                    .set_message(format!("epoch {}/{epochs}", epoch + 1));
                (format!("fold {fold}/{folds}"), share)
            }
        };
        self.bar.set_prefix(prefix);
        self.bar.set_position((PARTS * share) as u64);
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}
