//! Pictures of any size.

use super::answer::{Answer, Seen};
use super::args::Args;
use super::dataset::head;
use super::seen::Screen;
use super::table::{Row, csv};
use super::training::Training;
use crate::augment::ImageSize;
use crate::cli::output::{note, notice_of, print, print_json, write_to};
use crate::data::Split;
use crate::data::picture::{Adjusted, PictureError, read_picture};
use crate::insight::{self, Prediction, Standing};
use crate::nn::{Model, ModelInfo};
use crate::text::{escape_controls, grouped, shown_path};
use crate::train;
use color_eyre::eyre::{Report, Result, WrapErr, bail, eyre};
use rayon::prelude::*;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Pictures that are read at a time, on all threads, and go through the network together.
const BATCH: usize = 64;
/// Bad pictures that the error names.
const NAMED: usize = 20;

/// A picture with its answer.
struct Judged {
    adjusted: Adjusted,
    prediction: Prediction,
    standing: Option<Standing>,
}

/// A picture that cannot be read, as `--json` prints it.
#[derive(Serialize)]
struct Bad<'a> {
    image: &'a str,
    error: &'a str,
}

/// Prints what the model says of the pictures.
///
/// # Errors
/// When some cannot be read; the answers of the others are printed all the same.
pub fn run(args: &Args, files: &[PathBuf], model: &Model, info: &ModelInfo) -> Result<()> {
    let most = files.len().min(BATCH);
    train::check_evaluation(&info.spec, most).wrap_err_with(|| shown_path(&args.model))?;
    let training = Training::of(info, &args.data)?;
    if let Some(text) = &training.note {
        note(text);
    }
    let is_text = !args.json && args.csv.is_none();
    if is_text {
        print(&head(info))?;
    }
    let screen = Screen::of_stdout();
    let (mut bad, mut rows) = (Vec::new(), Vec::new());
    for batch in files.chunks(BATCH) {
        let judged = judge(args, batch, model, info, &training)?;
        for (path, judged) in batch.iter().zip(judged) {
            let name = path.display().to_string();
            let judged = match judged {
                Ok(judged) => judged,
                Err(error) => {
                    let error = Report::from(error);
                    if args.json && files.len() > 1 {
                        let error = &crate::cli::errors::one_line(&error);
                        print_json(&Bad {
                            image: &name,
                            error,
                        })?;
                    }
                    if args.csv.is_some() {
                        rows.push(Row::bad(&name, &error));
                    }
                    bad.push(error);
                    continue;
                }
            };
            if args.csv.is_some() {
                rows.push(Row::good(
                    &name,
                    info,
                    &judged.prediction,
                    &judged.adjusted,
                    judged.standing,
                ));
                continue;
            }
            let size = size_of(info);
            let answer = Answer {
                image: Some(&name),
                picture: Some(Seen {
                    adjustments: judged.adjusted.done,
                    likeness: judged.standing,
                    size: [size.channels, size.height, size.width],
                    pixels: &judged.adjusted.image,
                }),
                ..Answer::new(
                    judged.prediction,
                    info,
                    &info.dataset,
                    notice_of(&info.dataset),
                )
            };
            match args.json {
                true => print_json(&answer)?,
                false => print(&text(&answer, info, screen.as_ref()))?,
            }
        }
    }
    if let Some(path) = &args.csv {
        write_to(path, csv(&rows)?.as_bytes(), "the table")?;
    }
    report(bad, files.len())
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

/// The answer to each picture, or why it cannot be read.
fn judge(
    args: &Args,
    files: &[PathBuf],
    model: &Model,
    info: &ModelInfo,
    training: &Training,
) -> Result<Vec<Result<Judged, PictureError>>> {
    let size = size_of(info);
    let read = |path: &PathBuf| -> Result<Adjusted, PictureError> {
        let picture = read_picture(Path::new(path))?;
        match args.no_adjust {
            true => picture.scaled_to(size, args.invert),
            false => picture.adjusted_to(size, training.style, args.invert),
        }
    };
    let pictures: Vec<Result<Adjusted, PictureError>> = files.par_iter().map(read).collect();
    let good = || pictures.iter().filter_map(|picture| picture.as_ref().ok());
    let split = Split {
        images: good().flat_map(|picture| &picture.image).copied().collect(),
        labels: vec![0; good().count()],
        channels: size.channels,
        height: size.height,
        width: size.width,
    };
    let predictions = match split.is_empty() {
        true => Vec::new(),
        false => insight::predict(model, &split, info.normalization)?,
    };
    let mut predictions = predictions.into_iter();
    let judged = pictures.into_iter().map(|picture| {
        let adjusted = match picture {
            Ok(adjusted) => adjusted,
            Err(error) => return Ok(Err(error)),
        };
        let likeness = training.likeness.as_ref();
        let standing = likeness.map(|likeness| likeness.standing(&adjusted.image));
        let prediction = predictions.next();
        let prediction =
            prediction.ok_or_else(|| eyre!("the network says nothing of a picture"))?;
        Ok(Ok(Judged {
            adjusted,
            prediction,
            standing,
        }))
    });
    judged.collect()
}

/// The answer, beside the picture where there is a screen.
fn text(answer: &Answer<'_>, info: &ModelInfo, screen: Option<&Screen>) -> String {
    let mut text = format!("\n{}", answer.head());
    let Some(seen) = &answer.picture else {
        return text;
    };
    let [channels, height, width] = seen.size;
    let size = match channels {
        1 => format!("{height}×{width}"),
        _ => format!("{height}×{width} in colour"),
    };
    text.push_str(&format!(
        "The network sees {size}, {}",
        seen.adjustments.words()
    ));
    let likeness = seen.likeness.map(Standing::words);
    text.push_str(&likeness.map_or(String::new(), |words| format!("; {words}")));
    text.push('\n');
    let table = answer.table(info);
    match screen {
        Some(screen) => text.push_str(&screen.beside(seen, &table)),
        None => text.push_str(&table),
    }
    text
}

/// What to say at the end of pictures that cannot be read.
fn report(mut bad: Vec<Report>, of: usize) -> Result<()> {
    let count = bad.len();
    if of == 1
        && let Some(error) = bad.pop()
    {
        return Err(error);
    }
    if count == 0 {
        return Ok(());
    }
    let mut named: Vec<String> = bad
        .iter()
        .take(NAMED)
        .map(crate::cli::errors::one_line)
        .collect();
    if count > NAMED {
        named.push(format!("and {} more", grouped((count - NAMED) as u64)));
    }
    bail!(
        "{} of {} pictures cannot be read: {}",
        grouped(count as u64),
        grouped(of as u64),
        escape_controls(&named.join("; "))
    )
}
