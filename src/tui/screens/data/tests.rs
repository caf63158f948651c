use super::facts::{Facts, Kind};
use super::geometry::Geometry;
use super::words;
use super::{Data, DataAction};
use crate::data::{Dataset, Normalization, Origin, Split};
use crate::insight::audit::{
    Finding, Findings, LabelIssue, Labels, Part, Reason, Step, Twin, exclusions,
};
use crate::tui::effect::{Effect, Job};
use crate::tui::message::AuditNews;
use crate::tui::screens::Screen;
use crate::tui::screens::samples::fixture::{SIZES, text, with_data};
use crate::tui::shared::{DataState, Shared};
use crate::tui::theme::{Depth, Theme};
use DataAction as Do;
use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Rect;
use std::sync::Arc;

const TAB: (u16, u16) = (78, 19);

/// Images of 4×4 pixels with these labels.
fn split(labels: Vec<u8>, channels: usize) -> Split {
    Split {
        images: vec![90; labels.len() * channels * 16],
        labels,
        channels,
        height: 4,
        width: 4,
    }
}

/// Data with `train[class]` and `validation[class]` images of each class.
fn counted(names: &[&str], train: &[usize], validation: &[usize], channels: usize) -> Arc<Dataset> {
    let labels = |counts: &[usize]| {
        let classes = counts.iter().enumerate();
        classes
            .flat_map(|(class, count)| vec![class as u8; *count])
            .collect()
    };
    Arc::new(Dataset {
        name: "own".into(),
        origin: Origin::Folder("/data/own".into()),
        class_names: names.iter().map(|name| (*name).to_owned()).collect(),
        source_images: train.iter().sum(),
        train: split(labels(train), channels),
        validation: Arc::new(split(labels(validation), channels)),
        normalization: Normalization {
            mean: 0.3,
            std: 0.2,
        },
    })
}

/// The screen as it is when this data has arrived.
fn open(dataset: Arc<Dataset>) -> (Data, Shared) {
    let mut shared = Shared::new(Theme::default());
    shared.data = DataState::Ready {
        dataset,
        looked_in: Vec::new(),
    };
    let mut screen = Data::default();
    screen.follow(&mut shared);
    (screen, shared)
}

fn sample(theme: Theme) -> (Data, Shared) {
    let mut shared = with_data(theme);
    let mut screen = Data::default();
    screen.follow(&mut shared);
    (screen, shared)
}

fn many() -> (Data, Shared) {
    let names: Vec<String> = (0..256).map(|class| class.to_string()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    open(counted(&names, &[2; 256], &[1; 256], 1))
}

fn drawn(screen: &Data, size: (u16, u16), shared: &Shared) -> String {
    text(size, |frame, area| screen.draw(frame, area, shared))
}

fn sentence(train: &[usize], validation: &[usize]) -> Option<String> {
    let names = &["Bag", "Coat", "Shirt"][..train.len()];
    words::imbalance(&Facts::of(&counted(names, train, validation, 1)))
}

#[test]
fn the_sample_set_at_the_sizes_it_is_made_for() {
    let (mut screen, mut shared) = sample(Theme::default());
    insta::assert_snapshot!("tab", drawn(&screen, TAB, &shared));
    screen.update(Do::Last, &mut shared);
    screen.update(Do::SwitchSplit, &mut shared);
    insta::assert_snapshot!("large", drawn(&screen, (118, 31), &shared));
}

#[test]
fn a_class_more_is_a_step_and_the_ends_are_ends() {
    let (mut screen, mut shared) = sample(Theme::default());
    for (action, class) in [
        (Do::Up, 0),
        (Do::Down, 1),
        (Do::Last, 9),
        (Do::Down, 9),
        (Do::Up, 8),
        (Do::First, 0),
    ] {
        screen.update(action, &mut shared);
        assert_eq!(screen.class, class, "{action:?}");
        let split = &shared.dataset().unwrap().train;
        let labels = screen
            .images
            .iter()
            .map(|image| split.labels[*image as usize]);
        assert!(labels.clone().all(|label| usize::from(label) == class));
        assert_eq!(labels.len(), split.class_counts(10)[class]);
    }
}

#[test]
fn the_examples_go_on_by_the_page_and_begin_anew_with_another_class() {
    let (mut screen, mut shared) = sample(Theme::default());
    let seen = drawn(&screen, TAB, &shared);
    assert!(seen.contains("training images 1 to 6 of 400"), "{seen}");
    screen.update(Do::PreviousPage, &mut shared);
    screen.update(Do::NextPage, &mut shared);
    screen.update(Do::NextPage, &mut shared);
    let seen = drawn(&screen, TAB, &shared);
    assert!(seen.contains("training images 13 to 18 of 400"), "{seen}");
    for _ in 0..100 {
        screen.update(Do::NextPage, &mut shared);
    }
    let seen = drawn(&screen, TAB, &shared);
    assert!(seen.contains("training images 397 to 400 of 400"), "{seen}");
    screen.update(Do::SwitchSplit, &mut shared);
    let seen = drawn(&screen, TAB, &shared);
    assert!(seen.contains("validation images 1 to 6 of 100"), "{seen}");
}

#[test]
fn of_256_classes_the_chosen_one_is_in_view() {
    let (mut screen, mut shared) = many();
    for _ in 0..200 {
        screen.update(Do::Down, &mut shared);
    }
    for size in [TAB, (58, 11), (118, 31), (198, 55)] {
        let seen = drawn(&screen, size, &shared);
        assert!(seen.contains("› 200 "), "{seen}");
    }
    screen.update(Do::Last, &mut shared);
    assert!(drawn(&screen, TAB, &shared).contains("› 255 "));
}

#[test]
fn rare_and_missing_classes_are_told_in_a_sentence() {
    assert_eq!(sentence(&[90, 100, 80], &[9, 9, 9]), None);
    assert_eq!(
        sentence(&[3, 200, 100], &[9, 9, 9]).as_deref(),
        Some("Bag has 3 images, the largest class 200: the network will rarely predict it")
    );
    assert_eq!(
        sentence(&[30, 1, 1000], &[9, 9, 9]).as_deref(),
        Some(
            "Coat has 1 image, the largest class 1,000: the network will rarely predict it \
             (1 more class is rare)"
        )
    );
    assert_eq!(
        sentence(&[0, 9, 0], &[9, 9, 9]).as_deref(),
        Some("Bag and Shirt have no training images: the network cannot learn them")
    );
    assert_eq!(
        sentence(&[9, 9, 9], &[9, 0, 9]).as_deref(),
        Some("Coat has no validation images: accuracy says nothing about it")
    );
    assert_eq!(
        sentence(&[9, 9, 9], &[0, 0, 0]).as_deref(),
        Some("there are no validation images: accuracy is not measured")
    );
    assert!(sentence(&[9], &[9]).unwrap().contains("only one class"));
}

#[test]
fn a_class_without_images_says_so() {
    let (mut screen, mut shared) = open(counted(&["Bag", "Coat"], &[0, 8], &[2, 2], 3));
    let seen = drawn(&screen, TAB, &shared);
    assert!(seen.contains("no training images; v shows"), "{seen}");
    assert!(seen.contains("cannot learn it"), "{seen}");
    assert!(seen.contains("3 channels"), "{seen}");
    screen.update(Do::SwitchSplit, &mut shared);
    let seen = drawn(&screen, TAB, &shared);
    assert!(seen.contains("validation images 1 to 2 of 2"), "{seen}");
}

#[test]
fn wide_names_are_cut_by_cells_and_the_counts_stay_aligned() {
    let names = [
        "靴靴靴靴靴靴靴靴靴靴",
        "a name that is far too long for it",
        "Bag",
    ];
    let (screen, shared) = open(counted(&names, &[70, 71, 72], &[7, 7, 7], 1));
    for size in [TAB, (58, 11), (118, 31)] {
        let facts = screen.facts.as_ref().unwrap();
        let place = Geometry::of(Rect::new(0, 0, size.0, size.1), facts, 0);
        let mut terminal =
            ratatui::Terminal::new(ratatui::backend::TestBackend::new(size.0, size.1)).unwrap();
        terminal
            .draw(|frame| screen.draw(frame, frame.area(), &shared))
            .unwrap();
        let buffer = terminal.backend().buffer();
        let end = (2 + place.columns.name + place.columns.train) as u16;
        for row in 0..3 {
            let count: String = (end - 2..end)
                .map(|x| buffer[(x, place.list.y + row)].symbol())
                .collect();
            assert_eq!(count, format!("7{row}"), "{size:?}");
        }
    }
}

#[test]
fn a_click_chooses_a_class_and_the_wheel_scrolls_what_it_is_over() {
    let (mut screen, mut shared) = sample(Theme::default());
    let area = Rect::new(1, 2, TAB.0, TAB.1);
    drawn(&screen, TAB, &shared);
    let place = Geometry::of(area, screen.facts.as_ref().unwrap(), 0);
    let mouse = |kind, (column, row)| MouseEvent {
        kind,
        column,
        row,
        modifiers: KeyModifiers::NONE,
    };
    let click = MouseEventKind::Down(MouseButton::Left);
    let in_list = (place.list.x + 3, place.list.y + 4);
    screen.mouse(mouse(click, in_list), area, &mut shared);
    assert_eq!(screen.class, 4);
    screen.mouse(
        mouse(MouseEventKind::ScrollDown, in_list),
        area,
        &mut shared,
    );
    assert_eq!(screen.class, 5);
    let over = (place.examples.x + 3, place.examples.y + 3);
    screen.mouse(mouse(MouseEventKind::ScrollDown, over), area, &mut shared);
    assert_eq!((screen.class, screen.position), (5, 6));
    screen.mouse(mouse(click, (1, 2)), area, &mut shared);
    assert_eq!(screen.class, 5);
}

#[test]
fn without_data_it_says_why_and_what_to_do() {
    let mut shared = Shared::new(Theme::default());
    let mut screen = Data::default();
    shared.data = DataState::Loading(0.4);
    assert!(drawn(&screen, TAB, &shared).contains("40 %"));
    shared.data = DataState::Failed("no folder \u{1b}[31mred".into());
    let seen = drawn(&screen, TAB, &shared);
    for part in ["no folder", "D  ", "--data DIR"] {
        assert!(seen.contains(part), "{seen}");
    }
    screen.update(Do::Down, &mut shared);
    assert!(shared.status.contains("not there"), "{}", shared.status);
}

/// What an audit of the sample set might find.
fn findings() -> Arc<Findings> {
    let label = |image, given, suggested| {
        let reason = Reason::Label(LabelIssue {
            image,
            given,
            suggested,
            of_given: 0.012,
            of_suggested: 0.97,
        });
        (image, reason)
    };
    let twin = |part, image, correlation: f64| Twin {
        part,
        image,
        correlation,
        is_exact: correlation == 1.0,
    };
    let found = |part| {
        move |(image, reason)| Finding {
            part,
            image,
            reason,
        }
    };
    let training = [
        label(1234, 6, 3),
        label(7, 2, 4),
        (40, Reason::Across(twin(Part::Validation, 9, 0.99789))),
        (55, Reason::Repeats(twin(Part::Training, 3, 1.0))),
        (60, Reason::Constant),
        (61, Reason::Inverted),
    ];
    let validation = [
        label(12, 0, 6),
        (9, Reason::Across(twin(Part::Training, 40, 0.99789))),
    ];
    let training = training.into_iter().map(found(Part::Training));
    let all = training.chain(validation.into_iter().map(found(Part::Validation)));
    Arc::new(Findings { all: all.collect() })
}

/// The view of suspicious images, with an audit that is done.
fn audited(theme: Theme) -> (Data, Shared) {
    let (mut screen, mut shared) = sample(theme);
    screen.update(Do::Suspicious, &mut shared);
    let dataset = Arc::clone(shared.dataset().unwrap());
    let labels = Arc::new(Labels {
        network: "tiny".into(),
        folds: 4,
        epochs: 10,
        training: Vec::new(),
        validation: Vec::new(),
        accuracy: (0.9, 4000),
    });
    shared.audit_news(&dataset, AuditNews::Found(findings(), Some(labels)));
    shared.audit_news(&dataset, AuditNews::Done);
    screen.follow(&mut shared);
    (screen, shared)
}

#[test]
fn suspicious_images_stand_beside_those_they_are_compared_with() {
    let (mut screen, mut shared) = audited(Theme::default());
    insta::assert_snapshot!("suspicious", drawn(&screen, TAB, &shared));
    assert_eq!(shared.status, "audited: 8 images are suspicious");
    screen.update(Do::NextReason, &mut shared);
    screen.update(Do::NextReason, &mut shared);
    insta::assert_snapshot!("suspicious-copies", drawn(&screen, (118, 31), &shared));
    screen.update(Do::SwitchSplit, &mut shared);
    let seen = drawn(&screen, TAB, &shared);
    assert!(
        seen.contains("almost training image 40") && seen.contains("(0.9978)"),
        "{seen}"
    );
    screen.update(Do::NextReason, &mut shared);
    let seen = drawn(&screen, TAB, &shared);
    assert!(seen.contains("nothing is suspicious here"), "{seen}");
    screen.update(Do::Back, &mut shared);
    assert!(drawn(&screen, TAB, &shared).contains("training images 1 to 6"));
}

#[test]
fn an_audit_shows_how_far_it_is_and_can_be_stopped_and_begun_anew() {
    let (mut screen, mut shared) = sample(Theme::default());
    let began = screen.update(Do::Suspicious, &mut shared);
    assert_eq!(began, [Effect::StartAudit { with_labels: true }]);
    let dataset = Arc::clone(shared.dataset().unwrap());
    let at = AuditNews::At(Step::Training {
        fold: 2,
        folds: 4,
        epoch: 4,
        epochs: 10,
        share: 0.36,
    });
    shared.audit_news(&dataset, at);
    let seen = drawn(&screen, TAB, &shared);
    assert!(
        seen.contains("judging labels: fold 2/4, epoch 5/10") && seen.contains("36 %"),
        "{seen}"
    );
    // News of other data are not for this screen.
    let other = Arc::new(Dataset::clone(&dataset));
    shared.audit_news(&other, AuditNews::Found(findings(), None));
    assert!(shared.findings().is_none());
    assert_eq!(screen.update(Do::Audit, &mut shared), [Effect::StopAudit]);
    shared.audit_news(&dataset, AuditNews::Stopped);
    let seen = drawn(&screen, TAB, &shared);
    assert!(seen.contains("stopped; A begins anew"), "{seen}");
    let again = screen.update(Do::Audit, &mut shared);
    assert_eq!(again, [Effect::StartAudit { with_labels: true }]);
    // Opening it once more begins nothing.
    screen.update(Do::Back, &mut shared);
    assert_eq!(screen.update(Do::Suspicious, &mut shared), []);
}

#[test]
fn the_list_is_written_once_something_is_found() {
    let (mut screen, mut shared) = sample(Theme::default());
    screen.update(Do::Suspicious, &mut shared);
    assert_eq!(screen.update(Do::WriteList, &mut shared), []);
    assert_eq!(shared.status, "nothing was found yet");
    let (mut screen, mut shared) = audited(Theme::default());
    let effects = screen.update(Do::WriteList, &mut shared);
    let [
        Effect::Work(Job::WriteList {
            path,
            findings,
            dataset,
        }),
    ] = &effects[..]
    else {
        panic!("{effects:?}");
    };
    assert_eq!(path.to_str(), Some("suspicious.txt"));
    let list = exclusions(findings, dataset);
    let numbers: Vec<&str> = list.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(numbers.len(), 6, "{list}");
    assert!(
        numbers[0].starts_with("7  # labelled Pullover (1 %), likely Coat (97 %)"),
        "{list}"
    );
}

#[test]
fn other_data_takes_the_place_of_the_first() {
    let (mut screen, mut shared) = many();
    screen.update(Do::Last, &mut shared);
    shared.data = with_data(Theme::default()).data;
    screen.follow(&mut shared);
    assert_eq!((screen.class, screen.images.len()), (9, 400));
    shared.data = DataState::Loading(0.0);
    screen.follow(&mut shared);
    assert!(drawn(&screen, TAB, &shared).contains("being read"));
}

#[test]
fn without_colours_and_signs_everything_is_ascii() {
    let theme = Theme {
        depth: Depth::None,
        ascii: true,
        ..Theme::default()
    };
    let (screen, shared) = sample(theme);
    for size in [TAB, (118, 31)] {
        let seen = drawn(&screen, size, &shared);
        assert!(seen.is_ascii(), "{seen}");
        assert!(seen.contains("> T-shirt/top"), "{seen}");
        assert!(seen.contains('#'), "{seen}");
    }
}

#[test]
fn no_size_and_no_data_panics() {
    let long = "x".repeat(300);
    let failed = || {
        let mut shared = Shared::new(Theme::default());
        shared.data = DataState::Failed("gone ".repeat(200));
        (Data::default(), shared)
    };
    for (mut screen, mut shared) in [
        audited(Theme::default()),
        sample(Theme::default()),
        many(),
        open(counted(&["one"], &[3], &[0], 1)),
        open(counted(
            &[&long, "\u{1b}[31mred"],
            &[1, 100_000],
            &[0, 0],
            1,
        )),
        (Data::default(), Shared::new(Theme::default())),
        failed(),
    ] {
        for action in [Do::Down, Do::NextPage, Do::SwitchSplit, Do::Last, Do::Up] {
            screen.update(action, &mut shared);
            for size in SIZES {
                let seen = drawn(&screen, size, &shared);
                assert!(!seen.contains('\u{1b}'));
            }
        }
        assert!(matches!(screen.kind, Kind::Training | Kind::Validation));
    }
}
