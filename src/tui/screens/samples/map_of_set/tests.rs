use super::SET;
use super::keys::MapAction as Do;
use super::state::Progress;
use crate::insight::{Embedding, EmbeddingMethod, Trustworthiness};
use crate::tui::effect::{Effect, Job};
use crate::tui::message::{Answer, MapNews};
use crate::tui::screens::Screen;
use crate::tui::screens::samples::fixture::{SIZES, text, view, with_data, with_view};
use crate::tui::screens::samples::{Samples, SamplesAction};
use crate::tui::shared::Shared;
use crate::tui::theme::{Depth, Theme};
use crate::tui::ticket::Ticket;
use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Rect;
use std::sync::Arc;

fn ascii() -> Theme {
    Theme {
        depth: Depth::None,
        ascii: true,
        ..Theme::default()
    }
}

fn drawn(samples: &Samples, size: (u16, u16), shared: &Shared) -> String {
    text(size, |frame, area| samples.draw(frame, area, shared))
}

/// The ticket of the map that is asked for.
fn ticket(effects: &[Effect]) -> Ticket {
    let [Effect::Work(Job::MapOfSet { ticket, .. })] = effects else {
        panic!("{effects:?}");
    };
    ticket.clone()
}

fn opened(shared: &mut Shared) -> (Samples, Ticket) {
    let mut samples = Samples::default();
    samples.entered(shared);
    let effects = samples.update(SamplesAction::MapOfSet, shared);
    assert_eq!(samples.context(), SET);
    (samples, ticket(&effects))
}

/// Every tenth image, each class in a heap of its own around a ring; `turn` moves all of them.
fn map(shared: &Shared, turn: f32) -> Arc<Embedding> {
    let labels = &shared.dataset().unwrap().validation.labels;
    let images: Vec<u32> = (0..labels.len() as u32).step_by(10).collect();
    let point = |image: &u32| {
        let angle = f32::from(labels[*image as usize]) / 10.0 * std::f32::consts::TAU + turn;
        let beside = |by: u32| ((image * by) % 17) as f32 / 17.0 - 0.5;
        [4.0 * angle.cos() + beside(7), 4.0 * angle.sin() + beside(3)]
    };
    Arc::new(Embedding {
        method: EmbeddingMethod::Tsne,
        points: images.iter().map(point).collect(),
        images,
        features: 128,
        explained: 0.4,
        perplexity: Some(30),
        trustworthiness: Some(Trustworthiness {
            value: 0.9712,
            neighbors: 12,
        }),
    })
}

fn news(samples: &mut Samples, ticket: &Ticket, news: MapNews, shared: &mut Shared) {
    let ticket = ticket.clone();
    samples.answer(&Answer::MapOfSet { ticket, news }, shared);
}

fn there(shared: &mut Shared) -> Samples {
    let (mut samples, ticket) = opened(shared);
    let map = map(shared, 0.0);
    news(&mut samples, &ticket, MapNews::Done(map), shared);
    samples
}

#[test]
fn the_map_in_telling_states() {
    let shared = &mut with_view(ascii(), 0);
    let samples = there(shared);
    insta::assert_snapshot!("map-78x19", drawn(&samples, (78, 19), shared));
    insta::assert_snapshot!("map-58x15", drawn(&samples, (58, 15), shared));
    shared.theme = Theme::default();
    insta::assert_snapshot!("map-dots-78x19", drawn(&samples, (78, 19), shared));
    for theme in [ascii(), Theme::default()] {
        shared.theme = theme;
        for size in SIZES {
            let seen = drawn(&samples, size, shared);
            assert!(!theme.ascii || seen.is_ascii(), "{seen}");
        }
    }
}

#[test]
fn the_images_move_from_one_map_to_the_next() {
    let shared = &mut with_view(ascii(), 0);
    let (mut samples, ticket) = opened(shared);
    let seen = drawn(&samples, (78, 19), shared);
    assert!(seen.contains("laid out"), "{seen}");
    news(&mut samples, &ticket, MapNews::Looking(0.4), shared);
    assert!(drawn(&samples, (78, 19), shared).contains("40 %"));
    news(
        &mut samples,
        &ticket,
        MapNews::Start(map(shared, 0.0)),
        shared,
    );
    let start = drawn(&samples, (78, 19), shared);
    assert!(start.contains("on the way to t-SNE"), "{start}");
    let points = map(shared, 1.0).points.clone();
    news(
        &mut samples,
        &ticket,
        MapNews::Moved { points, share: 0.5 },
        shared,
    );
    let moved = drawn(&samples, (78, 19), shared);
    assert!(moved.contains("50 %") && moved.lines().nth(9) != start.lines().nth(9));
    // News of another map are not for this one.
    news(
        &mut samples,
        &Ticket::default(),
        MapNews::Looking(0.9),
        shared,
    );
    assert_eq!(samples.set.progress, Progress::Moving(0.5));
    news(
        &mut samples,
        &ticket,
        MapNews::Done(map(shared, 0.0)),
        shared,
    );
    assert!(drawn(&samples, (78, 19), shared).contains("trustworthiness 0.971"));
    // It is there when it is gone back to.
    samples.update_map(Do::Close, shared);
    assert!(samples.update(SamplesAction::MapOfSet, shared).is_empty());
    assert!(ticket.is_wanted());
}

#[test]
fn work_that_is_not_wanted_any_more_is_called_off() {
    let shared = &mut with_view(Theme::default(), 0);
    let (mut samples, first) = opened(shared);
    samples.dismiss();
    assert!(!first.is_wanted() && !samples.set.is_open());
    let second = ticket(&samples.update(SamplesAction::MapOfSet, shared));
    assert!(second.is_wanted());
    // Another model.
    shared.view = with_view(Theme::default(), 1).view;
    let third = ticket(&samples.follow(shared));
    assert!(!second.is_wanted() && third.is_wanted());
    news(
        &mut samples,
        &third,
        MapNews::Failed("it has diverged".into()),
        shared,
    );
    assert!(drawn(&samples, (78, 19), shared).contains("no map: it has diverged"));
    assert!(samples.follow(shared).is_empty());
    // None at all.
    shared.view = None;
    samples.follow(shared);
    assert!(!samples.set.is_open());
    let shared = &mut with_data(Theme::default());
    let mut samples = Samples::default();
    samples.entered(shared);
    assert!(samples.update(SamplesAction::MapOfSet, shared).is_empty());
    assert!(shared.status.contains("t trains"), "{}", shared.status);
}

#[test]
fn arrows_and_clicks_choose_images_and_enter_shows_them_large() {
    let shared = &mut with_view(Theme::default(), 0);
    let mut samples = there(shared);
    drawn(&samples, (78, 19), shared);
    let label = |samples: &Samples, shared: &Shared| {
        let image = samples.set.image().unwrap();
        shared.dataset().unwrap().validation.labels[image]
    };
    // The rightmost heap is class 0, opposite of it is class 5.
    let place = samples.set.drawn.get();
    let mut click = |samples: &mut Samples, (x, y): (u16, u16)| {
        let event = MouseEvent {
            kind: MouseEventKind::Down(MouseButton::Left),
            column: place.x + x,
            row: place.y + y,
            modifiers: KeyModifiers::NONE,
        };
        samples.mouse(event, Rect::new(0, 0, 78, 19), shared);
    };
    click(&mut samples, (place.width - 1, place.height / 2));
    assert_eq!(label(&samples, shared), 0);
    for _ in 0..40 {
        samples.update_map(Do::Left, shared);
    }
    assert!((4..=6).contains(&label(&samples, shared)));
    // Among mistakes alone, and among those of a class.
    samples.update_map(Do::Wrong, shared);
    let view = Arc::clone(&shared.view.as_ref().unwrap().validated);
    for action in [Do::Up, Do::Right, Do::Down, Do::Left] {
        samples.update_map(action, shared);
        let image = samples.set.image().unwrap();
        assert_ne!(
            view.evaluation.predictions[image],
            view.images.labels[image]
        );
    }
    samples.update_map(Do::AllClasses, shared);
    samples.update_map(Do::NextClass, shared);
    let class = label(&samples, shared);
    samples.update_map(Do::NextClass, shared);
    assert_eq!(label(&samples, shared), (class + 1) % 10);
    samples.update_map(Do::PreviousClass, shared);
    assert_eq!(label(&samples, shared), class);
    let image = samples.set.image();
    samples.update(SamplesAction::Grid, shared);
    samples.update_map(Do::Enlarge, shared);
    assert!(!samples.set.is_open() && !samples.grid);
    assert_eq!(samples.image(), image);
}

#[test]
fn any_number_of_classes_has_a_legend() {
    let mut shared = with_data(ascii());
    let labels: Vec<u8> = shared.dataset().unwrap().validation.labels.clone();
    for classes in [10, 256] {
        let predict = |_: usize, label: u8| (label.min((classes - 1) as u8), 0.7);
        shared.view = Some(view(&labels, classes, predict, "wide"));
        let mut samples = there(&mut shared);
        for size in SIZES {
            drawn(&samples, size, &shared);
            samples.update_map(Do::NextClass, &mut shared);
        }
        let seen = drawn(&samples, (78, 19), &shared);
        assert_eq!(seen.contains("classes more"), classes == 256, "{seen}");
    }
}
