//! What stopped people who tried the app without its manual.

use crate::{Session, ctrl, done, epochs, started, train_tiny, validated};
use crossterm::event::KeyCode;
use fmnist_tui::runs::{Label, PastRun};
use fmnist_tui::train::{Event, Resumed};
use fmnist_tui::tui::effect::{Effect, Job};
use fmnist_tui::tui::message::{Answer, Message};
use fmnist_tui::tui::theme::{Depth, Palette, Theme};
use ratatui::style::Color;
use std::path::Path;
use std::sync::Arc;

/// A run of `tiny` with an epoch, as it is read from a folder.
fn run_in(folder: &Path) -> Arc<PastRun> {
    std::fs::create_dir_all(folder).unwrap();
    let spec = fmnist_tui::spec::preset("tiny").unwrap();
    std::fs::write(folder.join("spec.json"), spec.to_json()).unwrap();
    let line = serde_json::to_string(&crate::metrics(1)).unwrap() + "\n";
    std::fs::write(folder.join("metrics.jsonl"), line).unwrap();
    Arc::new(PastRun::read(folder))
}

#[test]
fn learning_rate_optimiser_and_epochs_are_found_and_what_is_out_of_view_is_counted() {
    let mut session = Session::with_data(80, 24);
    assert!(session.shows("h lr, epochs"), "{}", session.text());
    assert!(session.shows("t train"), "{}", session.text());
    session.type_text("h");
    let text = session.text();
    let at = |words: &str| {
        text.find(words)
            .unwrap_or_else(|| panic!("{words}: {text}"))
    };
    assert!(at("learning rate") < at("optimiser"), "{text}");
    assert!(
        at("optimiser") < at("epochs") && at("epochs") < at("seed"),
        "{text}"
    );
    assert!(text.contains("▾") && text.contains(" more"), "{text}");
    session.press(&[KeyCode::Up]);
    let text = session.text();
    assert!(text.contains("▴") && text.contains("width"), "{text}");
}

#[test]
fn a_changed_preset_is_called_by_what_differs_everywhere() {
    let mut session = Session::with_data(80, 24);
    session.type_text("otiny");
    session.press(&[
        KeyCode::Enter,
        KeyCode::Char('h'),
        KeyCode::Right,
        KeyCode::Enter,
    ]);
    assert!(session.shows("tiny, lr 0.0"), "{}", session.text());
    session.type_text("t");
    assert!(session.shows("training tiny, lr 0.0"), "{}", session.text());
    session.report(epochs(2).into_iter().chain([done(2)]));
    session.type_text("r");
    let Event::Started(mut start) = started(10) else {
        panic!("a start");
    };
    start.folder = Some("runs/20260101-130000-tiny-lr-0.0056".into());
    session.report([Event::Started(start)]);
    session.type_text("c");
    assert!(session.shows("tiny, lr 0.0"), "{}", session.text());
    assert!(session.shows(", seed 1"), "{}", session.text());
}

#[test]
fn a_run_is_given_a_name_and_a_note_that_are_shown_wherever_it_is() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("20260101-120000-tiny");
    let mut session = Session::with_data(80, 24);
    session.feed([Message::Answer(Answer::Runs(vec![run_in(&folder)]))]);
    session.type_text("5e");
    assert!(
        session.shows("Without a name: 20260101-120000-tiny"),
        "{}",
        session.text()
    );
    session.type_text("für Zoë 靴");
    session.press(&[KeyCode::Tab]);
    session.type_text("q is typed, too");
    session.press(&[KeyCode::Enter]);
    let Some(Effect::Work(Job::WriteLabel {
        folder: kept,
        label,
    })) = session.effects.last()
    else {
        panic!("{:?}", session.effects);
    };
    assert_eq!(kept, &folder);
    assert_eq!(label, &Label::new("für Zoë 靴", "q is typed, too"));
    fmnist_tui::runs::write_label(kept, label).unwrap();
    session.feed([Message::Answer(Answer::Runs(vec![Arc::new(
        PastRun::read(&folder),
    )]))]);
    for words in ["für Zoë", "q is typed, too", "20260101-120000-tiny"] {
        assert!(session.shows(words), "{words}: {}", session.text());
    }
    session.type_text("2c");
    assert!(session.shows("für Zoë"), "{}", session.text());
    // What is there is kept by Esc, and taken away where it is emptied.
    session.press(&[KeyCode::Esc]);
    session.type_text("5exyz");
    let asked = session.effects.len();
    session.press(&[KeyCode::Esc]);
    assert_eq!(session.effects.len(), asked);
    session.type_text("e");
    session.feed([ctrl('u')]);
    session.press(&[KeyCode::Tab]);
    session.feed([ctrl('u')]);
    session.press(&[KeyCode::Enter]);
    assert!(matches!(
        session.effects.last(),
        Some(Effect::Work(Job::WriteLabel { label, .. })) if *label == Label::default()
    ));
}

#[test]
fn a_continued_run_is_not_listed_beside_itself() {
    let mut session = Session::with_data(80, 24);
    train_tiny(&mut session);
    session.report(epochs(2).into_iter().chain([done(2)]));
    let folder = "runs/20260101-120000-tiny";
    // The same folder again: it is gone on with.
    session.type_text("r");
    let Event::Started(start) = started(10) else {
        panic!("a start");
    };
    let resumed = |epochs: usize| Resumed {
        epochs: (1..=epochs).map(crate::metrics).collect(),
        batch: 0,
    };
    let mut again = start.clone();
    again.folder = Some(folder.into());
    again.resumed = Some(resumed(2));
    session.report([Event::Started(again)]);
    session.type_text("c");
    assert!(
        session.shows("no other run yet") || session.shows("reading runs/"),
        "{}",
        session.text()
    );
}

#[test]
fn undoing_an_open_leaves_an_untouched_preset_untouched() {
    let mut session = Session::with_data(80, 24);
    session.type_text("otiny");
    session.press(&[KeyCode::Enter]);
    session.type_text("u");
    assert!(
        session.shows("bn-dropout") && !session.shows("edited"),
        "{}",
        session.text()
    );
    session.feed([ctrl('r')]);
    assert!(
        session.shows("tiny") && !session.shows("edited"),
        "{}",
        session.text()
    );
    session.type_text("d");
    assert!(session.shows("edited"), "{}", session.text());
    session.type_text("u");
    assert!(!session.shows("edited"), "{}", session.text());
    session.type_text("q");
    assert_eq!(session.effects.last(), Some(&Effect::Quit));
}

#[test]
fn a_model_is_not_loaded_over_edits_without_a_question() {
    let loaded = || {
        Message::Answer(Answer::ModelLoaded {
            path: "runs/x/best.safetensors".into(),
            validated: validated(7),
            how: None,
        })
    };
    let mut session = Session::with_data(80, 24);
    session.feed([loaded()]);
    assert!(
        !session.shows("Sure?") && session.shows("tiny"),
        "{}",
        session.text()
    );
    session.press(&[KeyCode::Char('g'), KeyCode::Char('d')]);
    session.feed([loaded()]);
    assert!(session.shows("Put tiny in its place"), "{}", session.text());
    session.type_text("n");
    assert!(session.shows("edited"), "{}", session.text());
    session.feed([loaded()]);
    session.type_text("y");
    assert!(!session.shows("edited"), "{}", session.text());
}

#[test]
fn themes_say_what_is_so_and_a_light_one_brings_its_paper() {
    let colourless = Theme {
        depth: Depth::None,
        ..Theme::default()
    };
    let mut session = Session::with_theme(80, 24, colourless);
    session.type_text("T");
    assert!(
        session.shows("no colours here (NO_COLOR), so no themes"),
        "{}",
        session.text()
    );
    let mut session = Session::with_data(80, 24);
    let own = |session: &Session| {
        let cells = &session.terminal.backend().buffer().content;
        cells.iter().filter(|cell| cell.bg == Color::Reset).count()
    };
    assert!(own(&session) > 1000);
    session.type_text("T");
    assert_eq!(session.app.shared.theme.palette, Palette::Light);
    assert_eq!(own(&session), 0);
}
