//! The key table: the one place that says what keys do.

use fmnist_tui::tui::keys::{Context, Row, lookup, table};
use fmnist_tui::tui::screens::SCREENS;
use std::collections::HashMap;

fn name(row: &Row) -> String {
    format!("{:?} {}", row.context, row.help)
}

#[test]
fn no_key_is_listed_twice_where_it_works() {
    let mut seen: HashMap<String, String> = HashMap::new();
    let mut contexts: Vec<Context> = Vec::new();
    for row in table() {
        if !contexts.contains(&row.context) {
            contexts.push(row.context);
        }
    }
    for context in contexts {
        seen.clear();
        let rows = table().filter(|row| {
            row.context == context || (context.has_global_keys && row.context == Context::GLOBAL)
        });
        for row in rows {
            for key in &row.keys {
                if let Some(other) = seen.insert(key.to_string(), name(row)) {
                    panic!("{key} in {context:?} is both {other:?} and {:?}", name(row));
                }
            }
        }
    }
}

#[test]
fn every_row_can_be_reached_and_is_explained() {
    for row in table() {
        assert!(!row.keys.is_empty(), "{}", name(row));
        assert!(!row.help.is_empty(), "{:?} has no help text", row.action);
        for key in &row.keys {
            assert_eq!(
                lookup(row.context, *key),
                Some(row.action.clone()),
                "{key}: {}",
                name(row)
            );
        }
    }
}

/// What these letters do wherever the keys of a screen work. In editors, in lists and on the drawing pad, which take
/// all keys, letters are their own.
const MEANINGS: &[(&str, &[&str])] = &[
    ("p", &["Paste"]),
    ("P", &["Photo"]),
    ("n", &["NextPair", "Right"]),
    ("N", &["PreviousPair", "Left"]),
    ("e", &["EditText", "Edit", "ChooseAgain", "Label"]),
    ("c", &["OpenPicker", "Compare", "Back", "NextClass"]),
    ("B", &["Pin"]),
    ("V", &["Preview"]),
    ("X", &["NextAxis"]),
    ("#", &["NextSeeds"]),
    ("%", &["Normalize"]),
];

#[test]
fn a_letter_means_one_thing_on_all_screens() {
    for row in
        table().filter(|row| row.context.has_global_keys && row.context.title != "Drawing pad")
    {
        for (letter, meanings) in MEANINGS {
            let is_bound = row.keys.iter().any(|key| key.to_string() == *letter);
            assert!(
                !is_bound || meanings.contains(&row.action.as_str()),
                "{letter} is {} on {}",
                row.action,
                row.context.title
            );
        }
    }
}

#[test]
fn no_two_contexts_share_a_title() {
    // The rows of a context stand together: a title that comes again is that of another context.
    let mut titles: Vec<&str> = table().map(|row| row.context.title).collect();
    titles.dedup();
    let contexts = titles.len();
    titles.sort_unstable();
    titles.dedup();
    assert_eq!(titles.len(), contexts);
}

#[test]
fn every_screen_hints_at_its_keys() {
    let screens: Vec<&str> = SCREENS.iter().map(|tab| tab.title).collect();
    assert_eq!(
        screens,
        ["Design", "Train", "Confusion", "Samples", "Runs", "Data"]
    );
    for title in screens {
        let hints = table().filter(|row| row.context.title == title && !row.hint.is_empty());
        assert!(hints.count() >= 2, "{title} hints at nothing");
    }
}

/// docs/keys.md: the key table by place, as the help overlay names them.
fn manual() -> String {
    let mut sections: Vec<(&str, String)> = Vec::new();
    for row in table() {
        let title = row.context.title;
        let section = match sections.iter().position(|(name, _)| *name == title) {
            Some(index) => index,
            None => {
                sections.push((title, "| key | what it does |\n|---|---|\n".into()));
                sections.len() - 1
            }
        };
        let keys: Vec<String> = row.keys.iter().map(|key| format!("`{key}`")).collect();
        let line = format!("| {} | {} |\n", keys.join(" "), row.help);
        sections[section].1.push_str(&line);
    }
    let mut text = String::from(
        "# Keys\n\n\
        The keys of every screen, and of everything that opens on top of one. `?` shows those of the screen\n\
        that you are on. In a text field letters are typed; only the keys listed here do something else.\n\n\
        This page is made from the program's key table, by `UPDATE_DOCS=1 cargo test --release --test app`.\n",
    );
    for (title, rows) in sections {
        text.push_str(&format!("\n## {title}\n\n{rows}"));
    }
    text
}

#[test]
fn the_manual_has_the_key_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/keys.md");
    let expected = manual();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        found == expected,
        "docs/keys.md is not the program's key table; UPDATE_DOCS=1 writes it, as\n{expected}"
    );
}
