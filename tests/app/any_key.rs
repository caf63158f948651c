//! Any key, on any screen, in any state, at any size: never a panic.

use crate::{Session, done, epochs, key, train_tiny, validated};
use crossterm::event::{Event as TerminalEvent, KeyCode, KeyEvent, KeyModifiers};
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use fmnist_tui::train::{Divergence, Event};
use fmnist_tui::tui::effect::Effect;
use fmnist_tui::tui::message::{Answer, Message};
use proptest::prelude::*;
use std::time::Instant;

fn code() -> impl Strategy<Value = KeyCode> {
    prop_oneof![
        6 => prop::char::range(' ', '~').prop_map(KeyCode::Char),
        1 => Just(KeyCode::Char('é')),
        4 => prop::sample::select(vec![
            KeyCode::Enter, KeyCode::Esc, KeyCode::Up, KeyCode::Down, KeyCode::Left,
            KeyCode::Right, KeyCode::Tab, KeyCode::BackTab, KeyCode::Backspace, KeyCode::Delete,
            KeyCode::Home, KeyCode::End, KeyCode::PageUp, KeyCode::PageDown, KeyCode::F(1),
        ]),
    ]
}

fn message() -> impl Strategy<Value = Message> {
    let modifiers = prop::sample::select(vec![
        KeyModifiers::NONE,
        KeyModifiers::NONE,
        KeyModifiers::NONE,
        KeyModifiers::CONTROL,
        KeyModifiers::ALT,
        KeyModifiers::SHIFT,
    ]);
    let keys = (code(), modifiers).prop_map(|(code, modifiers)| {
        let event = KeyEvent::new(code, modifiers);
        Message::Terminal(TerminalEvent::Key(event), Instant::now())
    });
    let mouse = (0_u16..210, 0_u16..70, 0..3).prop_map(|(column, row, kind)| {
        let kind = match kind {
            0 => MouseEventKind::Down(MouseButton::Left),
            1 => MouseEventKind::ScrollDown,
            _ => MouseEventKind::ScrollUp,
        };
        let event = MouseEvent {
            kind,
            column,
            row,
            modifiers: KeyModifiers::NONE,
        };
        Message::Terminal(TerminalEvent::Mouse(event), Instant::now())
    });
    prop_oneof![9 => keys, 1 => mouse]
}

/// A session in one of the states an app can be in.
fn session(state: usize, (width, height): (u16, u16)) -> Session {
    if state == 0 {
        return Session::new(width, height);
    }
    let mut session = Session::with_data(width, height);
    match state {
        1 => {}
        2 => {
            train_tiny(&mut session);
            session.report(epochs(2));
        }
        3 => {
            train_tiny(&mut session);
            session.report(epochs(3).into_iter().chain([done(3)]));
        }
        4 => {
            train_tiny(&mut session);
            session.report([
                crate::started(10),
                Event::Diverged(Divergence {
                    epoch: 1,
                    batch: 3,
                    loss: f64::NAN,
                    message: "training diverged".into(),
                }),
            ]);
        }
        _ => session.feed([Message::Answer(Answer::ModelLoaded {
            how: None,
            path: "best.safetensors".into(),
            validated: validated(7),
        })]),
    }
    session
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn never_panics(
        state in 0_usize..6,
        size in prop::sample::select(vec![
            (80, 24), (120, 36), (200, 60), (60, 16), (61, 17), (59, 16), (20, 5), (1, 1), (300, 10),
        ]),
        screen in 0_u32..5,
        messages in prop::collection::vec(message(), 1..40),
    ) {
        let mut session = session(state, size);
        session.press(&[KeyCode::Char(char::from_digit(screen + 1, 10).unwrap())]);
        // Leaving ends the loop, and then the rest of the messages is not read: one at a time.
        for message in messages {
            session.feed([message]);
            if session.effects.last() == Some(&Effect::Quit) {
                break;
            }
        }
        session.feed([key(KeyCode::Esc)]);
    }
}
