//! Circles in a graph of files.

use std::collections::{BTreeMap, BTreeSet};

/// Each file with the files that it imports from.
pub type Imports = BTreeMap<String, BTreeSet<String>>;

/// The sets of files that reach each other (strongly connected components of more than one file).
pub fn circles(imports: &Imports) -> Vec<BTreeSet<String>> {
    let reach: BTreeMap<&String, BTreeSet<&String>> = imports
        .keys()
        .map(|file| (file, reached(imports, file)))
        .collect();
    let mut circles: Vec<BTreeSet<String>> = Vec::new();
    for (file, others) in &reach {
        let circle: BTreeSet<String> = others
            .iter()
            .filter(|other| reach.get(*other).is_some_and(|back| back.contains(*file)))
            .map(|other| (*other).clone())
            .collect();
        if circle.len() > 1 && !circles.contains(&circle) {
            circles.push(circle);
        }
    }
    circles
}

fn reached<'a>(imports: &'a Imports, from: &'a String) -> BTreeSet<&'a String> {
    let mut reached = BTreeSet::new();
    let mut next = vec![from];
    while let Some(file) = next.pop() {
        for other in imports.get(file).into_iter().flatten() {
            if reached.insert(other) {
                next.push(other);
            }
        }
    }
    reached
}

/// The imports within a circle, one a line.
pub fn describe(circle: &BTreeSet<String>, imports: &Imports) -> String {
    let mut text = format!("a circle of {} files:\n", circle.len());
    for file in circle {
        for other in imports[file].intersection(circle) {
            text += &format!("  {file} -> {other}\n");
        }
    }
    text
}

#[test]
fn a_circle_is_found_however_long_it_is() {
    let of = |pairs: &[(&str, &str)]| {
        let mut imports = Imports::new();
        for (from, to) in pairs {
            imports
                .entry((*from).into())
                .or_default()
                .insert((*to).into());
            imports.entry((*to).into()).or_default();
        }
        circles(&imports)
    };
    assert!(of(&[("a", "b"), ("b", "c"), ("a", "c")]).is_empty());
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let expected: Vec<BTreeSet<String>> = vec![set(&["a", "b", "c"]), set(&["d", "e"])];
    let found = of(&[
        ("a", "b"),
        ("b", "c"),
        ("c", "a"),
        ("c", "d"),
        ("d", "e"),
        ("e", "d"),
    ]);
    assert_eq!(found, expected);
}
