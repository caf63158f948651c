//! What a person sees first, and what comes back from the time before.

use crate::{Session, dataset, done, epochs};
use crossterm::event::KeyCode;
use fmnist_tui::spec::preset;
use fmnist_tui::train::EpochTime;
use fmnist_tui::tui::effect::{Effect, Job};
use fmnist_tui::tui::message::{Answer, Message};
use fmnist_tui::tui::theme::{Depth, Theme};

/// A session as the program begins one, in a folder without runs.
fn begun(width: u16, height: u16, theme: Theme) -> Session {
    let mut session = Session::with_theme(width, height, theme);
    session.app.keep_from(Ok(None));
    session.effects = session.app.welcome();
    session.feed([
        Message::Answer(Answer::DataReady {
            dataset: dataset(),
            looked_in: Vec::new(),
        }),
        Message::Answer(Answer::Runs(Vec::new())),
    ]);
    session
}

#[test]
fn the_start_screen() {
    for (width, height) in [(60, 16), (80, 24), (120, 36), (200, 60)] {
        let session = begun(width, height, Theme::default());
        insta::assert_snapshot!(format!("home-{width}x{height}"), session.text());
    }
    let plain = Theme {
        depth: Depth::None,
        ascii: true,
        ..Theme::default()
    };
    let session = begun(80, 24, plain);
    let text = session.text();
    assert!(text.is_ascii(), "{text}");
    assert!(text.contains("> 1  Your network"), "{text}");
}

#[test]
fn whoever_knows_a_key_need_not_look_at_the_start_screen() {
    let mut session = begun(80, 24, Theme::default());
    assert!(session.effects.contains(&Job::ScanRuns.into()));
    session.type_text("a");
    assert!(session.shows("Conv2d"), "{}", session.text());
    let mut session = begun(80, 24, Theme::default());
    session.type_text("otiny");
    session.press(&[KeyCode::Enter, KeyCode::Char('t')]);
    assert!(matches!(session.effects.last(), Some(Effect::StartRun(spec)) if spec.name == "tiny"));
    let mut session = begun(80, 24, Theme::default());
    session.press(&[KeyCode::Esc]);
    assert!(session.shows("20 layers"), "{}", session.text());
    let mut session = begun(80, 24, Theme::default());
    session.type_text("q");
    assert_eq!(session.effects.last(), Some(&Effect::Quit));
}

#[test]
fn the_start_screen_leads_everywhere_by_arrows_and_by_the_mouse() {
    let mut session = begun(80, 24, Theme::default());
    session.press(&[KeyCode::Down, KeyCode::Enter]);
    assert!(
        session.shows("no run in this folder yet"),
        "{}",
        session.text()
    );
    let mut session = begun(80, 24, Theme::default());
    session.click("A lesson");
    assert!(session.shows("Enter begins"), "{}", session.text());
    let mut session = begun(80, 24, Theme::default());
    session.click("My own data");
    session.type_text("pictures");
    session.press(&[KeyCode::Enter]);
    let asked = Job::OpenData("pictures".into());
    assert_eq!(session.effects.last(), Some(&Effect::Work(asked)));
    // What cannot be read changes nothing.
    session.feed([Message::Answer(Answer::DataRefused(
        "pictures: no such folder".into(),
    ))]);
    assert!(
        session.shows("pictures: no such folder"),
        "{}",
        session.text()
    );
    assert!(session.shows("sample 4000 + 1000"), "{}", session.text());
}

#[test]
fn the_edited_network_is_kept_and_leaving_asks_nothing() {
    let mut session = begun(80, 24, Theme::default());
    session.press(&[KeyCode::Esc, KeyCode::Delete, KeyCode::Char(' ')]);
    let kept = session
        .effects
        .iter()
        .rev()
        .find_map(|effect| match effect {
            Effect::KeepDesign(kept) => Some((**kept).clone()),
            _ => None,
        });
    let kept = kept.unwrap();
    assert_eq!(
        (kept.network.layers.len(), kept.off.as_slice()),
        (19, &[0][..])
    );
    session.type_text("q");
    assert_eq!(session.effects.last(), Some(&Effect::Quit));

    let mut session = Session::with_data(80, 24);
    session.app.keep_from(Ok(Some(kept)));
    session.feed([]);
    assert!(session.shows("edited"), "{}", session.text());
    assert!(session.shows("18 layers"), "{}", session.text());
    // A text that is not applied would be lost.
    session.type_text("e");
    session.type_text("x");
    session.feed([Message::Terminate]);
    let mut session = Session::with_data(80, 24);
    session
        .app
        .keep_from(Err("the network of last time cannot be read".into()));
    session.feed([]);
    assert!(session.shows("cannot be read"), "{}", session.text());
}

#[test]
fn a_training_tells_its_time_and_a_long_one_is_asked_about() {
    let timed = |name: &str, seconds: f64| {
        Message::Answer(Answer::EpochTime {
            spec: Box::new(preset(name).unwrap()),
            dataset: dataset(),
            time: EpochTime::Seconds(seconds),
        })
    };
    let mut session = Session::with_data(80, 24);
    session.feed([timed("bn-dropout", 27.0)]);
    session.type_text("t");
    assert!(
        session.shows("100 epochs take about 45 min"),
        "{}",
        session.text()
    );
    session.type_text("n");
    let starts = |effect: &Effect| matches!(effect, Effect::StartRun(_));
    assert!(!session.effects.iter().any(starts));
    session.type_text("ty");
    assert!(session.effects.iter().any(starts));
    session.report(epochs(1).into_iter().chain([done(1)]));

    let mut session = Session::with_data(80, 24);
    session.type_text("otiny");
    session.press(&[KeyCode::Enter]);
    session.feed([timed("tiny", 2.0)]);
    session.type_text("t");
    assert!(session.effects.iter().any(starts));
    assert!(session.shows("about 20.0 s in all"), "{}", session.text());
}
