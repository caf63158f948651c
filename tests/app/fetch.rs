//! Fetching the real data from within the app.

use crate::{Session, dataset, done, epochs, key, train_tiny, validated};
use crossterm::event::KeyCode;
use fmnist_tui::data::Origin;
use fmnist_tui::data::fetch::FetchEvent;
use fmnist_tui::tui::effect::{Effect, Job};
use fmnist_tui::tui::message::{Answer, FetchNews, Message};
use std::sync::Arc;
use std::time::Duration;

const FOLDER: &str = "home/fashion-mnist";

fn news(news: FetchNews) -> Message {
    Message::Answer(Answer::Fetch(news))
}

fn event(event: FetchEvent) -> Message {
    news(FetchNews::Event(event))
}

fn finished() -> Message {
    news(FetchNews::Done(FOLDER.into()))
}

/// A fetch that is in the middle of its third file.
fn under_way() -> Session {
    let mut session = Session::with_data(80, 24);
    session.press(&[KeyCode::Char('D'), KeyCode::Enter]);
    for file in [0, 1] {
        let already = file == 1;
        session.feed([event(FetchEvent::Done { file, already })]);
    }
    session.feed([event(FetchEvent::Progress {
        file: 2,
        bytes: 2_211_051,
        bytes_per_second: 500_000.0,
    })]);
    session
}

/// The fetched data, as it is when it is read.
fn ready() -> Message {
    let mut real = (*dataset()).clone();
    real.name = "fashion-mnist".into();
    real.origin = Origin::Folder(FOLDER.into());
    Message::Answer(Answer::DataReady {
        dataset: Arc::new(real),
        looked_in: Vec::new(),
    })
}

#[test]
fn nothing_is_fetched_before_it_is_asked_for() {
    let mut session = Session::with_data(80, 24);
    session.press(&[KeyCode::Char('D')]);
    insta::assert_snapshot!("fetch-asked-80x24", session.text());
    session.press(&[KeyCode::Esc]);
    assert!(session.effects.is_empty(), "{:?}", session.effects);
    assert!(!session.shows("Fetch Fashion-MNIST"));
}

#[test]
fn a_bar_per_file_shows_how_far_it_is() {
    let mut session = under_way();
    assert_eq!(session.effects, [Effect::StartFetch]);
    insta::assert_snapshot!("fetch-running-80x24", session.text());
    session.feed([event(FetchEvent::Retrying {
        file: 2,
        reason: "https://example.org/t10k-images-idx3-ubyte.gz: the server was silent for 20 s"
            .into(),
        wait: Duration::from_secs(1),
    })]);
    insta::assert_snapshot!("fetch-trouble-80x24", session.text());
}

#[test]
fn it_goes_on_in_the_background() {
    let mut session = under_way();
    session.press(&[KeyCode::Esc]);
    assert!(!session.shows("Fetch Fashion-MNIST"));
    assert!(session.shows("fetching 93 %"), "{}", session.text());
    // Once is enough.
    session.press(&[KeyCode::Char('D'), KeyCode::Enter]);
    assert_eq!(session.effects, [Effect::StartFetch]);
}

#[test]
fn it_can_be_stopped_and_taken_up_again() {
    let mut session = under_way();
    session.press(&[KeyCode::Char('x')]);
    assert_eq!(session.effects, [Effect::StartFetch, Effect::StopFetch]);
    session.feed([news(FetchNews::Stopped)]);
    assert!(
        session.shows("the next fetch goes on from there"),
        "{}",
        session.text()
    );
    session.press(&[KeyCode::Enter]);
    assert_eq!(session.effects.last(), Some(&Effect::StartFetch));
}

#[test]
fn a_failure_stays_on_the_screen() {
    let mut session = under_way();
    session.press(&[KeyCode::Esc]);
    session.feed([news(FetchNews::Failed(
        "train-images-idx3-ubyte.gz: no network".into(),
    ))]);
    assert!(
        session.shows("train-images-idx3-ubyte.gz: no network"),
        "{}",
        session.text()
    );
    assert!(!session.shows("fetching 93 %"), "{}", session.text());
}

#[test]
fn the_real_data_takes_the_place_of_the_sample_set() {
    let mut session = Session::with_data(120, 36);
    train_tiny(&mut session);
    session.report(epochs(3).into_iter().chain([done(3)]));
    session.press(&[KeyCode::Char('D'), KeyCode::Enter]);
    session.effects.clear();
    session.feed([finished()]);
    assert_eq!(
        session.effects,
        [Effect::Work(Job::LoadData(Some(FOLDER.into())))]
    );
    // Until it is read nothing can be started, on every screen.
    for screen in "12345".chars() {
        session.press(&[KeyCode::Char(screen), KeyCode::Char('t')]);
    }
    assert!(
        session.shows("the data is not there yet"),
        "{}",
        session.text()
    );
    // A model that was on its way still comes with what it said of the sample images.
    session.feed([Message::Answer(Answer::ModelLoaded {
        how: None,
        path: "best.safetensors".into(),
        validated: validated(7),
    })]);
    session.feed([ready()]);
    assert!(
        session.shows("fashion-mnist is ready"),
        "{}",
        session.text()
    );
    assert!(!session.shows("sample set"), "{}", session.text());
    // What the model said of other images is gone.
    assert!(session.app.shared.view.is_none());
}

#[test]
fn a_run_keeps_the_data_it_began_with() {
    let mut session = Session::with_data(80, 24);
    train_tiny(&mut session);
    session.press(&[KeyCode::Char('D'), KeyCode::Enter]);
    session.effects.clear();
    session.feed([finished()]);
    assert!(session.effects.is_empty(), "{:?}", session.effects);
    assert!(session.shows("when the run is over"), "{}", session.text());
}

#[test]
fn data_of_the_users_own_stays() {
    let mut session = Session::new(80, 24);
    session.feed([
        ready(),
        key(KeyCode::Char('D')),
        key(KeyCode::Enter),
        finished(),
    ]);
    assert_eq!(session.effects, [Effect::StartFetch]);
    assert!(session.shows(FOLDER), "{}", session.text());
}
