//! The user's own keys, as the config file gives them.

use crate::{Session, ctrl, key};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use fmnist_tui::config::parse;
use fmnist_tui::tui::effect::Effect;
use fmnist_tui::tui::message::Message;
use std::time::Instant;

impl Session {
    /// With the sample set read, and the keys of a config file.
    fn with_keys(config: &str) -> Self {
        let keymap = parse(config).unwrap().keymap.unwrap();
        let mut session = Self::with_data(80, 24);
        session.app.keymap = Box::leak(Box::new(keymap));
        session
    }
}

fn alt(letter: char) -> Message {
    let event = KeyEvent::new(KeyCode::Char(letter), KeyModifiers::ALT);
    Message::Terminal(crossterm::event::Event::Key(event), Instant::now())
}

#[test]
fn an_action_follows_its_new_key_and_leaves_the_old_one() {
    let mut session = Session::with_keys(
        "[keys.everywhere]\nstart_training = \"f4\"\n[keys.design]\nopen = [\"f2\", \"ctrl-o\"]\n",
    );
    session.type_text("o");
    assert_eq!(session.app.context().title, "Design");
    session.feed([ctrl('o')]);
    assert_eq!(session.app.context().title, "Opening a spec");
    session.type_text("tiny");
    session.press(&[KeyCode::Enter, KeyCode::Char('t')]);
    let is_start = |effect: &Effect| matches!(effect, Effect::StartRun(_));
    assert!(!session.effects.iter().any(is_start), "t trains no more");
    session.press(&[KeyCode::F(4)]);
    assert!(session.effects.iter().any(is_start), "{}", session.text());
}

#[test]
fn hints_and_help_show_the_new_keys() {
    let mut session =
        Session::with_keys("[keys.design]\nadd = \"f5\"\n[keys.everywhere]\nhelp = \"f9\"\n");
    session.press(&[KeyCode::Null]);
    assert!(session.shows("F5 add"), "{}", session.text());
    assert!(session.shows("F9 help"), "{}", session.text());
    session.feed([key(KeyCode::F(9))]);
    assert!(
        session.shows("F5  add a layer below the cursor"),
        "{}",
        session.text()
    );
}

#[test]
fn a_letter_without_its_action_is_typed_where_text_is_typed() {
    // In the field for a path every letter is typed, whatever it does elsewhere.
    let mut session = Session::with_keys(
        "[keys.everywhere]\nload_model = \"f7\"\n[keys.path]\ncomplete = \"alt-c\"\n",
    );
    session.press(&[KeyCode::F(7)]);
    session.type_text("Lx");
    assert!(session.shows("runs/Lx"), "{}", session.text());
    session.press(&[KeyCode::Tab]);
    let is_completion = |effect: &Effect| format!("{effect:?}").contains("CompletePath");
    assert!(!session.effects.iter().any(is_completion));
    session.feed([alt('c')]);
    assert!(session.effects.iter().any(is_completion));
}
