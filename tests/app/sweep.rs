//! A sweep on the Design screen: settings, training in the background, table, curves, and what mattered.

use crate::{Session, metrics};
use crossterm::event::KeyCode;
use fmnist_tui::insight::{Effects, Level, Overview, Setting};
use fmnist_tui::stats::{Difference, Spread};
use fmnist_tui::sweep::{Group, Halving};
use fmnist_tui::tui::effect::Effect;
use fmnist_tui::tui::message::{Answer, Message, RunsProgress, SweepNews};
use std::sync::Arc;

/// With the preset `tiny` and a sweep of it to be set up.
fn opened(width: u16, height: u16) -> Session {
    let mut session = Session::with_data(width, height);
    session.type_text("otiny");
    session.press(&[KeyCode::Enter, KeyCode::Char('W')]);
    session
}

fn tell(session: &mut Session, news: SweepNews) {
    session.feed([Message::Answer(Answer::Sweep(news))]);
}

fn group(rate: &str, dropout: &str, add: f64, epochs: usize) -> Group {
    let curve: Vec<(usize, Spread)> = (1..=epochs)
        .map(|epoch| {
            let accuracy = metrics(epoch).validation_accuracy + add;
            let spread = Spread::of(&[accuracy - 0.006, accuracy, accuracy + 0.005]);
            (epoch, spread.unwrap())
        })
        .collect();
    let is_done = epochs == 10;
    let last = curve.last().map(|(_, spread)| *spread).filter(|_| is_done);
    Group {
        values: vec![rate.into(), dropout.into()],
        seeds: 3,
        done: if is_done { 3 } else { 0 },
        diverged: 0,
        failed: 0,
        pruned: if (1..10).contains(&epochs) { 3 } else { 0 },
        curve,
        last,
        best: last,
        test: None,
    }
}

fn level(value: &str, accuracies: &[f64], differences: &[f64]) -> Level {
    Level {
        value: value.into(),
        accuracy: Spread::of(accuracies).unwrap(),
        difference: Difference::of_pairs(differences),
    }
}

fn overview() -> Overview {
    let effects = Effects {
        settings: vec![
            Setting {
                key: "learning_rate".into(),
                levels: vec![
                    level("0.001", &[0.84, 0.85, 0.845], &[-0.03, -0.033, -0.028]),
                    level("0.003", &[0.87, 0.88, 0.875], &[0.03, 0.033, 0.028]),
                ],
                span: Difference::of_pairs(&[0.03, 0.033, 0.028]),
            },
            Setting {
                key: "dropout".into(),
                levels: vec![
                    level("0.1", &[0.86, 0.87, 0.865], &[0.002, -0.004, 0.003]),
                    level("0.3", &[0.86, 0.865, 0.868], &[-0.002, 0.004, -0.003]),
                ],
                span: Difference::of_pairs(&[0.002, -0.004, 0.003]),
            },
        ],
        epoch: None,
        runs: 12,
        is_paired: true,
    };
    let halving = Halving { factor: 2 };
    Overview {
        keys: vec!["learning_rate".into(), "dropout".into()],
        groups: vec![
            group("0.003", "0.1", 0.0, 10),
            group("0.003", "0.3", -0.02, 5),
            group("0.001", "0.1", -0.05, 2),
            group("0.001", "0.3", 0.0, 0),
        ],
        effects,
        rungs: halving.rungs(10, 4),
        epochs: 10,
        seeds: 3,
        images: 1000,
    }
}

#[test]
fn settings_are_typed_checked_and_completed() {
    for (width, height) in [(80, 24), (120, 36)] {
        let mut session = opened(width, height);
        session.press(&[KeyCode::Down]);
        session.type_text("layers.1.out");
        insta::assert_snapshot!(format!("sweep-form-{width}x{height}"), session.text());
        session.press(&[KeyCode::Tab]);
        assert!(
            session.shows("layers.1.out_channels="),
            "{}",
            session.text()
        );
        session.type_text("8,16");
        assert!(
            session.shows("6 combinations × 1 seed: 6 runs"),
            "{}",
            session.text()
        );
    }
    let mut session = opened(80, 24);
    // What was proposed is replaced by what is typed.
    session.type_text("learning_rat=1");
    assert!(
        session.shows("there is no field learning_rat"),
        "{}",
        session.text()
    );
    session.press(&[KeyCode::Enter]);
    let started = |session: &Session| {
        let effects = session.effects.iter();
        effects
            .filter(|it| matches!(it, Effect::StartSweep(_)))
            .count()
    };
    assert_eq!(started(&session), 0);
    session.feed([crate::ctrl('u')]);
    session.type_text("learning_rate 1e-4..1e-1:log");
    assert!(
        session.shows("choose how many trials"),
        "{}",
        session.text()
    );
    // Down to the trials: the empty line, seeds, epochs.
    session.press(&[KeyCode::Down; 4]);
    session.press(&[
        KeyCode::Right,
        KeyCode::Right,
        KeyCode::Down,
        KeyCode::Right,
        KeyCode::Right,
    ]);
    assert!(
        session.shows("One in 3 goes on: 10 to epoch 1, then 3 to epoch 3, then 1 to epoch 10"),
        "{}",
        session.text()
    );
    session.press(&[KeyCode::Enter]);
    let Some(Effect::StartSweep(order)) = session.effects.last() else {
        panic!("{}", session.text());
    };
    assert_eq!(
        (order.trials, order.prune, order.seeds, order.spec.epochs),
        (Some(10), Some(Halving::USUAL), 1, 10)
    );
    assert_eq!(order.vary[0].values, ["1e-4..1e-1:log"]);
}

#[test]
fn table_curves_and_what_mattered_grow_while_it_trains() {
    for (width, height) in [(80, 24), (120, 36)] {
        let mut session = opened(width, height);
        session.feed([crate::ctrl('u')]);
        session.type_text("learning_rate=0.001,0.003");
        session.press(&[KeyCode::Down]);
        session.type_text("batch_size=32,64");
        session.press(&[KeyCode::Enter]);
        assert!(
            matches!(session.effects.last(), Some(Effect::StartSweep(_))),
            "{}",
            session.text()
        );
        tell(
            &mut session,
            SweepNews::Progress(RunsProgress {
                ended: 5,
                runs: 12,
                label: "learning_rate=0.003 dropout=0.1 seed=2".into(),
                share: 0.45,
                seconds_left: Some(83.0),
            }),
        );
        tell(&mut session, SweepNews::Found(Arc::new(overview())));
        insta::assert_snapshot!(format!("sweep-table-{width}x{height}"), session.text());
        if width == 80 {
            session.type_text("v");
            insta::assert_snapshot!("sweep-curves-80x24", session.text());
            session.type_text("v");
            insta::assert_snapshot!("sweep-effects-80x24", session.text());
            session.type_text("vW");
            assert!(session.shows("sweep 5/12"), "{}", session.text());
            session.type_text("W");
        }
        session.type_text("x");
        assert_eq!(session.effects.last(), Some(&Effect::StopSweep));
        tell(
            &mut session,
            SweepNews::Ended {
                folder: "runs/sweep-tiny-1a2b3c4d".into(),
                ended: 7,
                runs: 12,
            },
        );
        assert!(
            session.shows("7 of 12 runs have ended"),
            "{}",
            session.text()
        );
        session.type_text("e");
        session.press(&[KeyCode::Enter]);
        assert!(matches!(
            session.effects.last(),
            Some(Effect::StartSweep(_))
        ));
    }
}

#[test]
fn the_best_is_opened_and_what_fails_is_said_at_the_form() {
    let mut session = opened(80, 24);
    session.press(&[KeyCode::Enter]);
    let groups = vec![Group {
        values: vec!["0.009".into()],
        ..group("", "", 0.0, 10)
    }];
    let found = Overview {
        keys: vec!["learning_rate".into()],
        groups,
        ..overview()
    };
    tell(&mut session, SweepNews::Found(Arc::new(found)));
    session.press(&[KeyCode::Enter]);
    assert_eq!(session.app.shared.designed.spec.learning_rate, 0.009);
    session.type_text("t");
    assert!(
        session.shows("A sweep is under way; W on the Design screen"),
        "{}",
        session.text()
    );
    session.type_text("W");
    tell(
        &mut session,
        SweepNews::Failed("runs: no space left".into()),
    );
    assert!(
        session.shows("no space left") && session.shows("at a time"),
        "{}",
        session.text()
    );
    session.press(&[KeyCode::Esc]);
    assert!(session.shows("multiply-adds"), "{}", session.text());
}
