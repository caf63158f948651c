//! The rows of all screens and overlays together.

use super::binding::{Context, Row, find, rows};
use super::global::global;
use super::key::Key;
use super::search::Index;
use super::typing::TYPING_KEYS;
use crate::tui::lesson;
use crate::tui::overlays;
use crate::tui::screens::SCREENS;
use std::sync::LazyLock;

static TABLE: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let screens = SCREENS.iter().flat_map(|tab| (tab.keys)());
    let overlays = overlays::keys().flat_map(rows);
    let lesson = rows(lesson::KEYS);
    let typing = rows(TYPING_KEYS);
    screens
        .chain(rows(global()))
        .chain(lesson)
        .chain(overlays)
        .chain(typing)
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

static INDEX: LazyLock<Index> = LazyLock::new(|| Index::new(actions()));

/// The rows that are actions to look for: all but those of questions and of typing.
pub fn actions() -> impl Iterator<Item = &'static Row> {
    table().filter(|row| {
        let context = row.context;
        context == Context::GLOBAL || screen_of(context).is_some() || way_to(context).is_some()
    })
}

/// The actions with the words they are found by.
pub fn index() -> &'static Index {
    &INDEX
}

/// The action after which keys go to a context, if there is one.
pub fn way_to(context: Context) -> Option<&'static Row> {
    table().find(|row| row.opens == Some(context))
}

/// The screen, among the tabs, that a context belongs to; none for what opens on top of every screen.
pub fn screen_of(context: Context) -> Option<usize> {
    let has_it = |row: &Row| row.context == context;
    SCREENS
        .iter()
        .position(|tab| (tab.keys)().iter().any(has_it))
}

/// The name of a key's action, if it has one in the context.
pub fn lookup(context: Context, key: Key) -> Option<String> {
    let within = |context| find(&TABLE, context, key);
    within(context).or_else(|| within(Context::GLOBAL).filter(|_| context.has_global_keys))
}
