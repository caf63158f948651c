//! Writes a model in whole numbers, and says what that costs.

use super::args::Args;
use super::model::{named, written};
use crate::cli::output::{data_line, note, write_to};
use crate::data::{self, Dataset};
use crate::export::onnx::{Int8Network, OPSET, to_int8_onnx};
use crate::nn::{Model, Snapshot};
use crate::stats::Accuracy;
use crate::text::{grouped, shown_path};
use crate::train::{Evaluation, check_fits_model, evaluate, evaluate_network, with_threads};
use color_eyre::eyre::{Result, WrapErr, eyre};
use serde_json::json;
use std::path::Path;

/// Training images whose values between the layers decide the levels, at most.
const CALIBRATION_IMAGES: usize = 1000;

/// The network, and how it does beside the one in f32.
struct Rounded {
    network: Int8Network,
    calibration_images: usize,
    float: Evaluation,
    int8: Evaluation,
}

/// Writes the model that is named as an ONNX file of 8-bit numbers.
pub fn write(args: &Args, file: &Path) -> Result<()> {
    let (model, info) = named(args)?;
    let dataset = args.data.load(&info.dataset)?;
    check_fits_model(&info.spec, &dataset).wrap_err(shown_path(&args.runs[0]))?;
    let snapshot = model.snapshot(info);
    let rounded = with_threads(args.threads.get(), || round(&model, &snapshot, &dataset))??;
    let images = rounded.int8.predictions.len();
    let accuracy = |evaluation: &Evaluation| Accuracy::of(evaluation.accuracy, images);
    let about = json!({
        "calibration_images": rounded.calibration_images,
        "validation_images": images,
        "accuracy": rounded.int8.accuracy,
        "accuracy_in_f32": rounded.float.accuracy,
    });
    let bytes = to_int8_onnx(&snapshot.info, &rounded.network, &about);
    written(
        file,
        &bytes,
        &format!(
            "ONNX opset {OPSET} in 8-bit whole numbers (QDQ), its levels by {} training images",
            grouped(rounded.calibration_images as u64)
        ),
    )?;
    let pairs = rounded
        .int8
        .predictions
        .iter()
        .zip(&rounded.float.predictions);
    let text = format!(
        "{}: accuracy {}, in f32 {}; {} of {} predictions differ",
        data_line(&dataset),
        accuracy(&rounded.int8),
        accuracy(&rounded.float),
        grouped(pairs.filter(|(int8, float)| int8 != float).count() as u64),
        grouped(images as u64)
    );
    note(&text);
    if let Some(path) = &args.predictions {
        let lines = rounded
            .int8
            .predictions
            .iter()
            .map(|class| format!("{class}\n"));
        write_to(
            path,
            lines.collect::<String>().as_bytes(),
            "the predictions",
        )?;
    }
    Ok(())
}

fn round(model: &Model, snapshot: &Snapshot, dataset: &Dataset) -> Result<Rounded> {
    let (train, validation) = (&dataset.train, &dataset.validation);
    let normalization = snapshot.info.normalization;
    let calibration_images = train.len().min(CALIBRATION_IMAGES);
    let chosen = (0..calibration_images).map(|one| (one * train.len() / calibration_images) as u32);
    let mut pixels = Vec::new();
    data::fill(
        train,
        &chosen.collect::<Vec<_>>(),
        normalization,
        &mut pixels,
        &mut Vec::new(),
    );
    let network = Int8Network::calibrated(snapshot, &pixels).map_err(|why| eyre!(why))?;
    let scores = |pixels: &[f32]| network.scores(pixels);
    Ok(Rounded {
        float: evaluate(model, validation, normalization)?,
        int8: evaluate_network(model.classes(), scores, validation, normalization)?,
        calibration_images,
        network,
    })
}
