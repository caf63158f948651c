//! `fmnist-tui summary`.

use super::args::SpecArgs;
use super::output::print;
use crate::data::Exclusions;
use crate::spec::{Augmentation, CheckedSpec, Loss, Precision, Schedule};
use crate::text::table::Table;
use crate::text::{escape_controls, grouped, shown_bytes, shown_path, wrap};
use crate::train::MemoryNeed;
use color_eyre::eyre::Result;
use std::path::Path;

/// Options of `summary`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    spec: SpecArgs,
}

/// Prints the layer table and how the network is trained.
pub fn run(args: &Args) -> Result<()> {
    let spec = args.spec.read()?;
    print(&text(&spec)?)
}

fn text(spec: &CheckedSpec) -> Result<String> {
    let summary = spec.summary();
    let input = spec.input;
    let mut text = format!(
        "{}: images of {}×{}×{} into {} classes\n\n",
        escape_controls(&spec.name),
        input.channels,
        input.height,
        input.width,
        summary.classes
    );
    let mut table = Table::new(&[">#", "layer", ">output", ">params", ">mult-adds", ">memory"]);
    for (index, layer) in summary.layers.iter().enumerate() {
        table.row([
            (index + 1).to_string(),
            layer.description.clone(),
            layer.output.to_string(),
            grouped(layer.parameters),
            grouped(layer.multiply_adds),
            shown_bytes(layer.activation_bytes),
        ]);
    }
    table.row([
        String::new(),
        "total for one image".into(),
        String::new(),
        grouped(summary.parameters()),
        grouped(summary.multiply_adds()),
        shown_bytes(summary.activation_bytes()),
    ]);
    text.push_str(&table.text());
    let Loss::SoftmaxCrossEntropy { label_smoothing } = spec.loss;
    let mut training = Table::new(&["training", ""]);
    let mut row = |name: &str, value: String| {
        let mut name = format!("  {name}");
        for line in broken(&value) {
            training.row([std::mem::take(&mut name), line]);
        }
    };
    row("optimiser", spec.optimizer.description());
    row(
        "learning rate",
        format!("{}, {}", spec.learning_rate, schedule(spec.schedule)),
    );
    if spec.warmup_epochs > 0.0 {
        row("warm-up", format!("{} epochs", spec.warmup_epochs));
    }
    if label_smoothing > 0.0 {
        row("label smoothing", label_smoothing.to_string());
    }
    if spec.augmentation != Augmentation::default() {
        row("augmentation", spec.augmentation.to_string());
    }
    if spec.gradient_clip > 0.0 {
        row("gradient clip", spec.gradient_clip.to_string());
    }
    if spec.ema_decay > 0.0 {
        row(
            "average",
            format!("of the weights, decay {}", spec.ema_decay),
        );
    }
    if spec.early_stopping.patience > 0 {
        let epochs = spec.early_stopping.patience;
        row(
            "patience",
            format!("{epochs} epochs without a better accuracy"),
        );
    }
    if spec.validation.hold_out > 0 {
        let images = grouped(spec.validation.hold_out as u64);
        row(
            "validation",
            format!("{images} training images held out, a quarter at most"),
        );
    }
    if !spec.exclude.is_empty() {
        row("left out", left_out(spec)?);
    }
    row("batch size", grouped(spec.batch_size as u64));
    row("epochs", grouped(spec.epochs as u64));
    row("seed", spec.seed.to_string());
    let need = MemoryNeed::of_training(spec).total();
    row(
        "memory",
        format!("about {}, and the data", shown_bytes(need)),
    );
    if spec.precision != Precision::default() {
        let precision = spec.precision;
        row(
            "precision",
            format!("{} ({})", precision.name(), precision.meaning()),
        );
    }
    text.push('\n');
    text.push_str(&training.text());
    let doubts = spec.doubts();
    if !doubts.is_empty() {
        text.push_str("\nWorth a second look\n");
    }
    for doubt in doubts {
        for line in wrap(&doubt.to_string(), 78) {
            text.push_str(&format!("  {line}\n"));
        }
    }
    Ok(text)
}

/// How many images the spec's list leaves out of training, whatever the data.
fn left_out(spec: &CheckedSpec) -> Result<String> {
    let path = Path::new(&spec.exclude);
    let images = Exclusions::read(path, usize::MAX)?.images().len();
    let plural = if images == 1 { "" } else { "s" };
    let images = grouped(images as u64);
    Ok(format!(
        "{images} training image{plural}, by {}",
        shown_path(path)
    ))
}

/// Longest value beside its name in a terminal of 80 columns.
const VALUE_WIDTH: usize = 60;

/// `value` in lines that end behind commas where it is too long for one.
fn broken(value: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in value.split_inclusive(", ") {
        match lines.last_mut() {
            Some(line) if line.len() + part.trim_end().len() <= VALUE_WIDTH => line.push_str(part),
            _ => lines.push(part.to_owned()),
        }
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines
}

fn schedule(schedule: Schedule) -> String {
    match schedule {
        Schedule::Constant => "constant".into(),
        Schedule::Step {
            every_epochs,
            factor,
        } => format!("times {factor} every {every_epochs} epochs"),
        Schedule::Cosine { final_factor } => format!("cosine down to {final_factor} of it"),
        Schedule::OneCycle {
            rise,
            initial_factor,
            ..
        } => format!(
            "one cycle: from {initial_factor} of it up over {:.0} %, then down",
            rise * 100.0
        ),
        Schedule::ReduceOnPlateau { factor, patience } => {
            format!("times {factor} when the loss has not fallen for more than {patience} epochs")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::PRESETS;

    #[test]
    fn every_presets_table_fits_a_terminal() {
        for entry in PRESETS {
            let spec = crate::spec::preset(entry.name).unwrap();
            let text = text(&spec.check().unwrap()).unwrap();
            for line in text.lines() {
                assert!(crate::text::width(line) <= 80, "{line}");
            }
        }
    }
}
