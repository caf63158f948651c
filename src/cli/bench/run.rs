//! Measures and prints.

use super::profile;
use crate::cli::args::{DataArgs, Overrides, PrecisionArgs, SpecArgs, ThreadArgs};
use crate::cli::output::{data_line, join_notices, note, print, print_json};
use crate::stats::{Accuracy, standard_error};
use crate::text::{duration, escape_controls, grouped};
use crate::train::{self, BenchOptions, BenchResult};
use color_eyre::eyre::Result;
use serde::Serialize;
use serde_json::Value;

/// Options of `bench`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    spec: SpecArgs,
    /// Training images to go through
    #[arg(long, value_name = "N", default_value_t = 6400)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    images: u32,
    /// Images per optimiser step, instead of the spec's
    #[arg(long, value_name = "N")]
    batch: Option<usize>,
    #[command(flatten)]
    precision: PrecisionArgs,
    #[command(flatten)]
    threads: ThreadArgs,
    #[command(flatten)]
    data: DataArgs,
    /// Measure the evaluation of the validation images too, in batches of 500
    #[arg(long)]
    evaluation: bool,
    /// Show where the time goes: layer by layer, and how well the threads share the work
    #[arg(long)]
    profile: bool,
    /// Print nothing but the line of JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    result: BenchResult,
    train_accuracy_error: f64,
    spec: &'a str,
    dataset: &'a str,
    notice: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<Value>,
}

/// Measures and prints; the last line is JSON in any case.
pub fn run(args: &Args) -> Result<()> {
    let overrides = Overrides {
        batch: args.batch,
        precision: args.precision,
        ..Default::default()
    };
    let spec = overrides.apply(args.spec.read()?)?;
    let dataset = args.data.load(&spec.dataset)?;
    let spec = args.spec.adapted(spec, &dataset)?;
    let options = BenchOptions {
        images: args.images as usize,
        batch: spec.batch_size,
        threads: args.threads.get(),
        evaluation: args.evaluation,
        profile: args.profile,
    };
    let result = train::bench(&spec, &dataset, options)?;
    if let Some(notice) = &result.notice {
        note(notice);
    }
    if !args.json {
        let peak = result
            .peak_rss_mb
            .map_or(String::new(), |peak| format!(", peak {peak:.0} MiB"));
        let evaluated = result.evaluated_per_second.map_or(String::new(), |speed| {
            format!(", evaluation {} images/s", grouped(speed.round() as u64))
        });
        print(&format!(
            "{} on {}: {} images in {}, {} images/s, training accuracy {}{evaluated}{peak}",
            escape_controls(&spec.name),
            data_line(&dataset),
            grouped(result.images as u64),
            duration(result.seconds),
            grouped(result.images_per_second.round() as u64),
            Accuracy::of(result.train_accuracy, result.images),
        ))?;
        if let Some(profile) = &result.profile {
            print(&profile::text(profile))?;
        }
    }
    let profile = result.profile.as_ref().map(profile::json);
    print_json(&Line {
        spec: &spec.name,
        dataset: &dataset.name,
        notice: join_notices([dataset.notice(), result.notice.as_deref()]),
        profile,
        train_accuracy_error: standard_error(result.train_accuracy, result.images),
        result,
    })
}
