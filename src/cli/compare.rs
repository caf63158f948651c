//! `fmnist-tui compare`.

use super::args::{DataArgs, ThreadArgs};
use super::eval::{evaluation, model_of};
use super::output::{data_line, print, print_json};
use crate::data::Dataset;
use crate::insight::{Accuracy, Change, Paired, differences, standard_error};
use crate::nn::{self, Model, ModelInfo};
use crate::runs::{BEST_FILE, MODEL_FILE, RunRecord};
use crate::text::table::Table;
use crate::text::{duration, escape_controls, grouped, shown_path};
use crate::train::{DataIdentity, EpochMetrics, Evaluation, best_epoch};
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

/// One of the two, before it is evaluated.
struct Loaded {
    model: Model,
    info: ModelInfo,
    /// Its epochs, if it is a run.
    epochs: Vec<EpochMetrics>,
}

impl Loaded {
    fn new(path: &Path, args: &Args) -> Result<Self> {
        let epochs = match path.is_dir() {
            true => RunRecord::read(path)?.epochs,
            false => Vec::new(),
        };
        let name = if args.best { BEST_FILE } else { MODEL_FILE };
        let (model, info) = nn::load_model(&model_of(path, name)?)?;
        Ok(Self {
            model,
            info,
            epochs,
        })
    }
}

/// One of the two.
struct Side<'a> {
    /// How it was given.
    path: &'a Path,
    info: ModelInfo,
    evaluation: Evaluation,
    /// Its epochs, if it is a run.
    epochs: Vec<EpochMetrics>,
}

impl Side<'_> {
    fn accuracy(&self) -> f64 {
        self.evaluation.accuracy
    }

    fn parameters(&self) -> u64 {
        self.info.spec.summary().parameters()
    }

    fn seconds(&self) -> f64 {
        self.epochs.iter().map(|epoch| epoch.seconds).sum()
    }
}

/// Compares two models on the same images.
pub fn run(args: &Args) -> Result<()> {
    let paths = [args.first.as_path(), args.second.as_path()];
    let first = Loaded::new(paths[0], args)?;
    let second = Loaded::new(paths[1], args)?;
    let dataset = args.data.load(&first.info.dataset)?;
    if second.info.dataset != first.info.dataset {
        let other = args.data.load(&second.info.dataset)?;
        if DataIdentity::of(&dataset) != DataIdentity::of(&other) {
            bail!(
                "{} is of {} and {} of {}; name one folder for both with --data",
                shown_path(paths[0]),
                escape_controls(&dataset.name),
                shown_path(paths[1]),
                escape_controls(&other.name),
            );
        }
    }
    let side = |path, loaded: Loaded| -> Result<Side<'_>> {
        let Loaded {
            model,
            info,
            epochs,
        } = loaded;
        let evaluation = evaluation((path, &model, &info), &dataset, args.threads, false)?;
        Ok(Side {
            path,
            info,
            evaluation,
            epochs,
        })
    };
    let sides = [side(paths[0], first)?, side(paths[1], second)?];
    let [first, second] = &sides;
    let changes = differences(&first.info.spec, &second.info.spec);
    let paired = Paired::new(
        &first.evaluation.predictions,
        &second.evaluation.predictions,
        &dataset.validation.labels,
    );
    match args.json {
        true => print_json(&line(&dataset, &sides, &changes, &paired)),
        false => print(&text(&dataset, &sides, &changes, &paired)),
    }
}

fn text(dataset: &Dataset, sides: &[Side<'_>; 2], changes: &[Change], paired: &Paired) -> String {
    let [first, second] = sides;
    let mut text = format!(
        "A  {}\nB  {}\nData: {}, {} images\n\nWhat differs\n",
        shown_path(first.path),
        shown_path(second.path),
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
        text.push_str("  nothing: the same layers and settings\n");
    }
    if has_fields {
        text.push_str(&fields.text());
    }
    let mut table = Table::new(&["", ">A", ">B", ">B − A"]);
    let percent = |share: f64| format!("{:.2}", 100.0 * share);
    let accuracy = |side: &Side<'_>| Accuracy::of(side.accuracy(), paired.images).percent();
    table.row([
        "accuracy on these images, %".into(),
        accuracy(first),
        accuracy(second),
        format!(
            "{:+.2} ± {}",
            100.0 * paired.difference(),
            percent(paired.standard_error())
        ),
    ]);
    let loss = |side: &Side<'_>| side.evaluation.loss;
    table.row([
        "loss, nats".into(),
        format!("{:.4}", loss(first)),
        format!("{:.4}", loss(second)),
        format!("{:+.4}", loss(second) - loss(first)),
    ]);
    table.row([
        "parameters".into(),
        grouped(first.parameters()),
        grouped(second.parameters()),
        String::new(),
    ]);
    if sides.iter().all(|side| !side.epochs.is_empty()) {
        table.row([
            "epochs trained".into(),
            first.epochs.len().to_string(),
            second.epochs.len().to_string(),
            String::new(),
        ]);
        table.row([
            "time trained".into(),
            duration(first.seconds()),
            duration(second.seconds()),
            String::new(),
        ]);
        let best = |side: &Side<'_>| {
            best_epoch(&side.epochs).map_or_else(String::new, |best| {
                format!("{} @ {}", percent(best.validation_accuracy), best.epoch)
            })
        };
        table.row([
            "best validation @ epoch (picked), %".into(),
            best(first),
            best(second),
            String::new(),
        ]);
    }
    text.push('\n');
    text.push_str(&table.text());
    text.push_str(&format!("\n{}\n", verdict(paired)));
    text
}

/// Who is right where the other is wrong, and what chance would make of it.
fn verdict(paired: &Paired) -> String {
    let (first, second) = (paired.first_alone.len(), paired.second_alone.len());
    if first + second == 0 {
        return "Both get the very same images right.".into();
    }
    let p = paired.p_value();
    let shown = if p < 0.001 {
        format!("{p:.1e}")
    } else {
        format!("{p:.3}")
    };
    let meaning = if p < 0.05 {
        "chance alone seldom does that"
    } else {
        "chance alone could do that"
    };
    format!(
        "B gets {} right that A got wrong, and {} the other way:\np = {shown} (McNemar, exact); {meaning}.\n\
         That is of these two models: other seeds of the same specs differ too.",
        grouped(second as u64),
        grouped(first as u64),
    )
}

/// The object `--json` prints.
#[derive(Serialize)]
struct Line<'a> {
    dataset: &'a str,
    notice: Option<&'static str>,
    images: usize,
    differences: Vec<Difference<'a>>,
    first: Compared<'a>,
    second: Compared<'a>,
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
struct Compared<'a> {
    path: &'a Path,
    name: &'a str,
    accuracy: f64,
    accuracy_error: f64,
    loss: f64,
    parameters: u64,
    seconds: f64,
    epochs: &'a [EpochMetrics],
}

fn line<'a>(
    dataset: &'a Dataset,
    sides: &'a [Side<'_>; 2],
    changes: &'a [Change],
    paired: &'a Paired,
) -> Line<'a> {
    let [first, second] = sides;
    let model = |side: &'a Side<'_>| Compared {
        path: side.path,
        name: &side.info.spec.name,
        accuracy: side.accuracy(),
        accuracy_error: standard_error(side.accuracy(), paired.images),
        loss: side.evaluation.loss,
        parameters: side.parameters(),
        seconds: side.seconds(),
        epochs: &side.epochs,
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
