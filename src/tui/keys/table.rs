//! The rows of all screens and overlays together, with the keys that the program ships with.

use super::binding::Context;
use super::global::global;
use super::key::Key;
use super::keymap::Keymap;
use super::row::{Row, rows};
use super::typing::TYPING_KEYS;
use crate::tui::lesson;
use crate::tui::overlays;
use crate::tui::screens::SCREENS;
use std::sync::LazyLock;

static STANDARD: LazyLock<Keymap> = LazyLock::new(|| {
    let screens = SCREENS.iter().flat_map(|tab| (tab.keys)());
    let overlays = overlays::keys().flat_map(rows);
    let lesson = rows(lesson::KEYS);
    // A screen is named by its title: that stays when the tabs are put in another order.
    let everywhere = rows(global()).into_iter().map(|row| Row {
        action: match row.action.starts_with("Go(") {
            true => format!("GoTo{}", row.help),
            false => row.action,
        },
        ..row
    });
    Keymap::of(
        screens
            .chain(everywhere)
            .chain(lesson)
            .chain(overlays)
            .collect(),
    )
});

/// The keys that the program ships with.
pub fn standard() -> &'static Keymap {
    &STANDARD
}

/// The keys of text fields, which are the same everywhere and stay as they are.
static TYPING_ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| rows(TYPING_KEYS));

/// All rows, in the order of the manual.
pub fn table() -> impl Iterator<Item = &'static Row> {
    standard().rows().iter().chain(TYPING_ROWS.iter())
}

/// The name of a key's action, if it has one in the context.
pub fn lookup(context: Context, key: Key) -> Option<String> {
    let typing = TYPING_ROWS.iter().filter(|row| row.context == context);
    let mut rows = standard().rows_of(context).chain(typing);
    let found = rows.find(|row| row.keys.contains(&key));
    found.map(|row| row.action.clone())
}
