//! The keys of the config file: a table for each place of the app, in it a line for each action.

use super::error::Problem;
use super::nearest::suggestion;
use super::values::{Entry, Value};
use crate::text::escape_controls;
use crate::tui::keys::{Key, Keymap, Row, standard};

/// More keys for one action help nobody.
const MOST_KEYS: usize = 8;

/// The key table with the keys of the file.
pub fn read(text: &str, places: Value<'_>) -> Result<Keymap, Problem> {
    let mut keymap = standard().clone();
    // Where the file speaks of a row of the table, by the row's position.
    let mut said: Vec<Option<usize>> = vec![None; keymap.rows().len()];
    for place in places.table("[keys.design]")? {
        let is_there = |row: &Row| row.place() == place.name;
        if !keymap.rows().iter().any(is_there) {
            let names: Vec<String> = keymap.rows().iter().map(Row::place).collect();
            return Err(unknown(text, &place, "place", &names));
        }
        for action in place.value.table("[keys.design]")? {
            let is_meant = |row: &Row| is_there(row) && row.name() == action.name;
            let Some(row) = keymap.rows().iter().position(is_meant) else {
                let rows = keymap.rows().iter().filter(|row| is_there(row));
                let names: Vec<String> = rows.map(Row::name).collect();
                let what = format!("action of keys.{}", place.name);
                return Err(unknown(text, &action, &what, &names));
            };
            let keys = keys(action.value)?;
            keymap.set(row, keys).map_err(|refused| {
                let message = format!("{}: {refused}", action.name);
                action.value.problem(message)
            })?;
            said[row] = Some(action.at);
        }
    }
    match keymap.conflict() {
        None => Ok(keymap),
        Some(conflict) => {
            // The shipped keys are in no conflict, so the file speaks of one of the two.
            let [first, second] = conflict.rows;
            let at = said[first].max(said[second]).unwrap_or_default();
            let full = |row: usize| {
                let row = &keymap.rows()[row];
                format!("keys.{}.{}", row.place(), row.name())
            };
            let message = format!(
                "{:?} is both {} and {}; give one of them another key",
                conflict.key.name(),
                full(first),
                full(second)
            );
            Err(Problem::at(text, at, message))
        }
    }
}

fn unknown(text: &str, entry: &Entry<'_>, what: &str, names: &[String]) -> Problem {
    let message = format!(
        "there is no {what} called {:?}{}; `fmnist-tui config --print` lists all",
        escape_controls(entry.name),
        suggestion(entry.name, names.iter().map(String::as_str))
    );
    Problem::at(text, entry.at, message)
}

fn keys(value: Value<'_>) -> Result<Vec<Key>, Problem> {
    let values = value.strings()?;
    if values.len() > MOST_KEYS {
        return Err(value.problem(format!("an action has at most {MOST_KEYS} keys")));
    }
    let key = |value: Value<'_>| {
        let name = value.string()?;
        Key::named(name)
            .map_err(|error| value.problem(format!("{:?} {error}", escape_controls(name))))
    };
    values.into_iter().map(key).collect()
}
