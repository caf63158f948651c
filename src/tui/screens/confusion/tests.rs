use super::geometry::Geometry;
use super::state::matrix;
use super::{Confusion, ConfusionAction};
use crate::tui::request::Request;
use crate::tui::screens::Screen;
use crate::tui::screens::samples::fixture::{SIZES, text, view, with_data, with_view};
use crate::tui::shared::Shared;
use crate::tui::theme::{Depth, Theme};
use ConfusionAction as Do;
use crossterm::event::{MouseEvent, MouseEventKind};
use ratatui::layout::Rect;

fn drawn(screen: &Confusion, size: (u16, u16), shared: &Shared) -> String {
    text(size, |frame, area| screen.draw(frame, area, shared))
}

fn click(column: u16, row: u16) -> MouseEvent {
    MouseEvent {
        kind: MouseEventKind::Down(crossterm::event::MouseButton::Left),
        column,
        row,
        modifiers: crossterm::event::KeyModifiers::NONE,
    }
}

#[test]
fn the_matrix_at_the_sizes_it_is_made_for() {
    let shared = &mut with_view(Theme::default(), 0);
    let mut screen = Confusion::default();
    screen.update(Do::NextPair, shared);
    insta::assert_snapshot!("tab", drawn(&screen, (78, 19), shared));
    insta::assert_snapshot!("small", drawn(&screen, (54, 14), shared));
    screen.update(Do::Normalize, shared);
    insta::assert_snapshot!("large", drawn(&screen, (90, 27), shared));
}

#[test]
fn how_sure_the_model_is_stands_beside_how_often_it_is_right() {
    let shared = &mut with_view(Theme::default(), 0);
    let mut screen = Confusion::default();
    screen.update(Do::Certainty, shared);
    assert_eq!(screen.context().title, "How sure");
    insta::assert_snapshot!("certainty-tab", drawn(&screen, (78, 19), shared));
    insta::assert_snapshot!("certainty-small", drawn(&screen, (54, 14), shared));
    (0..20).for_each(|_| drop(screen.update(Do::NextClass, shared)));
    let text = drawn(&screen, (78, 19), shared);
    assert!(text.contains("taken for Ankle boot"), "{text}");
    (0..20).for_each(|_| drop(screen.update(Do::PreviousClass, shared)));
    assert!(drawn(&screen, (78, 19), shared).contains("all classes"));
    screen.dismiss();
    assert!(drawn(&screen, (78, 19), shared).contains("true \\ pred"));
}

#[test]
fn without_a_model_it_says_what_to_do() {
    let shared = &mut with_data(Theme::default());
    let mut screen = Confusion::default();
    screen.update(Do::Down, shared);
    assert!(shared.status.contains("t trains"), "{}", shared.status);
    assert!(drawn(&screen, (54, 14), shared).contains("L  loads a saved model"));
}

#[test]
fn the_pairs_come_in_order_and_around_the_end() {
    let shared = &mut with_view(Theme::default(), 0);
    let mut screen = Confusion::default();
    let pairs = matrix(shared).unwrap().most_confused(usize::MAX);
    for pair in pairs.iter().chain(pairs.first()) {
        screen.update(Do::NextPair, shared);
        assert_eq!(screen.cursor, (pair.truth, pair.predicted));
    }
    screen.update(Do::PreviousPair, shared);
    let last = pairs.last().unwrap();
    assert_eq!(screen.cursor, (last.truth, last.predicted));
}

#[test]
fn enter_opens_the_images_of_the_cell_and_nothing_of_an_empty_one() {
    let shared = &mut with_view(Theme::default(), 0);
    let mut screen = Confusion::default();
    screen.update(Do::RowEnd, shared);
    screen.update(Do::Open, shared);
    assert!(shared.requests.is_empty());
    assert!(
        shared.status.contains("nothing to show"),
        "{}",
        shared.status
    );
    screen.update(Do::NextPair, shared);
    screen.update(Do::Open, shared);
    let (truth, predicted) = (6, 0);
    assert_eq!(shared.requests, [Request::ShowImages { truth, predicted }]);
}

#[test]
fn a_click_goes_to_a_cell_and_a_second_one_opens_it() {
    let shared = &mut with_view(Theme::default(), 0);
    let mut screen = Confusion::default();
    let area = Rect::new(5, 3, 78, 19);
    let place = Geometry::of(area, matrix(shared).unwrap(), (0, 0), false, shared).unwrap();
    // Row 6, column 0.
    let at = click(place.cells.x + 1, place.cells.y + 6);
    screen.mouse(at, area, shared);
    assert_eq!(screen.cursor, (6, 0));
    assert!(shared.requests.is_empty());
    screen.mouse(at, area, shared);
    assert_eq!(shared.requests.len(), 1);
    screen.mouse(click(5, 3), area, shared);
    assert_eq!(screen.cursor, (6, 0));
}

#[test]
fn the_cursor_is_seen_without_colours() {
    let theme = Theme {
        depth: Depth::None,
        ascii: true,
        ..Theme::default()
    };
    let shared = with_view(theme, 0);
    let screen = Confusion::default();
    let small = drawn(&screen, (54, 14), &shared);
    assert!(small.contains('>'), "{small}");
    assert!(small.is_ascii(), "{small}");
    let large = drawn(&screen, (90, 27), &shared);
    assert!(large.contains('['), "{large}");
}

#[test]
fn of_many_classes_those_around_the_cursor_are_in_sight() {
    let shared = &mut with_data(Theme::default());
    let labels: Vec<u8> = (0..2560).map(|image| (image % 256) as u8).collect();
    shared.view = Some(view(
        &labels,
        256,
        |image, label| (label ^ u8::from(image % 3 == 0), 0.9),
        "many",
    ));
    let mut screen = Confusion {
        cursor: (200, 201),
        ..Confusion::default()
    };
    let seen = drawn(&screen, (78, 19), shared);
    assert!(seen.contains("200") && seen.contains("201"), "{seen}");
    for action in [Do::Down, Do::RowEnd, Do::Right, Do::NextPair] {
        screen.update(action, shared);
        for size in SIZES {
            drawn(&screen, size, shared);
        }
    }
}

#[test]
fn where_large_counts_do_not_fit_the_matrix_stays_and_shows_percent() {
    let shared = &mut with_data(Theme::default());
    let labels: Vec<u8> = (0..15_000).map(|image| (image % 10) as u8).collect();
    shared.view = Some(view(&labels, 10, |_, label| (label, 0.9), "many images"));
    let screen = Confusion::default();
    // The panel among four in a terminal of 120×36.
    let narrow = drawn(&screen, (53, 14), shared);
    assert!(narrow.contains("percent of each row"), "{narrow}");
    assert!(narrow.matches(" 100").count() >= 9, "{narrow}");
    let wide = drawn(&screen, (78, 19), shared);
    assert!(
        wide.contains("1500") && wide.contains("15,000 images"),
        "{wide}"
    );
}

#[test]
fn no_size_and_no_count_panics() {
    let mut extreme = with_data(Theme::default());
    extreme.view = Some(view(
        &[3; 200_000],
        10,
        |_, _| (9, f32::NAN),
        "\u{1b}[31mred",
    ));
    for shared in [
        with_view(Theme::default(), 1),
        with_data(Theme::default()),
        extreme,
    ] {
        for size in SIZES {
            let seen = drawn(&Confusion::default(), size, &shared);
            assert!(!seen.contains('\u{1b}'));
        }
    }
}
