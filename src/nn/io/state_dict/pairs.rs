//! Which layer of a state dict is which of a network.

use super::group::{Group, Kind};
use std::collections::HashSet;

/// Which layers belong together.
#[derive(Debug, Default)]
pub struct Pairs {
    /// Positions of a layer of the network and of one of the file, of the same kind.
    pub matched: Vec<(usize, usize)>,
    /// Whether they were told by their names, which are those of the network.
    pub by_name: bool,
    /// Layers of the network that none of the file's shapes fits.
    pub own_left: Vec<usize>,
    /// Layers of the file that are left.
    pub found_left: Vec<usize>,
}

/// Finds the pairs: by their names where all are the network's own, else by kinds and shapes, and among layers
/// of one kind and shape by the order of their names.
///
/// # Errors
/// A sentence when that order is not the order of the layers, so that it would be a guess.
pub fn pairs(own: &[Group], found: &[Group]) -> Result<Pairs, String> {
    let names = |groups: &[Group]| -> HashSet<String> {
        groups.iter().map(|group| group.prefix.clone()).collect()
    };
    if names(own) == names(found) {
        return Ok(by_name(own, found));
    }
    let mut pairs = Pairs::default();
    for kind in Kind::ALL {
        by_shape(kind, own, found, &mut pairs)?;
    }
    pairs.matched.sort_unstable();
    Ok(pairs)
}

fn by_name(own: &[Group], found: &[Group]) -> Pairs {
    let mut pairs = Pairs {
        by_name: true,
        ..Pairs::default()
    };
    for (index, group) in own.iter().enumerate() {
        let other = found.iter().position(|other| other.prefix == group.prefix);
        match other.filter(|other| fits(group, &found[*other])) {
            Some(other) => pairs.matched.push((index, other)),
            None => {
                pairs.own_left.push(index);
                pairs.found_left.extend(other);
            }
        }
    }
    pairs
}

fn fits(own: &Group, found: &Group) -> bool {
    own.kind == found.kind && own.shape() == found.shape()
}

fn by_shape(kind: Kind, own: &[Group], found: &[Group], pairs: &mut Pairs) -> Result<(), String> {
    let of_kind = |groups: &[Group]| -> Vec<usize> {
        let positions = 0..groups.len();
        positions.filter(|at| groups[*at].kind == kind).collect()
    };
    let mut left = of_kind(found);
    left.sort_by(|a, b| {
        let [a, b] = [a, b].map(|at| found[*at].prefix.as_str());
        alphanumeric_sort::compare_str(a, b)
    });
    let in_order = left.clone();
    let mut places = Vec::new();
    for index in of_kind(own) {
        match left.iter().position(|at| fits(&own[index], &found[*at])) {
            Some(place) => {
                let at = left.remove(place);
                places.extend(in_order.iter().position(|other| *other == at));
                pairs.matched.push((index, at));
            }
            None => pairs.own_left.push(index),
        }
    }
    pairs.found_left.extend(left);
    // Where shapes show that the names are not in the order of the layers, the names say nothing of layers
    // that have one shape.
    let same = |at: &usize| {
        let alike = in_order
            .iter()
            .filter(|other| found[**other].shape() == found[*at].shape());
        alike.count() > 1
    };
    if !places.is_sorted() && in_order.iter().any(same) {
        let alike: Vec<String> = in_order
            .iter()
            .filter(|at| same(at))
            .map(|at| format!("{:?}", found[*at].prefix))
            .collect();
        return Err(format!(
            "its names do not tell the order of its layers: {} have shapes of others, and sorted by name the \
             layers do not fit the spec; save the tensors under the numbers of the spec's layers, counted from \
             0 (0.weight, 0.bias …)",
            alike.join(", ")
        ));
    }
    Ok(())
}
