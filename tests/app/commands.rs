//! Actions found by name; the footer, the tabs and lists under the mouse; text that is typed.

use crate::{Session, ctrl, done, epochs, train_tiny};
use crossterm::event::{
    Event as TerminalEvent, KeyCode, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use fmnist_tui::tui::effect::{Effect, Job};
use fmnist_tui::tui::message::{Answer, Message};
use std::time::Instant;

impl Session {
    /// Clicks the first place that shows the text.
    pub fn click(&mut self, text: &str) {
        let screen = self.text();
        let mut lines = screen.lines().enumerate();
        let found = lines.find_map(|(row, line)| {
            let before = &line[..line.find(text)?];
            Some((row as u16, before.chars().count() as u16))
        });
        let (row, column) = found.unwrap_or_else(|| panic!("no {text:?} in\n{screen}"));
        let event = MouseEvent {
            kind: MouseEventKind::Down(MouseButton::Left),
            column,
            row,
            modifiers: KeyModifiers::NONE,
        };
        self.feed([Message::Terminal(
            TerminalEvent::Mouse(event),
            Instant::now(),
        )]);
    }
}

#[test]
fn an_action_is_found_by_a_word_and_done_on_its_screen() {
    let mut session = Session::with_data(80, 24);
    session.feed([ctrl('p')]);
    session.type_text("optimizer");
    insta::assert_snapshot!("actions-80x24", session.text());
    session.press(&[KeyCode::Enter]);
    assert!(session.shows("Enter apply"), "{}", session.text());
    session.press(&[KeyCode::Esc]);
    // From another screen, and with something that must be opened first.
    session.type_text("3:add a layer");
    session.press(&[KeyCode::Enter]);
    assert!(session.shows("add _"), "{}", session.text());
    session.press(&[KeyCode::Esc]);
    session.type_text(":work out");
    session.press(&[KeyCode::Enter]);
    assert!(session.shows(" Samples ─"), "{}", session.text());
    // What cannot be done says why.
    session.type_text(":save trained model");
    session.press(&[KeyCode::Enter]);
    assert!(
        session.shows("there is no trained model yet"),
        "{}",
        session.text()
    );
    session.type_text(":no such thing");
    assert!(
        session.shows("nothing is called that"),
        "{}",
        session.text()
    );
    session.press(&[KeyCode::Enter]);
}

#[test]
fn the_helps_search_finds_the_actions_of_all_screens_in_both_spellings() {
    let mut session = Session::with_data(80, 24);
    for words in ["optimiser", "optimizer"] {
        session.type_text("2?/");
        session.type_text(words);
        assert!(session.shows("Design: "), "{}", session.text());
        session.press(&[KeyCode::Esc]);
    }
    session.type_text("?/optimizer");
    insta::assert_snapshot!("help-search-80x24", session.text());
}

#[test]
fn footer_tabs_and_lists_can_be_clicked() {
    let mut session = Session::with_data(80, 24);
    session.click("? help");
    assert!(session.shows("Keys: Design"), "{}", session.text());
    session.click("Esc close");
    assert!(!session.shows("Keys: Design"), "{}", session.text());
    session.click("? help");
    session.click("2 Train");
    assert!(session.shows("No run yet"), "{}", session.text());
    session.type_text(":lessons");
    session.click("H  lessons");
    assert!(session.shows("Enter begins"), "{}", session.text());
    session.press(&[KeyCode::Esc]);
    session.click("q quit");
    assert_eq!(session.effects.last(), Some(&Effect::Quit));
}

#[test]
fn a_field_has_a_cursor_words_and_undo_and_a_missing_folder_is_made() {
    let mut session = Session::with_data(80, 24);
    train_tiny(&mut session);
    session.report(epochs(1).into_iter().chain([done(1)]));
    session.type_text("s");
    session.press(&[KeyCode::Home]);
    session.type_text("new/");
    assert!(session.shows("new/tiny.safetensors"), "{}", session.text());
    session.feed([ctrl('w'), ctrl('z')]);
    session.press(&[KeyCode::Enter]);
    let Some(Effect::Work(Job::SaveModel {
        path, validated, ..
    })) = session.effects.last().cloned()
    else {
        panic!("{:?}", session.effects.last());
    };
    assert_eq!(path.to_str(), Some("new/tiny.safetensors"));
    let validated = Some(validated);
    session.feed([Message::Answer(Answer::FolderMissing { path, validated })]);
    assert!(
        session.shows("There is no folder new."),
        "{}",
        session.text()
    );
    session.type_text("y");
    assert!(matches!(
        session.effects.last(),
        Some(Effect::Work(Job::SaveModel { leave, .. })) if leave.make_folder
    ));
    // In a form the arrows step a number until it is edited.
    session.type_text("1h");
    while !session.shows("▌ learning rate") {
        session.press(&[KeyCode::Down]);
    }
    session.type_text("0.05");
    session.press(&[
        KeyCode::Left,
        KeyCode::Left,
        KeyCode::Backspace,
        KeyCode::Char('2'),
    ]);
    session.feed([ctrl('z')]);
    session.type_text(".");
    assert!(session.shows("0.05"), "{}", session.text());
}
