//! `fmnist-tui look`.

use super::args::{DataArgs, ThreadArgs};
use super::errors::Usage;
use super::output::{data_line, print, print_json};
use crate::data::Dataset;
use crate::insight::Occlusion;
use crate::nn::{self, ModelInfo};
use crate::runs::{BEST_FILE, model_of};
use crate::text::{escape_controls, shown_path};
use crate::train::{check_fits_model, with_threads};
use color_eyre::eyre::{Result, WrapErr};
use serde::Serialize;
use std::path::PathBuf;

/// Options of `look`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A run folder, whose best model is taken, or a model file
    model: PathBuf,
    /// Position of a validation image, counted from 0
    #[arg(long, value_name = "N")]
    index: usize,
    /// The class whose probability is watched, by its number [default: the one the image is taken for]
    #[arg(long, value_name = "N")]
    class: Option<usize>,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    threads: ThreadArgs,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// Finds out which parts of an image a model needs.
pub fn run(args: &Args) -> Result<()> {
    let path = model_of(&args.model, BEST_FILE)?;
    let (model, info) = nn::load_model(&path)?;
    let dataset = args.data.load(&info.dataset)?;
    check_fits_model(&info.spec, &dataset).wrap_err(shown_path(&path))?;
    let split = &dataset.validation;
    if args.index >= split.len() {
        let last = split.len().saturating_sub(1);
        let message = format!(
            "--index {}: the validation images are numbered 0 to {last}",
            args.index
        );
        return Err(Usage(message).into());
    }
    if let Some(class) = args.class.filter(|class| *class >= model.classes()) {
        let last = model.classes() - 1;
        let message = format!("--class {class}: the classes are numbered 0 to {last}");
        return Err(Usage(message).into());
    }
    let map = with_threads(args.threads.get(), || {
        Occlusion::new(&model, split, args.index, info.normalization, args.class)
    })??;
    match args.json {
        true => print_json(&line(args.index, &info, &dataset, &map)),
        false => print(&text(args.index, &info, &dataset, &map)),
    }
}

fn class_name(dataset: &Dataset, class: usize) -> String {
    let name = dataset.class_names.get(class);
    name.map_or_else(|| class.to_string(), |name| escape_controls(name))
}

fn text(index: usize, info: &ModelInfo, dataset: &Dataset, map: &Occlusion) -> String {
    let ((row, column), change) = map.most_needed();
    let name = class_name(dataset, map.class);
    let percent = |share: f32| format!("{:.1} %", 100.0 * share);
    let mut text = format!(
        "Model: {}, trained on {}\nData: {}\nImage {index}, {}: {name} with {}\n\n",
        escape_controls(&info.spec.name),
        escape_controls(&info.dataset),
        data_line(dataset),
        class_name(dataset, usize::from(dataset.validation.labels[index])),
        percent(map.probability),
    );
    text.push_str(&format!(
        "{0}x{0} pixels are covered at every place. Where a sign stands, {name} changes by a quarter or more of\n\
         the largest change, {1}: # and + the model needs, - speaks for other classes.\n\n",
        map.side,
        percent(map.largest()),
    ));
    let scale = map.largest().max(f32::MIN_POSITIVE);
    for row in map.change.chunks(map.size.1.max(1)) {
        let sign = |change: &f32| match change / scale {
            ..-0.6 => "##",
            -0.6..-0.25 => "++",
            0.25.. => "--",
            _ => " .",
        };
        let line: String = row.iter().map(sign).collect();
        text.push_str(line.trim_end());
        text.push('\n');
    }
    if change < 0.0 {
        text.push_str(&format!(
            "\nMost around row {row}, column {column}: {name} goes from {} to {} there.\n",
            percent(map.probability),
            percent(map.probability + change)
        ));
    }
    text
}

/// The object `--json` prints.
#[derive(Serialize)]
struct Line<'a> {
    index: usize,
    true_class: u8,
    class: usize,
    name: &'a str,
    probability: f32,
    /// Pixels of the side of the square that is covered.
    side: usize,
    height: usize,
    width: usize,
    /// `[height, width]`, row by row.
    change: &'a [f32],
    dataset: &'a str,
    notice: Option<&'static str>,
    model: &'a str,
}

fn line<'a>(
    index: usize,
    info: &'a ModelInfo,
    dataset: &'a Dataset,
    map: &'a Occlusion,
) -> Line<'a> {
    Line {
        index,
        true_class: dataset.validation.labels[index],
        class: map.class,
        name: dataset
            .class_names
            .get(map.class)
            .map_or("", String::as_str),
        probability: map.probability,
        side: map.side,
        height: map.size.0,
        width: map.size.1,
        change: &map.change,
        dataset: &dataset.name,
        notice: dataset.notice(),
        model: &info.spec.name,
    }
}
