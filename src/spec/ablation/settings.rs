//! Settings of the training that can be turned off.

use crate::spec::{EarlyStopping, InputNormalization, Loss, Optimizer, Schedule, Spec};
use crate::text::short_decimal;
use serde_json::Value;

/// A setting that is on.
pub struct Setting {
    /// Its name, as the spec's JSON spells it.
    pub key: String,
    /// What it is, in a few words: `weight decay 0.01`.
    pub words: String,
    /// What takes its place, where that is not nothing.
    pub instead: Option<&'static str>,
    /// The spec with it turned off.
    pub off: Spec,
}

/// The settings of this spec that are on.
pub fn settings(spec: &Spec) -> Vec<Setting> {
    let mut found = Vec::new();
    let mut add = |key: &str, words: String, turn_off: &dyn Fn(&mut Spec)| {
        let mut off = spec.clone();
        turn_off(&mut off);
        found.push(Setting {
            key: key.to_owned(),
            words,
            instead: None,
            off,
        });
    };
    let changes = spec.augmentation.made();
    for (name, value) in &changes {
        let words = format!("{} {}", name.replace('_', " "), short_decimal(*value));
        add(name, words, &|off| {
            off.augmentation = off.augmentation.without(name);
        });
    }
    if changes.len() > 1 {
        let words = format!("all {} augmentations", changes.len());
        add("augmentation", words, &|off| {
            for (name, _) in &changes {
                off.augmentation = off.augmentation.without(name);
            }
        });
    }
    for (field, words, optimizer) in optimizers(&spec.optimizer) {
        add(&field, words, &|off| off.optimizer = optimizer);
    }
    let Loss::SoftmaxCrossEntropy { label_smoothing } = spec.loss;
    if label_smoothing > 0.0 {
        let words = format!("label smoothing {}", short_decimal(label_smoothing));
        add("label_smoothing", words, &|off| off.loss = Loss::default());
    }
    if spec.schedule != Schedule::Constant {
        add("schedule", spec.schedule.in_words().into(), &|off| {
            off.schedule = Schedule::Constant;
        });
    }
    if spec.warmup_epochs > 0.0 {
        let words = format!("warm-up {}", short_decimal(spec.warmup_epochs));
        add("warmup_epochs", words, &|off| off.warmup_epochs = 0.0);
    }
    if spec.gradient_clip > 0.0 {
        let words = format!("gradient clip {}", short_decimal(spec.gradient_clip));
        add("gradient_clip", words, &|off| off.gradient_clip = 0.0);
    }
    if spec.ema_decay > 0.0 {
        let words = format!("weight average {}", spec.ema_decay);
        add("ema_decay", words, &|off| off.ema_decay = 0.0);
    }
    if spec.early_stopping.patience > 0 {
        let words = format!("early stopping {}", spec.early_stopping.patience);
        add("early_stopping", words, &|off| {
            off.early_stopping = EarlyStopping::default();
        });
    }
    if spec.frozen_layers > 0 {
        let words = format!("{} frozen layers", spec.frozen_layers);
        add("frozen_layers", words, &|off| off.frozen_layers = 0);
    }
    if spec.normalization != InputNormalization::Scale {
        add("normalization", "input mean and std".into(), &|off| {
            off.normalization = InputNormalization::Scale;
        });
    }
    for setting in &mut found {
        setting.instead = match setting.key.as_str() {
            "schedule" => Some("a constant rate"),
            "normalization" => Some("pixels divided by 255"),
            _ => None,
        };
    }
    found
}

/// The optimiser without each of its helpers that is on: its decay, its momentum, and what is a yes or a no.
fn optimizers(optimizer: &Optimizer) -> Vec<(String, String, Optimizer)> {
    let json = serde_json::to_value(optimizer).unwrap_or_default();
    let kind = optimizer.kind();
    let fields = json[kind].as_object().into_iter().flatten();
    let off = |(field, value): (&String, &Value)| {
        let words = field.replace('_', " ");
        let (words, off) = match (field.as_str(), value) {
            ("weight_decay" | "momentum", Value::Number(number)) => {
                let number = number.as_f64().filter(|number| *number > 0.0)?;
                let words = format!("{words} {}", short_decimal(number));
                (words, Value::from(0.0))
            }
            (_, Value::Bool(true)) => (words, Value::Bool(false)),
            _ => return None,
        };
        let mut json = json.clone();
        json[kind][field] = off;
        Some((field.clone(), words, serde_json::from_value(json).ok()?))
    };
    fields.filter_map(off).collect()
}
