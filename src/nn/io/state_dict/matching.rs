//! A state dict as the tensors of a network.

use super::advice::advice;
use super::group::{Group, Kind, groups, unwrapped};
use super::pairs::{Pairs, pairs};
use crate::nn::io::state::{TensorData, TensorState};
use crate::spec::Layer;

/// The tensors of a state dict under the names of a network's.
#[derive(Clone, Debug, PartialEq)]
pub struct Matched {
    /// The tensors.
    pub state: Vec<TensorState>,
    /// How they were told, in one line.
    pub how: String,
}

/// Finds every tensor of a network, whose fresh state is `own`, in a state dict.
///
/// # Errors
/// A sentence that names the layer and the tensor that does not fit, both shapes, and what to do.
pub fn match_whole(
    found: Vec<TensorState>,
    own: Vec<TensorState>,
    layers: &[Layer],
) -> Result<Matched, String> {
    let (own, found) = (groups(own)?, groups(unwrapped(found)?)?);
    let pairs = pairs(&own, &found)?;
    refuse_leftovers(&own, &found, &pairs, layers)?;
    taken(&own, &found, &pairs, layers)
}

/// The same for a network of which some layers may be others than the state dict's: those are left out.
///
/// # Errors
/// A sentence when names do not tell the order of the layers, or a tensor is of no layer known here.
pub fn match_some(
    found: Vec<TensorState>,
    own: Vec<TensorState>,
    layers: &[Layer],
) -> Result<Matched, String> {
    let (own, found) = (groups(own)?, groups(unwrapped(found)?)?);
    taken(&own, &found, &pairs(&own, &found)?, layers)
}

/// The number and the kind of the layer that a group of the network's own tensors is of.
fn layer(group: &Group, layers: &[Layer]) -> String {
    let index = group.prefix.parse::<usize>().ok();
    let layer = index.and_then(|index| Some((index + 1, layers.get(index)?.kind())));
    layer.map_or_else(
        || group.prefix.clone(),
        |(number, kind)| format!("layer {number} ({kind})"),
    )
}

fn refuse_leftovers(
    own: &[Group],
    found: &[Group],
    pairs: &Pairs,
    layers: &[Layer],
) -> Result<(), String> {
    for kind in Kind::ALL {
        let of_kind = |groups: &[Group]| groups.iter().filter(|group| group.kind == kind).count();
        let (wanted, there) = (of_kind(own), of_kind(found));
        if wanted == there {
            continue;
        }
        let numbers = own.iter().filter(|group| group.kind == kind);
        let numbers: Vec<String> = numbers.map(|group| layer(group, layers)).collect();
        let names = found.iter().filter(|group| group.kind == kind);
        let mut names: Vec<String> = names.map(|group| format!("{:?}", group.prefix)).collect();
        alphanumeric_sort::sort_str_slice(&mut names);
        return Err(format!(
            "the spec has {} ({}) and the file {} ({}); give the spec of the network that the file is of",
            kind.count(wanted),
            listed(&numbers),
            kind.count(there),
            listed(&names),
        ));
    }
    let Some(index) = pairs.own_left.first() else {
        return Ok(());
    };
    let own = &own[*index];
    let mut others = pairs.found_left.iter().map(|at| &found[*at]);
    let other = match pairs.by_name {
        true => others.find(|other| other.prefix == own.prefix),
        false => others.find(|other| other.kind == own.kind),
    };
    let which = layer(own, layers);
    Err(match other {
        Some(other) if other.kind != own.kind => format!(
            "{which} has a weight of the shape {:?}, and the file's {:?} has {:?}: it is another kind of layer; \
             give the spec of the network that the file is of",
            own.shape(),
            other.prefix,
            other.shape()
        ),
        Some(other) => format!(
            "{which}: the tensor {:?} has the shape {:?} where the spec asks for {:?}; {}",
            tensor_name(other),
            other.shape(),
            own.shape(),
            advice(own.kind, own.shape(), other.shape())
        ),
        None => {
            format!("{which}: the file has no tensor for it; give the spec of the file's network")
        }
    })
}

/// The name of the tensor whose shape tells layers apart.
fn tensor_name(group: &Group) -> String {
    let leaf = match group.tensor("weight") {
        Some(_) => "weight",
        None => "running_mean",
    };
    match group.prefix.is_empty() {
        true => leaf.to_owned(),
        false => format!("{}.{leaf}", group.prefix),
    }
}

fn listed(names: &[String]) -> String {
    const SHOWN: usize = 12;
    let mut shown = names
        .iter()
        .take(SHOWN)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > SHOWN {
        shown.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    match shown.is_empty() {
        true => "none".into(),
        false => shown,
    }
}

/// The tensors of the pairs under the network's names. A convolution or dense layer without a bias gets zeros, and
/// batch norm without scale and shift ones and zeros: they compute the same.
fn taken(
    own: &[Group],
    found: &[Group],
    pairs: &Pairs,
    layers: &[Layer],
) -> Result<Matched, String> {
    let mut state = Vec::new();
    let mut filled = Vec::new();
    for (index, at) in &pairs.matched {
        let (own, found) = (&own[*index], &found[*at]);
        for leaf in own.leaves() {
            let Some(wanted) = own.tensor(leaf) else {
                continue;
            };
            let name = wanted.name.clone();
            let tensor = match (leaf, found.tensor(leaf)) {
                ("num_batches_tracked", count) => counted(wanted, count),
                (_, Some(tensor)) if tensor.shape == wanted.shape => tensor.clone(),
                (_, Some(tensor)) => {
                    return Err(format!(
                        "{}: the tensor {:?} has the shape {:?} where the spec asks for {:?}",
                        layer(own, layers),
                        tensor.name,
                        tensor.shape,
                        wanted.shape
                    ));
                }
                (_, None) => {
                    filled.push(format!("{}.{leaf}", found.prefix));
                    neutral(wanted, leaf)
                }
            };
            state.push(TensorState { name, ..tensor });
        }
        if let Some(extra) = found.leaves().find(|leaf| own.tensor(leaf).is_none()) {
            return Err(format!(
                "{}: the file's {:?} has a {extra}, which such a layer does not have here",
                layer(own, layers),
                found.prefix
            ));
        }
    }
    Ok(Matched {
        how: how(own, found, pairs, &filled),
        state,
    })
}

/// The count of batches, where the file has one.
fn counted(wanted: &TensorState, found: Option<&TensorState>) -> TensorState {
    let count = match found.map(|tensor| &tensor.data) {
        Some(TensorData::I64(counts)) => counts.first().copied().unwrap_or(0),
        _ => 0,
    };
    TensorState {
        data: TensorData::I64(vec![count]),
        ..wanted.clone()
    }
}

/// What changes nothing in the tensor's place.
fn neutral(wanted: &TensorState, leaf: &str) -> TensorState {
    let value = if leaf == "weight" { 1.0 } else { 0.0 };
    let values = vec![value; wanted.elements() as usize];
    TensorState {
        data: TensorData::F32(values),
        ..wanted.clone()
    }
}

fn how(own: &[Group], found: &[Group], pairs: &Pairs, filled: &[String]) -> String {
    let mut how = match pairs.by_name {
        true => "tensors matched by their names".to_owned(),
        false => {
            let pair = |(index, at): &(usize, usize)| {
                let number = own[*index].prefix.parse::<usize>();
                let number =
                    number.map_or_else(|_| own[*index].prefix.clone(), |at| (at + 1).to_string());
                format!("{} → layer {number}", found[*at].prefix)
            };
            let matched: Vec<String> = pairs.matched.iter().map(pair).collect();
            format!(
                "tensors matched by kinds and shapes, those of one shape in the order of their names: {}",
                matched.join(", ")
            )
        }
    };
    if !filled.is_empty() {
        how.push_str(&format!(
            "; {} not in the file: zeros (ones for a scale), which change nothing",
            filled.join(", ")
        ));
    }
    how
}
