//! Which screen a context belongs to.

use super::binding::Context;
use super::row::Row;
use crate::tui::screens::SCREENS;

/// The screen, among the tabs, that a context belongs to; none for what opens on top of every screen.
pub fn screen_of(context: Context) -> Option<usize> {
    let has_it = |row: &Row| row.context == context;
    SCREENS
        .iter()
        .position(|tab| (tab.keys)().iter().any(has_it))
}
