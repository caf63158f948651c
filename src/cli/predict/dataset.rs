//! Validation images.

use super::answer::{Answer, name_of};
use super::args::Args;
use crate::cli::errors::Usage;
use crate::cli::output::{data_line, notice_of, print, print_json};
use crate::insight;
use crate::nn::{Model, ModelInfo};
use crate::text::{escape_controls, shown_path};
use crate::train;
use color_eyre::eyre::{Result, WrapErr};

/// Prints what the model says of the images with the numbers that were given.
pub fn run(args: &Args, model: &Model, info: &ModelInfo) -> Result<()> {
    let dataset = args.data.load(&info.dataset)?;
    train::check_fits_model(&info.spec, &dataset).wrap_err_with(|| shown_path(&args.model))?;
    let split = &dataset.validation;
    let missing = args.index.iter().find(|index| **index >= split.len());
    if let Some(index) = missing {
        let last = split.len().saturating_sub(1);
        let message = format!("--index {index}: the validation images are numbered 0 to {last}");
        return Err(Usage(message).into());
    }
    let images: Vec<u32> = args.index.iter().map(|index| *index as u32).collect();
    let images = split.pick(&images);
    let predictions = insight::predict(model, &images, info.normalization)?;
    if !args.json {
        print(&format!("{}Images: {}\n", head(info), data_line(&dataset)))?;
    }
    let labels = images.labels.iter();
    for ((index, label), prediction) in args.index.iter().zip(labels).zip(predictions) {
        let answer = Answer {
            index: Some(*index),
            true_class: Some(*label),
            true_name: Some(name_of(info, usize::from(*label))),
            ..Answer::new(prediction, info, &dataset.name, dataset.notice())
        };
        match args.json {
            true => print_json(&answer)?,
            false => print(&format!("\n{}{}", answer.head(), answer.table(info)))?,
        }
    }
    Ok(())
}

/// Which model.
pub fn head(info: &ModelInfo) -> String {
    let notice = notice_of(&info.dataset).map_or(String::new(), |notice| format!(" ({notice})"));
    format!(
        "Model: {}, trained on {}{notice}\n",
        escape_controls(&info.spec.name),
        escape_controls(&info.dataset)
    )
}
