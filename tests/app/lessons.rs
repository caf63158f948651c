//! Lessons: played step by step, beside screens that stay usable, and nothing of the user's is lost.

use crate::{Session, done, epochs};
use crossterm::event::KeyCode;
use fmnist_tui::explain::lesson::{Lesson, Places};
use fmnist_tui::tui::effect::Effect;
use fmnist_tui::tui::message::Message;

const LESSON: &str = "\
title: Short
minutes: 1
images: 500

say: A network is opened.
open: tiny

ask: Better than guessing?
choices: no | yes
answer: b
press: j t
wait: trained
keep: first = val_accuracy
expect: val_accuracy > chance
expect: val_accuracy < 0.5
notice: It has {val_accuracy}.
";

/// A session in which the lesson has begun.
fn learning(width: u16, height: u16, prepare: impl Fn(&mut Session)) -> Session {
    let mut session = Session::with_data(width, height);
    prepare(&mut session);
    let places = Places {
        screens: &[],
        folder: None,
    };
    let lesson = Lesson::parse("short", LESSON, &places).unwrap();
    session.app.learn(Some(lesson));
    session.press(&[KeyCode::Null]);
    session
}

fn beats(session: &mut Session, count: usize) {
    session.feed((0..count).map(|_| Message::Beat));
}

#[test]
fn a_lesson_goes_from_prediction_to_checked_claims() {
    let mut session = learning(80, 24, |_| {});
    insta::assert_snapshot!("lesson-say", session.text());
    session.type_text(".");
    assert!(
        session.shows("a) no") && session.shows("b) yes"),
        "{}",
        session.text()
    );
    session.type_text("a");
    assert!(session.shows("pressed for you"), "{}", session.text());
    // While keys are pressed for the reader, his own wait.
    session.type_text("d");
    beats(&mut session, 3);
    let started = |effect: &Effect| matches!(effect, Effect::StartRun(spec) if spec.name == "tiny");
    assert_eq!(
        session
            .effects
            .iter()
            .filter(|effect| started(effect))
            .count(),
        1
    );
    assert!(session.shows("it trains: 0 of 10"), "{}", session.text());
    session.report(epochs(3).into_iter().chain([done(3)]));
    insta::assert_snapshot!("lesson-notice", session.text());
    session.type_text(".");
    assert!(session.shows("1 of 2 claims held"), "{}", session.text());
    session.type_text(".");
    assert!(session.shows("your own network is back") && !session.shows("Short, step"));
}

#[test]
fn the_network_and_the_data_come_back_as_they_were() {
    let mut session = learning(80, 24, |session| session.type_text("dd"));
    let uses = |session: &Session| {
        let used = session.effects.iter().filter_map(|effect| match effect {
            Effect::UseData(dataset) => Some(dataset.train.len()),
            _ => None,
        });
        used.collect::<Vec<usize>>()
    };
    assert_eq!(uses(&session), [500]);
    assert!(
        session.shows("tiny") && !session.shows("edited"),
        "{}",
        session.text()
    );
    // Keys keep their meaning: a layer of the lesson's network goes, and text is typed.
    session.type_text("d");
    assert!(session.shows("deleted Conv2d 8"), "{}", session.text());
    session.type_text("oa.b");
    assert!(session.shows("a.b"), "{}", session.text());
    session.press(&[KeyCode::Esc]);
    session.press(&[KeyCode::Esc]);
    assert!(session.shows("Leave the lesson?"), "{}", session.text());
    session.type_text("y");
    assert!(
        session.shows("bn-dropout") && session.shows("edited"),
        "{}",
        session.text()
    );
    assert_eq!(uses(&session), [500, 4000]);
    // The history is still there, too.
    session.type_text("u");
    assert!(session.shows("undone"), "{}", session.text());
}

#[test]
fn lessons_are_chosen_from_a_list_and_not_during_a_run() {
    let mut session = Session::with_data(80, 24);
    session.type_text("H");
    insta::assert_snapshot!("lesson-list", session.text());
    session.press(&[KeyCode::Down, KeyCode::Enter]);
    assert!(
        session.shows("What convolution sees, step 1 of"),
        "{}",
        session.text()
    );
    session.type_text("Hyt");
    session.report(epochs(1));
    session.type_text("H");
    session.press(&[KeyCode::Enter]);
    assert!(session.shows("a run is under way"), "{}", session.text());
}

#[test]
fn a_lesson_fits_every_terminal() {
    for (width, height) in [(60, 16), (80, 24), (120, 36), (200, 60)] {
        let mut session = learning(width, height, |_| {});
        assert!(session.shows("Short, step 1 of 2"), "{}", session.text());
        session.type_text(".");
        assert!(
            session.shows("b) yes"),
            "{width}×{height}\n{}",
            session.text()
        );
    }
}
