//! Where the time of the run goes, as the app shows it.

use crate::{Session, batch, done, epochs, started, train_tiny};
use crossterm::event::KeyCode;
use fmnist_tui::nn::profile::{Profile, Row, RowKind, Section};
use fmnist_tui::train::{Command, Event};
use fmnist_tui::tui::effect::Effect;
use std::sync::Arc;

/// A profile of `groups` rows of two layers each; a step takes about `milliseconds`.
fn profile(groups: usize, milliseconds: f64) -> Event {
    let row = |kind, directions: [f64; 3], gflops| Row {
        kind,
        directions,
        milliseconds: directions.iter().sum(),
        gflops,
    };
    let mut rows: Vec<Row> = (0..groups)
        .map(|group| {
            let layers = 2 * group..2 * group + 2;
            let description = match group % 3 {
                0 => "Conv2d 64, 3×3, padding 1 + ReLU",
                1 => "BatchNorm2d + MaxPool2d 2×2 + Dropout 0.25",
                _ => "Dense 256 + ReLU",
            };
            let part = milliseconds / groups as f64 * [0.1, 0.25, 0.45][group % 3];
            let kind = RowKind::Layers {
                layers,
                description: description.into(),
            };
            row(
                kind,
                [0.1 * part, part, 1.5 * part],
                (group % 3 != 1).then_some(85.4),
            )
        })
        .collect();
    for (section, share) in [
        (Section::Data, 0.01),
        (Section::Loss, 0.02),
        (Section::Optimizer, 0.05),
        (Section::Rest, 0.01),
    ] {
        let mut other = row(RowKind::Section(section), [0.0; 3], None);
        other.milliseconds = share * milliseconds;
        rows.push(other);
    }
    let mut waiting = row(RowKind::Waiting, [0.0; 3], None);
    waiting.milliseconds = 0.03 * milliseconds;
    rows.push(waiting);
    Event::Profile(Arc::new(Profile {
        threads: 2,
        steps: 21,
        batch: 128.0,
        milliseconds: rows.iter().map(|row| row.milliseconds).sum(),
        rows,
        one_core: vec![
            (Section::Data, 0.01 * milliseconds),
            (Section::Loss, 0.02 * milliseconds),
        ],
    }))
}

#[test]
fn b_shows_where_the_time_goes_and_the_figures_follow_the_run() {
    let mut session = Session::with_data(120, 36);
    train_tiny(&mut session);
    session.report([started(10), batch(1, 1)]);
    session.type_text("b");
    assert!(session.shows("Measuring"), "{}", session.text());
    session.report([profile(3, 40.0)]);
    assert!(session.shows("Dense 256 + ReLU"), "{}", session.text());
    let first = session.text();
    session.report([profile(3, 20.0)]);
    assert!(session.shows("● live"), "{}", session.text());
    assert_ne!(session.text(), first);
    session.report([Event::Paused]);
    assert!(session.shows(" paused "), "{}", session.text());
    // The last figures stay when the run is over, and after the table was closed.
    session.report([Event::Resumed, done(1)]);
    assert!(session.shows("the run is over"), "{}", session.text());
    session.type_text("b");
    assert!(!session.shows("the run is over"), "{}", session.text());
    session.type_text("b");
    assert!(session.shows("Dense 256 + ReLU"), "{}", session.text());
    session.press(&[KeyCode::Esc]);
    assert!(!session.shows("Dense 256 + ReLU"), "{}", session.text());
}

#[test]
fn a_run_records_until_there_are_figures_and_while_they_are_shown() {
    let mut session = Session::with_data(80, 24);
    let asked = |session: &mut Session| -> Vec<bool> {
        let effects = std::mem::take(&mut session.effects);
        let asked = effects.iter().filter_map(|effect| match effect {
            Effect::Command(Command::RecordProfile(wanted)) => Some(*wanted),
            _ => None,
        });
        asked.collect()
    };
    train_tiny(&mut session);
    session.report(epochs(1));
    assert_eq!(asked(&mut session), [true]);
    session.report([profile(3, 40.0)]);
    assert_eq!(asked(&mut session), [false]);
    session.type_text("b");
    assert_eq!(asked(&mut session), [true]);
    session.report([profile(3, 41.0), batch(2, 1)]);
    assert!(asked(&mut session).is_empty());
    session.press(&[KeyCode::Esc]);
    assert_eq!(asked(&mut session), [false]);
    session.report([done(1)]);
    session.type_text("bb");
    assert!(asked(&mut session).is_empty());
    // The next run of the session is asked anew.
    session.type_text("t");
    session.report([started(10)]);
    assert_eq!(asked(&mut session), [true]);
}

#[test]
fn without_a_run_it_says_what_to_do() {
    let mut session = Session::with_data(80, 24);
    session.type_text("2b");
    insta::assert_snapshot!("profile-none-80x24", session.text());
}

#[test]
fn the_table_fits_every_size_and_long_networks_scroll() {
    for (width, height, groups) in [(80, 24, 4), (80, 24, 12), (120, 36, 5), (200, 60, 12)] {
        let mut session = Session::with_data(width, height);
        train_tiny(&mut session);
        session.report(epochs(2).into_iter().chain([profile(groups, 47.0)]));
        session.type_text("b");
        let name = format!("profile-{groups}-{width}x{height}");
        insta::assert_snapshot!(name.clone(), session.text());
        if (height, groups) == (24, 12) {
            session.press(&[KeyCode::PageDown, KeyCode::Down]);
            insta::assert_snapshot!(format!("{name}-scrolled"), session.text());
            // Past the end it stays at the last row.
            session.press(&[KeyCode::PageDown; 9]);
            assert!(session.shows("waiting for other threads"));
            session.press(&[KeyCode::PageUp; 9]);
            assert!(session.shows("1–2 Conv2d"), "{}", session.text());
        }
    }
}
