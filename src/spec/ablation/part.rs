//! A part of a network, and the network without it.

use super::layers::removed;
use super::settings::{Setting, settings};
use crate::spec::{CheckedSpec, Spec};
use crate::text::escape_controls;

/// The field that a sweep varies to leave parts out.
pub const WITHOUT: &str = "without";
/// Its value for the whole network.
pub const NOTHING: &str = "nothing";

/// Kinds of layer of which all can be left out at once.
const KINDS: [&str; 4] = ["BatchNorm", "Activation", "Dropout", "Residual"];

/// Something that a network can be trained without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The layer at this position, from 0.
    Layer(usize),
    /// All layers of this kind.
    Kind(&'static str),
    /// The setting of this name.
    Setting(String),
}

/// A network without one of its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// The network.
    pub spec: CheckedSpec,
    /// What stands in the part's place or went with it, if anything: `GlobalAvgPool in its place`.
    pub note: Option<String>,
}

impl Part {
    /// The parts of a network: its layers, the kinds of which there are several, and the settings that are on.
    pub fn of(spec: &Spec) -> Vec<Self> {
        let mut parts: Vec<Self> = (0..spec.layers.len()).map(Self::Layer).collect();
        let several = |kind: &&str| positions(spec, kind).len() > 1;
        parts.extend(KINDS.into_iter().filter(several).map(Self::Kind));
        let on = settings(spec).into_iter();
        parts.extend(on.map(|setting| Self::Setting(setting.key)));
        parts
    }

    /// The part of this network with this key.
    ///
    /// # Errors
    /// A sentence with the keys there are.
    pub fn parse(spec: &Spec, key: &str) -> Result<Self, String> {
        let parts = Self::of(spec);
        let found = parts.iter().find(|part| part.key() == key);
        found.cloned().ok_or_else(|| {
            let named = parts.iter().filter(|part| !part.is_layer());
            let named: Vec<String> = named.map(Self::key).collect();
            format!(
                "the network has no {:?} to leave out; there are the layers 1 to {}{}{}",
                escape_controls(key),
                spec.layers.len(),
                if named.is_empty() { "" } else { ", " },
                named.join(", ")
            )
        })
    }

    /// As command lines and files name it: a layer's number from 1, a kind, a setting.
    pub fn key(&self) -> String {
        match self {
            Self::Layer(index) => (index + 1).to_string(),
            Self::Kind(kind) => (*kind).to_owned(),
            Self::Setting(key) => key.clone(),
        }
    }

    /// Whether it is a layer or several.
    pub fn is_layer(&self) -> bool {
        matches!(self, Self::Layer(_) | Self::Kind(_))
    }

    /// What it is, in a few words: `4 Conv2d 16, 3×3`, `all 4 Dropout`, `weight decay 0.01`.
    pub fn name(&self, spec: &Spec) -> String {
        match self {
            Self::Layer(index) => match spec.layers.get(*index) {
                Some(layer) => format!("{} {layer}", index + 1),
                None => self.key(),
            },
            Self::Kind(kind) => format!("all {} {kind}", positions(spec, kind).len()),
            Self::Setting(key) => setting(spec, key).map_or_else(|| key.clone(), |on| on.words),
        }
    }

    /// The network without it.
    ///
    /// # Errors
    /// A sentence: why it cannot be left out.
    pub fn leave_out(&self, spec: &CheckedSpec) -> Result<Variant, String> {
        match self {
            Self::Layer(index) => without_layer(spec, *index),
            Self::Kind(kind) => without_layers(spec, &positions(spec, kind)),
            Self::Setting(key) => {
                let Some(Setting { off, instead, .. }) = setting(spec, key) else {
                    return Err("it is not on".into());
                };
                let checked = off.check().map_err(|problem| problem.to_string())?;
                let note = instead.map(|instead| format!("{instead} in its place"));
                Ok(Variant {
                    spec: checked,
                    note,
                })
            }
        }
    }
}

/// The network without the part with this key; [`NOTHING`] is no part.
///
/// # Errors
/// There is no such part, or it cannot be left out.
pub fn without(spec: &CheckedSpec, key: &str) -> Result<CheckedSpec, String> {
    if key == NOTHING {
        return Ok(spec.clone());
    }
    Part::parse(spec, key)?
        .leave_out(spec)
        .map(|variant| variant.spec)
}

fn setting(spec: &Spec, key: &str) -> Option<Setting> {
    settings(spec).into_iter().find(|on| on.key == key)
}

fn positions(spec: &Spec, kind: &str) -> Vec<usize> {
    let layers = spec.layers.iter().enumerate();
    let of_kind = layers.filter(|(_, layer)| layer.kind() == kind);
    of_kind.map(|(index, _)| index).collect()
}

fn without_layer(spec: &CheckedSpec, index: usize) -> Result<Variant, String> {
    let Some(layer) = spec.layers.get(index) else {
        return Err("there is no such layer".into());
    };
    let reason = match without_layers(spec, &[index]) {
        Ok(variant) => return Ok(variant),
        Err(reason) => reason,
    };
    for stand_in in layer.stand_ins() {
        let note = format!("{stand_in} in its place");
        let mut replaced = Spec::clone(spec);
        replaced.layers[index] = stand_in;
        if let Ok(spec) = fitting(spec, &replaced) {
            let note = Some(note);
            return Ok(Variant { spec, note });
        }
    }
    Err(reason)
}

fn without_layers(spec: &CheckedSpec, positions: &[usize]) -> Result<Variant, String> {
    let (rest, with_them) = removed(spec, positions);
    let numbers: Vec<String> = with_them
        .iter()
        .map(|row| format!("the {} of layer {}", spec.layers[*row].kind(), row + 1))
        .collect();
    let note = (!numbers.is_empty()).then(|| format!("{} goes too", numbers.join(" and ")));
    fitting(spec, &rest).map(|spec| Variant { spec, note })
}

/// The changed spec checked, with a score for each class as before.
fn fitting(whole: &CheckedSpec, changed: &Spec) -> Result<CheckedSpec, String> {
    let classes = whole.summary().classes;
    let checked = changed
        .check()
        .map_err(|problem| match problem.layer_index() {
            // What follows it is counted as in a network that nobody sees.
            Some(_) => format!("the rest does not fit without it: {}", problem.message),
            None => problem.to_string(),
        })?;
    match checked.summary().classes {
        same if same == classes => Ok(checked),
        other => Err(format!(
            "the network would end with {other} scores, and there are {classes} classes"
        )),
    }
}
