//! Which room of `src/` knows which.

use super::graph::Imports;
use std::collections::{BTreeMap, BTreeSet};

/// Each room with the rooms that it knows.
pub type Rooms = BTreeMap<String, BTreeSet<String>>;

/// What the documentation of the library says: ``- [`room`]: …. Knows `a`, `b`.``
pub fn named(library: &str) -> Rooms {
    let docs: String = library
        .lines()
        .filter_map(|line| line.strip_prefix("//!"))
        .map(|line| format!(" {}", line.trim()))
        .collect();
    docs.split(" - [`")
        .skip(1)
        .map(|entry| {
            let (room, text) = entry.split_once('`').unwrap();
            let known = text.split_once("Knows").map_or("", |(_, known)| known);
            let known = known.split('`').skip(1).step_by(2);
            (room.to_owned(), known.map(str::to_owned).collect())
        })
        .collect()
}

/// What the files really import.
pub fn found(imports: &Imports) -> Rooms {
    let room = |file: &str| {
        let path = file.strip_prefix("src/").unwrap();
        path.split(['/', '.']).next().unwrap().to_owned()
    };
    let mut rooms = Rooms::new();
    for (file, others) in imports {
        let own = room(file);
        if own == "lib" || own == "main" {
            continue;
        }
        let known = rooms.entry(own.clone()).or_default();
        known.extend(
            others
                .iter()
                .map(|other| room(other))
                .filter(|other| *other != own),
        );
    }
    rooms
}

#[test]
fn rooms_are_read_off_the_documentation() {
    let library = "//! Words.\n//!\n//! - [`a`]: it does\n//!   this. Knows `b`, `c`.\n//! - [`b`]: that. Knows none.\n";
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let expected = Rooms::from([("a".into(), set(&["b", "c"])), ("b".into(), set(&[]))]);
    assert_eq!(named(library), expected);
}
