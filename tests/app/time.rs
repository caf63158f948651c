//! Time travel: all screens show the same epoch of the past.

use crate::{Session, dataset, done, epochs, key, metrics, train_tiny, validated};
use crossterm::event::{
    Event as TerminalEvent, KeyCode, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use fmnist_tui::runs::History;
use fmnist_tui::train::Event;
use fmnist_tui::tui::effect::{Effect, Job};
use fmnist_tui::tui::message::{Answer, FoundHistory, Message};
use std::sync::Arc;
use std::time::Instant;

/// A session in which so many epochs are done.
fn after(epoch_count: usize, (width, height): (u16, u16)) -> Session {
    let mut session = Session::with_data(width, height);
    train_tiny(&mut session);
    session.report(epochs(epoch_count));
    session
}

fn mouse(kind: MouseEventKind, column: u16, row: u16) -> Message {
    let event = MouseEvent {
        kind,
        column,
        row,
        modifiers: KeyModifiers::NONE,
    };
    Message::Terminal(TerminalEvent::Mouse(event), Instant::now())
}

/// The row of the slider, and its text.
fn slider(session: &Session) -> Option<(u16, String)> {
    let text = session.text();
    let mut lines = text.lines().enumerate();
    let (row, line) = lines.find(|(_, line)| line.contains('●') && line.contains('▶'))?;
    Some((row as u16, line.to_owned()))
}

#[test]
fn a_key_takes_all_screens_back_and_another_returns_to_now() {
    let mut session = after(5, (80, 24));
    for (screen, name) in [('2', "train"), ('3', "confusion"), ('4', "samples")] {
        session.press(&[KeyCode::Char(screen)]);
        session.type_text("<<");
        insta::assert_snapshot!(format!("time-{name}-80x24"), session.text());
        assert!(session.shows("epoch 3/5"), "{}", session.text());
        session.press(&[KeyCode::Esc]);
        assert_eq!(slider(&session), None, "{}", session.text());
    }
    session.type_text("<");
    session.press(&[KeyCode::Char('3')]);
    assert!(session.shows("tiny, epoch 4"), "{}", session.text());
    session.type_text(">");
    assert!(session.shows("epoch 5/5"), "{}", session.text());
    session.type_text(">");
    assert_eq!(slider(&session), None);
    session.type_text(">");
    assert!(session.shows("this is the newest epoch"));
    session.type_text("<<<<<");
    assert!(session.shows("this is the first epoch"));
}

#[test]
fn the_dashboard_travels_as_one() {
    let mut session = after(5, (120, 36));
    session.press(&[KeyCode::Char('4')]);
    session.type_text("<");
    insta::assert_snapshot!("time-120x36", session.text());
}

#[test]
fn an_epoch_that_ends_meanwhile_leaves_the_one_that_is_shown() {
    let mut session = after(3, (80, 24));
    session.press(&[KeyCode::Char('3')]);
    session.type_text("<");
    assert!(session.shows("epoch 2/3"), "{}", session.text());
    let events = epochs(4).split_off(1 + 3 * 22);
    session.report(events.into_iter().chain([done(4)]));
    assert!(session.shows("epoch 2/4"), "{}", session.text());
    // A new run has no past.
    session.type_text("t");
    assert_eq!(slider(&session), None, "{}", session.text());
}

#[test]
fn the_crosshair_on_train_is_the_place_in_time() {
    let mut session = after(5, (80, 24));
    session.press(&[KeyCode::Char('2'), KeyCode::Left, KeyCode::Left]);
    assert!(session.shows("epoch 4/5"), "{}", session.text());
    assert!(session.shows("Esc hides this"), "{}", session.text());
    session.type_text("<");
    assert!(session.shows("epoch 3/5"), "{}", session.text());
    session.press(&[KeyCode::Esc]);
    assert_eq!(slider(&session), None);
    assert!(!session.shows("Esc hides this"), "{}", session.text());
}

#[test]
fn the_slider_is_clicked_drawn_and_turned() {
    let mut session = after(5, (80, 24));
    session.press(&[KeyCode::Char('3')]);
    session.type_text("<");
    let (row, line) = slider(&session).unwrap();
    let column = |sign: char| line.chars().position(|it| it == sign).unwrap() as u16;
    let left = MouseEventKind::Down(MouseButton::Left);
    session.feed([mouse(left, column('◀'), row)]);
    assert!(session.shows("epoch 3/5"), "{}", session.text());
    session.feed([mouse(left, column('▶'), row)]);
    assert!(session.shows("epoch 4/5"), "{}", session.text());
    let first = column('━');
    session.feed([
        mouse(left, first, row),
        mouse(MouseEventKind::Drag(MouseButton::Left), 79, 3),
    ]);
    assert!(session.shows("epoch 5/5"), "{}", session.text());
    session.feed([mouse(MouseEventKind::Drag(MouseButton::Left), first, 3)]);
    assert!(session.shows("epoch 1/5"), "{}", session.text());
    session.feed([
        mouse(MouseEventKind::Up(MouseButton::Left), first, 3),
        mouse(MouseEventKind::Drag(MouseButton::Left), 79, 3),
        mouse(MouseEventKind::ScrollDown, 20, row),
    ]);
    assert!(session.shows("epoch 2/5"), "{}", session.text());
}

#[test]
fn images_are_filtered_by_their_stories() {
    let mut session = after(5, (80, 24));
    session.press(&[KeyCode::Char('4')]);
    for (name, count) in [
        ("learnt late: ", true),
        ("learnt, then forgotten: ", true),
        ("never right: ", true),
        ("always right: ", true),
    ] {
        session.type_text("S");
        assert_eq!(session.shows(name), count, "{}", session.text());
    }
    // What is seen inside is of the weights as they are now.
    session.type_text("<v");
    assert!(
        session.shows("the weights are those of now"),
        "{}",
        session.text()
    );
}

/// A history of the sample set's validation images in which more and more are right.
fn history(epochs: usize) -> History {
    let mut history = History::new(10, &dataset().validation.labels);
    for epoch in 1..=epochs {
        history.add(epoch, &validated(2 + epoch).evaluation);
    }
    history
}

#[test]
fn a_run_that_is_loaded_brings_its_history() {
    let mut session = Session::with_data(80, 24);
    session.type_text("<");
    assert!(session.shows("there is no history"), "{}", session.text());
    let mut best = fmnist_tui::train::Validated::clone(&validated(6));
    best.snapshot.info.metrics = serde_json::to_value(metrics(4)).unwrap();
    session.feed([Message::Answer(Answer::ModelLoaded {
        how: None,
        path: "runs/a/best.safetensors".into(),
        validated: Arc::new(best),
    })]);
    let read = Job::ReadHistory {
        folder: "runs/a".into(),
        epochs: None,
        run: None,
    };
    assert_eq!(session.effects.last(), Some(&Effect::Work(read)));
    let found = |folder: &str| {
        Message::Answer(Answer::History {
            folder: folder.into(),
            run: None,
            outcome: Ok(Some(FoundHistory {
                history: history(6),
                images: Arc::clone(&dataset().validation),
            })),
        })
    };
    // That of a run that was loaded before comes too late.
    session.feed([found("runs/b"), key(KeyCode::Char('<'))]);
    assert_eq!(slider(&session), None);
    session.feed([found("runs/a")]);
    session.type_text("3<");
    assert!(session.shows("epoch 3/6"), "{}", session.text());
    session.type_text(">>>");
    assert!(session.shows("epoch 6/6"), "{}", session.text());
    // Where it cannot be read, it is said.
    session.feed([Message::Answer(Answer::History {
        folder: "runs/a".into(),
        run: None,
        outcome: Err("runs/a/history.bin: record 2".into()),
    })]);
    assert!(
        session.shows("runs/a/history.bin: record 2"),
        "{}",
        session.text()
    );
}

#[test]
fn a_run_that_goes_on_has_the_history_of_its_folder() {
    let mut session = after(2, (80, 24));
    let Event::Done(mut stopped) = done(2) else {
        panic!("the end of a run");
    };
    stopped.stopped_early = true;
    session.report([Event::Done(stopped)]);
    session.type_text("2 ");
    let asked = session
        .effects
        .iter()
        .rev()
        .find_map(|effect| match effect {
            Effect::Work(Job::ReadHistory { run, .. }) => *run,
            _ => None,
        });
    assert_eq!(asked, Some(session.app.last_run()));
    let Event::Started(mut start) = crate::started(10) else {
        panic!("the first words of a run");
    };
    start.resumed = Some(fmnist_tui::train::Resumed {
        epochs: vec![metrics(1), metrics(2)],
        batch: 0,
    });
    let third = epochs(3).split_off(1 + 2 * 22);
    session.report(std::iter::once(Event::Started(start)).chain(third));
    session.feed([Message::Answer(Answer::History {
        folder: "runs/20260101-120000-tiny".into(),
        run: asked,
        outcome: Ok(Some(FoundHistory {
            history: history(2),
            images: Arc::clone(&dataset().validation),
        })),
    })]);
    session.type_text("3<<");
    assert!(session.shows("epoch 1/3"), "{}", session.text());
}
