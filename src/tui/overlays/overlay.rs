//! What is open on top of the screens, if anything is.

use super::commands::{self, Commands};
use super::confirm::{self, Confirm};
use super::explanation::{self, Explanation};
use super::fetch;
use super::help::{self, Help};
use super::home::{self, Home};
use super::layers::{self, LayersView};
use super::lesson_list::{self, LessonList};
use super::path_field::{self, PathField};
use super::profile::{self, ProfileTable};
use super::run_label::{self, RunLabel};
use crate::tui::action::Action;
use crate::tui::keys::{Binding, Context};
use crate::tui::shared::Shared;
use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

/// What is open.
#[derive(Debug)]
pub enum Overlay {
    /// The start screen.
    Home(Home),
    /// All actions.
    Commands(Commands),
    /// A question to answer with yes or no.
    Confirm(Confirm),
    /// A field for a path.
    Path(PathField),
    /// What a run is called, and a note on it.
    RunLabel(Box<RunLabel>),
    /// The fetch of the real data.
    Fetch,
    /// Where the time of the run goes.
    Profile(ProfileTable),
    /// What is inside the layers.
    Layers(LayersView),
    /// The keys.
    Help(Help),
    /// What something is.
    Explanation(Explanation),
    /// The lessons there are.
    Lessons(LessonList),
}

/// The keys of each overlay.
pub fn keys() -> impl Iterator<Item = &'static [Binding<Action>]> {
    let all = [
        home::KEYS,
        commands::KEYS,
        profile::KEYS,
        layers::KEYS,
        help::KEYS,
        explanation::KEYS,
        lesson_list::KEYS,
        confirm::KEYS,
        path_field::KEYS,
        run_label::KEYS,
        fetch::KEYS,
    ];
    all.into_iter()
}

impl Overlay {
    /// Where keys go.
    pub fn context(&self) -> Context {
        match self {
            Self::Home(_) => home::CONTEXT,
            Self::Commands(_) => commands::CONTEXT,
            Self::Confirm(_) => confirm::CONTEXT,
            Self::Path(_) => path_field::CONTEXT,
            Self::RunLabel(_) => run_label::CONTEXT,
            Self::Fetch => fetch::CONTEXT,
            Self::Profile(_) => profile::CONTEXT,
            Self::Layers(_) => layers::CONTEXT,
            Self::Help(_) => help::CONTEXT,
            Self::Explanation(page) => page.context(),
            Self::Lessons(_) => lesson_list::CONTEXT,
        }
    }

    /// What the keys do.
    pub fn keys(&self) -> &'static [Binding<Action>] {
        match self {
            Self::Home(_) => home::KEYS,
            Self::Commands(_) => commands::KEYS,
            Self::Confirm(_) => confirm::KEYS,
            Self::Path(_) => path_field::KEYS,
            Self::RunLabel(_) => run_label::KEYS,
            Self::Fetch => fetch::KEYS,
            Self::Profile(_) => profile::KEYS,
            Self::Layers(_) => layers::KEYS,
            Self::Help(_) => help::KEYS,
            Self::Explanation(_) => explanation::KEYS,
            Self::Lessons(_) => lesson_list::KEYS,
        }
    }

    /// Takes a key without an action: text, where text is typed.
    pub fn type_key(&mut self, key: KeyEvent) {
        match self {
            Self::Help(help) => help.type_key(key),
            Self::Commands(commands) => commands.type_key(key),
            Self::Path(field) => field.type_key(key),
            Self::RunLabel(label) => label.type_key(key),
            Self::Explanation(page) => page.type_key(key),
            Self::Home(_)
            | Self::Confirm(_)
            | Self::Fetch
            | Self::Profile(_)
            | Self::Layers(_)
            | Self::Lessons(_) => {}
        }
    }

    /// Takes pasted text, which is never taken for keys with an action.
    pub fn paste(&mut self, text: &str) {
        match self {
            Self::Help(help) => help.paste(text),
            Self::Commands(commands) => commands.paste(text),
            Self::Path(field) => field.paste(text),
            Self::RunLabel(label) => label.paste(text),
            Self::Explanation(page) => page.paste(text),
            Self::Home(_)
            | Self::Confirm(_)
            | Self::Fetch
            | Self::Profile(_)
            | Self::Layers(_)
            | Self::Lessons(_) => {}
        }
    }

    /// Chooses what is clicked; returns what that does.
    pub fn click(&mut self, at: Position) -> Option<Action> {
        match self {
            Self::Home(home) => home.click(at),
            Self::Commands(commands) => commands.click(at),
            Self::Lessons(list) => list.click(at),
            Self::Help(_)
            | Self::Path(_)
            | Self::RunLabel(_)
            | Self::Explanation(_)
            | Self::Confirm(_)
            | Self::Fetch
            | Self::Profile(_)
            | Self::Layers(_) => None,
        }
    }

    /// Whether it is the start screen.
    pub fn is_home(&self) -> bool {
        matches!(self, Self::Home(_))
    }

    /// Whether a click elsewhere, on a tab, may close it.
    pub fn may_be_left(&self) -> bool {
        !matches!(self, Self::Confirm(_))
    }

    /// Draws it over the screen.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        match self {
            Self::Home(home) => home.draw(frame, area, shared),
            Self::Commands(commands) => commands.draw(frame, area, shared),
            Self::Confirm(confirm) => confirm.draw(frame, area, shared),
            Self::Path(field) => field.draw(frame, area, shared),
            Self::RunLabel(label) => label.draw(frame, area, shared),
            Self::Fetch => fetch::draw(frame, area, shared),
            Self::Profile(table) => table.draw(frame, area, shared),
            Self::Layers(view) => view.draw(frame, area, shared),
            Self::Help(help) => help.draw(frame, area, shared),
            Self::Explanation(page) => page.draw(frame, area, shared),
            Self::Lessons(list) => list.draw(frame, area, shared),
        }
    }
}
