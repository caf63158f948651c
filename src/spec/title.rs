//! What a network is called beside others: a changed preset is not the preset any more.

use super::{Change, Layer, PRESETS, Spec, differences};
use crate::text::cut;

/// Changes that are named; of more the others are counted.
const MOST: usize = 3;
/// Cells of a changed value; a path may be long.
const VALUE: usize = 24;

impl Spec {
    /// Its name; of a changed preset what differs stands after it: `bn-dropout, adamw, dropout 0.2`.
    ///
    /// The seed is told apart from this, as runs of one network differ by it; and what a preset becomes
    /// for other images is still the preset.
    pub fn title(&self) -> String {
        let preset = PRESETS.iter().find(|preset| preset.name == self.name);
        let preset = preset.and_then(|preset| serde_json::from_str::<Self>(preset.json).ok());
        let Some(mut preset) = preset else {
            return self.name.clone();
        };
        preset.seed = self.seed;
        preset.input = self.input;
        preset.dataset.clone_from(&self.dataset);
        if let (Some(Layer::Dense { units }), Some(Layer::Dense { units: classes })) =
            (preset.layers.last_mut(), self.layers.last())
        {
            *units = *classes;
        }
        let parts = parts(&differences(&preset, self));
        let mut title = self.name.clone();
        for part in parts.iter().take(MOST) {
            title.push_str(&format!(", {part}"));
        }
        match parts.len().saturating_sub(MOST) {
            0 => {}
            1 => title.push_str(", 1 more change"),
            more => title.push_str(&format!(", {more} more changes")),
        }
        title
    }
}

/// A few words for each change, what is changed most first.
fn parts(changes: &[Change]) -> Vec<String> {
    let mut parts = Vec::new();
    for change in changes {
        if let Change::Field { path, second, .. } = change {
            parts.push((place_of(path), field(path, second)));
        }
    }
    parts.sort_by_key(|(place, _)| *place);
    let fields = parts.into_iter().map(|(_, part)| part);
    fields.chain(layers(changes)).collect()
}

/// Where a field stands among the others.
fn place_of(path: &str) -> usize {
    let usual = ["optimizer", "learning_rate", "batch_size", "epochs"];
    let place = usual.iter().position(|usual| path.starts_with(usual));
    place.unwrap_or(usual.len())
}

/// A changed field: `adam`, `lr 0.01`, `batch 64`, `weight decay 1e-6`.
fn field(path: &str, value: &str) -> String {
    // Of a variant its name says enough.
    let value = value.split(" (").next().unwrap_or(value);
    let name = path.rsplit('.').next().unwrap_or(path);
    match name {
        "optimizer" => value.to_lowercase(),
        "learning_rate" => format!("lr {value}"),
        "batch_size" => format!("batch {value}"),
        "epochs" if value == "1" => "1 epoch".into(),
        "epochs" => format!("{value} epochs"),
        _ if value == "-" || value.is_empty() => format!("no {}", name.replace('_', " ")),
        _ => format!("{} {}", name.replace('_', " "), cut(value, VALUE, true)),
    }
}

/// What became of the layers: one that has other values, `dropout 0.2`, or one more or less.
fn layers(changes: &[Change]) -> Vec<String> {
    let mut removed = Vec::new();
    let mut added = Vec::new();
    for change in changes {
        match change {
            Change::Removed { layer, .. } => removed.push(short(layer)),
            Change::Added { layer, .. } => added.push(short(layer)),
            Change::Field { .. } => {}
        }
    }
    let kind = |layer: &str| layer.split(' ').next().unwrap_or_default().to_owned();
    let mut parts = Vec::new();
    for layer in added {
        let before = removed.iter().position(|it| kind(it) == kind(&layer));
        parts.push(match before {
            Some(before) => {
                removed.remove(before);
                layer
            }
            None => format!("with {layer}"),
        });
    }
    parts.extend(removed.iter().map(|layer| format!("without {layer}")));
    let mut said = Vec::new();
    for part in parts {
        if !said.contains(&part) {
            said.push(part);
        }
    }
    said
}

/// A layer's kind and its first value, a plain word in small letters: `dropout 0.2`, `conv2d 12`, `ReLU`.
fn short(layer: &str) -> String {
    let end = layer.find([',', '(']).unwrap_or(layer.len());
    let layer = layer[..end].trim_end();
    match layer.chars().filter(|letter| letter.is_uppercase()).count() {
        1 => layer.to_lowercase(),
        _ => layer.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{Input, preset};

    fn changed(name: &str, change: impl FnOnce(&mut Spec)) -> String {
        let mut spec = preset(name).unwrap().into_spec();
        change(&mut spec);
        spec.title()
    }

    #[test]
    fn a_preset_keeps_its_name_until_it_is_changed() {
        for entry in PRESETS {
            assert_eq!(changed(entry.name, |spec| spec.seed = 7), entry.name);
        }
        let fitted = preset("tiny").unwrap();
        let input = Input {
            channels: 3,
            height: 32,
            width: 32,
        };
        assert_eq!(fitted.adapted(input, 4, "shells").unwrap().title(), "tiny");
        assert_eq!(changed("tiny", |spec| spec.name = "mine".into()), "mine");
    }

    #[test]
    fn a_changed_preset_is_called_by_what_differs() {
        let title = changed("bn-dropout", |spec| {
            spec.learning_rate = 0.01;
            spec.optimizer = serde_json::from_str(r#"{"AdamW": {}}"#).unwrap();
            for layer in &mut spec.layers {
                if let Layer::Dropout { p } = layer {
                    *p = 0.2;
                }
            }
        });
        assert_eq!(title, "bn-dropout, adamw, lr 0.01, dropout 0.2");
        let title = changed("bn-dropout", |spec| {
            spec.layers.remove(4);
            spec.epochs = 1;
        });
        assert_eq!(title, "bn-dropout, 1 epoch, without dropout 0.3");
        let title = changed("tiny", |spec| {
            spec.layers.insert(1, Layer::Dropout { p: 0.1 });
            spec.batch_size = 32;
            spec.epochs = 50;
            spec.ema_decay = 0.5;
            spec.exclude = "a/".repeat(200);
        });
        assert_eq!(
            title,
            "tiny, batch 32, 50 epochs, ema decay 0.5, 2 more changes"
        );
    }
}
