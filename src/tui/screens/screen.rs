//! What a screen is to the app.

use crate::explain::Subject;
use crate::tui::effect::Effect;
use crate::tui::keys::{Context, Row};
use crate::tui::message::Answer;
use crate::tui::request::Request;
use crate::tui::shared::Shared;
use crossterm::event::{KeyEvent, MouseEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use std::fmt::Debug;

/// A screen: state of its own, changed by keys and the mouse, and drawn.
///
/// What several screens show is in [`Shared`]; what a screen cannot do by itself it asks for with a
/// [`Request`] there.
pub trait Screen: Debug {
    /// Where keys go while this screen has them.
    fn context(&self) -> Context;

    /// Takes a key: an action of the screen's own table, or text where text is typed. `None` for a key
    /// that the screen has no use for, which may then be a global one.
    fn key(&mut self, key: KeyEvent, shared: &mut Shared) -> Option<Vec<Effect>>;

    /// Takes pasted text, where text is typed.
    fn paste(&mut self, _text: &str, _shared: &mut Shared) {}

    /// Takes a click or the wheel inside `area`, the one it was last drawn in.
    fn mouse(&mut self, mouse: MouseEvent, area: Rect, shared: &mut Shared) -> Vec<Effect>;

    /// Draws the screen.
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared);

    /// Whether what is open needs all the room there is, where several screens are shown at once.
    fn needs_room(&self) -> bool {
        false
    }

    /// What the cursor is on, for the key that explains it: names of topics, and what is known of it.
    fn subject(&self, _shared: &Shared) -> Subject {
        Subject::named([self.context().title])
    }

    /// The screen was gone to.
    fn entered(&mut self, _shared: &mut Shared) -> Vec<Effect> {
        Vec::new()
    }

    /// Closes what is open, if that is closed by the key that dismisses errors; false where nothing is.
    fn dismiss(&mut self) -> bool {
        false
    }

    /// Takes from an answer of the services what is the screen's own; the rest goes into [`Shared`].
    fn answer(&mut self, _answer: &Answer, _shared: &mut Shared) {}

    /// Follows what a run or the services have changed in [`Shared`].
    fn follow(&mut self, _shared: &mut Shared) -> Vec<Effect> {
        Vec::new()
    }

    /// Serves a request of another screen; true where this screen is then the one to show.
    fn serve(&mut self, _request: &Request, _shared: &mut Shared) -> bool {
        false
    }
}

/// A screen's place among the tabs.
#[derive(Clone, Copy, Debug)]
pub struct Tab {
    /// The tab's name.
    pub title: &'static str,
    /// Where it stands where several screens are shown at once; none for one that is shown alone.
    pub panel: Option<Panel>,
    /// Its rows of the key table.
    pub keys: fn() -> Vec<Row>,
    /// The screen as it is when the program starts.
    pub open: fn(&mut Shared) -> Box<dyn Screen>,
}

/// A quarter of a large terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panel {
    /// Above on the left.
    TopLeft,
    /// Below on the left.
    BottomLeft,
    /// Above on the right.
    TopRight,
    /// Below on the right.
    BottomRight,
}
