//! The tensors of one layer of a state dict.

use crate::nn::io::state::{TensorData, TensorState};
use std::collections::BTreeMap;

/// Names that a tensor of a layer may have in PyTorch.
const LEAVES: [&str; 5] = [
    "weight",
    "bias",
    "running_mean",
    "running_var",
    "num_batches_tracked",
];

/// Wrappers that put a name of their own before or between the names of modules: `DataParallel`,
/// `torch.compile`, and training code that keeps the network as an attribute.
const WRAPPERS: [&str; 2] = ["module", "_orig_mod"];

/// Many more tensors than the largest network has.
const MOST_TENSORS: usize = 4096;

/// What kind of layer has such tensors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A weight `[out, in, height, width]`.
    Convolution,
    /// A weight `[out, in]`.
    Dense,
    /// Running statistics.
    BatchNorm,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Convolution, Self::Dense, Self::BatchNorm];

    /// So many layers of the kind, for people.
    pub fn count(self, count: usize) -> String {
        let name = match self {
            Self::Convolution => "convolution",
            Self::Dense => "dense layer",
            Self::BatchNorm => "batch norm layer",
        };
        let plural = if count == 1 { "" } else { "s" };
        format!("{count} {name}{plural}")
    }
}

/// The tensors of one layer.
#[derive(Clone, Debug)]
pub struct Group {
    /// What stands before their names, without the last dot: `features.0`.
    pub prefix: String,
    /// What kind of layer they are of.
    pub kind: Kind,
    /// By the last part of their names.
    tensors: BTreeMap<String, TensorState>,
}

impl Group {
    /// The tensor with this last name.
    pub fn tensor(&self, leaf: &str) -> Option<&TensorState> {
        self.tensors.get(leaf)
    }

    /// Their last names.
    pub fn leaves(&self) -> impl Iterator<Item = &str> {
        self.tensors.keys().map(String::as_str)
    }

    /// The shape that tells layers of one kind apart: of the weight, or of the running mean.
    pub fn shape(&self) -> &[usize] {
        let of = |leaf| self.tensor(leaf).map(|tensor| tensor.shape.as_slice());
        of("weight").or_else(|| of("running_mean")).unwrap_or(&[])
    }
}

/// The tensors by layers, in the order in which the layers' names come first.
///
/// # Errors
/// A sentence naming a tensor that no layer here has.
pub fn groups(tensors: impl IntoIterator<Item = TensorState>) -> Result<Vec<Group>, String> {
    let mut prefixes: Vec<(String, BTreeMap<String, TensorState>)> = Vec::new();
    for tensor in tensors {
        let (prefix, leaf) = match tensor.name.rsplit_once('.') {
            Some((prefix, leaf)) => (prefix.to_owned(), leaf.to_owned()),
            None => (String::new(), tensor.name.clone()),
        };
        if !LEAVES.contains(&leaf.as_str()) {
            return Err(format!(
                "the tensor {:?} is of a layer that is not known here: convolutions, dense layers and batch \
                 norm have {}",
                tensor.name,
                LEAVES.join(", ")
            ));
        }
        match prefixes.iter_mut().find(|(known, _)| *known == prefix) {
            Some((_, layer)) => {
                layer.insert(leaf, tensor);
            }
            None => prefixes.push((prefix, BTreeMap::from([(leaf, tensor)]))),
        }
    }
    let group = |(prefix, tensors): (String, BTreeMap<String, TensorState>)| {
        let kind = kind(&tensors).map_err(|problem| format!("{prefix:?} {problem}"))?;
        Ok(Group {
            prefix,
            kind,
            tensors,
        })
    };
    prefixes.into_iter().map(group).collect()
}

fn kind(tensors: &BTreeMap<String, TensorState>) -> Result<Kind, String> {
    let is_of_numbers = |tensor: &TensorState| matches!(tensor.data, TensorData::F32(_));
    for (leaf, tensor) in tensors {
        if leaf != "num_batches_tracked" && !is_of_numbers(tensor) {
            return Err(format!(
                "has whole numbers as {leaf}, where real ones are needed"
            ));
        }
    }
    let shape = |leaf: &str| tensors.get(leaf).map(|tensor| tensor.shape.as_slice());
    match (shape("running_mean"), shape("running_var"), shape("weight")) {
        (Some(_), Some(_), _) => Ok(Kind::BatchNorm),
        (None, None, Some([_, _, _, _])) => Ok(Kind::Convolution),
        (None, None, Some([_, _])) => Ok(Kind::Dense),
        (None, None, Some([_])) => Err(
            "has one weight a channel and no running_mean: layers other than batch norm, and batch norm \
             without running statistics, are not known here"
                .into(),
        ),
        (None, None, Some(shape)) => Err(format!(
            "has a weight of the shape {shape:?}: it is no convolution of images, dense layer or batch norm"
        )),
        (None, None, None) => Err("has no weight".into()),
        _ => Err("has running_mean or running_var alone; batch norm needs both".into()),
    }
}

/// The tensors without what wrappers put before or between their names, and without a first part that all
/// names have.
///
/// # Errors
/// A sentence when there are too many, or two tensors would have one name then.
pub fn unwrapped(tensors: Vec<TensorState>) -> Result<Vec<TensorState>, String> {
    if tensors.len() > MOST_TENSORS {
        return Err(format!(
            "it has {} tensors; no network here has so many",
            tensors.len()
        ));
    }
    let mut names: Vec<Vec<&str>> = tensors
        .iter()
        .map(|tensor| {
            let parts = tensor.name.split('.');
            parts.filter(|part| !WRAPPERS.contains(part)).collect()
        })
        .collect();
    // `model.conv1.weight`, `model.fc.weight`; the weights of one layer alone keep its name.
    while let Some(first) = names.first().and_then(|name| name.first()).copied()
        && names.iter().all(|name| name.len() > 2 && name[0] == first)
    {
        for name in &mut names {
            name.remove(0);
        }
    }
    let names: Vec<String> = names.iter().map(|name| name.join(".")).collect();
    let mut sorted: Vec<&String> = names.iter().collect();
    sorted.sort_unstable();
    if let Some([twice, _]) = sorted.array_windows().find(|[one, other]| one == other) {
        return Err(format!(
            "two tensors are called {twice:?} once their wrappers' names are left out"
        ));
    }
    let pairs = tensors.into_iter().zip(&names);
    let renamed = pairs.map(|(tensor, name)| TensorState {
        name: name.clone(),
        ..tensor
    });
    Ok(renamed.collect())
}
