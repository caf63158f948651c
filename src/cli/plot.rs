//! `fmnist-tui plot`.

use super::args::{DataArgs, ThreadArgs};
use super::errors::Usage;
use super::eval::{Measured, measure};
use super::output::{data_line, notice_of, print, write_to};
use crate::plot::{Confusion, Curves, Figure, Format, MAX_RUNS, Mistake, Mistakes, Size, render};
use crate::runs::{BEST_FILE, RunRecord, model_of};
use crate::text::{escape_controls, grouped, shown_path};
use clap::ValueEnum;
use color_eyre::eyre::Result;
use std::path::PathBuf;

/// Options of `plot`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Run folders; for the kinds confusion and mistakes one run folder or model file
    #[arg(value_name = "RUN", required = true)]
    runs: Vec<PathBuf>,
    /// The file to write, .svg or .png; what is there is replaced
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// What to draw
    #[arg(long, value_enum, default_value_t = Kind::Curves)]
    kind: Kind,
    /// Width and height in points, such as 1200x600; a PNG has two pixels a point
    /// [default: what the picture needs]
    #[arg(long, value_name = "WxH")]
    size: Option<Size>,
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
        (Kind::Curves, runs) => drawn(&curves(runs)?, format, args.size)?,
        (kind, [run]) => {
            let measured = measure(&model_of(run, BEST_FILE)?, &args.data, args.threads, false)?;
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

fn curves(folders: &[PathBuf]) -> Result<Curves> {
    if folders.len() > MAX_RUNS {
        let message = format!(
            "{} runs are more than the {MAX_RUNS} that can be told apart by colour; give the ones that \
             matter",
            folders.len()
        );
        return Err(Usage(message).into());
    }
    let runs = RunRecord::read_all(folders)?;
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
    Ok(Curves::new(&runs, subtitle)?)
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
        "{}{trained}: {:.2} % of {} validation images right",
        data_line(dataset),
        100.0 * evaluation.accuracy,
        grouped(evaluation.predictions.len() as u64),
    )
}
