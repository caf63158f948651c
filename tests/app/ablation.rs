//! The ladder on the Design screen: choosing parts, training in the background, results.

use crate::{Session, train_tiny};
use crossterm::event::KeyCode;
use fmnist_tui::insight::{Ablation, Rung};
use fmnist_tui::stats::{Difference, Spread};
use fmnist_tui::tui::effect::Effect;
use fmnist_tui::tui::message::{AblationNews, Answer, Message, RunsProgress};
use std::sync::Arc;

/// With the preset `tiny` and its ladder open.
fn opened(width: u16, height: u16) -> Session {
    let mut session = Session::with_data(width, height);
    session.type_text("otiny");
    session.press(&[KeyCode::Enter, KeyCode::Char('A')]);
    session
}

fn tell(session: &mut Session, news: AblationNews) {
    session.feed([Message::Answer(Answer::Ablation(news))]);
}

fn rung(key: &str, name: &str, changes: &[f64]) -> Rung {
    Rung {
        key: key.into(),
        name: name.into(),
        note: None,
        parameters: 9_000,
        multiply_adds: 300_000,
        difference: Difference::of_pairs(changes),
        done: changes.len(),
        diverged: 0,
        failed: 0,
    }
}

/// Three parts with results, one that diverged, one that is not trained yet.
fn ablation() -> Ablation {
    let mut diverged = rung("2", "2 BatchNorm", &[0.004]);
    diverged.diverged = 2;
    Ablation {
        whole: Spread::of(&[0.861, 0.864, 0.862]),
        seeds: 3,
        images: 5_000,
        rungs: vec![
            rung(
                "4",
                "4 Conv2d 16, 3×3, stride 2, padding 1",
                &[-0.041, -0.043, -0.0405],
            ),
            rung("Activation", "all 2 Activation", &[-0.02, 0.004, -0.011]),
            diverged,
            rung("schedule", "cosine rate", &[0.011, 0.012, 0.0105]),
            rung("7", "7 Flatten", &[]),
        ],
    }
}

fn progress(ended: usize) -> AblationNews {
    AblationNews::Progress(RunsProgress {
        ended,
        runs: 36,
        label: "without=4 seed=2".into(),
        share: ended as f64 / 36.0,
        seconds_left: Some(754.0),
    })
}

#[test]
fn parts_are_chosen_and_what_cannot_go_says_why() {
    for (width, height) in [(80, 24), (120, 36)] {
        let mut session = opened(width, height);
        session.press(&[KeyCode::Right, KeyCode::Down, KeyCode::Left, KeyCode::Down]);
        session.press(&[KeyCode::Char(' '), KeyCode::End]);
        insta::assert_snapshot!(format!("choosing-{width}x{height}"), session.text());
    }
    let mut session = opened(80, 24);
    for _ in 0..9 {
        session.press(&[KeyCode::Down]);
    }
    session.type_text(" ");
    assert!(
        session.shows("8 Dense 10 cannot be left out"),
        "{}",
        session.text()
    );
    session.type_text("m");
    assert!(session.shows("0 of 12 parts marked"), "{}", session.text());
    session.press(&[KeyCode::Enter]);
    assert!(session.shows("nothing is marked"), "{}", session.text());
    assert!(
        session
            .effects
            .iter()
            .all(|effect| !matches!(effect, Effect::StartAblation { .. }))
    );
}

#[test]
fn rows_are_drawn_around_zero_while_seeds_arrive() {
    for (width, height) in [(80, 24), (120, 36)] {
        let mut session = opened(width, height);
        session.press(&[KeyCode::Enter]);
        let Some(Effect::StartAblation { spec, parts, seeds }) = session.effects.last() else {
            panic!("{}", session.text());
        };
        assert_eq!((spec.epochs, parts.len(), *seeds), (10, 11, 3));
        tell(&mut session, progress(16));
        tell(&mut session, AblationNews::Found(Arc::new(ablation())));
        insta::assert_snapshot!(format!("under-way-{width}x{height}"), session.text());
        if width == 80 {
            session.type_text("A");
            insta::assert_snapshot!("closed-80x24", session.text());
            session.type_text("A");
        }
        let folder = "runs/ablation-tiny-1a2b3c4d".into();
        tell(
            &mut session,
            AblationNews::Ended {
                folder,
                done: 30,
                runs: 36,
            },
        );
        session.press(&[KeyCode::Down]);
        insta::assert_snapshot!(format!("ended-{width}x{height}"), session.text());
    }
}

#[test]
fn a_network_without_a_part_is_opened_and_undone() {
    let mut session = opened(80, 24);
    session.press(&[KeyCode::Enter]);
    tell(&mut session, AblationNews::Found(Arc::new(ablation())));
    let layers = |session: &Session| session.app.shared.designed.spec.layers.len();
    assert_eq!(layers(&session), 8);
    session.press(&[KeyCode::Enter]);
    assert_eq!(layers(&session), 7, "{}", session.text());
    session.type_text("u");
    assert_eq!(layers(&session), 8);
    // It is still under way, whatever is on the screen.
    session.type_text("dA");
    assert!(
        session.shows("What each part of tiny (before its last edits) brings"),
        "{}",
        session.text()
    );
    session.type_text("x");
    assert_eq!(session.effects.last(), Some(&Effect::StopAblation));
    let folder = "runs/ablation-tiny-1a2b3c4d".into();
    tell(
        &mut session,
        AblationNews::Ended {
            folder,
            done: 3,
            runs: 36,
        },
    );
    session.type_text("e");
    assert!(
        session.shows("What does each part of tiny bring?"),
        "{}",
        session.text()
    );
    session.press(&[KeyCode::Enter]);
    assert!(matches!(
        session.effects.last(),
        Some(Effect::StartAblation { .. })
    ));
    tell(
        &mut session,
        AblationNews::Failed("runs: no space left".into()),
    );
    assert!(session.shows("no space left"), "{}", session.text());
    session.press(&[KeyCode::Esc, KeyCode::Esc]);
    assert!(
        session.shows("multiply-adds"),
        "the layers are back: {}",
        session.text()
    );
}

#[test]
fn one_training_at_a_time() {
    let mut session = opened(80, 24);
    session.press(&[KeyCode::Enter]);
    session.type_text("At");
    assert!(
        session.shows("An ablation is under way"),
        "{}",
        session.text()
    );
    session.type_text("q");
    assert!(
        session.shows("An ablation is under way; it is saved"),
        "{}",
        session.text()
    );
    let mut session = Session::with_data(80, 24);
    train_tiny(&mut session);
    session.type_text("1A");
    session.press(&[KeyCode::Enter]);
    assert!(session.shows("a run is under way"), "{}", session.text());
    assert!(matches!(session.effects.last(), Some(Effect::StartRun(_))));
}
