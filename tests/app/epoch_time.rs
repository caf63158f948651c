//! How long an epoch of the designed network would take, as the app shows it.

use crate::{Session, dataset, done, epochs, train_tiny};
use crossterm::event::KeyCode;
use fmnist_tui::spec::{CheckedSpec, preset};
use fmnist_tui::train::EpochTime;
use fmnist_tui::tui::message::{Answer, Message};

fn answer(spec: CheckedSpec, time: EpochTime) -> [Message; 1] {
    let spec = Box::new(spec);
    let dataset = dataset();
    [Message::Answer(Answer::EpochTime {
        spec,
        dataset,
        time,
    })]
}

#[test]
fn the_network_that_is_opened_or_edited_is_timed_and_its_time_shown() {
    for (width, height) in [(60, 16), (80, 24), (120, 36)] {
        let mut session = Session::with_data(width, height);
        let first = session.timed.pop().unwrap();
        assert_eq!(first.name, "bn-dropout");
        session.type_text("otiny");
        session.press(&[KeyCode::Enter]);
        assert_eq!(session.timed.pop().unwrap().name, "tiny");
        // The answer for the one before comes late.
        session.feed(answer(first, EpochTime::Seconds(99.0)));
        assert!(!session.shows("an epoch"), "{}", session.text());
        session.feed(answer(preset("tiny").unwrap(), EpochTime::Seconds(21.3)));
        let shown = "8 layers · ≈ 21 s an epoch";
        assert!(session.shows(shown), "{}", session.text());
        session.press(&[KeyCode::Down, KeyCode::Delete]);
        assert!(!session.shows("an epoch"), "{}", session.text());
        assert_eq!(session.timed.pop().unwrap().layers.len(), 7);
        session.type_text("u");
        assert!(session.shows(shown), "{}", session.text());
        assert!(session.timed.is_empty());
        // Without the layer that flattens it the network is not valid.
        session.press(&[
            KeyCode::Char('G'),
            KeyCode::Up,
            KeyCode::Up,
            KeyCode::Delete,
        ]);
        assert!(session.timed.is_empty() && !session.shows("an epoch"));
    }
}

#[test]
fn during_a_run_nothing_is_timed() {
    let mut session = Session::with_data(80, 24);
    train_tiny(&mut session);
    session.report(epochs(1));
    session.timed.clear();
    session.press(&[KeyCode::Char('1'), KeyCode::Down, KeyCode::Delete]);
    assert!(session.timed.is_empty());
    assert!(
        session.shows("7 layers · not timed during a run"),
        "{}",
        session.text()
    );
    session.report([done(1)]);
    let spec = session.timed.pop().unwrap();
    session.feed(answer(spec, EpochTime::TooLarge));
    assert!(
        session.shows("too large to time in passing"),
        "{}",
        session.text()
    );
}
