//! Writes a run, or its best model, for other programs: the ending of the file says what.

use crate::data::SAMPLE_NAME;
use crate::export::c::to_c;
use crate::export::onnx::to_onnx;
use crate::export::python::{PythonModel, to_keras, to_torch};
use crate::export::to_csv;
use crate::fs::write_atomically;
use crate::nn;
use crate::plot::{Curves, Figure, Format, render};
use crate::runs::{BEST_FILE, Fold, RunRecord, model_of};
use crate::text::{escape_controls, shown_path};
use std::path::Path;
use std::sync::Arc;

/// What a run can be written as.
enum Kind {
    /// Its curves as a picture.
    Picture(Format),
    /// Its epochs as a table.
    Table,
    /// Its best model, as it is.
    Weights,
    Onnx,
    C,
    Torch,
    Keras,
}

impl Kind {
    /// By the ending of the file's name.
    fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_lowercase();
        let picture = || Format::of(path).map(Self::Picture);
        let endings = [
            (".csv", Self::Table),
            (".safetensors", Self::Weights),
            (".onnx", Self::Onnx),
            (".c", Self::C),
            // The longer ending first.
            (".keras.py", Self::Keras),
            (".py", Self::Torch),
        ];
        let mut endings = endings.into_iter();
        let found = endings.find(|(ending, _)| name.ends_with(ending));
        found.map(|(_, kind)| kind).or_else(picture)
    }
}

/// Writes the run in a folder to a file that is not there yet.
///
/// # Errors
/// An ending that says nothing, a file that is there, a run without what is asked for, a disk that is full.
pub fn export(run: &Path, to: &Path) -> Result<(), String> {
    let shown = shown_path(to);
    let kind = Kind::of(to).ok_or_else(|| {
        format!(
            "{shown}: the ending says what to write: .png or .svg the curves, .csv the epochs, .safetensors, .onnx, \
             .c, .py (PyTorch) or .keras.py the best model"
        )
    })?;
    if to.exists() {
        return Err(format!("{shown} is there already; give another name"));
    }
    let bytes = bytes(run, to, &kind)?;
    write_atomically(to, &bytes).map_err(|error| format!("cannot write {shown}: {error}"))
}

fn bytes(run: &Path, to: &Path, kind: &Kind) -> Result<Vec<u8>, String> {
    let said = |error: &dyn std::fmt::Display| error.to_string();
    let format = match kind {
        Kind::Table => {
            let runs = RunRecord::read_all(&[run.to_owned()]).map_err(|error| said(&error))?;
            return Ok(to_csv(&runs).map_err(|error| said(&error))?.into_bytes());
        }
        Kind::Picture(format) => Some(*format),
        _ => None,
    };
    if let Some(format) = format {
        let record = RunRecord::read(run).map_err(|error| said(&error))?;
        let curves = curves(&record).map_err(|error| said(&error))?;
        return render(&curves, format, curves.default_size()).map_err(|error| said(&error));
    }
    let model = model_of(run, BEST_FILE).map_err(|error| said(&error))?;
    if matches!(kind, Kind::Weights) {
        return std::fs::read(&model)
            .map_err(|error| format!("cannot read {}: {error}", shown_path(&model)));
    }
    let (model, info) = nn::load_model(&model).map_err(|error| said(&error))?;
    if let Kind::Torch | Kind::Keras = kind {
        let name = to.file_name().unwrap_or_default().to_string_lossy();
        let program = PythonModel {
            spec: &info.spec,
            normalization: Some(info.normalization),
            class_names: &info.class_names,
            file: &name,
        };
        let text = match kind {
            Kind::Keras => to_keras(&program),
            _ => to_torch(&program),
        };
        return Ok(text.into_bytes());
    }
    let snapshot = model.snapshot(info);
    match kind {
        Kind::C => Ok(to_c(&snapshot).map_err(|error| said(&error))?.into_bytes()),
        _ => Ok(to_onnx(&snapshot)),
    }
}

fn curves(record: &RunRecord) -> Result<Curves, crate::plot::PlotError> {
    let data = record.trained_on().map(|name| match name == SAMPLE_NAME {
        true => "trained on the sample set, not Fashion-MNIST".to_owned(),
        false => format!("trained on {}", escape_controls(&name)),
    });
    let fold = Fold {
        runs: vec![Arc::clone(&record.run)],
    };
    Curves::new(vec![(record.label.clone(), fold)], data.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_says_what_and_nothing_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let run = folder.path().join("no-run");
        let to = |name: &str| export(&run, &folder.path().join(name)).unwrap_err();
        assert!(to("curves.jpeg").contains("the ending says what to write"));
        assert!(to("model").contains("the ending says what to write"));
        assert!(to("epochs.CSV").contains("there is no such folder"));
        std::fs::write(folder.path().join("taken.onnx"), "x").unwrap();
        assert!(to("taken.onnx").contains("is there already"));
        assert!(matches!(
            Kind::of(Path::new("a.keras.py")),
            Some(Kind::Keras)
        ));
        assert!(matches!(Kind::of(Path::new("a.py")), Some(Kind::Torch)));
        assert!(matches!(
            Kind::of(Path::new("a.svg")),
            Some(Kind::Picture(_))
        ));
    }
}
