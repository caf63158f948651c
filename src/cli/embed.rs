//! `fmnist-tui embed`.

use super::errors::Usage;
use super::model_args::{LoadedModel, ModelArgs};
use super::output::{STDOUT, Written, data_line, print, print_json, write_to};
use crate::insight::{Components, Embedding, EmbeddingMethod, Features, MOST_IMAGES, USUAL_IMAGES};
use crate::plot::{Figure, Format, Scatter, ScatterPoint, render};
use crate::text::{escape_controls, grouped, shown_path, wrap};
use crate::train::{Evaluation, evaluate_some, with_threads};
use clap::ValueEnum;
use color_eyre::eyre::Result;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Options of `embed`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    on: ModelArgs,
    /// The file to write: .csv, .svg or .png, or - for CSV on the standard output; what is there is replaced
    #[arg(long, value_name = "FILE", required_unless_present = "json")]
    out: Option<PathBuf>,
    /// How the images are brought into two dimensions
    #[arg(long, value_enum, default_value_t = Method::Tsne)]
    method: Method,
    /// Validation images, as many of each class
    #[arg(long, value_name = "N", default_value_t = USUAL_IMAGES as u32,
        value_parser = clap::value_parser!(u32).range(1..=MOST_IMAGES as i64))]
    images: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Method {
    /// The two directions in which they differ most
    Pca,
    /// So that neighbours stay neighbours
    Tsne,
}

/// What a file may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Csv,
    Picture(Format),
}

/// Lays out validation images as a model sees them.
pub fn run(args: &Args) -> Result<()> {
    let out = args.out.as_deref().map(|out| Ok((out, kind_of(out)?)));
    let out = out.transpose().map_err(|error: Usage| error)?;
    if args.on.json && out.is_some_and(|(out, _)| out == Path::new(STDOUT)) {
        let message =
            "--json: prints an object where --out - prints a table; leave one of them out";
        return Err(Usage(message.into()).into());
    }
    let loaded = args.on.load()?;
    let mapped = with_threads(args.on.threads.get(), || map(&loaded, args))??;
    if let Some((out, kind)) = out {
        let bytes = match kind {
            Kind::Csv => mapped.csv().into_bytes(),
            Kind::Picture(format) => {
                let figure = mapped.figure();
                render(&figure, format, figure.default_size())?
            }
        };
        if write_to(out, &bytes, "the map")? == Written::Stdout {
            return Ok(());
        }
    }
    match args.on.json {
        true => print_json(&mapped.line()),
        false => {
            let written = out.map_or(String::new(), |(out, _)| {
                format!("\nWrote {}\n", shown_path(out))
            });
            print(&(mapped.text() + &written))
        }
    }
}

fn kind_of(out: &Path) -> Result<Kind, Usage> {
    let is_csv = |ending: &std::ffi::OsStr| ending.eq_ignore_ascii_case("csv");
    if out == Path::new(STDOUT) || out.extension().is_some_and(is_csv) {
        return Ok(Kind::Csv);
    }
    Format::of(out).map(Kind::Picture).ok_or_else(|| {
        let shown = shown_path(out);
        Usage(format!(
            "--out {shown}: the file's name must end with .csv, .svg or .png"
        ))
    })
}

/// A map with what is known of its images.
struct Mapped<'a> {
    loaded: &'a LoadedModel,
    embedding: Embedding,
    /// Of the images of the map, in their order.
    evaluation: Evaluation,
}

fn map<'a>(loaded: &'a LoadedModel, args: &Args) -> Result<Mapped<'a>> {
    let split = &loaded.dataset.validation;
    let snapshot = loaded.model.snapshot(loaded.info.clone());
    let method = match args.method {
        Method::Pca => EmbeddingMethod::Pca,
        Method::Tsne => EmbeddingMethod::Tsne,
    };
    let whole = "a map that nobody stops is made";
    let features = Features::of(&snapshot, split, args.images as usize, &mut |_| true)?;
    let features = features.ok_or_else(|| color_eyre::eyre::eyre!(whole))?;
    let components = Components::of(&features);
    let embedding = Embedding::new(&features, &components, method, &mut |_, _| true)?;
    let embedding = embedding.ok_or_else(|| color_eyre::eyre::eyre!(whole))?;
    let images = &embedding.images;
    let evaluation = evaluate_some(&loaded.model, split, images, loaded.info.normalization)?;
    Ok(Mapped {
        loaded,
        embedding,
        evaluation,
    })
}

/// An image of the map.
#[derive(Serialize)]
struct Row {
    index: u32,
    x: f32,
    y: f32,
    #[serde(rename = "true")]
    truth: u8,
    predicted: u8,
}

impl Mapped<'_> {
    fn rows(&self) -> impl Iterator<Item = Row> {
        let labels = &self.loaded.dataset.validation.labels;
        let images = self.embedding.images.iter().zip(&self.embedding.points);
        let images = images.zip(&self.evaluation.predictions);
        images.map(|((index, [x, y]), predicted)| Row {
            index: *index,
            x: *x,
            y: *y,
            truth: labels[*index as usize],
            predicted: *predicted,
        })
    }

    fn csv(&self) -> String {
        let mut table = String::from("index,x,y,true,predicted\n");
        for row in self.rows() {
            let Row {
                index,
                x,
                y,
                truth,
                predicted,
            } = row;
            table.push_str(&format!("{index},{x},{y},{truth},{predicted}\n"));
        }
        table
    }

    fn figure(&self) -> Scatter {
        let LoadedModel { info, dataset, .. } = self.loaded;
        Scatter {
            title: format!(
                "{}: the images as it sees them",
                escape_controls(&info.spec.name)
            ),
            subtitle: format!("{}: {}", data_line(dataset), self.about()),
            class_names: dataset.class_names.clone(),
            points: self
                .rows()
                .map(|row| ScatterPoint {
                    at: [row.x, row.y],
                    truth: usize::from(row.truth),
                    predicted: usize::from(row.predicted),
                })
                .collect(),
        }
    }

    /// What was laid out and how, in one line.
    fn about(&self) -> String {
        let Embedding {
            method,
            images,
            features,
            ..
        } = &self.embedding;
        let trust = self
            .embedding
            .trustworthiness
            .map_or(String::new(), |trust| {
                format!(", trustworthiness {:.3}", trust.value)
            });
        format!(
            "{} of {} validation images, {} of {} features{trust}",
            grouped(images.len() as u64),
            grouped(self.loaded.dataset.validation.len() as u64),
            method.name(),
            grouped(*features as u64),
        )
    }

    fn wrong(&self) -> usize {
        self.rows().filter(|row| row.truth != row.predicted).count()
    }

    fn text(&self) -> String {
        let Embedding {
            method,
            images,
            features,
            explained,
            perplexity,
            trustworthiness,
            ..
        } = &self.embedding;
        let all = self.loaded.dataset.validation.len() as u64;
        let count = images.len() as u64;
        let spread = if count < all {
            ", as many of each class as there are"
        } else {
            ""
        };
        let perplexity = perplexity.map_or(String::new(), |it| format!(", perplexity {it}"));
        let mut text = format!(
            "{}\n\n\
             images           {} of {}{spread}\n\
             wrong            {}\n\
             features         {}, what goes into the last layer\n\
             method           {}{perplexity}\n\
             two components   {:.1} % of the features' variance\n",
            self.loaded.head(),
            grouped(count),
            grouped(all),
            grouped(self.wrong() as u64),
            grouped(*features as u64),
            method.name(),
            100.0 * explained,
        );
        match trustworthiness {
            Some(trust) => {
                text.push_str(&format!(
                    "trustworthiness  {:.4} ({} neighbours)\n\n",
                    trust.value, trust.neighbors
                ));
                let meaning = "1 means that all neighbours in the map are neighbours for the network, \
                    about 0.5 that they are any images.";
                for line in wrap(meaning, 80) {
                    text.push_str(&line);
                    text.push('\n');
                }
            }
            None => text.push_str("trustworthiness  unknown: too few images\n"),
        }
        text
    }

    fn line(&self) -> Line<'_> {
        let LoadedModel { info, dataset, .. } = self.loaded;
        let trust = self.embedding.trustworthiness;
        Line {
            name: &info.spec.name,
            dataset: &dataset.name,
            notice: dataset.notice(),
            method: match self.embedding.method {
                EmbeddingMethod::Pca => "pca",
                EmbeddingMethod::Tsne => "tsne",
            },
            images: self.embedding.images.len(),
            wrong: self.wrong(),
            features: self.embedding.features,
            explained_variance: self.embedding.explained,
            perplexity: self.embedding.perplexity,
            trustworthiness: trust.map(|trust| trust.value),
            neighbors: trust.map(|trust| trust.neighbors),
            class_names: &dataset.class_names,
            points: self.rows().collect(),
        }
    }
}

/// The object `--json` prints.
#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    dataset: &'a str,
    notice: Option<&'static str>,
    method: &'static str,
    images: usize,
    wrong: usize,
    /// Values that the last layer sees of an image.
    features: usize,
    /// The share that the first two principal components hold.
    explained_variance: f64,
    perplexity: Option<usize>,
    trustworthiness: Option<f64>,
    /// How many neighbours trustworthiness looked at.
    neighbors: Option<usize>,
    class_names: &'a [String],
    points: Vec<Row>,
}
