//! Text from the clipboard.

use crate::{Session, ctrl};
use crossterm::event::{Event as TerminalEvent, KeyCode};
use fmnist_tui::tui::effect::Effect;
use fmnist_tui::tui::message::Message;
use std::time::Instant;

impl Session {
    fn paste(&mut self, text: &str) {
        let event = TerminalEvent::Paste(text.into());
        self.feed([Message::Terminal(event, Instant::now())]);
    }
}

#[test]
fn a_paste_into_the_json_editor_keeps_its_lines_and_is_taken_back_as_one() {
    let mut session = Session::with_data(80, 24);
    session.type_text("e");
    session.paste("first pasted\rsecond pasted\r\n\tthird pasted\n");
    let text = session.text();
    let row = |words: &str| text.lines().position(|line| line.contains(words)).unwrap();
    assert_eq!(row("second pasted"), row("first pasted") + 1, "{text}");
    assert_eq!(row("third pasted"), row("first pasted") + 2, "{text}");
    session.feed([ctrl('u')]);
    assert!(!session.shows("pasted"), "{}", session.text());
}

#[test]
fn a_long_paste_into_a_field_does_no_harm() {
    let mut session = Session::with_data(80, 24);
    session.type_text("o");
    session.paste(&"x".repeat(100_000));
    assert!(
        session.shows("nothing is called that"),
        "{}",
        session.text()
    );
    session.feed([ctrl('u')]);
    session.paste("bnd\n");
    session.press(&[KeyCode::Enter]);
    assert!(session.shows("opened bn-dropout"), "{}", session.text());
}

#[test]
fn pasted_letters_are_not_keys() {
    let mut session = Session::with_data(80, 24);
    for screen in ['1', '2', '3', '4', '5', '6'] {
        session.press(&[KeyCode::Char(screen)]);
        let before = session.text();
        session.paste("tq2dy");
        assert_eq!(session.text(), before);
    }
    let acted = |effect: &Effect| matches!(effect, Effect::StartRun(_) | Effect::Quit);
    assert!(!session.effects.iter().any(acted), "{:?}", session.effects);
}
