use super::state::Part;
use super::{Compare, CompareAction};
use crate::data::Dataset;
use crate::insight::{Compared, Comparison, Paired};
use crate::nn::ModelInfo;
use crate::runs::PastRun;
use crate::spec::{CheckedSpec, differences, preset};
use crate::train::{ConfusionMatrix, EpochMetrics, Evaluation};
use crate::tui::effect::{Effect, Job};
use crate::tui::message::Answer;
use crate::tui::shared::Shared;
use crate::tui::theme::{Depth, Theme};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::sync::Arc;

fn run(name: &str, spec: CheckedSpec, epochs: usize, seconds: f64) -> Arc<PastRun> {
    let epoch = |epoch: usize| EpochMetrics {
        epoch,
        train_loss: 1.0 / epoch as f64,
        train_accuracy: 0.95 - 0.3 / epoch as f64,
        validation_loss: 1.1 / epoch as f64 + 0.1 / seconds,
        validation_accuracy: 0.9 - 0.2 / epoch as f64 - 0.1 / seconds,
        learning_rate: 1e-3,
        seconds,
        images_per_second: 7_000.0,
        train_eval_loss: None,
        train_eval_accuracy: None,
    };
    Arc::new(PastRun {
        data: None,
        checkpoints: vec![1],
        ..PastRun::in_test(
            &format!("runs/{name}"),
            Ok(spec),
            (1..=epochs).map(epoch).collect(),
        )
    })
}

/// `bn` and a wider `bn-dropout`, so that layers, fields and an optimiser differ.
fn runs() -> [Arc<PastRun>; 2] {
    let first = preset("bn").unwrap();
    let second = preset("bn-dropout").unwrap();
    let second = second.changed(|spec| spec.learning_rate = 0.003).unwrap();
    [
        run("20260103-110000-bn", first, 12, 8.0),
        run("20260104-120000-bn-dropout", second, 20, 9.5),
    ]
}

/// Every `wrong_every`-th image is taken for the next class.
fn compared(run: &PastRun, dataset: &Dataset, wrong_every: usize) -> Compared {
    let mut confusion = ConfusionMatrix::new(10);
    let (mut predictions, mut probabilities) = (Vec::new(), Vec::new());
    for (image, label) in dataset.validation.labels.iter().enumerate() {
        let truth = usize::from(*label);
        let is_wrong = image % wrong_every == 0;
        let predicted = if is_wrong { (truth + 1) % 10 } else { truth };
        confusion.add(truth, predicted);
        predictions.push(predicted as u8);
        let top = 0.55 + 0.04 * (image % 10) as f32;
        let share = |class| match class == predicted {
            true => top,
            false => (1.0 - top) / 9.0,
        };
        probabilities.extend((0..10).map(share));
    }
    Compared {
        path: run.path.clone(),
        info: ModelInfo {
            spec: run.spec.clone().unwrap(),
            dataset: "sample".into(),
            class_names: dataset.class_names.clone(),
            normalization: dataset.normalization,
            metrics: serde_json::Value::Null,
        },
        evaluation: Evaluation {
            loss: 1.0 / wrong_every as f64,
            accuracy: confusion.accuracy(),
            confusion,
            predictions,
            probabilities,
        },
        run: Some(Arc::new(run.clone())),
    }
}

fn comparison(runs: &[Arc<PastRun>; 2]) -> Comparison {
    let dataset = Dataset::sample().unwrap();
    let [first, second] =
        [(0, 7), (1, 13)].map(|(run, every)| compared(&runs[run], &dataset, every));
    Comparison {
        changes: differences(&first.info.spec, &second.info.spec),
        paired: Paired::new(
            &first.evaluation.predictions,
            &second.evaluation.predictions,
            &dataset.validation.labels,
        ),
        sides: [first, second],
        images: Arc::clone(&dataset.validation),
        class_names: dataset.class_names.clone(),
    }
}

/// The view as it is when the evaluation has come.
fn measured() -> Compare {
    let mut compare = Compare::new(runs());
    let effects = compare.ask();
    let [Effect::Work(Job::Compare { folders, best })] = &effects[..] else {
        panic!("{effects:?}");
    };
    compare.answer(&Answer::Compared {
        folders: folders.clone(),
        best: *best,
        outcome: Ok(Arc::new(comparison(&runs()))),
    });
    compare
}

fn screen(compare: &Compare, theme: Theme, (width, height): (u16, u16)) -> String {
    let shared = Shared::new(theme);
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal
        .draw(|frame| compare.draw(frame, frame.area(), &shared))
        .unwrap();
    terminal.backend().to_string()
}

/// The inside of the panel at 80×24, 120×36 and 200×60.
const SMALL: (u16, u16) = (78, 19);
const LARGE: (u16, u16) = (118, 31);
const HUGE: (u16, u16) = (198, 55);

#[test]
fn a_small_terminal_shows_one_part_after_another() {
    let shared = &mut Shared::new(Theme::default());
    let mut compare = measured();
    let theme = Theme::default();
    insta::assert_snapshot!("numbers", screen(&compare, theme, SMALL));
    compare.update(CompareAction::NextPart, shared);
    compare.update(CompareAction::NextAxis, shared);
    insta::assert_snapshot!("curves-over-time", screen(&compare, theme, SMALL));
    compare.update(CompareAction::NextPart, shared);
    screen(&compare, theme, SMALL);
    compare.update(CompareAction::Move(3), shared);
    insta::assert_snapshot!("images", screen(&compare, theme, SMALL));
    compare.update(CompareAction::Enlarge, shared);
    insta::assert_snapshot!(
        "image",
        screen(
            &compare,
            Theme {
                ascii: true,
                ..theme
            },
            SMALL
        )
    );
    assert!(!compare.back(), "the image first");
    assert!(compare.back(), "then the view");
    compare.update(CompareAction::NextPart, shared);
    assert_eq!(compare.part, Part::All);
}

#[test]
fn a_large_terminal_shows_everything() {
    let compare = measured();
    insta::assert_snapshot!("large", screen(&compare, Theme::default(), LARGE));
    let ascii = Theme {
        ascii: true,
        ..Theme::default()
    };
    insta::assert_snapshot!("huge", screen(&compare, ascii, HUGE));
}

#[test]
fn an_answer_counts_only_for_the_question_that_is_open() {
    let shared = &mut Shared::new(Theme::default());
    let mut compare = measured();
    assert!(compare.ask().is_empty(), "nothing is left to ask");
    let effects = compare.update(CompareAction::ToggleBest, shared);
    assert!(matches!(
        &effects[..],
        [Effect::Work(Job::Compare { best: true, .. })]
    ));
    let folders = runs().map(|run| run.path.clone());
    let failed = |best, reason: &str| Answer::Compared {
        folders: folders.clone(),
        best,
        outcome: Err(reason.into()),
    };
    compare.answer(&failed(false, "of the last epochs"));
    assert!(screen(&compare, Theme::default(), SMALL).contains("evaluating both"));
    compare.answer(&failed(true, "runs/b: there is no best.safetensors in it"));
    assert!(screen(&compare, Theme::default(), SMALL).contains("there is no best"));
    compare.answer(&Answer::DataReady {
        dataset: Arc::new(Dataset::sample().unwrap()),
        looked_in: Vec::new(),
    });
    assert_eq!(
        compare.ask().len(),
        1,
        "other images ask for another evaluation"
    );
}

#[test]
fn nothing_panics_anywhere() {
    let shared = &mut Shared::new(Theme::default());
    let mut broken = PastRun::clone(&runs()[0]);
    broken.spec = Err("spec.json:4:2: unknown field `kernal`".into());
    broken.epochs = Vec::new();
    let [first, second] = runs();
    let same = Compare::new([Arc::clone(&first), first]);
    for mut compare in [measured(), same, Compare::new([Arc::new(broken), second])] {
        for ascii in [false, true] {
            let theme = Theme {
                ascii,
                depth: Depth::None,
                ..Theme::default()
            };
            for action in [
                CompareAction::Move(isize::MAX),
                CompareAction::Enlarge,
                CompareAction::Move(-1),
                CompareAction::Back,
                CompareAction::NextPart,
                CompareAction::NextAxis,
                CompareAction::NextPart,
                CompareAction::Move(isize::MIN),
            ] {
                if action == CompareAction::Back {
                    compare.back();
                }
                compare.update(action, shared);
                for size in [(1, 1), (20, 5), (58, 11), SMALL, LARGE, HUGE] {
                    let text = screen(&compare, theme, size);
                    assert!(!ascii || text.is_ascii(), "{text}");
                }
            }
        }
    }
}
