//! Writes a model for other programs.

use super::args::Args;
use crate::cli::errors::Usage;
use crate::cli::output::{STDOUT, Written, print, write_to};
use crate::data::Normalization;
use crate::export::ExportError;
use crate::export::c::to_c;
use crate::export::onnx::{OPSET, to_onnx};
use crate::export::python::{PythonModel, to_keras, to_torch};
use crate::nn::{Model, ModelInfo, Snapshot};
use crate::spec::{CheckedSpec, InputNormalization};
use crate::text::shown_path;
use color_eyre::eyre::Result;
use std::path::Path;

/// Writes the one model that is named in the form that is asked for; returns whether one is.
pub fn write(args: &Args) -> Result<bool> {
    if let Some(file) = &args.onnx {
        let about =
            format!("ONNX opset {OPSET}, pixels from 0 to 255 in, logits and probabilities out");
        snapshot(args, file, &about, |model| Ok(to_onnx(model)))?;
    } else if let Some(file) = &args.c {
        let about = "int predict(const uint8_t pixels[], float probabilities[])";
        snapshot(args, file, about, |model| Ok(to_c(model)?.into_bytes()))?;
    } else if let Some(file) = &args.python {
        program(args, file, "PyTorch", to_torch)?;
    } else if let Some(file) = &args.keras {
        program(args, file, "Keras 3", to_keras)?;
    } else {
        return Ok(false);
    }
    Ok(true)
}

/// The model in the file or run folder that is named.
pub fn named(args: &Args) -> Result<(Model, ModelInfo)> {
    let [run] = &args.runs[..] else {
        let message = "a model is of one run; name one run or model file";
        return Err(Usage(message.into()).into());
    };
    args.foreign.load(run, &args.data)
}

fn snapshot(
    args: &Args,
    file: &Path,
    about: &str,
    bytes: impl Fn(&Snapshot) -> Result<Vec<u8>, ExportError>,
) -> Result<()> {
    let (model, info) = named(args)?;
    written(file, &bytes(&model.snapshot(info))?, about)
}

/// Writes a program of the model's network, or of the spec that is named alone.
fn program(
    args: &Args,
    file: &Path,
    library: &str,
    text: impl Fn(&PythonModel<'_>) -> String,
) -> Result<()> {
    let spec = args.foreign.spec()?.filter(|_| args.runs.is_empty());
    let (spec, normalization, class_names) = match spec {
        Some(spec) => of_spec(spec),
        None => {
            let (_, info) = named(args)?;
            (info.spec, Some(info.normalization), info.class_names)
        }
    };
    let name = match file == Path::new(STDOUT) {
        true => "model.py".into(),
        false => file.file_name().unwrap_or_default().to_string_lossy(),
    };
    let text = text(&PythonModel {
        spec: &spec,
        normalization,
        class_names: &class_names,
        file: &name,
    });
    let about = format!("{library}; the weights stay in the model file (--weights)");
    written(file, text.as_bytes(), &about)
}

/// A spec alone: it knows neither the classes nor, where pixels are standardised, their statistics.
fn of_spec(spec: CheckedSpec) -> (CheckedSpec, Option<Normalization>, Vec<String>) {
    let normalization = match spec.normalization {
        InputNormalization::Standardize => None,
        InputNormalization::Scale => Some((0.0, 1.0)),
        InputNormalization::Given { mean, std } => Some((mean as f32, std as f32)),
    };
    let normalization = normalization.map(|(mean, std)| Normalization { mean, std });
    let classes = spec.summary().layers.last();
    let classes = classes.map_or(0, |row| row.output.elements());
    let class_names = (0..classes).map(|class| class.to_string()).collect();
    (spec, normalization, class_names)
}

pub fn written(file: &Path, bytes: &[u8], about: &str) -> Result<()> {
    match write_to(file, bytes, "the model")? {
        Written::File => print(&format!("Wrote {}: {about}", shown_path(file))),
        Written::Stdout => Ok(()),
    }
}
