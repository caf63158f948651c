//! `fmnist-tui predict`.

use super::args::DataArgs;
use super::errors::Usage;
use super::foreign::ForeignArgs;
use super::output::{notice_of, print, print_json};
use crate::augment::ImageSize;
use crate::data::picture::read_picture;
use crate::data::{Dataset, Split};
use crate::insight;
use crate::nn::{Model, ModelInfo};
use crate::text::table::Table;
use crate::text::{escape_controls, first};
use crate::train;
use color_eyre::eyre::{Result, WrapErr, eyre};
use serde::Serialize;
use std::path::PathBuf;

/// Cells of the longest bar.
const BAR: f32 = 30.0;

/// Options of `predict`.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("what").required(true).args(["index", "image"])))]
pub struct Args {
    /// A model file of a run folder: best.safetensors or model.safetensors; with --spec another program's
    model: PathBuf,
    #[command(flatten)]
    foreign: ForeignArgs,
    /// Positions of validation images, counted from 0
    #[arg(long, value_name = "N", num_args = 1..)]
    index: Vec<usize>,
    /// PNG files of the size the network takes, light on dark; in grey for a network of one channel
    #[arg(long, value_name = "FILE", num_args = 1..)]
    image: Vec<PathBuf>,
    /// The pictures are dark on light: turn them around
    #[arg(long, requires = "image")]
    invert: bool,
    #[command(flatten)]
    data: DataArgs,
    /// Print one JSON object per image instead of text
    #[arg(long)]
    json: bool,
}

/// An image, where it is from, and its class if that is known.
struct Subject {
    index: Option<usize>,
    image: Option<String>,
    pixels: Vec<u8>,
    true_class: Option<u8>,
}

/// One image's answer, as `--json` prints it.
#[derive(Serialize)]
struct Answer<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    class: usize,
    name: &'a str,
    probabilities: Vec<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    true_class: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    true_name: Option<&'a str>,
    /// The data set of the image, or for a picture the one the model was trained on.
    dataset: &'a str,
    notice: Option<&'static str>,
}

/// Predicts every image and prints the answers.
pub fn run(args: &Args) -> Result<()> {
    let (model, info) = args.foreign.load(&args.model, &args.data)?;
    let shown = escape_controls(&args.model.display().to_string());
    let (subjects, name, notice) = if args.image.is_empty() {
        let dataset = args.data.load(&info.dataset)?;
        train::check_fits_model(&info.spec, &dataset).wrap_err(shown)?;
        let subjects = from_dataset(&dataset, &args.index)?;
        let notice = dataset.notice();
        (subjects, dataset.name, notice)
    } else {
        train::check_evaluation(&info.spec, 1).wrap_err(shown)?;
        let subjects = from_pictures(&args.image, size_of(&info), args.invert)?;
        (subjects, info.dataset.clone(), notice_of(&info.dataset))
    };
    if !args.json {
        let with_notice = |name: &str, notice: Option<&str>| {
            let name = escape_controls(name);
            notice.map_or(name.clone(), |notice| format!("{name} ({notice})"))
        };
        let mut text = format!(
            "Model: {}, trained on {}\n",
            escape_controls(&info.spec.name),
            with_notice(&info.dataset, notice_of(&info.dataset))
        );
        if args.image.is_empty() {
            text.push_str(&format!("Images: {}\n", with_notice(&name, notice)));
        }
        print(&text)?;
    }
    for subject in &subjects {
        let answer = answer(&model, &info, subject, &name, notice)?;
        if args.json {
            print_json(&answer)?;
        } else {
            print(&text(&answer, &info))?;
        }
    }
    Ok(())
}

fn from_dataset(dataset: &Dataset, indices: &[usize]) -> Result<Vec<Subject>> {
    let split = &dataset.validation;
    let mut subjects = Vec::with_capacity(indices.len());
    for index in indices {
        let Some(label) = split.labels.get(*index) else {
            let last = split.len().saturating_sub(1);
            let message =
                format!("--index {index}: the validation images are numbered 0 to {last}");
            return Err(Usage(message).into());
        };
        subjects.push(Subject {
            index: Some(*index),
            image: None,
            pixels: split.image(*index).to_vec(),
            true_class: Some(*label),
        });
    }
    Ok(subjects)
}

/// The size of the images that a network takes.
fn size_of(info: &ModelInfo) -> ImageSize {
    let input = info.spec.input;
    ImageSize {
        channels: input.channels,
        height: input.height,
        width: input.width,
    }
}

fn from_pictures(paths: &[PathBuf], size: ImageSize, invert: bool) -> Result<Vec<Subject>> {
    let mut subjects = Vec::with_capacity(paths.len());
    for path in paths {
        subjects.push(Subject {
            index: None,
            image: Some(path.display().to_string()),
            pixels: read_picture(path, size, invert)?,
            true_class: None,
        });
    }
    Ok(subjects)
}

fn answer<'a>(
    model: &Model,
    info: &'a ModelInfo,
    subject: &'a Subject,
    dataset: &'a str,
    notice: Option<&'static str>,
) -> Result<Answer<'a>> {
    let ImageSize {
        channels,
        height,
        width,
    } = size_of(info);
    let split = Split {
        images: subject.pixels.clone(),
        labels: vec![0],
        channels,
        height,
        width,
    };
    let predictions = insight::predict(model, &split, info.normalization)?;
    let prediction = predictions.into_iter().next();
    let prediction = prediction.ok_or_else(|| eyre!("the network says nothing of the image"))?;
    let class = prediction.class;
    let name = |class: usize| info.class_names.get(class).map_or("", String::as_str);
    Ok(Answer {
        index: subject.index,
        image: subject.image.as_deref(),
        class,
        name: name(class),
        probabilities: prediction.probabilities,
        true_class: subject.true_class,
        true_name: subject.true_class.map(|class| name(usize::from(class))),
        dataset,
        notice,
    })
}

/// The answer with a bar per class.
fn text(answer: &Answer<'_>, info: &ModelInfo) -> String {
    let what = match (answer.index, answer.image) {
        (Some(index), _) => format!("validation image {index}"),
        (None, image) => escape_controls(image.unwrap_or_default()),
    };
    let truth = match (answer.true_class, answer.true_name) {
        (Some(class), _) if usize::from(class) == answer.class => ", which is right".to_owned(),
        (Some(_), Some(name)) => format!(", but it is {}", escape_controls(name)),
        _ => String::new(),
    };
    let mut text = format!("\n{what}: {}{truth}\n", escape_controls(answer.name));
    let mut table = Table::new(&["class", ">probability", ""]);
    for (class, probability) in answer.probabilities.iter().enumerate() {
        let name = info
            .class_names
            .get(class)
            .map_or(String::new(), |name| escape_controls(name));
        let bar = "█".repeat((probability * BAR).round() as usize);
        table.row([
            first(&name, 30).to_owned(),
            format!("{probability:.4}"),
            bar,
        ]);
    }
    text.push_str(&table.text());
    text
}
