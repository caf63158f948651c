use super::{Runs, RunsAction, baseline};
use crate::data::Dataset;
use crate::spec::preset;
use crate::train::{EpochMetrics, Scores, TestScores};
use crate::tui::effect::{Effect, Job};
use crate::tui::message::Answer;
use crate::tui::overlays::Question;
use crate::tui::request::Request;
use crate::tui::run_state::PastRun;
use crate::tui::screens::Screen;
use crate::tui::shared::{DataState, Shared};
use crate::tui::theme::Theme;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::path::PathBuf;
use std::sync::Arc;

fn past(name: &str, network: &str, epochs: usize, accuracy: f64) -> Arc<PastRun> {
    let spec = preset(network).unwrap();
    let epoch = |epoch: usize| EpochMetrics {
        epoch,
        train_loss: 1.0 / epoch as f64,
        train_accuracy: 0.95 - 0.3 / epoch as f64,
        validation_loss: 1.1 / epoch as f64,
        validation_accuracy: accuracy - 0.2 / epoch as f64,
        learning_rate: 1e-3,
        seconds: 8.0,
        images_per_second: 7_000.0,
        train_eval_loss: None,
        train_eval_accuracy: None,
    };
    let epochs: Vec<EpochMetrics> = (1..=epochs).map(epoch).collect();
    Arc::new(PastRun {
        checkpoints: match epochs.len() {
            0 => Vec::new(),
            epochs => vec![469 * epochs as u64],
        },
        ..PastRun::in_test(&format!("runs/{name}"), Ok(spec), epochs)
    })
}

fn some_runs() -> Vec<Arc<PastRun>> {
    let reason = "runs/20260102-090000-broken/spec.json:4:2: unknown field `kernal`";
    let broken = PastRun::in_test(
        "runs/20260102-090000-broken",
        Err(reason.into()),
        Vec::new(),
    );
    vec![
        past("20260104-120000-bn-dropout", "bn-dropout", 30, 0.937),
        past("20260103-110000-tiny", "tiny", 3, 0.85),
        Arc::new(broken),
        past("20260101-080000-lenet5", "lenet5", 0, 0.0),
    ]
}

/// The members of a sweep over the learning rate, the second of them the best.
fn sweep() -> Vec<Arc<PastRun>> {
    let member = |number: usize, rate: &str, epochs: usize, accuracy: f64| {
        let folder = format!("{number:03}-learning_rate={rate}-dropout=0.2-seed={number}");
        let mut run = PastRun::clone(&past(&folder, "tiny", epochs, accuracy));
        run.path = format!("runs/sweep-tiny-1a2b3c4d/{folder}").into();
        run.name = PastRun::member_name(&folder, "sweep-tiny-1a2b3c4d");
        Arc::new(run)
    };
    vec![
        member(1, "0.001", 10, 0.81),
        member(2, "0.003", 10, 0.96),
        member(3, "0.01", 4, 0.88),
    ]
}

/// Runs with the members of a sweep among them.
fn with_sweep() -> Vec<Arc<PastRun>> {
    let mut runs = some_runs();
    runs.splice(1..1, sweep());
    runs
}

#[test]
fn the_members_of_a_sweep_are_listed_and_ranked_with_the_others() {
    let shared = &mut shared(Some(with_sweep()));
    for (size, name) in [((80, 24), "80x24"), ((200, 60), "200x60")] {
        let mut runs = Runs::default();
        runs.listed(&with_sweep());
        runs.update(RunsAction::Move(1), shared);
        insta::assert_snapshot!(
            format!("a-sweep-by-age-{name}"),
            screen(&runs, shared, size)
        );
        runs.update(RunsAction::NextSort, shared);
        runs.update(RunsAction::Move(isize::MIN), shared);
        assert_eq!(runs.chosen(), Some(Arc::clone(&sweep()[1])));
        insta::assert_snapshot!(
            format!("a-sweep-by-accuracy-{name}"),
            screen(&runs, shared, size)
        );
    }
}

#[test]
fn a_member_of_a_sweep_is_loaded_gone_on_with_and_deleted_like_any_run() {
    let list = with_sweep();
    let mut shared = shared(Some(list.clone()));
    let mut runs = Runs::default();
    runs.listed(&list);
    runs.update(RunsAction::Move(3), &mut shared);
    let folder =
        PathBuf::from("runs/sweep-tiny-1a2b3c4d/003-learning_rate=0.01-dropout=0.2-seed=3");
    let effects = runs.update(RunsAction::Open, &mut shared);
    assert_eq!(
        effects,
        [Effect::Work(Job::LoadModel {
            path: folder.join("best.safetensors"),
            network: None,
        })]
    );
    runs.update(RunsAction::Continue, &mut shared);
    runs.update(RunsAction::Delete, &mut shared);
    assert!(
        matches!(&shared.requests[..], [
            Request::Continue(_, resumed),
            Request::Ask(Question::DeleteRun(deleted), text),
        ] if resumed.folder == folder && *deleted == folder && text.contains("sweep-tiny")),
        "{:?}",
        shared.requests
    );
}

#[test]
fn an_interrupted_run_goes_on_and_others_say_why_not() {
    let mut runs = Runs::default();
    let mut in_use = PastRun::clone(&past("20260105-120000-tiny", "tiny", 2, 0.9));
    in_use.in_use = true;
    let list = vec![
        past("20260106-120000-tiny", "tiny", 3, 0.9),
        Arc::new(in_use),
        past("20260104-120000-tiny", "tiny", 10, 0.9),
        past("20260103-120000-tiny", "tiny", 0, 0.0),
    ];
    let mut shared = shared(Some(list.clone()));
    runs.listed(&list);
    runs.update(RunsAction::Continue, &mut shared);
    let path = list[0].path.clone();
    assert!(
        matches!(&shared.requests[..], [Request::Continue(spec, folder)]
            if folder.folder == path && spec.name == "tiny"),
        "{:?}",
        shared.requests
    );
    shared.requests.clear();
    for expected in ["under way", "", "no checkpoint"] {
        runs.update(RunsAction::Move(1), &mut shared);
        runs.update(RunsAction::Continue, &mut shared);
        if expected.is_empty() {
            // This one is complete: it can be made longer.
            assert!(
                matches!(&shared.requests[..], [Request::Ask(Question::TrainLonger(_, how), text)]
                    if how.more_epochs == 5 && text.contains("Train 5 epochs more?")),
                "{:?}",
                shared.requests
            );
            shared.requests.clear();
            continue;
        }
        assert!(shared.requests.is_empty());
        assert!(shared.status.contains(expected), "{}", shared.status);
    }
    runs.update(RunsAction::Move(isize::MIN), &mut shared);
    let text = screen(&runs, &shared, (120, 30));
    assert!(text.contains("interrupted; r goes on"), "{text}");
}

fn shared(runs: Option<Vec<Arc<PastRun>>>) -> Shared {
    Shared {
        past_runs: runs,
        ..Shared::new(Theme::default())
    }
}

/// The screen after its list was read.
fn listed(shared: &Shared) -> Runs {
    let mut runs = Runs::default();
    runs.listed(shared.past_runs.as_deref().unwrap_or_default());
    runs
}

fn screen(runs: &Runs, shared: &Shared, (width, height): (u16, u16)) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal
        .draw(|frame| runs.draw(frame, frame.area(), shared))
        .unwrap();
    terminal.backend().to_string()
}

#[test]
fn the_list_and_the_chosen_run() {
    let shared = shared(Some(some_runs()));
    insta::assert_snapshot!(screen(&listed(&shared), &shared, (78, 19)));
}

#[test]
fn what_the_test_images_gave_stands_beside_the_run_that_held_images_out() {
    let mut run = PastRun::clone(&some_runs()[0]);
    let scores = |accuracy: f64| Scores {
        loss: 0.25,
        accuracy,
    };
    run.test = Some(TestScores {
        images: 10_000,
        best: scores(0.9312),
        last: scores(0.9305),
    });
    let shared = shared(Some(vec![Arc::new(run)]));
    let screen = screen(&listed(&shared), &shared, (78, 19));
    for row in [
        "test, last 0.9305 ± 0.0025",
        "test, best 0.9312 ± 0.0025, picked",
    ] {
        assert!(screen.contains(row), "{screen}");
    }
}

#[test]
fn runs_that_differ_by_the_seed_alone_are_one_row_that_opens() {
    let mut list = some_runs();
    let seeds = [(3, 4, 0.90), (2, 10, 0.94), (1, 10, 0.92)].map(|(seed, epochs, accuracy)| {
        let mut run = PastRun::clone(&past(
            &format!("20260103-12000{seed}-tiny"),
            "tiny",
            epochs,
            accuracy,
        ));
        let spec = run.spec.unwrap().with_seed(seed);
        run.spec = Ok(spec.changed(|spec| spec.epochs = 10).unwrap());
        Arc::new(run)
    });
    list.splice(1..1, seeds);
    let mut shared = shared(Some(list));
    let mut runs = listed(&shared);
    runs.update(RunsAction::Move(1), &mut shared);
    insta::assert_snapshot!("seeds-80x24", screen(&runs, &shared, (78, 19)));
    // What is about one run opens the row, and says so.
    runs.update(RunsAction::Continue, &mut shared);
    assert!(shared.requests.is_empty() && runs.chosen().is_none());
    assert!(shared.status.contains("choose one"), "{}", shared.status);
    runs.update(RunsAction::Move(3), &mut shared);
    runs.update(RunsAction::Pin, &mut shared);
    insta::assert_snapshot!("seeds-open-200x60", screen(&runs, &shared, (198, 20)));
    // Closed from one of its rows it is what is chosen.
    runs.update(RunsAction::ToggleFold, &mut shared);
    assert!(runs.chosen().is_none());
    assert_eq!(runs.row(&runs.rows()), 1);
    runs.update(RunsAction::Open, &mut shared);
    assert_eq!(runs.rows().len(), 8);
    // What becomes of a fold when a run of it is gone.
    runs.update(RunsAction::Move(1), &mut shared);
    runs.listed(&some_runs());
    assert_eq!(runs.chosen(), Some(Arc::clone(&some_runs()[2])));
    runs.update(RunsAction::ToggleFold, &mut shared);
    assert!(
        shared.status.starts_with("no other run"),
        "{}",
        shared.status
    );
}

#[test]
fn a_pinned_run_has_the_others_beside_it_and_c_compares_with_it() {
    let list = some_runs();
    let mut shared = shared(Some(list.clone()));
    let dataset = Arc::new(Dataset::sample().unwrap());
    shared.data = DataState::Ready {
        dataset,
        looked_in: Vec::new(),
    };
    let mut runs = Runs::default();
    runs.listed(&list);
    let one_epoch = |accuracy| past("x", "tiny", 1, accuracy);
    let data = shared.dataset().map(AsRef::as_ref);
    // 0.7 and 0.6 of 1,000 images: the root of the sum of both variances.
    let difference = baseline::accuracy(&one_epoch(0.9), &one_epoch(0.8), data);
    assert_eq!(difference.as_deref(), Some("+10.00 ±2.12"));
    // Without a baseline the chosen run becomes one, and compared with itself it says so.
    assert!(runs.update(RunsAction::Compare, &mut shared).is_empty());
    assert_eq!(shared.baseline.as_ref(), Some(&list[0].path));
    assert!(runs.update(RunsAction::Compare, &mut shared).is_empty());
    assert!(
        shared.status.contains("on another run"),
        "{}",
        shared.status
    );
    runs.update(RunsAction::Move(1), &mut shared);
    insta::assert_snapshot!("a-baseline-80x24", screen(&runs, &shared, (78, 19)));
    insta::assert_snapshot!("a-baseline-200x60", screen(&runs, &shared, (198, 20)));
    let effects = runs.update(RunsAction::Compare, &mut shared);
    let folders = [list[0].path.clone(), list[1].path.clone()];
    let job = Job::Compare {
        folders: folders.clone(),
        best: false,
    };
    assert_eq!(effects, [Effect::Work(job)]);
    assert_eq!(runs.context().title, "Two runs");
    runs.dismiss();
    assert_eq!(runs.context().title, "Runs");
    // Another screen may ask for it too.
    assert!(runs.serve(&Request::CompareRuns(folders), &mut shared));
    assert_eq!(runs.follow(&mut shared).len(), 1);
    runs.dismiss();
    let gone = Request::CompareRuns([list[0].path.clone(), "runs/gone".into()]);
    assert!(!runs.serve(&gone, &mut shared));
    assert!(shared.status.contains("runs/gone"), "{}", shared.status);
    runs.update(RunsAction::Move(-1), &mut shared);
    runs.update(RunsAction::Pin, &mut shared);
    assert_eq!(shared.baseline, None);
    runs.update(RunsAction::Pin, &mut shared);
    runs.answer(&Answer::Runs(list[1..].to_vec()), &mut shared);
    assert_eq!(
        shared.baseline, None,
        "a run that was deleted is no baseline"
    );
}

#[test]
fn before_any_run_it_says_what_to_do() {
    insta::assert_snapshot!(screen(&Runs::default(), &shared(Some(Vec::new())), (70, 6)));
}

#[test]
fn the_chosen_run_stays_chosen() {
    let mut shared = shared(Some(some_runs()));
    let mut runs = Runs::default();
    runs.listed(&some_runs());
    runs.update(RunsAction::Move(1), &mut shared);
    runs.update(RunsAction::NextSort, &mut shared);
    runs.update(RunsAction::NextSort, &mut shared);
    // The shortest training first, runs without an epoch last.
    assert_eq!(runs.chosen().unwrap().name, "20260103-110000-tiny");
    assert_eq!(runs.row(&runs.rows()), 0);
    let fewer = some_runs().split_off(2);
    runs.listed(&fewer);
    shared.past_runs = Some(fewer);
    assert_eq!(runs.row(&runs.rows()), 1, "its row, now that it is gone");
}

#[test]
fn enter_loads_what_there_is() {
    let mut shared = shared(Some(some_runs()));
    let mut runs = listed(&shared);
    let effects = runs.update(RunsAction::Open, &mut shared);
    let model = "runs/20260104-120000-bn-dropout/best.safetensors";
    let (path, network) = (model.into(), None);
    assert_eq!(effects, [Effect::Work(Job::LoadModel { path, network })]);
    runs.update(RunsAction::Move(2), &mut shared);
    assert!(runs.update(RunsAction::Open, &mut shared).is_empty());
    assert!(shared.status.contains("kernal"), "{}", shared.status);
    runs.update(RunsAction::Move(isize::MAX), &mut shared);
    assert!(runs.update(RunsAction::Open, &mut shared).is_empty());
    assert!(matches!(shared.requests[..], [Request::OpenSpec(_)]));
}

#[test]
fn deleting_asks_and_another_run_is_chosen_then() {
    let mut shared = shared(Some(some_runs()));
    let mut runs = listed(&shared);
    runs.update(RunsAction::Move(2), &mut shared);
    runs.update(RunsAction::Delete, &mut shared);
    let path = PathBuf::from("runs/20260102-090000-broken");
    assert!(
        matches!(&shared.requests[..], [Request::Ask(Question::DeleteRun(asked), _)] if *asked == path)
    );
    let mut left = some_runs();
    left.remove(2);
    runs.listed(&left);
    shared.past_runs = Some(left);
    assert_eq!(runs.row(&runs.rows()), 2);
}

#[test]
fn nothing_panics_anywhere() {
    for list in [None, Some(Vec::new()), Some(with_sweep())] {
        for ascii in [false, true] {
            let mut shared = shared(list.clone());
            shared.theme.ascii = ascii;
            let mut runs = listed(&shared);
            for step in [0, 1, 1, 1, isize::MIN] {
                runs.update(RunsAction::Move(step), &mut shared);
                for size in [(1, 1), (20, 5), (54, 14), (78, 19), (90, 27), (198, 56)] {
                    let text = screen(&runs, &shared, size);
                    assert!(!ascii || text.is_ascii(), "{text}");
                }
            }
        }
    }
}
