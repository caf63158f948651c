//! `fmnist-tui plot`.

use super::args::{DataArgs, ThreadArgs};
use super::errors::Usage;
use super::eval::{Measured, measure};
use super::foreign::ForeignArgs;
use super::output::{data_line, notice_of, print, write_to};
use crate::plot::{Confusion, Curves, Figure, Format, MAX_CURVES, Mistake, Mistakes, Size, render};
use crate::runs::{BEST_FILE, Fold, RunRecord, model_of};
use crate::stats::Accuracy;
use crate::text::{escape_controls, grouped, shown_path};
use clap::ValueEnum;
use color_eyre::eyre::Result;
use std::path::PathBuf;
use std::sync::Arc;

/// Options of `plot`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Run folders, or folders of runs such as a sweep's; for the kinds confusion and mistakes one run
    /// folder or model file
    #[arg(value_name = "RUN", required = true)]
    runs: Vec<PathBuf>,
    /// The file to write, .svg or .png; what is there is replaced
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// What to draw
    #[arg(long, value_enum, default_value_t = Kind::Curves)]
    kind: Kind,
    /// Draw every run by itself, also those that differ by the seed alone: else these are one curve, their
    /// mean with a band of a standard deviation
    #[arg(long)]
    each: bool,
    /// Width and height in points, such as 1200x600; a PNG has two pixels a point
    /// [default: what the picture needs]
    #[arg(long, value_name = "WxH")]
    size: Option<Size>,
    #[command(flatten)]
    foreign: ForeignArgs,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    threads: ThreadArgs,
}

/// What can be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Accuracy and loss of the runs, epoch by epoch
    Curves,
    /// What the best model takes for what on the validation images
    Confusion,
    /// The validation images that the best model is most certain of and wrong about
    Mistakes,
}

/// Draws the picture and writes it.
pub fn run(args: &Args) -> Result<()> {
    let Some(format) = Format::of(&args.out) else {
        let shown = shown_path(&args.out);
        let message = format!("--out {shown}: the file's name must end with .svg or .png");
        return Err(Usage(message).into());
    };
    let bytes = match (args.kind, args.runs.as_slice()) {
        (Kind::Curves, runs) => drawn(&curves(runs, args.each)?, format, args.size)?,
        (kind, [run]) => {
            let measured = measure(
                &model_of(run, BEST_FILE)?,
                &args.foreign,
                &args.data,
                args.threads,
                false,
            )?;
            match kind {
                Kind::Mistakes => drawn(&mistakes(&measured), format, args.size)?,
                _ => drawn(&confusion(&measured), format, args.size)?,
            }
        }
        (_, runs) => {
            let message = format!(
                "--kind: {} runs are given, but such a picture is of one; give one, or draw curves",
                runs.len()
            );
            return Err(Usage(message).into());
        }
    };
    let shown = shown_path(&args.out);
    write_to(&args.out, &bytes, "the picture")?;
    print(&format!("Wrote {shown}"))
}

fn drawn(figure: &impl Figure, format: Format, size: Option<Size>) -> Result<Vec<u8>> {
    let size = size.unwrap_or_else(|| figure.default_size());
    Ok(render(figure, format, size)?)
}

fn curves(folders: &[PathBuf], each: bool) -> Result<Curves> {
    let runs = RunRecord::read_all(folders)?;
    let folds = folds(&runs, each);
    if folds.len() > MAX_CURVES {
        let message = format!(
            "{} curves are more than the {MAX_CURVES} that can be told apart by colour; give the runs that \
             matter",
            folds.len()
        );
        return Err(Usage(message).into());
    }
    let mut data: Vec<String> = Vec::new();
    for name in runs.iter().filter_map(RunRecord::trained_on) {
        let shown = match notice_of(&name) {
            Some(notice) => format!("{} ({notice})", escape_controls(&name)),
            None => escape_controls(&name),
        };
        if !data.contains(&shown) {
            data.push(shown);
        }
    }
    let subtitle = if data.is_empty() {
        String::new()
    } else {
        format!("trained on {}", data.join(", "))
    };
    Ok(Curves::new(folds, subtitle)?)
}

/// The curves with their labels: each run, or those in one that differ by the seed alone and are complete.
fn folds(runs: &[RunRecord], each: bool) -> Vec<(String, Fold)> {
    let all: Vec<_> = runs.iter().map(|record| Arc::clone(&record.run)).collect();
    let folds = match each {
        true => Vec::new(),
        false => Fold::of(&all),
    };
    let mut folds: Vec<Fold> = folds.into_iter().filter_map(Fold::of_complete).collect();
    folds.retain(|fold| fold.runs.len() > 1);
    let mut curves = Vec::new();
    for record in runs {
        let place = folds
            .iter()
            .position(|fold| fold.runs.contains(&record.run));
        match place {
            // It stands where its first run stands.
            Some(place) if folds[place].runs.first() == Some(&record.run) => {
                curves.push((record.name.clone(), folds[place].clone()));
            }
            Some(_) => {}
            None => {
                let alone = Fold {
                    runs: vec![Arc::clone(&record.run)],
                };
                curves.push((record.label.clone(), alone));
            }
        }
    }
    curves
}

/// The heat map of a measured model.
pub fn confusion(measured: &Measured) -> Confusion {
    Confusion {
        title: title(measured, "what is taken for what"),
        subtitle: subtitle(measured),
        class_names: measured.dataset.class_names.clone(),
        matrix: measured.evaluation.confusion.clone(),
    }
}

/// The worst mistakes of a measured model.
pub fn mistakes(measured: &Measured) -> Mistakes {
    let split = &measured.dataset.validation;
    Mistakes {
        title: title(measured, "its most confident mistakes"),
        subtitle: format!(
            "{}; black: the class, orange: what it was taken for",
            subtitle(measured)
        ),
        class_names: measured.dataset.class_names.clone(),
        image: (split.width, split.height),
        mistakes: Mistake::worst(&measured.evaluation, split),
    }
}

fn title(measured: &Measured, what: &str) -> String {
    format!("{}: {what}", escape_controls(&measured.info.spec.name))
}

fn subtitle(measured: &Measured) -> String {
    let Measured {
        info,
        dataset,
        evaluation,
    } = measured;
    let trained = if info.dataset == dataset.name {
        String::new()
    } else {
        format!(", trained on {}", escape_controls(&info.dataset))
    };
    format!(
        "{}{trained}: {} % of {} validation images right",
        data_line(dataset),
        Accuracy::of(evaluation.accuracy, evaluation.predictions.len()).percent(),
        grouped(evaluation.predictions.len() as u64),
    )
}
