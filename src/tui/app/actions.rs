//! Doing an action that was found by its name, on its screen.

use super::{App, Effect};
use crate::tui::keys::{Context, Row, screen_of};

/// The hints of keys that lead back to where something was opened.
const LEAVING: [&str; 5] = ["back", "close", "cancel", "leave", "matrix"];

impl App {
    /// Does what a row of the key table does: goes to its screen, opens what it works in, and presses its key. What
    /// cannot be done now says why.
    pub(super) fn do_action(&mut self, row: &'static Row) -> Vec<Effect> {
        self.overlay = None;
        // The screens know the shipped keys, whatever the user has put in their place.
        let Some(key) = row.defaults.first() else {
            return Vec::new();
        };
        let mut effects = Vec::new();
        // What opens it, from the outside to the inside.
        let mut way: Vec<&'static Row> = Vec::new();
        let mut context = row.context;
        while let Some(opener) = self.keymap.way_to(context).filter(|_| way.len() < 8) {
            way.insert(0, opener);
            context = opener.context;
        }
        let screen = screen_of(row.context).or_else(|| screen_of(context));
        if let Some(screen) = screen.filter(|screen| *screen != self.current) {
            effects.extend(self.go(screen));
        }
        self.shared.status.clear();
        if self.is_in(row.context) {
            effects.extend(self.dispatch(key.event()));
            return effects;
        }
        for opener in way
            .iter()
            .filter_map(|opener| Some((opener, opener.defaults.first()?)))
        {
            let (opener, key) = opener;
            if self.is_in(opener.context) {
                effects.extend(self.dispatch(key.event()));
            }
        }
        if !self.shared.status.is_empty() {
            return effects;
        }
        let key = row.keys.first().unwrap_or(key);
        self.shared.say(match self.is_in(row.context) {
            // It was opened for this: what is there is seen before something is done with it.
            true => format!("{key} here: {}", row.help),
            false => format!("first leave {}, then {key}", self.place_in_words()),
        });
        effects
    }

    /// Where keys go now, and the key that leads away from there.
    fn place_in_words(&self) -> String {
        let now = self.context();
        let mut rows = self.keymap.rows_of(now).filter(|row| row.context == now);
        let leaving = rows.find(|row| LEAVING.contains(&row.hint));
        match leaving.and_then(|row| row.keys.first()) {
            Some(key) => format!("\"{}\" by {key}", now.title),
            None => format!("\"{}\"", now.title),
        }
    }

    /// Whether keys of this context work now.
    fn is_in(&self, context: Context) -> bool {
        let now = self.context();
        now == context || context == Context::GLOBAL && now.has_global_keys
    }
}
