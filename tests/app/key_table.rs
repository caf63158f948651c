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
            for key in row.keys {
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
        for key in row.keys {
            assert_eq!(
                lookup(row.context, *key),
                Some(row.action.clone()),
                "{key}: {}",
                name(row)
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
    assert_eq!(screens, ["Design", "Train", "Confusion", "Samples", "Runs"]);
    for title in screens {
        let hints = table().filter(|row| row.context.title == title && !row.hint.is_empty());
        assert!(hints.count() >= 2, "{title} hints at nothing");
    }
}

/// The key table as README shows it.
fn markdown() -> String {
    let mut text = String::from("| where | key | what it does |\n|---|---|---|\n");
    let mut before = None;
    for row in table() {
        let place = if before == Some(row.context) {
            ""
        } else {
            row.context.title
        };
        before = Some(row.context);
        let keys: Vec<String> = row.keys.iter().map(|key| format!("`{key}`")).collect();
        text.push_str(&format!(
            "| {place} | {} | {} |\n",
            keys.join(" "),
            row.help
        ));
    }
    text
}

#[test]
fn readme_has_the_key_table() {
    let readme = include_str!("../../README.md");
    let table = markdown();
    assert!(
        readme.contains(&table),
        "README's key table is not the program's, which is\n{table}"
    );
}
