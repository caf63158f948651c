//! The rows of all screens and overlays together.

use super::binding::{Context, Row, find, rows};
use super::global::global;
use super::key::Key;
use crate::tui::lesson;
use crate::tui::overlays;
use crate::tui::screens::SCREENS;
use std::sync::LazyLock;

static TABLE: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let screens = SCREENS.iter().flat_map(|tab| (tab.keys)());
    let overlays = overlays::keys().flat_map(rows);
    let lesson = rows(lesson::KEYS);
    screens
        .chain(rows(global()))
        .chain(lesson)
        .chain(overlays)
        .collect()
});

/// All rows, in the order of the manual.
pub fn table() -> impl Iterator<Item = &'static Row> {
    TABLE.iter()
}

/// The rows that work in a context: its own, then the global ones if they work there.
pub fn rows_of(context: Context) -> impl Iterator<Item = &'static Row> {
    let of = |wanted: Context| table().filter(move |row| row.context == wanted);
    let global = of(Context::GLOBAL).filter(move |_| context.has_global_keys);
    of(context).chain(global)
}

/// The name of a key's action, if it has one in the context.
pub fn lookup(context: Context, key: Key) -> Option<String> {
    let within = |context| find(&TABLE, context, key);
    within(context).or_else(|| within(Context::GLOBAL).filter(|_| context.has_global_keys))
}
