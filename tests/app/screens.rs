//! Every screen as a person sees it, at three sizes, in the states a run goes through.

use crate::{Session, done, epochs, started, train_tiny};
use crossterm::event::KeyCode;
use fmnist_tui::train::{Divergence, Event};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 36), (200, 60)];
const SCREENS: [(char, &str); 5] = [
    ('1', "design"),
    ('2', "train"),
    ('3', "confusion"),
    ('4', "samples"),
    ('5', "runs"),
];

/// Snapshots of all screens at all sizes after `prepare`.
fn all_screens(state: &str, prepare: impl Fn(&mut Session)) {
    for (width, height) in SIZES {
        let mut session = Session::with_data(width, height);
        prepare(&mut session);
        for (key, screen) in SCREENS {
            // The dashboard shows the first four at once: one picture of it is enough.
            if width >= 120 && !matches!(key, '1' | '5') {
                continue;
            }
            session.press(&[KeyCode::Char(key)]);
            insta::assert_snapshot!(format!("{state}-{screen}-{width}x{height}"), session.text());
        }
    }
}

#[test]
fn empty() {
    all_screens("empty", |_| {});
}

#[test]
fn training() {
    all_screens("training", |session| {
        train_tiny(session);
        session.report(epochs(4));
        session.report((1..=9).map(|number| crate::batch(5, number)));
    });
}

#[test]
fn finished() {
    all_screens("done", |session| {
        train_tiny(session);
        session.report(epochs(6).into_iter().chain([done(6)]));
    });
}

#[test]
fn failed() {
    all_screens("failed", |session| {
        train_tiny(session);
        session.report([
            started(10),
            Event::Diverged(Divergence {
                epoch: 1,
                batch: 7,
                loss: f64::NAN,
                message: "training diverged: the loss is NaN in epoch 1, batch 7 (learning rate \
                          3.000e-3); lower the learning rate"
                    .into(),
            }),
        ]);
    });
}
