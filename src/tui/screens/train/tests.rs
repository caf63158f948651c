use super::compare;
use super::{Train, TrainAction, pace};
use crate::spec::{Precision, preset};
use crate::train::{BatchReport, Command, EpochMetrics, Event, RunStart, Steered};
use crate::tui::effect::Effect;
use crate::tui::overlays::Question;
use crate::tui::request::Request;
use crate::tui::run_state::{PastRun, Phase, RunState};
use crate::tui::screens::Screen;
use crate::tui::shared::Shared;
use crate::tui::theme::{Depth, Theme};
use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Rect;
use std::sync::Arc;

fn epoch(epoch: usize, of: usize) -> EpochMetrics {
    let share = epoch as f64 / of as f64;
    let wave = (epoch as f64 * 1.7).sin() * 0.01;
    EpochMetrics {
        epoch,
        train_loss: 0.9 * (-3.0 * share).exp() + 0.1,
        train_accuracy: 0.95 - 0.3 * (-4.0 * share).exp(),
        validation_loss: 0.8 * (-4.0 * share).exp() + 0.25 + wave,
        validation_accuracy: 0.93 - 0.2 * (-6.0 * share).exp() + wave,
        learning_rate: 1e-3,
        seconds: 8.06,
        images_per_second: 12_345.0,
        train_eval_loss: None,
        train_eval_accuracy: None,
    }
}

fn run(epochs: usize, of: usize, batch: usize) -> RunState {
    let spec = preset("bn-dropout").unwrap();
    let spec = spec.changed(|spec| spec.epochs = of).unwrap();
    let mut run = RunState::new(1, spec);
    run.phase = Phase::Running;
    run.start = Some(RunStart {
        epochs: of,
        batches_per_epoch: 469,
        train_images: 60_000,
        validation_images: 10_000,
        excluded: 0,
        parameters: 857_738,
        threads: 2,
        precision: Precision::F32,
        notice: None,
        folder: Some("runs/current".into()),
        resumed: None,
        test_seen: false,
        origin: None,
        steering: Vec::new(),
    });
    for number in 1..=epochs {
        run.observe(&Event::Epoch {
            metrics: epoch(number, of),
            is_best: false,
        });
    }
    run.batches = (1..=batch)
        .map(|batch| BatchReport {
            epoch: epochs + 1,
            batch,
            batches: 469,
            loss: 0.5 + 0.1 * (batch as f32).sin(),
            accuracy: 0.85 + 0.05 * (batch as f64 * 0.7).cos(),
            learning_rate: 1e-3,
            images: ((epochs * 469 + batch) * 128) as u64,
            seconds: (epochs * 469 + batch) as f64 * 0.0172,
        })
        .collect();
    run
}

fn past(name: &str, epochs: usize) -> Arc<PastRun> {
    let epoch = |number| EpochMetrics {
        validation_accuracy: epoch(number, 20).validation_accuracy - 0.05,
        ..epoch(number, 20)
    };
    Arc::new(PastRun {
        parameters: 5_000,
        ..PastRun::in_test(
            &format!("runs/{name}"),
            Ok(preset("tiny").unwrap()),
            (1..=epochs).map(epoch).collect(),
        )
    })
}

fn screen(train: &Train, shared: &Shared, (width, height): (u16, u16)) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal
        .draw(|frame| train.draw(frame, frame.area(), shared))
        .unwrap();
    terminal.backend().to_string()
}

fn shared(run: Option<RunState>) -> Shared {
    let mut shared = Shared::new(Theme::default());
    shared.designed.spec = preset("bn-dropout").unwrap().into_spec();
    Shared { run, ..shared }
}

#[test]
fn before_a_run_it_says_what_to_do() {
    insta::assert_snapshot!(screen(&Train::default(), &shared(None), (60, 9)));
}

#[test]
fn a_run_under_way() {
    let shared = shared(Some(run(12, 30, 200)));
    insta::assert_snapshot!(screen(&Train::default(), &shared, (78, 19)));
}

#[test]
fn runs_beside_each_other() {
    let mut shared = shared(Some(run(12, 30, 200)));
    shared.past_runs = Some(vec![
        past("current", 3),
        past("older", 20),
        past("oldest", 7),
    ]);
    let mut train = Train::default();
    train.update(TrainAction::OpenPicker, &mut shared);
    // The folder of the run in view is not offered.
    train.update(TrainAction::Toggle, &mut shared);
    train.update(TrainAction::Down, &mut shared);
    train.update(TrainAction::Toggle, &mut shared);
    let names: Vec<_> = compare::chosen(&train.compared, &shared)
        .into_iter()
        .map(|(_, run)| run.name)
        .collect();
    assert_eq!(names, ["tiny, seed 1", "tiny, seed 1"], "what they train");
    insta::assert_snapshot!("picker", screen(&train, &shared, (78, 19)));
    train.update(TrainAction::ClosePicker, &mut shared);
    train.update(TrainAction::SmoothMore, &mut shared);
    insta::assert_snapshot!("comparison", screen(&train, &shared, (90, 27)));
}

#[test]
fn a_crosshair_reads_all_curves_over_epochs_and_over_time() {
    let mut shared = shared(Some(run(12, 30, 200)));
    shared.past_runs = Some(vec![past("older", 20), past("oldest", 7)]);
    let mut train = Train::default();
    train.update(TrainAction::MoveCrosshair(1), &mut shared);
    assert_eq!(train.crosshair, Some(12.0), "at first the last epoch");
    for action in [
        TrainAction::OpenPicker,
        TrainAction::Toggle,
        TrainAction::Down,
        TrainAction::Toggle,
        TrainAction::ClosePicker,
    ] {
        train.update(action, &mut shared);
    }
    train.update(TrainAction::MoveCrosshair(-3), &mut shared);
    insta::assert_snapshot!("crosshair", screen(&train, &shared, (78, 19)));
    train.update(TrainAction::NextAxis, &mut shared);
    insta::assert_snapshot!("crosshair-over-time", screen(&train, &shared, (90, 27)));
    let plot = train.plots.borrow()[0];
    let click = MouseEvent {
        kind: MouseEventKind::Down(MouseButton::Left),
        column: plot.place.x,
        row: plot.place.y,
        modifiers: KeyModifiers::NONE,
    };
    train.mouse(click, Rect::new(0, 0, 90, 27), &mut shared);
    assert_eq!(train.crosshair, Some(8.06), "the first epoch's end");
    train.dismiss();
    assert_eq!(train.crosshair, None);
}

#[test]
fn the_list_of_runs_leads_to_what_differs() {
    let mut shared = shared(None);
    shared.past_runs = Some(vec![past("older", 20), past("oldest", 7)]);
    let mut train = Train::default();
    train.update(TrainAction::OpenPicker, &mut shared);
    train.update(TrainAction::Compare, &mut shared);
    assert!(
        shared.status.contains("chooses a baseline"),
        "{}",
        shared.status
    );
    shared.baseline = Some("runs/older".into());
    train.update(TrainAction::Compare, &mut shared);
    assert!(shared.status.contains("itself"), "{}", shared.status);
    train.update(TrainAction::Down, &mut shared);
    train.update(TrainAction::Compare, &mut shared);
    let folders = ["runs/older".into(), "runs/oldest".into()];
    assert_eq!(shared.requests, [Request::CompareRuns(folders)]);
    // Without a baseline it is the run in view.
    shared.requests.clear();
    shared.baseline = None;
    shared.run = Some(run(12, 30, 200));
    train.update(TrainAction::OpenPicker, &mut shared);
    train.update(TrainAction::Compare, &mut shared);
    let folders = ["runs/current".into(), "runs/older".into()];
    assert_eq!(shared.requests, [Request::CompareRuns(folders)]);
}

#[test]
fn pausing_finishing_and_stopping() {
    let mut shared = shared(Some(run(2, 30, 5)));
    let mut train = Train::default();
    let pause = train.update(TrainAction::PauseOrResume, &mut shared);
    assert_eq!(pause, [Effect::Command(Command::Pause)]);
    shared
        .run
        .as_mut()
        .unwrap()
        .observe(&crate::train::Event::Paused);
    let resume = train.update(TrainAction::PauseOrResume, &mut shared);
    assert_eq!(resume, [Effect::Command(Command::Resume)]);
    train.update(TrainAction::FinishEpoch, &mut shared);
    shared
        .run
        .as_mut()
        .unwrap()
        .observe(&crate::train::Event::Resumed);
    assert_eq!(shared.run.as_ref().unwrap().phase, Phase::Finishing);
    train.update(TrainAction::Stop, &mut shared);
    assert!(matches!(
        shared.requests[..],
        [Request::Ask(Question::StopRun, _)]
    ));
    shared.run.as_mut().unwrap().phase = Phase::Done {
        stopped_early: true,
    };
    assert!(
        train
            .update(TrainAction::FinishEpoch, &mut shared)
            .is_empty()
    );
    train.update(TrainAction::Stop, &mut shared);
    assert_eq!(shared.requests.len(), 1);
}

#[test]
fn an_estimate_waits_for_the_warm_up() {
    assert_eq!(pace::seconds_left(&run(0, 30, 9)), None);
    assert_eq!(
        pace::seconds_left(&run(0, 30, 170)),
        None,
        "under 3 seconds"
    );
    let left = pace::seconds_left(&run(0, 30, 200)).unwrap();
    let expected = (30.0 * 60_000.0 - 25_600.0 + 30.0 * 10_000.0 / 3.0) / (128.0 / 0.0172);
    assert!((left / expected - 1.0).abs() < 1e-6, "{left} {expected}");
}

/// Every state, size and set of signs: nothing panics, and ASCII stays ASCII.
#[test]
fn nothing_panics_anywhere() {
    use TrainAction as A;
    let mut starting = run(0, 30, 0);
    starting.phase = Phase::Starting;
    starting.start = None;
    let mut failed = run(1, 1, 469);
    failed.phase = Phase::Failed("x".repeat(900));
    let mut wild = run(3, 3, 3);
    wild.epochs[0].validation_accuracy = f64::NAN;
    wild.epochs[1].validation_loss = f64::INFINITY;
    wild.epochs[2].epoch = usize::MAX;
    wild.batches[1].loss = f32::NAN;
    let runs = [
        None,
        Some(starting),
        Some(failed),
        Some(wild),
        Some(run(9_999, 10_000, 400)),
        Some(run(0, 5, 1)),
    ];
    for run in runs {
        for ascii in [false, true] {
            let mut shared = shared(run.clone());
            shared.theme = Theme {
                ascii,
                depth: Depth::None,
                ..Theme::default()
            };
            shared.past_runs = Some((0..9).map(|n| past(&format!("run-{n}"), n * 40)).collect());
            let mut train = Train::default();
            for action in [
                A::NextView,
                A::OpenPicker,
                A::Down,
                A::Toggle,
                A::Down,
                A::Toggle,
                A::ClosePicker,
                A::SmoothMore,
                A::ToggleLogLoss,
                A::MoveCrosshair(-1),
                A::Zoom,
                A::NextAxis,
                A::NextView,
                A::MoveCrosshair(isize::MIN),
                A::Zoom,
            ] {
                train.update(action, &mut shared);
                for size in [(1, 1), (20, 5), (54, 14), (78, 19), (200, 60)] {
                    let text = screen(&train, &shared, size);
                    assert!(!ascii || text.is_ascii(), "{text}");
                }
            }
        }
    }
}

#[test]
fn a_turned_setting_is_a_command_and_then_a_tick_on_the_curves() {
    let mut train = Train::default();
    let mut shared = shared(Some(run(12, 30, 100)));
    let effects = train.update(TrainAction::Raise, &mut shared);
    let [Effect::Command(Command::Steer(set))] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(set.to_string(), "learning_rate 0.002");
    let steered = Steered {
        step: 5 * 469,
        epoch: 6,
        set: set.clone(),
    };
    assert!(!screen(&train, &shared, (120, 36)).contains('▾'));
    let run = shared.run.as_mut().unwrap();
    run.observe(&Event::Steered(steered));
    assert_eq!(run.spec.learning_rate, 0.002);
    let text = screen(&train, &shared, (120, 36));
    assert_eq!(text.matches('▾').count(), 2, "{text}");

    train.update(TrainAction::NextDial, &mut shared);
    train.update(TrainAction::NextDial, &mut shared);
    train.update(TrainAction::NextDial, &mut shared);
    assert!(shared.status.contains("dropout: 0.3"), "{}", shared.status);
    assert!(screen(&train, &shared, (120, 36)).contains("dropout 0.3"));

    shared.run.as_mut().unwrap().phase = Phase::Done {
        stopped_early: false,
    };
    assert!(train.update(TrainAction::Lower, &mut shared).is_empty());
    assert!(shared.status.contains("nothing is training"));
    // A complete run is asked about before it is made longer.
    train.update(TrainAction::PauseOrResume, &mut shared);
    assert!(
        matches!(&shared.requests[..], [Request::Ask(Question::TrainLonger(_, how), _)]
            if how.more_epochs == 5),
        "{:?}",
        shared.requests
    );
}
