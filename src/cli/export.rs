//! `fmnist-tui export`.

use super::args::{DataArgs, ThreadArgs};
use super::errors::Usage;
use super::eval::measure;
use super::output::{STDOUT, Written, note, print, write_to};
use super::plot::{confusion, mistakes};
use crate::export::c::to_c;
use crate::export::onnx::{OPSET, to_onnx};
use crate::export::tensorboard::{Shown, event_file, write_run};
use crate::export::{ExportError, to_csv};
use crate::nn::{self, Snapshot};
use crate::plot::{Figure, Format, render};
use crate::runs::{BEST_FILE, RunRecord, model_of};
use crate::text::shown_path;
use crate::train::best_epoch;
use color_eyre::eyre::Result;
use std::path::{Path, PathBuf};

/// Options of `export`.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("what").required(true).args(["csv", "tensorboard", "onnx", "c"])))]
pub struct Args {
    /// Run folders; with --onnx and --c one, whose best model is taken, or a model file
    #[arg(value_name = "RUN", required = true)]
    runs: Vec<PathBuf>,
    /// Write the epochs as CSV
    #[arg(long)]
    csv: bool,
    /// The CSV file; what is there is replaced [default: -, the standard output]
    #[arg(long, value_name = "FILE", conflicts_with = "tensorboard")]
    out: Option<PathBuf>,
    /// Write an event file a run into folders below DIR, for `tensorboard --logdir DIR`
    #[arg(long, value_name = "DIR")]
    tensorboard: Option<PathBuf>,
    /// Write the model as an ONNX file for other programs: pixels from 0 to 255 go in, the
    /// normalisation is in it; `-` is stdout
    #[arg(long, value_name = "FILE", conflicts_with_all = ["out", "images"])]
    onnx: Option<PathBuf>,
    /// Write a small model as one C file without dependencies, for microcontrollers; `-` is stdout
    #[arg(long, value_name = "FILE", conflicts_with_all = ["out", "images"])]
    c: Option<PathBuf>,
    /// With --tensorboard: evaluate the best models and add their confusion matrices and worst mistakes
    #[arg(long, conflicts_with = "csv")]
    images: bool,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    threads: ThreadArgs,
}

/// Writes the runs.
pub fn run(args: &Args) -> Result<()> {
    if let Some(file) = &args.onnx {
        let about =
            format!("ONNX opset {OPSET}, pixels from 0 to 255 in, logits and probabilities out");
        return model(args, file, &about, |model| Ok(to_onnx(model)));
    }
    if let Some(file) = &args.c {
        let about = "int predict(const uint8_t pixels[], float probabilities[])";
        return model(args, file, about, |model| Ok(to_c(model)?.into_bytes()));
    }
    let runs = RunRecord::read_all(&args.runs)?;
    if let Some(folder) = &args.tensorboard {
        return tensorboard(args, &runs, folder);
    }
    let table = to_csv(&runs)?;
    let out = args.out.as_deref().unwrap_or(Path::new(STDOUT));
    match write_to(out, table.as_bytes(), "the table")? {
        Written::File => print(&format!("Wrote {}", shown_path(out))),
        Written::Stdout => Ok(()),
    }
}

/// Writes the one model that is named, in the form that `bytes` gives it.
fn model(
    args: &Args,
    file: &Path,
    about: &str,
    bytes: impl Fn(&Snapshot) -> Result<Vec<u8>, ExportError>,
) -> Result<()> {
    let [run] = &args.runs[..] else {
        let message = "--onnx and --c write one model; name one run or model file";
        return Err(Usage(message.into()).into());
    };
    let (model, info) = nn::load_model(&model_of(run, BEST_FILE)?)?;
    let bytes = bytes(&model.snapshot(info))?;
    match write_to(file, &bytes, "the model")? {
        Written::File => print(&format!("Wrote {}: {about}", shown_path(file))),
        Written::Stdout => Ok(()),
    }
}

fn tensorboard(args: &Args, runs: &[RunRecord], folder: &Path) -> Result<()> {
    for run in runs {
        let shown = if args.images {
            pictures(args, run)?
        } else {
            Vec::new()
        };
        let path = event_file(folder, Some(&run.run.path), &run.name)?;
        write_run(&path, &run.run, &shown)?;
        print(&format!("Wrote {}", shown_path(&path)))?;
    }
    Ok(())
}

/// What the run's best model gets wrong; nothing where there is no model.
fn pictures(args: &Args, run: &RunRecord) -> Result<Vec<Shown>> {
    let model = match model_of(&run.run.path, BEST_FILE) {
        Ok(model) => model,
        Err(problem) => {
            note(&format!("{problem}; exported without images"));
            return Ok(Vec::new());
        }
    };
    let measured = measure(&model, &args.data, args.threads, false)?;
    let epoch = best_epoch(&run.run.epochs).map_or(0, |best| best.epoch);
    Ok(vec![
        picture("confusion", &confusion(&measured), epoch)?,
        picture("mistakes", &mistakes(&measured), epoch)?,
    ])
}

fn picture(tag: &'static str, figure: &impl Figure, epoch: usize) -> Result<Shown> {
    let size = figure.default_size();
    Ok(Shown {
        tag,
        epoch,
        // A PNG has two pixels a point.
        width: 2 * size.width(),
        height: 2 * size.height(),
        png: render(figure, Format::Png, size)?,
    })
}
