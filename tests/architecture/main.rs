//! Holds `src/` to what `docs/architecture.md` and `src/lib.rs` say of it: no two files import each
//! other, rooms know only the rooms they name, and an addition touches the files that it should.
//!
//! `cargo test --test architecture -- --nocapture` prints the number of circles and of files.

#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the configured exception covers only functions marked as tests"
)]

mod additions;
mod graph;
mod rooms;
mod source;

use graph::circles;
use source::Source;
use std::path::Path;

/// The checkout.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn no_files_import_each_other() {
    let source = Source::read(&root().join("src"));
    let imports = source.imports();
    let circles = circles(&imports);
    println!("{} files, {} circles", imports.len(), circles.len());
    let told: Vec<String> = circles
        .iter()
        .map(|circle| graph::describe(circle, &imports))
        .collect();
    assert!(told.is_empty(), "\n{}", told.join("\n"));
}

#[test]
fn rooms_know_the_rooms_that_the_library_names() {
    let source = Source::read(&root().join("src"));
    let library = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    assert_eq!(rooms::named(&library), rooms::found(&source.imports()));
}

#[test]
fn an_addition_touches_the_files_that_the_table_names() {
    let manual = std::fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let rows = additions::table(&manual);
    assert_eq!(rows.len(), 4, "{rows:?}");
    for row in rows {
        let found = row.found(root());
        println!(
            "{}: {} of at most {} files",
            row.what,
            found.len(),
            row.most
        );
        assert_eq!(found, row.files, "{}", row.what);
        assert!(found.len() <= row.most, "{}: {found:?}", row.what);
    }
}
