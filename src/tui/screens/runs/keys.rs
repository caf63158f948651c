//! The screen's actions and keys.

use super::compare::VIEW;
use crate::tui::keys::{
    Binding, Context, DELETE, DOWN, END, ENTER, ESC, HOME, PAGE_DOWN, PAGE_UP, UP, char, on,
};

/// Rows that PgUp and PgDn move by.
const PAGE: isize = 10;

/// What can be done on this screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RunsAction {
    /// Move this many rows down, or up.
    Move(isize),
    /// Sort by something else.
    NextSort,
    /// Load spec and best model.
    Open,
    /// Show runs that differ by the seed alone one by one, or as one.
    ToggleFold,
    /// Make the run the baseline, or have none again.
    Pin,
    /// Compare the run with the baseline.
    Compare,
    /// Go on with an interrupted run.
    Continue,
    /// Open the list of epochs to fork the run from.
    OpenForks,
    /// Move in that list.
    MoveInForks(isize),
    /// Fork from the chosen epoch.
    Fork,
    /// Close that list.
    CloseForks,
    /// Give it a name and a note.
    Label,
    /// Write the run for other programs.
    Export,
    /// Delete the folder, after a question.
    Delete,
    /// Read the folders again.
    Reload,
}

impl RunsAction {
    /// Whether it is about a single run.
    pub(super) fn is_of_one_run(self) -> bool {
        matches!(
            self,
            Do::Open
                | Do::Pin
                | Do::Compare
                | Do::Continue
                | Do::OpenForks
                | Do::Label
                | Do::Export
                | Do::Delete
        )
    }
}

use RunsAction as Do;

/// Where keys go while this screen has them.
pub const CONTEXT: Context = Context::with_global_keys("Runs");

/// Where keys go while the list of epochs to fork from is open.
pub const FORKS: Context = Context::without_global_keys("Forking a run");

/// The screen's keys.
#[rustfmt::skip]
pub const KEYS: &[Binding<Do>] = &[
    on(CONTEXT, &[ENTER], Do::Open, "load", "load the run's network and its best model"),
    on(CONTEXT, &[char('c')], Do::Compare, "compare", "compare with the baseline; without one, pin it").opens(VIEW),
    on(CONTEXT, &[char('B')], Do::Pin, "baseline", "make it the baseline of the others, or unpin it"),
    on(CONTEXT, &[char('r')], Do::Continue, "go on", "go on with a run that was interrupted (resume it), or train a complete one longer"),
    on(CONTEXT, &[char('f')], Do::OpenForks, "fork", "go on in a new folder from one of the run's epochs").opens(FORKS),
    on(CONTEXT, &[char(' ')], Do::ToggleFold, "seeds", "show runs that differ by the seed alone one by one, or as one"),
    on(CONTEXT, &[char('o')], Do::NextSort, "sort", "sort by age, accuracy or training time"),
    on(CONTEXT, &[char('e')], Do::Label, "name", "give the run a name and a note, kept in its folder"),
    on(CONTEXT, &[char('d'), DELETE], Do::Delete, "delete", "delete the run's folder (asks)"),
    on(CONTEXT, &[char('E')], Do::Export, "export", "write curves, epochs or the best model for other programs"),
    on(CONTEXT, &[UP, char('k')], Do::Move(-1), "", "up"),
    on(CONTEXT, &[DOWN, char('j')], Do::Move(1), "", "down"),
    on(CONTEXT, &[PAGE_UP], Do::Move(-PAGE), "", "ten up"),
    on(CONTEXT, &[PAGE_DOWN], Do::Move(PAGE), "", "ten down"),
    on(CONTEXT, &[HOME, char('g')], Do::Move(isize::MIN), "", "first"),
    on(CONTEXT, &[END, char('G')], Do::Move(isize::MAX), "", "last"),
    on(CONTEXT, &[char('R')], Do::Reload, "", "read the folders again"),
    on(FORKS, &[ENTER], Do::Fork, "fork", "train on from this epoch in a new folder"),
    on(FORKS, &[UP, char('k')], Do::MoveInForks(-1), "", "up"),
    on(FORKS, &[DOWN, char('j')], Do::MoveInForks(1), "", "down"),
    on(FORKS, &[ESC, char('f'), char('q')], Do::CloseForks, "close", "close the list"),
];
