//! `fmnist-tui calibration`.

use super::model_args::{LoadedModel, ModelArgs};
use super::output::{print, print_json};
use crate::insight::{BINS, Bin, Calibration, Refusal, Reliability, certainty};
use crate::stats::{Accuracy, standard_error};
use crate::text::table::Table;
use crate::text::{escape_controls, first, grouped, wrap};
use crate::train::{evaluate, with_threads};
use color_eyre::eyre::Result;
use serde::Serialize;

/// Options of `calibration`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    on: ModelArgs,
}

/// Measures how sure a model is and how often it is right.
pub fn run(args: &Args) -> Result<()> {
    let loaded = args.on.load()?;
    let split = &loaded.dataset.validation;
    let evaluation = with_threads(args.on.threads.get(), || {
        evaluate(&loaded.model, split, loaded.info.normalization)
    })??;
    let calibration = Calibration::new(
        &evaluation.predictions,
        &evaluation.probabilities,
        &split.labels,
    );
    match args.on.json {
        true => print_json(&line(&loaded, &calibration)),
        false => print(&text(&loaded, &calibration)),
    }
}

fn text(loaded: &LoadedModel, calibration: &Calibration) -> String {
    let dataset = &loaded.dataset;
    let all = &calibration.all;
    let mut text = format!(
        "{}, {} validation images\n\nconfidence         {:.2} % in the mean\naccuracy           {} %\ncalibration error  {:.2} % (expected, {BINS} bins)\n\n",
        loaded.head(),
        grouped(all.images as u64),
        100.0 * all.confidence,
        Accuracy::of(all.accuracy, all.images).percent(),
        100.0 * all.error,
    );
    for line in wrap(&certainty(all), 80) {
        text.push_str(&line);
        text.push('\n');
    }
    let mut table = Table::new(&[
        ">confidence, %",
        ">images",
        ">mean, %",
        ">right, %",
        ">too sure by",
    ]);
    for (index, bin) in all
        .bins
        .iter()
        .enumerate()
        .filter(|(_, bin)| bin.images > 0)
    {
        table.row([
            bin_range(index),
            grouped(bin.images as u64),
            format!("{:.2}", 100.0 * bin.confidence),
            Accuracy::of(bin.accuracy, bin.images).percent(),
            format!("{:+.2}", 100.0 * (bin.confidence - bin.accuracy)),
        ]);
    }
    text.push_str("\nHow sure, how right\n");
    text.push_str(&table.text());
    let mut table = Table::new(&[
        "taken for",
        ">images",
        ">mean, %",
        ">right, %",
        ">calibration error, %",
    ]);
    for (class, name) in calibration.classes.iter().zip(&dataset.class_names) {
        table.row([
            first(&escape_controls(name), 30).to_owned(),
            grouped(class.images as u64),
            format!("{:.2}", 100.0 * class.confidence),
            Accuracy::of(class.accuracy, class.images).percent(),
            format!("{:.2}", 100.0 * class.error),
        ]);
    }
    text.push_str("\nClass by class\n");
    text.push_str(&table.text());
    let mut table = Table::new(&[
        ">refused",
        ">images left",
        ">right, %",
        ">at least as sure as, %",
    ]);
    for refusal in &calibration.refusals {
        table.row([
            format!("{} %", refusal.percent),
            grouped(refusal.images as u64),
            Accuracy::of(refusal.accuracy, refusal.images).percent(),
            format!("{:.2}", 100.0 * refusal.threshold),
        ]);
    }
    text.push_str("\nIf it may refuse the images it is least sure of\n");
    text.push_str(&table.text());
    text
}

/// The confidences of a bin, in whole percent.
fn bin_range(index: usize) -> String {
    let end = |bin: usize| 100 * bin / BINS;
    format!("{} to {}", end(index), end(index + 1))
}

/// The object `--json` prints.
#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    dataset: &'a str,
    notice: Option<&'static str>,
    #[serde(flatten)]
    all: Of<'a>,
    /// From confidence 0 to 1, equally wide.
    bins: Vec<BinLine>,
    classes: Vec<Of<'a>>,
    refusals: Vec<RefusalLine>,
}

#[derive(Serialize)]
struct Of<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<&'a str>,
    images: usize,
    confidence: f64,
    accuracy: f64,
    accuracy_error: f64,
    expected_calibration_error: f64,
}

#[derive(Serialize)]
struct BinLine {
    images: usize,
    confidence: f64,
    accuracy: f64,
    accuracy_error: f64,
}

#[derive(Serialize)]
struct RefusalLine {
    refused: f64,
    images: usize,
    accuracy: f64,
    accuracy_error: f64,
    threshold: f64,
}

fn line<'a>(loaded: &'a LoadedModel, calibration: &Calibration) -> Line<'a> {
    let LoadedModel { info, dataset, .. } = loaded;
    let of = |class: Option<&'a str>, reliability: &Reliability| Of {
        class,
        images: reliability.images,
        confidence: reliability.confidence,
        accuracy: reliability.accuracy,
        accuracy_error: standard_error(reliability.accuracy, reliability.images),
        expected_calibration_error: reliability.error,
    };
    let bin = |bin: &Bin| BinLine {
        images: bin.images,
        confidence: bin.confidence,
        accuracy: bin.accuracy,
        accuracy_error: standard_error(bin.accuracy, bin.images),
    };
    let refusal = |refusal: &Refusal| RefusalLine {
        refused: refusal.percent as f64 / 100.0,
        images: refusal.images,
        accuracy: refusal.accuracy,
        accuracy_error: standard_error(refusal.accuracy, refusal.images),
        threshold: refusal.threshold,
    };
    let classes = calibration.classes.iter().zip(&dataset.class_names);
    Line {
        name: &info.spec.name,
        dataset: &dataset.name,
        notice: dataset.notice(),
        all: of(None, &calibration.all),
        bins: calibration.all.bins.iter().map(bin).collect(),
        classes: classes.map(|(class, name)| of(Some(name), class)).collect(),
        refusals: calibration.refusals.iter().map(refusal).collect(),
    }
}
