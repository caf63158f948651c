//! Writes what is asked for.

use super::args::Args;
use super::{int8, model};
use crate::cli::errors::Usage;
use crate::cli::eval::measure;
use crate::cli::output::{STDOUT, Written, note, print, write_to};
use crate::cli::plot::{confusion, mistakes};
use crate::export::tensorboard::{Shown, event_file, write_run};
use crate::export::to_csv;
use crate::plot::{Figure, Format, render};
use crate::runs::{BEST_FILE, RunRecord, model_of};
use crate::text::shown_path;
use crate::train::best_epoch;
use color_eyre::eyre::Result;
use std::path::Path;

/// Writes the runs.
pub fn run(args: &Args) -> Result<()> {
    if let (Some(file), true) = (&args.onnx, args.int8) {
        return int8::write(args, file);
    }
    if model::write(args)? {
        return Ok(());
    }
    if args.runs.is_empty() {
        return Err(Usage("name the runs whose epochs are to be exported".into()).into());
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
    let measured = measure(&model, &args.foreign, &args.data, args.threads, false)?;
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
