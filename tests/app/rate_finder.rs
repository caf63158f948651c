//! The learning rate range test on the Design screen.

use crate::Session;
use crossterm::event::KeyCode;
use fmnist_tui::spec::Precision;
use fmnist_tui::train::{LrFindEnd, LrFindResult, LrStep, LrSuggestion};
use fmnist_tui::tui::effect::Effect;
use fmnist_tui::tui::message::{Answer, Message, RateNews};
use std::sync::Arc;

fn tell(session: &mut Session, news: RateNews) {
    session.feed([Message::Answer(Answer::Rate(news))]);
}

/// A loss that falls from 2.3, fastest at 0.003, and rises after 0.1.
fn steps() -> Vec<LrStep> {
    let steps = (0..170).map(|index| {
        let exponent = -6.0 + 6.0 * f64::from(index) / 199.0;
        let fallen = 1.7 / (1.0 + (-3.0 * (exponent + 2.5)).exp());
        let risen = (3.0 * (exponent + 0.9)).exp();
        LrStep {
            learning_rate: 10_f64.powf(exponent),
            loss: 2.3 - fallen + risen,
            smoothed_loss: 2.3 - fallen + risen,
        }
    });
    steps.collect()
}

#[test]
fn the_curve_grows_and_the_suggestion_is_taken() {
    for (width, height) in [(80, 24), (120, 36)] {
        let mut session = Session::with_data(width, height);
        session.type_text("otiny");
        session.press(&[KeyCode::Enter, KeyCode::Char('R')]);
        assert!(matches!(session.effects.last(), Some(Effect::FindRate(_))));
        let steps = steps();
        for step in &steps[..60] {
            tell(&mut session, RateNews::Step(*step));
        }
        assert!(session.shows("60 of 200 steps"), "{}", session.text());
        session.type_text("t");
        assert!(
            session.shows("A learning rate is looked for; R"),
            "{}",
            session.text()
        );
        for step in &steps[60..] {
            tell(&mut session, RateNews::Step(*step));
        }
        let result = LrFindResult {
            steps,
            end: LrFindEnd::Rose,
            suggestion: Some(LrSuggestion {
                steepest: 0.003_16,
                minimum: 0.06,
                tenth_of_minimum: 0.006,
            }),
            threads: 2,
            precision: Precision::F32,
            notice: None,
        };
        tell(&mut session, RateNews::Done(Arc::new(result)));
        insta::assert_snapshot!(format!("rate-finder-{width}x{height}"), session.text());
        session.press(&[KeyCode::Down, KeyCode::Enter]);
        assert_eq!(session.app.shared.designed.spec.learning_rate, 0.006);
        session.type_text("u");
        assert_eq!(session.app.shared.designed.spec.learning_rate, 0.003);
        // The test of this network is still there.
        session.type_text("R");
        assert!(
            session.shows("the loss falls fastest here"),
            "{}",
            session.text()
        );
    }
    let mut session = Session::with_data(80, 24);
    session.type_text("Rx");
    assert_eq!(session.effects.last(), Some(&Effect::StopFindingRate));
    tell(&mut session, RateNews::Failed("no memory".into()));
    assert!(session.shows("no memory"), "{}", session.text());
}
