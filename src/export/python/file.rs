//! What both Python programs have of a spec.

use super::template::filled;
use crate::data::Normalization;
use crate::spec::{CheckedSpec, Loss};
use crate::text::escape_controls;

/// The learning rate over the epochs, without a library.
const RATE_FUNCTIONS: &str = include_str!("schedule.py");

/// Reading IDX files, and finding them in a folder.
const FILES: &str = include_str!("files.py");

/// The options of the program and what they do.
const MAIN: &str = include_str!("main.py");

/// What a Python program is made of.
#[derive(Clone, Copy, Debug)]
pub struct PythonModel<'a> {
    /// The network and its training.
    pub spec: &'a CheckedSpec,
    /// What pixels go through; without it the program takes that of its weights or of its training images.
    pub normalization: Option<Normalization>,
    /// Names of the classes, in the order of the scores.
    pub class_names: &'a [String],
    /// The program's file, for its help.
    pub file: &'a str,
}

impl PythonModel<'_> {
    /// What stands for a name in the templates of both programs.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        let spec = self.spec;
        let Loss::SoftmaxCrossEntropy { label_smoothing } = spec.loss;
        Some(match name {
            "title" => docstring(&format!(
                "{}: a network for images of {}",
                spec.name, spec.dataset
            )),
            "version" => env!("CARGO_PKG_VERSION").into(),
            "file" => docstring(self.file),
            "classes" => serde_json::Value::from(self.class_names.to_vec()).to_string(),
            "normalization" => match self.normalization {
                Some(Normalization { mean, std }) => format!("({mean:?}, {std:?})"),
                None => "None".into(),
            },
            "epochs" => spec.epochs.to_string(),
            "batch_size" => spec.batch_size.to_string(),
            "learning_rate" => format!("{:?}", spec.learning_rate),
            "warmup_epochs" => format!("{:?}", spec.warmup_epochs),
            "label_smoothing" => format!("{label_smoothing:?}"),
            "hold_out" => spec.validation.hold_out.to_string(),
            "seed" => spec.seed.to_string(),
            "augmentation" => serde_json::to_string(&spec.augmentation).unwrap_or_default(),
            "rate_functions" => filled(RATE_FUNCTIONS.trim_end(), |name| {
                (name == "schedule").then(|| spec.schedule.python())
            }),
            "files" => FILES.trim_end().to_owned(),
            _ => return None,
        })
    }
}

/// The program's options, with what is told of a library's model files.
pub(super) fn main(weights_help: &str, saved_as: &str) -> String {
    filled(MAIN.trim_end(), |name| match name {
        "weights_help" => Some(weights_help.to_owned()),
        "saved_as" => Some(saved_as.to_owned()),
        _ => None,
    })
}

/// Text that can neither end a docstring nor be an escape in it.
fn docstring(text: &str) -> String {
    escape_controls(text).replace('\\', r"\\").replace('"', "'")
}
