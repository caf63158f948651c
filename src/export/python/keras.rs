//! The Keras program.

use super::file::{PythonModel, main};
use super::template::filled;
use crate::nn::layers::layer_python;
use crate::nn::python::keras_skip;
use crate::spec::{Layer, Precision};
use std::fmt::Write as _;

const TEMPLATE: &str = include_str!("keras.py");

/// The program: the network as a model of Keras 3, its weights' loader, predictions, and training, which says
/// where it is not the spec's.
pub fn to_keras(model: &PythonModel<'_>) -> String {
    let spec = model.spec;
    filled(TEMPLATE, |name| {
        Some(match name {
            "input" => {
                let input = spec.input;
                format!("({}, {}, {})", input.height, input.width, input.channels)
            }
            "layers" => layers(model),
            "optimizer" => spec.optimizer.rule().python().keras,
            "initializer" => spec.initializer.keras(),
            "differences" => differences(model),
            "main" => main(
                "a model that fmnist-tui has written (.safetensors)",
                ".keras",
            ),
            name => return model.value(name),
        })
    })
}

/// The statements of all layers, and before each stack of a residual layer the one that keeps what goes in.
fn layers(model: &PythonModel<'_>) -> String {
    let spec = model.spec;
    let rows = &spec.summary().layers;
    let mut text = String::new();
    for (index, layer) in spec.layers.iter().enumerate() {
        for (end, other) in spec.layers.iter().enumerate().skip(index) {
            if matches!(other, Layer::Residual { span } if end.checked_sub(*span) == Some(index)) {
                let _ = writeln!(text, "    {} = x", keras_skip(end));
            }
        }
        for statement in layer_python(index, layer, rows).keras {
            let _ = writeln!(text, "    {statement}");
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// Where the training is not the spec's.
fn differences(model: &PythonModel<'_>) -> String {
    let spec = model.spec;
    let differs = spec.optimizer.rule().python().keras_differs;
    let made = spec.augmentation.made();
    let changes = made
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| !TEMPLATE.contains(&format!("AUGMENTATION[\"{name}\"]")));
    let settings = [
        (spec.gradient_clip > 0.0, "gradient_clip"),
        (spec.ema_decay > 0.0, "ema_decay"),
        (spec.frozen_layers > 0, "frozen_layers"),
        (
            spec.early_stopping.patience > 0 || spec.early_stopping.restore_best,
            "early_stopping",
        ),
        (spec.precision == Precision::Bf16, "precision"),
    ];
    let settings = settings
        .iter()
        .filter(|(is_set, _)| *is_set)
        .map(|(_, name)| *name);
    let left_out: Vec<&str> = settings.chain(changes).collect();
    let mut sentences = vec!["Random numbers are not those of fmnist-tui".to_owned()];
    if !left_out.is_empty() {
        sentences.push(format!("of the spec it leaves out {}", left_out.join(", ")));
    }
    if !differs.is_empty() {
        sentences.push(differs.to_owned());
    }
    format!(" {}.", sentences.join(";\n"))
}
