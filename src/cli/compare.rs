//! `fmnist-tui compare`.

use super::args::{DataArgs, ThreadArgs};
use super::foreign::ForeignArgs;
use super::output::{data_line, print, print_json};
use crate::data::Dataset;
use crate::insight::{Candidate, Compared, Comparison, SAME_SPECS, score_rows, verdict};
use crate::spec::Change;
use crate::stats::standard_error;
use crate::text::table::Table;
use crate::text::{escape_controls, grouped, shown_path};
use crate::train::{DataIdentity, EpochMetrics};
use color_eyre::eyre::{Result, bail};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Options of `compare`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A run folder or a model file
    first: PathBuf,
    /// The one to compare it with
    second: PathBuf,
    #[command(flatten)]
    foreign: ForeignArgs,
    /// Of run folders compare the models of the best epochs, which were picked, not of the last ones
    #[arg(long)]
    best: bool,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    threads: ThreadArgs,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// Compares two models on the same images.
pub fn run(args: &Args) -> Result<()> {
    let [first, second] = [&args.first, &args.second].map(|path| candidate(args, path));
    let (first, second) = (first?, second?);
    let dataset = args.data.load(first.dataset())?;
    if second.dataset() != first.dataset() {
        let other = args.data.load(second.dataset())?;
        if DataIdentity::of(&dataset) != DataIdentity::of(&other) {
            bail!(
                "{} is of {} and {} of {}; name one folder for both with --data",
                shown_path(&args.first),
                escape_controls(&dataset.name),
                shown_path(&args.second),
                escape_controls(&other.name),
            );
        }
    }
    let comparison = Comparison::new([first, second], &dataset, args.threads.get())?;
    match args.json {
        true => print_json(&line(&dataset, &comparison)),
        false => print(&text(&dataset, &comparison)),
    }
}

/// Reads one of the two; a model file that does not name its network is of the one that `--spec` names.
fn candidate(args: &Args, path: &Path) -> Result<Candidate> {
    match Candidate::read(path, args.best) {
        Err(_) if args.foreign.is_given() && path.is_file() => {
            let (model, info) = args.foreign.load(path, &args.data)?;
            Ok(Candidate::of_model(path, model, info))
        }
        read => Ok(read?),
    }
}

fn text(dataset: &Dataset, comparison: &Comparison) -> String {
    let Comparison {
        sides: [first, second],
        changes,
        paired,
        ..
    } = comparison;
    let mut text = format!(
        "A  {}\nB  {}\nData: {}, {} images\n\nWhat differs\n",
        shown_path(&first.path),
        shown_path(&second.path),
        data_line(dataset),
        grouped(paired.images as u64),
    );
    let mut fields = Table::new(&["", "A", "B"]);
    let mut has_fields = false;
    for change in changes {
        match change {
            Change::Removed { number, layer } => {
                text.push_str(&format!("  only A: layer {number}, {layer}\n"));
            }
            Change::Added { number, layer } => {
                text.push_str(&format!("  only B: layer {number}, {layer}\n"));
            }
            Change::Field {
                path,
                first,
                second,
            } => {
                has_fields = true;
                let cells = [format!("  {path}"), first.clone(), second.clone()];
                fields.row(cells.map(|cell| escape_controls(&cell)));
            }
        }
    }
    if changes.is_empty() {
        text.push_str(&format!("  {SAME_SPECS}\n"));
    }
    if has_fields {
        text.push_str(&fields.text());
    }
    let mut table = Table::new(&["", ">A", ">B", ">B − A"]);
    for row in score_rows(comparison) {
        table.row(std::iter::once(row.what.to_owned()).chain(row.cells));
    }
    text.push('\n');
    text.push_str(&table.text());
    text.push_str(&format!("\n{}\n", verdict(paired).join("\n")));
    text
}

/// The object `--json` prints.
#[derive(Serialize)]
struct Line<'a> {
    dataset: &'a str,
    notice: Option<&'static str>,
    images: usize,
    differences: Vec<Difference<'a>>,
    first: Side<'a>,
    second: Side<'a>,
    /// The second's accuracy minus the first's.
    difference: f64,
    difference_error: f64,
    both_right: usize,
    /// Positions of the images.
    first_alone_right: &'a [usize],
    second_alone_right: &'a [usize],
    p_mcnemar: f64,
}

#[derive(Serialize)]
struct Difference<'a> {
    /// A field's path, or `layer 5`.
    what: String,
    first: Option<&'a str>,
    second: Option<&'a str>,
}

#[derive(Serialize)]
struct Side<'a> {
    path: &'a Path,
    name: &'a str,
    accuracy: f64,
    accuracy_error: f64,
    loss: f64,
    parameters: u64,
    seconds: f64,
    epochs: &'a [EpochMetrics],
}

fn line<'a>(dataset: &'a Dataset, comparison: &'a Comparison) -> Line<'a> {
    let Comparison {
        sides: [first, second],
        changes,
        paired,
        ..
    } = comparison;
    let model = |side: &'a Compared| Side {
        path: &side.path,
        name: &side.info.spec.name,
        accuracy: side.accuracy(),
        accuracy_error: standard_error(side.accuracy(), paired.images),
        loss: side.evaluation.loss,
        parameters: side.parameters(),
        seconds: side.seconds(),
        epochs: side.epochs(),
    };
    let difference = |change: &'a Change| match change {
        Change::Field {
            path,
            first,
            second,
        } => Difference {
            what: path.clone(),
            first: Some(first),
            second: Some(second),
        },
        Change::Removed { number, layer } => Difference {
            what: format!("layer {number}"),
            first: Some(layer),
            second: None,
        },
        Change::Added { number, layer } => Difference {
            what: format!("layer {number}"),
            first: None,
            second: Some(layer),
        },
    };
    Line {
        dataset: &dataset.name,
        notice: dataset.notice(),
        images: paired.images,
        differences: changes.iter().map(difference).collect(),
        first: model(first),
        second: model(second),
        difference: paired.difference(),
        difference_error: paired.standard_error(),
        both_right: paired.both_right,
        first_alone_right: &paired.first_alone,
        second_alone_right: &paired.second_alone,
        p_mcnemar: paired.p_value(),
    }
}
