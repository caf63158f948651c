//! `fmnist-tui explain`.

use super::args::{DataArgs, SpecArgs};
use super::errors::Usage;
use super::output::{print, print_json};
use crate::explain::{Explained, Facts, Topic, search, topic, topics};
use crate::runs::RunRecord;
use crate::spec::{CheckedSpec, Layer, variant};
use crate::text::table::Table;
use crate::text::{escape_controls, pad_end, wrap};
use color_eyre::eyre::Result;
use serde::Serialize;
use std::path::PathBuf;

/// Options of `explain`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A layer, a field, an optimiser, a curve, a screen ..., as `--list` and spec files name them
    #[arg(conflicts_with_all = ["list", "search"])]
    topic: Option<String>,
    /// List all topics
    #[arg(long)]
    list: bool,
    /// List the topics in which these words stand, the best first
    #[arg(long, value_name = "WORDS", conflicts_with = "list")]
    search: Option<String>,
    /// With the numbers of a network that ships with the program
    #[arg(long, value_name = "NAME", conflicts_with = "spec")]
    preset: Option<String>,
    /// With the numbers of the network in a spec file (JSON)
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// With the numbers of the run in this folder
    #[arg(long, value_name = "DIR", conflicts_with_all = ["preset", "spec"])]
    run: Option<PathBuf>,
    /// Explain layer N of the network, counted from 1 [default: the first one of the topic's kind]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    layer: Option<u16>,
    #[command(flatten)]
    data: DataArgs,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// Cells of a line of text.
const WIDTH: usize = 76;

/// Explains a topic, or lists those there are.
pub fn run(args: &Args) -> Result<()> {
    let listed = match (&args.search, args.list) {
        (Some(words), _) => Some(search(words)),
        (None, true) => Some(topics().iter().collect()),
        (None, false) => None,
    };
    if let Some(listed) = listed {
        return match args.json {
            true => print_json(&List::of(&listed)),
            false => print(&table(&listed, args.search.as_deref())),
        };
    }
    let (facts, kind) = facts(args)?;
    let Some(name) = args.topic.as_deref().or(kind.as_deref()) else {
        let what = "give a topic, or --list, or --layer N with --preset or --spec";
        return Err(Usage(what.into()).into());
    };
    let topic = topic(name).ok_or_else(|| unknown(name))?;
    let explained = topic.explained(&facts);
    match args.json {
        true => print_json(&explained),
        false => print(&text(&explained)),
    }
}

/// What is known of the network or the run, and the kind of the layer that was asked for.
fn facts(args: &Args) -> Result<(Facts, Option<String>)> {
    let mut facts = Facts::default();
    let spec = match &args.run {
        Some(folder) => {
            let run = RunRecord::read(folder)?.run;
            let images = run.data.as_ref().map_or(0, |data| data.validation_images);
            let spec = run.spec.clone().map_err(Usage)?;
            facts.add(Facts::of_epochs(&spec, &run.epochs, images));
            Some(spec)
        }
        None if args.preset.is_some() || args.spec.is_some() => {
            let (preset, spec) = (args.preset.clone(), args.spec.clone());
            Some(SpecArgs { preset, spec }.read()?)
        }
        None => None,
    };
    let Some(spec) = spec else {
        return match args.layer {
            Some(_) => {
                Err(Usage("--layer is of a network: give --preset, --spec or --run".into()).into())
            }
            None => Ok((facts, None)),
        };
    };
    facts.add(Facts::of_training(&spec));
    // Without data the texts only say less.
    if let Ok(dataset) = args.data.load(&spec.dataset) {
        facts.add(Facts::of_data(&dataset, &spec));
    }
    let layer = layer(args, &spec)?;
    if let Some(index) = layer {
        facts.add(Facts::of_layer(&spec, index));
    }
    let kind = layer.filter(|_| args.layer.is_some());
    Ok((
        facts,
        kind.map(|index| spec.layers[index].kind().to_owned()),
    ))
}

/// Position of the layer that is meant: the one with the number, or the first of the topic's kind.
fn layer(args: &Args, spec: &CheckedSpec) -> Result<Option<usize>> {
    let layers = &spec.layers;
    if let Some(number) = args.layer {
        let index = usize::from(number) - 1;
        return match index < layers.len() {
            true => Ok(Some(index)),
            false => {
                let problem = format!("--layer {number}: the network has {} layers", layers.len());
                Err(Usage(problem).into())
            }
        };
    }
    // The first layer of that kind, or with a field of that name.
    let wanted = args.topic.as_deref().and_then(topic);
    let is_meant = |name: &str| wanted.is_some() && topic(name) == wanted;
    let has_field = |layer: &Layer| {
        let json = serde_json::to_value(layer).unwrap_or_default();
        let fields = variant(&json).and_then(|(_, held)| held?.as_object());
        fields.is_some_and(|fields| fields.keys().any(|field| is_meant(field)))
    };
    let found = layers.iter().position(|layer| is_meant(layer.kind()));
    Ok(found.or_else(|| layers.iter().position(has_field)))
}

fn unknown(name: &str) -> Usage {
    let near: Vec<&str> = search(name)
        .iter()
        .take(5)
        .map(|topic| topic.name.as_str())
        .collect();
    let name = escape_controls(name);
    Usage(match near.is_empty() {
        true => format!("there is no topic {name:?}; `fmnist-tui explain --list` names all"),
        false => format!(
            "there is no topic {name:?}; it stands in {}",
            near.join(", ")
        ),
    })
}

fn text(explained: &Explained) -> String {
    let mut text = format!("{}\n", explained.title);
    let mut before = None;
    for (part, line) in explained.lines(WIDTH) {
        if before != Some(part) {
            text.push('\n');
        }
        before = Some(part);
        text.push_str(&line);
        text.push('\n');
    }
    if !explained.related.is_empty() {
        text.push('\n');
        let related = format!("See also: {}", explained.related.join(", "));
        text.push_str(&wrap(&related, WIDTH).join("\n"));
        text.push('\n');
    }
    text
}

fn table(found: &[&Topic], words: Option<&str>) -> String {
    if found.is_empty() {
        let words = escape_controls(words.unwrap_or_default());
        return format!("No topic has {words:?} in it; --list names all\n");
    }
    let mut table = Table::new(&["topic", "what it is"]);
    for topic in found {
        let about = crate::text::cut_marked(&topic.beginning(), 50, false);
        table.row([pad_end(&topic.name, 22), about]);
    }
    table.text()
}

/// The object that `--list --json` and `--search --json` print.
#[derive(Serialize)]
struct List<'a> {
    topics: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    topic: &'a str,
    title: &'a str,
    also: &'a [String],
    related: &'a [String],
}

impl<'a> List<'a> {
    fn of(topics: &[&'a Topic]) -> Self {
        let row = |topic: &&'a Topic| Row {
            topic: &topic.name,
            title: &topic.title,
            also: &topic.also,
            related: &topic.related,
        };
        Self {
            topics: topics.iter().map(row).collect(),
        }
    }
}
