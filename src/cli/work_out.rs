//! `fmnist-tui work-out`.

use super::errors::Usage;
use super::image_index::ImageIndex;
use super::layer_number::layer_at;
use super::model_args::{LoadedModel, ModelArgs};
use super::output::{print, print_json};
use crate::insight::{At, ImageTrace, WorkedOutput};
use crate::text::wrap;
use crate::train::with_threads;
use color_eyre::eyre::{Result, eyre};
use serde::Serialize;

/// Options of `work-out`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    on: ModelArgs,
    #[command(flatten)]
    image: ImageIndex,
    /// Number of the layer, counted from 1 as `summary` lists them
    #[arg(long, value_name = "N")]
    layer: usize,
    /// The channel of the layer, or the unit of a flat one, counted from 0
    #[arg(long, value_name = "N", default_value_t = 0)]
    channel: usize,
    /// Row and column of the value, counted from 0 [default: the middle of the map]
    #[arg(long, value_name = "ROW,COLUMN", value_parser = row_and_column)]
    at: Option<(usize, usize)>,
    /// How many input channels are shown with all their numbers, those that bring most
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    most: u16,
}

/// Works out one value inside a model.
pub fn run(args: &Args) -> Result<()> {
    let loaded = args.on.load()?;
    let LoadedModel { info, dataset, .. } = &loaded;
    let split = &dataset.validation;
    let image = args.image.of(split)?;
    let rows = &info.spec.summary().layers;
    let layer = layer_at(args.layer, &info.spec)?;
    let (row, column) = args.at.unwrap_or_else(|| {
        let (height, width) = rows[layer].output.rows_and_columns();
        (height / 2, width / 2)
    });
    let at = At {
        channel: args.channel,
        row,
        column,
    };
    let snapshot = loaded.snapshot();
    let trace = with_threads(args.on.threads.get(), || {
        ImageTrace::new(&snapshot, split, image, &[])
    })?;
    let trace = trace.map_err(|why| eyre!(why))?;
    let worked = trace.work_out(&snapshot, layer, at);
    let worked = worked.map_err(|why| Usage(format!("--channel, --at: {why}")))?;
    match args.on.json {
        true => print_json(&Line {
            index: image,
            true_class: split.labels[image],
            layer: args.layer,
            at,
            worked: &worked,
            dataset: &dataset.name,
            notice: dataset.notice(),
            model: &info.spec.name,
        }),
        false => print(&text(args, &loaded, &worked)),
    }
}

fn text(args: &Args, loaded: &LoadedModel, worked: &WorkedOutput) -> String {
    let split = &loaded.dataset.validation;
    let index = args.image.index;
    let mut text = format!(
        "{}\nImage {index}, {}\n\n",
        loaded.head(),
        loaded.class_name(usize::from(split.labels[index]))
    );
    let mut lines = worked.lines(&loaded.info.spec, 80, usize::from(args.most));
    lines.push(String::new());
    lines.extend(wrap(&worked.seen(split.height, split.width), 80));
    for line in lines {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn row_and_column(text: &str) -> Result<(usize, usize), String> {
    let numbers = text
        .split_once(',')
        .and_then(|(row, column)| Some((row.trim().parse().ok()?, column.trim().parse().ok()?)));
    numbers.ok_or_else(|| "give a row and a column such as 3,4".into())
}

/// The object `--json` prints.
#[derive(Serialize)]
struct Line<'a> {
    index: usize,
    true_class: u8,
    /// Counted from 1, also in `steps`.
    layer: usize,
    at: At,
    #[serde(flatten)]
    worked: &'a WorkedOutput,
    dataset: &'a str,
    notice: Option<&'static str>,
    model: &'a str,
}
