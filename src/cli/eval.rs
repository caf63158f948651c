//! `fmnist-tui eval`.

use super::args::{DataArgs, ThreadArgs};
use super::foreign::ForeignArgs;
use super::output::{Written, data_line, print, print_json, write_to};
use crate::data::Dataset;
use crate::nn::ModelInfo;
use crate::stats::Accuracy;
use crate::text::table::Table;
use crate::text::{escape_controls, first, grouped, shown_path};
use crate::train::{self, ConfusionMatrix, Evaluation, with_threads};
use color_eyre::eyre::{Result, WrapErr};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Options of `eval`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A run folder, whose best model is taken, or a model file; with --spec another program's
    model: PathBuf,
    #[command(flatten)]
    foreign: ForeignArgs,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    threads: ThreadArgs,
    /// Average what the model says of each image and of its mirror image
    #[arg(long)]
    tta: bool,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
    /// Write the predicted class of every validation image to FILE, one number a line; `-` is stdout,
    /// which then has nothing else
    #[arg(long, value_name = "FILE")]
    predictions: Option<PathBuf>,
}

/// A model and how it does on the validation images.
pub struct Measured {
    /// What the model file says of itself.
    pub info: ModelInfo,
    /// What it was measured on.
    pub dataset: Dataset,
    /// What came out.
    pub evaluation: Evaluation,
}

/// Evaluates the model in a file.
pub fn measure(
    model: &Path,
    foreign: &ForeignArgs,
    data: &DataArgs,
    threads: ThreadArgs,
    with_flips: bool,
) -> Result<Measured> {
    let (loaded, info) = foreign.load(model, data)?;
    let dataset = data.load(&info.dataset)?;
    train::check_fits_model(&info.spec, &dataset).wrap_err(shown_path(model))?;
    let evaluation = with_threads(threads.get(), || {
        let evaluate = match with_flips {
            true => train::evaluate_with_flips,
            false => train::evaluate,
        };
        evaluate(&loaded, &dataset.validation, info.normalization)
    })??;
    Ok(Measured {
        info,
        dataset,
        evaluation,
    })
}

/// Evaluates the model and prints its scores.
pub fn run(args: &Args) -> Result<()> {
    let Measured {
        info,
        dataset,
        evaluation,
    } = measure(
        &args.model,
        &args.foreign,
        &args.data,
        args.threads,
        args.tta,
    )?;
    if let Some(path) = &args.predictions {
        let mut lines = String::with_capacity(2 * evaluation.predictions.len());
        for class in &evaluation.predictions {
            lines.push_str(&class.to_string());
            lines.push('\n');
        }
        if write_to(path, lines.as_bytes(), "the predictions")? == Written::Stdout {
            return Ok(());
        }
    }
    if args.json {
        print_json(&line(&info, &dataset, &evaluation))
    } else {
        print(&text(&info, &dataset, &evaluation))
    }
}

/// The object `--json` prints.
#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    dataset: &'a str,
    notice: Option<&'static str>,
    trained_on: &'a str,
    images: usize,
    accuracy: f64,
    /// Its standard error.
    accuracy_error: f64,
    loss: f64,
    classes: Vec<Class<'a>>,
    /// Rows: true classes; columns: predicted ones.
    confusion: Vec<Vec<u64>>,
}

#[derive(Serialize)]
struct Class<'a> {
    name: &'a str,
    precision: f64,
    recall: f64,
    f1: f64,
    images: u64,
}

fn line<'a>(info: &'a ModelInfo, dataset: &'a Dataset, evaluation: &Evaluation) -> Line<'a> {
    let confusion = &evaluation.confusion;
    let classes = 0..confusion.classes();
    let scores = confusion
        .class_scores()
        .into_iter()
        .zip(&dataset.class_names);
    Line {
        name: &info.spec.name,
        dataset: &dataset.name,
        notice: dataset.notice(),
        trained_on: &info.dataset,
        images: evaluation.predictions.len(),
        accuracy: evaluation.accuracy,
        accuracy_error: accuracy(evaluation).error.unwrap_or_default(),
        loss: evaluation.loss,
        classes: scores
            .map(|(scores, name)| Class {
                name,
                precision: scores.precision,
                recall: scores.recall,
                f1: scores.f1,
                images: scores.images,
            })
            .collect(),
        confusion: classes
            .clone()
            .map(|truth| {
                classes
                    .clone()
                    .map(|guess| confusion.count(truth, guess))
                    .collect()
            })
            .collect(),
    }
}

fn accuracy(evaluation: &Evaluation) -> Accuracy {
    Accuracy::of(evaluation.accuracy, evaluation.predictions.len())
}

fn text(info: &ModelInfo, dataset: &Dataset, evaluation: &Evaluation) -> String {
    let names: Vec<String> = dataset
        .class_names
        .iter()
        .map(|name| escape_controls(name))
        .collect();
    let mut text = format!(
        "Model: {}, trained on {}\nData: {}, {} validation images\n\naccuracy  {} (standard error)\nloss      {:.4}\n\n",
        escape_controls(&info.spec.name),
        escape_controls(&info.dataset),
        data_line(dataset),
        grouped(evaluation.predictions.len() as u64),
        accuracy(evaluation),
        evaluation.loss,
    );
    let mut table = Table::new(&["class", ">precision", ">recall", ">F1", ">images"]);
    for (name, scores) in names.iter().zip(evaluation.confusion.class_scores()) {
        table.row([
            first(name, 40).to_owned(),
            format!("{:.4}", scores.precision),
            format!("{:.4}", scores.recall),
            format!("{:.4}", scores.f1),
            grouped(scores.images),
        ]);
    }
    text.push_str(&table.text());
    text.push_str(&confusion_text(&evaluation.confusion, &names));
    text
}

/// The matrix where it fits 80 columns, and the most confused pairs in any case.
fn confusion_text(confusion: &ConfusionMatrix, names: &[String]) -> String {
    let classes = confusion.classes();
    let mut text = String::new();
    // Two spaces and at least four digits or letters for each class, and twelve for the row's name.
    let widest = 80usize.saturating_sub(12) / classes.max(1);
    if widest >= 6 {
        let heads: Vec<String> = names
            .iter()
            .map(|name| format!(">{}", first(name, widest.min(8) - 2)))
            .collect();
        let mut header = vec![""];
        header.extend(heads.iter().map(String::as_str));
        let mut table = Table::new(&header);
        for (truth, name) in names.iter().enumerate() {
            let counts = (0..classes).map(|guess| confusion.count(truth, guess).to_string());
            table.row(std::iter::once(first(name, 12).to_owned()).chain(counts));
        }
        text.push_str("\nConfusion matrix (rows: true class, columns: predicted class)\n");
        text.push_str(&table.text());
    }
    let pairs = confusion.most_confused(5);
    if !pairs.is_empty() {
        text.push_str("\nMost confused\n");
        let mut table = Table::new(&[">images", "true class", "taken for"]);
        for pair in pairs {
            let name = |class: usize| {
                names
                    .get(class)
                    .map_or(String::new(), |name| first(name, 30).to_owned())
            };
            table.row([grouped(pair.count), name(pair.truth), name(pair.predicted)]);
        }
        text.push_str(&table.text());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::width;

    #[test]
    fn the_matrix_of_fashion_mnist_fits_80_columns() {
        let names = Dataset::sample().unwrap().class_names;
        let mut confusion = ConfusionMatrix::new(10);
        for class in 0..10 {
            for _ in 0..1000 {
                confusion.add(class, class);
            }
        }
        confusion.add(6, 0);
        let text = confusion_text(&confusion, &names);
        assert!(text.lines().all(|line| width(line) <= 80), "{text}");
        assert!(text.contains("     1  Shirt       T-shirt/top"), "{text}");
    }

    #[test]
    fn a_wide_class_name_keeps_the_columns_in_line() {
        let names = ["靴".to_owned(), "Bag".to_owned()];
        let mut confusion = ConfusionMatrix::new(2);
        confusion.add(0, 0);
        confusion.add(0, 1);
        confusion.add(1, 1);
        let text = confusion_text(&confusion, &names);
        let matrix: Vec<&str> = text.lines().skip(2).take(3).collect();
        assert_eq!(matrix, ["     靴  Bag", "靴    1    1", "Bag   0    1"]);
        let widths: Vec<usize> = matrix.iter().map(|line| width(line)).collect();
        assert_eq!(widths, [12, 12, 12]);
    }
}
