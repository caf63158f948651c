//! `fmnist-tui look`.

use super::errors::Usage;
use super::model_args::{LoadedModel, ModelArgs};
use super::output::{print, print_json};
use crate::insight::Occlusion;
use crate::train::with_threads;
use color_eyre::eyre::Result;
use serde::Serialize;

/// Options of `look`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    on: ModelArgs,
    /// Position of a validation image, counted from 0
    #[arg(long, value_name = "N")]
    index: usize,
    /// The class whose probability is watched, by its number [default: the one the image is taken for]
    #[arg(long, value_name = "N")]
    class: Option<usize>,
}

/// Finds out which parts of an image a model needs.
pub fn run(args: &Args) -> Result<()> {
    let loaded = args.on.load()?;
    let LoadedModel {
        model,
        info,
        dataset,
    } = &loaded;
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
    let map = with_threads(args.on.threads.get(), || {
        Occlusion::new(model, split, args.index, info.normalization, args.class)
    })??;
    match args.on.json {
        true => print_json(&line(args.index, &loaded, &map)),
        false => print(&text(args.index, &loaded, &map)),
    }
}

fn text(index: usize, loaded: &LoadedModel, map: &Occlusion) -> String {
    let ((row, column), change) = map.most_needed();
    let name = loaded.class_name(map.class);
    let percent = |share: f32| format!("{:.1} %", 100.0 * share);
    let mut text = format!(
        "{}\nImage {index}, {}: {name} with {}\n\n",
        loaded.head(),
        loaded.class_name(usize::from(loaded.dataset.validation.labels[index])),
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

fn line<'a>(index: usize, loaded: &'a LoadedModel, map: &'a Occlusion) -> Line<'a> {
    let LoadedModel { info, dataset, .. } = loaded;
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
