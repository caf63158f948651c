//! What a person does and sees.

use crate::{Session, ctrl, dataset, done, epochs, metrics, started, train_tiny, validated};
use crossterm::event::KeyCode;
use fmnist_tui::spec::Precision;
use fmnist_tui::train::{Command, Divergence, Event, Resumed, used_precision};
use fmnist_tui::tui::effect::{Effect, Job, Leave};
use fmnist_tui::tui::message::{Answer, Message};
use fmnist_tui::tui::theme::{Depth, Theme};
use ratatui::style::Color;

#[test]
fn six_keys_lead_from_the_start_to_a_running_training_of_bn_dropout() {
    let mut session = Session::with_data(80, 24);
    session.type_text("obnd");
    session.press(&[KeyCode::Enter, KeyCode::Char('t')]);
    let started = session
        .effects
        .iter()
        .any(|effect| matches!(effect, Effect::StartRun(spec) if spec.name == "bn-dropout"));
    assert!(started, "{:?}\n{}", session.effects, session.text());
}

#[test]
fn training_waits_for_the_data() {
    let mut session = Session::new(80, 24);
    session.feed([Message::Answer(Answer::DataProgress(0.5))]);
    assert!(session.shows("data ━━━━━─────  50 %"), "{}", session.text());
    session.type_text("t");
    assert!(session.effects.is_empty());
    assert!(
        session.shows("the data is not there yet"),
        "{}",
        session.text()
    );
}

#[test]
fn space_pauses_f_finishes_and_x_asks_before_it_stops() {
    let mut session = Session::with_data(80, 24);
    train_tiny(&mut session);
    session.report(epochs(1));
    session.type_text(" ");
    assert_eq!(
        session.effects.last(),
        Some(&Effect::Command(Command::Pause))
    );
    session.report([Event::Paused]);
    session.type_text(" ");
    assert_eq!(
        session.effects.last(),
        Some(&Effect::Command(Command::Resume))
    );
    session.report([Event::Resumed]);
    session.type_text("x");
    assert_ne!(
        session.effects.last(),
        Some(&Effect::Command(Command::Stop))
    );
    session.type_text("y");
    assert_eq!(
        session.effects.last(),
        Some(&Effect::Command(Command::Stop))
    );
    session.type_text("f");
    assert!(
        session
            .effects
            .contains(&Effect::Command(Command::FinishEpoch))
    );
}

#[test]
fn a_run_that_is_told_to_finish_before_it_has_paused_goes_on() {
    let mut session = Session::with_data(80, 24);
    train_tiny(&mut session);
    session.report(epochs(1));
    // The run has not got as far as pausing when the second key comes.
    session.type_text(" f");
    session.report([Event::Paused]);
    assert_eq!(
        session.effects[session.effects.len() - 3..],
        [Command::Pause, Command::FinishEpoch, Command::Resume].map(Effect::Command)
    );
    assert!(session.shows("finishing this epoch"), "{}", session.text());
}

#[test]
fn a_second_run_waits_for_the_first() {
    let mut session = Session::with_data(80, 24);
    train_tiny(&mut session);
    let before = session.effects.len();
    session.type_text("t");
    assert_eq!(session.effects.len(), before);
    assert!(session.shows("a run is under way"), "{}", session.text());
}

#[test]
fn a_stopped_run_goes_on_with_space_and_keeps_its_curves() {
    let mut session = Session::with_data(80, 24);
    train_tiny(&mut session);
    session.report(epochs(2));
    let mut stopped = done(2);
    if let Event::Done(summary) = &mut stopped {
        summary.stopped_early = true;
    }
    session.report([stopped]);
    assert!(
        session.shows("stopped, Space goes on"),
        "{}",
        session.text()
    );
    session.type_text(" ");
    let Some(Effect::GoOn(spec, how)) = session.effects.last() else {
        panic!("{:?}", session.effects);
    };
    assert_eq!(spec.name, "tiny");
    assert_eq!(how.folder.to_str().unwrap(), "runs/20260101-120000-tiny");
    let Event::Started(mut start) = started(10) else {
        panic!("a run's first words");
    };
    start.resumed = Some(Resumed {
        epochs: vec![metrics(1), metrics(2)],
        batch: 0,
    });
    session.report([Event::Started(start)]);
    assert!(session.shows("2/10"), "{}", session.text());
}

#[test]
fn a_run_that_is_not_saved_says_so_until_it_is() {
    for (width, height) in [(80, 24), (200, 60)] {
        let mut session = Session::with_data(width, height);
        train_tiny(&mut session);
        session.report(epochs(1));
        let reason = "runs/x/metrics.jsonl: cannot write the file: No space left on device";
        session.report([Event::NotSaving(reason.into())]);
        assert!(session.shows("not saving: runs/x"), "{}", session.text());
        // Dismissed, it still stands in the run's header.
        session.press(&[KeyCode::Esc]);
        assert!(session.shows("NOT SAVING: runs/x"), "{}", session.text());
        session.report([Event::SavingAgain {
            folder: "runs/x".into(),
            message: "saving again: the whole run so far is in runs/x".into(),
        }]);
        assert!(!session.shows("NOT SAVING"), "{}", session.text());
        assert!(session.shows("saving again"), "{}", session.text());
    }
}

#[test]
fn a_failed_run_leaves_its_error_until_it_is_dismissed() {
    let mut session = Session::with_data(80, 24);
    train_tiny(&mut session);
    session.report([
        started(10),
        Event::Diverged(Divergence {
            epoch: 1,
            batch: 2,
            loss: f64::NAN,
            message: "training diverged: the loss is NaN".into(),
        }),
    ]);
    session.type_text("1");
    assert!(session.shows("training diverged"), "{}", session.text());
    session.press(&[KeyCode::Esc]);
    session.type_text("3");
    assert!(!session.shows("training diverged"), "{}", session.text());
    // And the app goes on: the next run can start.
    session.type_text("t");
    assert!(matches!(session.effects.last(), Some(Effect::StartRun(_))));
}

/// Chooses a precision in the training form of `tiny`, starts the run, and reports with what it began.
fn train_in(asked: Precision, used: Precision, notice: Option<&str>) -> Session {
    let mut session = Session::with_data(80, 24);
    session.type_text("otiny");
    session.press(&[KeyCode::Enter, KeyCode::Char('h')]);
    // Around the start to the end, and up past augmentation and what follows it.
    while !session.shows("1 of 3: 32-bit floats") {
        session.press(&[KeyCode::Up]);
    }
    for _ in Precision::ALL.iter().take_while(|one| **one != asked) {
        session.press(&[KeyCode::Right]);
    }
    session.press(&[KeyCode::Enter]);
    session.type_text("t");
    let Some(Effect::StartRun(spec)) = session.effects.last() else {
        panic!("{:?}\n{}", session.effects, session.text());
    };
    assert_eq!(spec.precision, asked);
    let Event::Started(mut start) = started(10) else {
        panic!("a run's first words");
    };
    start.precision = used;
    start.notice = notice.map(str::to_owned);
    session.report([Event::Started(start)]);
    session
}

#[test]
fn a_run_in_bf16_says_so_among_its_numbers() {
    let session = train_in(Precision::Bf16, Precision::Bf16, None);
    assert!(session.shows("   bf16   "), "{}", session.text());
}

#[test]
fn a_run_says_what_auto_chose_and_why() {
    let notice = "precision auto: f32, bf16 is 0.80 times as fast";
    let mut session = train_in(Precision::Auto, Precision::F32, Some(notice));
    assert!(session.shows(notice), "{}", session.text());
    session.report(epochs(1).split_off(1));
    assert!(session.shows("f32 by auto"), "{}", session.text());
}

#[test]
fn a_cpu_without_bf16_is_named_and_the_run_goes_on_in_f32() {
    let (used, notice) = used_precision(Precision::Bf16, None);
    let mut session = train_in(Precision::Bf16, used, notice);
    assert!(
        session.shows("this CPU has neither AMX nor AVX512-BF16: training in f32"),
        "{}",
        session.text()
    );
    // The message gives way to the next one; the numbers keep saying it.
    session.report(epochs(1).split_off(1));
    assert!(session.shows("f32 instead of bf16"), "{}", session.text());
    assert!(!session.shows("this CPU has"), "{}", session.text());
}

#[test]
fn leaving_asks_only_when_something_would_be_lost() {
    let mut session = Session::with_data(80, 24);
    session.type_text("q");
    assert_eq!(session.effects.last(), Some(&Effect::Quit));

    let mut session = Session::with_data(80, 24);
    train_tiny(&mut session);
    session.type_text("q");
    assert_ne!(session.effects.last(), Some(&Effect::Quit));
    session.type_text("n");
    session.type_text("qy");
    assert_eq!(session.effects.last(), Some(&Effect::Quit));
}

#[test]
fn the_trained_model_is_saved_where_the_person_says() {
    let mut session = Session::with_data(80, 24);
    session.type_text("s");
    assert!(session.shows("no trained model yet"), "{}", session.text());
    train_tiny(&mut session);
    session.report(epochs(2).into_iter().chain([done(2)]));
    session.type_text("s");
    assert!(session.shows("tiny.safetensors"), "{}", session.text());
    // What is typed takes the place of the proposal; the ending follows by itself.
    session.type_text("my");
    session.press(&[KeyCode::Enter]);
    let Some(Effect::Work(Job::SaveModel {
        path,
        validated,
        leave,
    })) = session.effects.last().cloned()
    else {
        panic!("{:?}", session.effects.last());
    };
    assert_eq!(
        (path.to_str().unwrap(), leave),
        ("my.safetensors", Leave::default())
    );
    session.feed([Message::Answer(Answer::ModelExists { path, validated })]);
    assert!(session.shows("Write over it?"), "{}", session.text());
    session.type_text("y");
    assert!(matches!(
        session.effects.last(),
        Some(Effect::Work(Job::SaveModel {
            leave: Leave {
                overwrite: true,
                ..
            },
            ..
        }))
    ));
}

#[test]
fn a_loaded_model_shows_its_network_and_its_mistakes() {
    let mut session = Session::with_data(80, 24);
    session.type_text("L");
    session.feed([ctrl('u')]);
    session.type_text("old.safetensors");
    session.press(&[KeyCode::Enter]);
    assert!(matches!(
        session.effects.last(),
        Some(Effect::Work(Job::LoadModel { path, network: Some(network) }))
            if path.ends_with("old.safetensors") && !network.layers.is_empty()
    ));
    session.feed([Message::Answer(Answer::ModelLoaded {
        how: None,
        path: "old.safetensors".into(),
        validated: validated(4),
    })]);
    session.type_text("1");
    assert!(session.shows("tiny"), "{}", session.text());
    session.type_text("3");
    assert!(session.shows("old.safetensors"), "{}", session.text());
}

#[test]
fn the_sample_set_is_never_taken_for_the_real_data() {
    let mut session = Session::with_data(80, 24);
    assert_eq!(dataset().notice(), Some("sample set, not Fashion-MNIST"));
    for screen in ['1', '2', '3', '4', '5', '6'] {
        session.press(&[KeyCode::Char(screen)]);
        assert!(
            session.shows("sample set, not Fashion-MNIST"),
            "{}",
            session.text()
        );
    }
}

#[test]
fn a_small_terminal_says_what_it_needs() {
    let session = {
        let mut session = Session::with_data(59, 15);
        session.press(&[KeyCode::Char('2')]);
        session
    };
    assert!(session.shows("needs 60×16"), "{}", session.text());
}

#[test]
fn help_lists_the_keys_and_can_be_searched() {
    let mut session = Session::with_data(100, 34);
    session.type_text("2?");
    assert!(session.shows("Keys: Train"), "{}", session.text());
    session.type_text("pause");
    assert!(session.shows("pause"), "{}", session.text());
    assert!(
        !session.shows("the next colour theme"),
        "{}",
        session.text()
    );
    session.press(&[KeyCode::Esc]);
    assert!(!session.shows("Keys: Train"));
}

/// A finished run on the sample set, shown with this theme.
fn finished_with(theme: Theme, width: u16, height: u16) -> Session {
    let mut session = Session::with_theme(width, height, theme);
    session.feed([Message::Answer(Answer::DataReady {
        dataset: dataset(),
        looked_in: vec![],
    })]);
    train_tiny(&mut session);
    session.report(epochs(4).into_iter().chain([done(4)]));
    session
}

#[test]
fn ascii_terminals_get_nothing_else() {
    let theme = Theme {
        ascii: true,
        depth: Depth::None,
        ..Theme::default()
    };
    for (width, height) in [(80, 24), (200, 60)] {
        let mut session = finished_with(theme, width, height);
        for keys in [
            "1", "a", "\u{1b}", "o", "\u{1b}", "h", "\u{1b}", "e", "\u{1b}", "2", "c", "\u{1b}",
            "3", "4", "g", "v", "v", "5", "?",
        ] {
            let code = |letter| match letter {
                '\u{1b}' => KeyCode::Esc,
                letter => KeyCode::Char(letter),
            };
            let codes: Vec<KeyCode> = keys.chars().map(code).collect();
            session.press(&codes);
            let text = session.text();
            let odd: Vec<char> = text.chars().filter(|letter| !letter.is_ascii()).collect();
            assert!(odd.is_empty(), "after {keys:?}: {odd:?} in\n{text}");
        }
    }
}

#[test]
fn without_colours_no_cell_is_coloured() {
    let theme = Theme {
        depth: Depth::None,
        ..Theme::default()
    };
    let mut session = finished_with(theme, 120, 36);
    for screen in ['1', '2', '3', '4', '5', '6'] {
        session.press(&[KeyCode::Char(screen)]);
        let cells = &session.terminal.backend().buffer().content;
        let coloured = cells
            .iter()
            .filter(|cell| cell.fg != Color::Reset || cell.bg != Color::Reset);
        assert_eq!(coloured.count(), 0, "screen {screen}");
    }
}

#[test]
fn several_seeds_are_trained_one_after_the_other_and_told_together() {
    let mut session = Session::with_data(120, 36);
    session.type_text("otiny");
    session.press(&[KeyCode::Enter, KeyCode::Char('#'), KeyCode::Char('#')]);
    assert!(
        session.shows("t trains from 3 seeds, 1 to 3"),
        "{}",
        session.text()
    );
    assert!(session.shows("3 seeds from 1"), "{}", session.text());
    session.type_text("t");
    let seeds = |session: &Session| -> Vec<u64> {
        let seed = |effect: &Effect| match effect {
            Effect::StartRun(spec) => Some(spec.seed),
            _ => None,
        };
        session.effects.iter().filter_map(seed).collect()
    };
    session.report(epochs(3));
    assert!(session.shows("seed 1 of 3"), "{}", session.text());
    session.report([done(3)]);
    assert_eq!(seeds(&session), [1, 2]);
    // Whoever looks at something else stays there.
    session.type_text("5");
    session.report(epochs(3));
    session.report([done(3)]);
    assert!(!session.shows("seed 3 of 3"), "{}", session.text());
    session.type_text("2");
    session.report(epochs(2));
    assert!(session.shows("seed 3 of 3"), "{}", session.text());
    // The mean of the finished ones is a curve of its own.
    let text = session.text();
    let is_curve = |sign: char| ('\u{2801}'..='\u{28ff}').contains(&sign);
    let mut pairs = text.chars().zip(text.chars().skip(1));
    assert!(
        pairs.any(|(sign, next)| is_curve(sign) && next == 'm'),
        "{text}"
    );
    session.report([done(2)]);
    assert_eq!(seeds(&session), [1, 2, 3]);
    assert!(session.shows("3 seeds are done"), "{}", session.text());
    // One that is stopped ends it.
    session.type_text("t");
    let mut stopped = done(1);
    if let Event::Done(summary) = &mut stopped {
        summary.stopped_early = true;
    }
    session.report(epochs(1));
    session.report([stopped]);
    assert_eq!(seeds(&session), [1, 2, 3, 1]);
}

#[test]
fn in_a_large_terminal_one_screen_can_have_all_the_room() {
    let mut session = Session::with_data(120, 36);
    let others = |session: &Session| session.shows(" Confusion ─") && session.shows(" Samples ─");
    assert!(others(&session), "{}", session.text());
    session.type_text("Z");
    assert!(!others(&session), "{}", session.text());
    assert!(
        session.shows("Z shows all four again"),
        "{}",
        session.text()
    );
    session.type_text("Z");
    assert!(others(&session), "{}", session.text());
    // What needs room takes it while it is open.
    session.type_text("A");
    assert!(
        session.shows("seeds") && !others(&session),
        "{}",
        session.text()
    );
    session.type_text("A");
    assert!(others(&session), "{}", session.text());
}

#[test]
fn a_run_under_way_is_seen_from_every_screen() {
    let mut session = Session::with_data(80, 24);
    train_tiny(&mut session);
    session.report(epochs(2));
    for screen in ['1', '3', '4', '5', '6'] {
        session.press(&[KeyCode::Char(screen)]);
        let first = session.text().lines().next().map(str::to_owned);
        assert!(
            first.is_some_and(|row| row.contains("● 2/10 0.")),
            "{}",
            session.text()
        );
    }
    session.report([done(2)]);
    assert!(!session.shows("● 2/10"), "{}", session.text());
}
