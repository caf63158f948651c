//! Doing an action that was found by its name, on its screen.

use super::{App, Effect};
use crate::tui::keys::{Context, Row, screen_of, way_to};

impl App {
    /// Does what a row of the key table does: goes to its screen, opens what it works in, and presses its key. What
    /// cannot be done now says why.
    pub(super) fn do_action(&mut self, row: &'static Row) -> Vec<Effect> {
        self.overlay = None;
        let Some(key) = row.keys.first() else {
            return Vec::new();
        };
        let mut effects = Vec::new();
        // What opens it, from the outside to the inside.
        let mut way: Vec<&'static Row> = Vec::new();
        let mut context = row.context;
        while let Some(opener) = way_to(context).filter(|_| way.len() < 8) {
            way.insert(0, opener);
            context = opener.context;
        }
        let screens = [row.context, context].map(screen_of);
        if let Some(screen) = screens
            .into_iter()
            .flatten()
            .next()
            .filter(|at| *at != self.current)
        {
            effects.extend(self.go(screen));
        }
        self.shared.status.clear();
        for opener in &way {
            if self.is_in(row.context) {
                break;
            }
            if !self.is_in(opener.context) {
                continue;
            }
            if let Some(key) = opener.keys.first() {
                effects.extend(self.dispatch(key.event()));
            }
        }
        if !self.is_in(row.context) {
            if self.shared.status.is_empty() {
                let (open, title) = (self.context().title, row.context.title);
                self.shared.say(format!(
                    "not while {open} is open: leave it first (Esc), then {key} on {title}"
                ));
            }
            return effects;
        }
        match way.is_empty() {
            true => effects.extend(self.dispatch(key.event())),
            // It was opened for this: what is there is seen before something is done with it.
            false if self.shared.status.is_empty() => {
                self.shared.say(format!("here {key}: {}", row.help));
            }
            false => {}
        }
        effects
    }

    /// Whether keys of this context work now.
    fn is_in(&self, context: Context) -> bool {
        let now = self.context();
        now == context || context == Context::GLOBAL && now.has_global_keys
    }
}
