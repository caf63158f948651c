//! `fmnist-tui mute`.

use super::errors::Usage;
use super::layer_number::layer_at;
use super::model_args::{LoadedModel, ModelArgs};
use super::output::{print, print_json};
use crate::insight::{Baseline, CellChange, ClassEffect, Muting, Unit, check_units, effect};
use crate::nn::Layerwise;
use crate::stats::{Accuracy, standard_error};
use crate::text::table::Table;
use crate::text::{first, grouped, wrap};
use crate::train::{TrainError, evaluate, with_threads};
use color_eyre::eyre::{Result, eyre};
use serde::Serialize;

/// Classes and cells that the text names.
const MOST_ROWS: usize = 10;

/// Options of `mute`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    on: ModelArgs,
    /// Number of the layer, counted from 1 as `summary` lists them
    #[arg(long, value_name = "N")]
    layer: usize,
    #[command(flatten)]
    which: Which,
}

/// Which units.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct Which {
    /// Channels of the layer, or units of a flat one, counted from 0: these are muted together
    #[arg(long, value_name = "N,…", value_delimiter = ',')]
    units: Vec<usize>,
    /// Mute every unit of the layer by itself and sort them by what the network loses
    #[arg(long)]
    each: bool,
}

/// Measures what a model loses without some of its kernels or units.
pub fn run(args: &Args) -> Result<()> {
    let loaded = args.on.load()?;
    let LoadedModel {
        model,
        info,
        dataset,
    } = &loaded;
    let rows = &info.spec.summary().layers;
    let layer = layer_at(args.layer, &info.spec)?;
    let unit = |channel: usize| Unit { layer, channel };
    let mut units: Vec<Unit> = args.which.units.iter().copied().map(unit).collect();
    units.sort_unstable();
    units.dedup();
    check_units(&info.spec, &units).map_err(|message| Usage(format!("--units: {message}")))?;
    let groups: Vec<Vec<Unit>> = if args.which.each {
        let (channels, _) = rows[layer].output.channels_and_area();
        (0..channels).map(|channel| vec![unit(channel)]).collect()
    } else {
        vec![units]
    };
    let network = Layerwise::new(&info.spec, &model.network().state()).map_err(|why| eyre!(why))?;
    let split = &dataset.validation;
    let mut effects = with_threads(args.on.threads.get(), || {
        let evaluation = evaluate(model, split, info.normalization)?;
        let on = Baseline {
            split,
            normalization: info.normalization,
            predictions: &evaluation.predictions,
            classes: model.classes(),
        };
        Ok::<_, TrainError>(Muting::each(&network, &info.spec, on, &groups))
    })??;
    // Of equal ones the first unit stays first.
    effects.sort_by(|a, b| a.after.total_cmp(&b.after));
    match (args.on.json, args.which.each) {
        (true, false) => effects.first().map_or(Ok(()), |effect| {
            print_json(&Line::of(args, &loaded, effect))
        }),
        (true, true) => print_json(&EachLine::of(args, &loaded, &effects)),
        (false, false) => effects
            .first()
            .map_or(Ok(()), |effect| print(&text(args, &loaded, effect))),
        (false, true) => print(&each_text(args, &loaded, &effects)),
    }
}

fn head(args: &Args, loaded: &LoadedModel) -> String {
    let rows = &loaded.info.spec.summary().layers;
    let row = &rows[args.layer - 1];
    format!(
        "{}, {} validation images\nLayer {}: {}, {}\n\n",
        loaded.head(),
        grouped(loaded.dataset.validation.len() as u64),
        args.layer,
        row.description,
        row.output
    )
}

fn text(args: &Args, loaded: &LoadedModel, muting: &Muting) -> String {
    let mut text = head(args, loaded);
    let units: Vec<String> = muting
        .units
        .iter()
        .map(|it| it.channel.to_string())
        .collect();
    let muted = format!("Muted: {}", units.join(", "));
    for line in wrap(&muted, 80)
        .into_iter()
        .chain(wrap(&effect(muting), 80))
    {
        text.push_str(&line);
        text.push('\n');
    }
    let name = |class: usize| first(&loaded.class_name(class), 20).to_owned();
    let mut table = Table::new(&["class", ">images", ">right before", ">after", ">change, %"]);
    for class in muting
        .classes
        .iter()
        .filter(|class| class.images > 0)
        .take(MOST_ROWS)
    {
        table.row([
            name(class.class),
            grouped(class.images),
            grouped(class.before),
            grouped(class.after),
            format!("{:+.1}", 100.0 * class.difference()),
        ]);
    }
    text.push_str("\nClasses, those that lose most first\n");
    text.push_str(&table.text());
    if muting.cells.is_empty() {
        text.push_str("\nNo cell of the confusion matrix changes.\n");
        return text;
    }
    let mut table = Table::new(&["true class", "taken for", ">before", ">after", ">change"]);
    for cell in muting.cells.iter().take(MOST_ROWS) {
        table.row([
            name(cell.truth),
            name(cell.predicted),
            grouped(cell.before),
            grouped(cell.after),
            format!("{:+}", cell.after as i64 - cell.before as i64),
        ]);
    }
    text.push_str(&format!(
        "\n{} cells of the confusion matrix change; those that change most\n",
        grouped(muting.cells.len() as u64)
    ));
    text.push_str(&table.text());
    text
}

fn each_text(args: &Args, loaded: &LoadedModel, effects: &[Muting]) -> String {
    let mut text = head(args, loaded);
    if let Some(one) = effects.first() {
        let before = Accuracy::of(one.before, one.paired.images).percent();
        text.push_str(&format!("{before} % right with all of them\n\n"));
    }
    let mut table = Table::new(&[">unit", ">right without, %", ">points", ">p", "hurt most"]);
    for effect in effects {
        let paired = &effect.paired;
        let worst = effect
            .classes
            .first()
            .filter(|class| class.difference() < 0.0);
        table.row([
            effect
                .units
                .first()
                .map_or(0, |unit| unit.channel)
                .to_string(),
            Accuracy::of(effect.after, paired.images).percent(),
            format!(
                "{:+.2} ± {:.2}",
                100.0 * paired.difference(),
                100.0 * paired.standard_error()
            ),
            paired.p_words(),
            worst.map_or(String::new(), |class| {
                let name = loaded.class_name(class.class);
                format!("{} {:+.1}", first(&name, 18), 100.0 * class.difference())
            }),
        ]);
    }
    text.push_str(&table.text());
    text
}

/// The object `--json` prints.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    on: On<'a>,
    #[serde(flatten)]
    effect: Effect,
    /// Those that lose most first.
    classes: Vec<Class<'a>>,
    /// Those that change most first.
    cells: Vec<Cell>,
}

/// The object `--each --json` prints.
#[derive(Serialize)]
struct EachLine<'a> {
    #[serde(flatten)]
    on: On<'a>,
    /// Those without which the network loses most first.
    each: Vec<Effect>,
}

#[derive(Serialize)]
struct On<'a> {
    model: &'a str,
    dataset: &'a str,
    notice: Option<&'static str>,
    images: usize,
    /// Counted from 1.
    layer: usize,
}

#[derive(Serialize)]
struct Effect {
    units: Vec<usize>,
    accuracy_before: f64,
    accuracy_before_error: f64,
    accuracy_after: f64,
    accuracy_after_error: f64,
    difference: f64,
    difference_error: f64,
    p_value: f64,
}

#[derive(Serialize)]
struct Class<'a> {
    class: usize,
    name: &'a str,
    images: u64,
    right_before: u64,
    right_after: u64,
}

#[derive(Serialize)]
struct Cell {
    true_class: usize,
    predicted: usize,
    before: u64,
    after: u64,
}

impl<'a> On<'a> {
    fn of(args: &Args, loaded: &'a LoadedModel) -> Self {
        let LoadedModel { info, dataset, .. } = loaded;
        Self {
            model: &info.spec.name,
            dataset: &dataset.name,
            notice: dataset.notice(),
            images: dataset.validation.len(),
            layer: args.layer,
        }
    }
}

impl Effect {
    fn of(muting: &Muting) -> Self {
        let paired = &muting.paired;
        Self {
            units: muting.units.iter().map(|unit| unit.channel).collect(),
            accuracy_before: muting.before,
            accuracy_before_error: standard_error(muting.before, paired.images),
            accuracy_after: muting.after,
            accuracy_after_error: standard_error(muting.after, paired.images),
            difference: paired.difference(),
            difference_error: paired.standard_error(),
            p_value: paired.p_value(),
        }
    }
}

impl<'a> Line<'a> {
    fn of(args: &Args, loaded: &'a LoadedModel, muting: &Muting) -> Self {
        let names = &loaded.dataset.class_names;
        let class = |one: &ClassEffect| Class {
            class: one.class,
            name: names.get(one.class).map_or("", String::as_str),
            images: one.images,
            right_before: one.before,
            right_after: one.after,
        };
        let cell = |one: &CellChange| Cell {
            true_class: one.truth,
            predicted: one.predicted,
            before: one.before,
            after: one.after,
        };
        Self {
            on: On::of(args, loaded),
            effect: Effect::of(muting),
            classes: muting.classes.iter().map(class).collect(),
            cells: muting.cells.iter().map(cell).collect(),
        }
    }
}

impl<'a> EachLine<'a> {
    fn of(args: &Args, loaded: &'a LoadedModel, effects: &[Muting]) -> Self {
        Self {
            on: On::of(args, loaded),
            each: effects.iter().map(Effect::of).collect(),
        }
    }
}
