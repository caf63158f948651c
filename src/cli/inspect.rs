//! `fmnist-tui inspect`.

use super::model_args::{LoadedModel, ModelArgs};
use super::output::{note, print, print_json};
use crate::insight::{Finding, Inside, LayerCells, Symptom, findings, looked_with};
use crate::nn::probe::LayerStatistics;
use crate::runs::{PastRun, read_layers};
use crate::text::table::Table;
use crate::text::{cut_marked, escape_controls, histogram, wrap};
use crate::train::with_threads;
use color_eyre::eyre::Result;
use serde::Serialize;

/// Cells of a layer's name, at most, and of a histogram.
const NAME: usize = 16;
const HISTOGRAM: usize = 10;
/// Cells of a line.
const LINE: usize = 80;

/// Options of `inspect`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    on: ModelArgs,
}

/// Looks into the layers of a model.
pub fn run(args: &Args) -> Result<()> {
    let loaded = args.on.load()?;
    let LoadedModel {
        model,
        info,
        dataset,
    } = &loaded;
    let inside = with_threads(args.on.threads.get(), || {
        Inside::of_model(model, info, &dataset.train)
    })??;
    let inside = match args.on.run_folder() {
        Some(folder) => {
            let (told, whole) = read_layers(folder);
            if let Err(problem) = whole {
                note(&format!("{problem}; the lines before it are used"));
            }
            let epoch = loaded.info.epoch().unwrap_or(usize::MAX);
            let run = PastRun::read(folder);
            inside.with_updates(&told, epoch, (&run.epochs, info.spec.learning_rate))
        }
        None => inside,
    };
    let found = findings(&inside.statistics, inside.rate);
    match args.on.json {
        true => print_json(&object(&loaded, &inside, &found)),
        false => print(&text(&loaded, &inside, &found)),
    }
}

fn text(loaded: &LoadedModel, inside: &Inside, found: &[Finding]) -> String {
    let rows = &loaded.info.spec.summary().layers;
    let statistics = &inside.statistics;
    let mut table = Table::new(&[
        ">#",
        "layer",
        "training",
        "evaluation",
        ">dead",
        ">gradient",
        ">update",
        ">kernels",
    ]);
    for (layer, (row, inside)) in rows.iter().zip(&statistics.layers).enumerate() {
        let cells = LayerCells::of(inside);
        let bars = |bins: &[u64]| histogram(bins, HISTOGRAM, 1, false).concat();
        table.row([
            (layer + 1).to_string(),
            cut_marked(&row.description, NAME, false),
            bars(&inside.training.bins),
            bars(&inside.evaluation.bins),
            cells.dead,
            cells.gradient,
            cells.update,
            cells.kernels,
        ]);
    }
    let mut text = format!(
        "{}\nInside the layers, on {}\n\n{}\n",
        loaded.head(),
        looked_with(statistics),
        table.text()
    );
    let update = match inside.updated_in {
        Some(epoch) => format!(
            "update: how far epoch {epoch}'s last step moved the weights, in parts of their norm."
        ),
        None => "update: only a run folder knows it, in layers.jsonl.".into(),
    };
    for line in [
        "Histograms go from the least to the largest value, their heights by square roots.",
        "dead: 0 for every image. gradient: its norm. kernels: their median norm.",
        &update,
    ] {
        push_wrapped(&mut text, line, "");
    }
    text.push('\n');
    if found.is_empty() {
        text.push_str("Nothing unusual.\n");
    }
    for symptom in Symptom::ALL {
        let mut of_layers = found.iter().filter(|one| one.symptom == symptom).peekable();
        if of_layers.peek().is_none() {
            continue;
        }
        for Finding { layer, fact, .. } in of_layers {
            let name = escape_controls(&rows[*layer].description);
            push_wrapped(
                &mut text,
                &format!("Layer {} ({name}): {fact}.", layer + 1),
                "",
            );
        }
        push_wrapped(&mut text, symptom.meaning(), "  ");
    }
    text
}

fn push_wrapped(text: &mut String, line: &str, indent: &str) {
    for line in wrap(line, LINE - indent.len()) {
        text.push_str(indent);
        text.push_str(&line);
        text.push('\n');
    }
}

/// The object `--json` prints.
#[derive(Serialize)]
struct Object<'a> {
    model: &'a str,
    dataset: &'a str,
    notice: Option<&'static str>,
    /// The epoch after which the model was saved.
    epoch: Option<usize>,
    images: usize,
    batch: usize,
    loss: Option<f64>,
    /// The epoch whose last step gave the updates.
    updated_in: Option<usize>,
    layers: Vec<LayerObject<'a>>,
}

#[derive(Serialize)]
struct LayerObject<'a> {
    layer: usize,
    kind: &'a str,
    description: &'a str,
    #[serde(flatten)]
    inside: &'a LayerStatistics,
    findings: Vec<FindingObject<'a>>,
}

#[derive(Serialize)]
struct FindingObject<'a> {
    symptom: &'static str,
    fact: &'a str,
    meaning: &'static str,
}

fn object<'a>(loaded: &'a LoadedModel, inside: &'a Inside, found: &'a [Finding]) -> Object<'a> {
    let LoadedModel { info, dataset, .. } = loaded;
    let statistics = &inside.statistics;
    let rows = info.spec.summary().layers.iter().zip(&statistics.layers);
    let layers = rows.enumerate().map(|(layer, (row, inside))| {
        let own = found.iter().filter(|one| one.layer == layer);
        LayerObject {
            layer: layer + 1,
            kind: row.kind,
            description: &row.description,
            inside,
            findings: own
                .map(|one| FindingObject {
                    symptom: one.symptom.name(),
                    fact: &one.fact,
                    meaning: one.symptom.meaning(),
                })
                .collect(),
        }
    });
    Object {
        model: &info.spec.name,
        dataset: &dataset.name,
        notice: dataset.notice(),
        epoch: loaded.info.epoch(),
        images: statistics.images,
        batch: statistics.batch,
        loss: statistics.loss,
        updated_in: inside.updated_in,
        layers: layers.collect(),
    }
}
