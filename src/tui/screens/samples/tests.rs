use super::filter::{self, Filter};
use super::fixture::{SIZES, text, with_data, with_view};
use super::keys::{IMAGES, MAPS, PREVIEW, VALUE};
use super::{Samples, SamplesAction};
use crate::insight::audit::{Finding, Findings, Part, Reason, Twin};
use crate::insight::{Baseline, GradCam, ImageTrace, Look, LookMethod, Muting, Occlusion};
use crate::nn::Layerwise;
use crate::text::grouped;
use crate::tui::effect::{Effect, Job};
use crate::tui::message::{Answer, AuditNews};
use crate::tui::screens::Screen;
use crate::tui::shared::Shared;
use crate::tui::theme::{Depth, Theme};
use SamplesAction as Do;
use crossterm::event::{MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};
use std::sync::Arc;

fn drawn(samples: &Samples, size: (u16, u16), shared: &Shared) -> String {
    text(size, |frame, area| samples.draw(frame, area, shared))
}

fn opened(shared: &mut Shared) -> Samples {
    let mut samples = Samples::default();
    samples.entered(shared);
    samples
}

/// Carries out what the screen asks for.
fn answer(samples: &mut Samples, effects: Vec<Effect>) -> usize {
    let count = effects.len();
    for effect in effects {
        match effect {
            Effect::Work(Job::LookInside {
                snapshot,
                images,
                image,
                muted,
            }) => {
                let trace = ImageTrace::new(&snapshot, &images, image, &muted);
                samples.look_inside(image, &Arc::new(trace.unwrap()));
            }
            Effect::Work(Job::Mute { model, units }) => {
                let info = &model.snapshot.info;
                let network = Layerwise::new(&info.spec, &model.snapshot.state).unwrap();
                let on = Baseline {
                    split: &model.images,
                    normalization: info.normalization,
                    predictions: &model.evaluation.predictions,
                    classes: 10,
                };
                let effects = Muting::each(&network, &info.spec, on, &[units]);
                samples.muting_known(&Arc::new(effects[0].clone()));
            }
            other => panic!("{other:?}"),
        }
    }
    count
}

fn ascii() -> Theme {
    Theme {
        depth: Depth::None,
        ascii: true,
        ..Theme::default()
    }
}

#[test]
fn the_screen_in_telling_states() {
    let shared = &mut with_view(ascii(), 0);
    let mut samples = opened(shared);
    samples.update(Do::ConfidentMistakes, shared);
    insta::assert_snapshot!("single", drawn(&samples, (78, 19), shared));
    samples.update(Do::Grid, shared);
    insta::assert_snapshot!("grid", drawn(&samples, (78, 19), shared));
    let shared = &mut with_data(ascii());
    let samples = opened(shared);
    insta::assert_snapshot!("before_training", drawn(&samples, (54, 14), shared));
}

#[test]
fn suspicious_images_say_why_whichever_split_is_in_view() {
    let shared = &mut with_view(Theme::default(), 0);
    let mut samples = opened(shared);
    let began = samples.update(Do::Suspicious, shared);
    assert_eq!(began, [Effect::StartAudit { with_labels: true }]);
    let seen = drawn(&samples, (78, 19), shared);
    assert!(
        seen.contains("suspicious: 0 of") && seen.contains("looking for suspicious"),
        "{seen}"
    );
    let data = Arc::clone(shared.dataset().unwrap());
    let held = data.with_hold_out(500);
    // The third image that is held out, among the training images.
    let place = held.validation.positions_in(&data.train).unwrap()[2];
    let twin = |part, image| {
        Reason::Across(Twin {
            part,
            image,
            correlation: 0.9991,
            is_exact: false,
        })
    };
    let found = |part, image, reason| Finding {
        part,
        image,
        reason,
    };
    let all = vec![
        found(Part::Training, place, twin(Part::Validation, 4)),
        found(Part::Validation, 40, Reason::Inverted),
        found(Part::Validation, 4, twin(Part::Training, place)),
    ];
    let findings = Arc::new(Findings { all });
    shared.audit_news(&data, AuditNews::Found(findings, None));
    samples.follow(shared);
    assert_eq!(samples.images, [40, 4]);
    let seen = drawn(&samples, (78, 19), shared);
    assert!(
        seen.contains("suspicious: its background is that of a"),
        "{seen}"
    );
    // A run that holds images out shows these, which are training images.
    let view = shared.view.as_mut().unwrap();
    let validated = Arc::make_mut(&mut view.validated);
    validated.images = held.validation;
    samples.follow(shared);
    assert_eq!(samples.images, [2]);
    let seen = drawn(&samples, (78, 19), shared);
    assert!(
        seen.contains("suspicious: almost validation image 4"),
        "{seen}"
    );
    // Again: it stops the audit that is under way.
    assert_eq!(samples.update(Do::Suspicious, shared), [Effect::StopAudit]);
    samples.update(Do::All, shared);
    samples.update(Do::PreviousFilter, shared);
    samples.update(Do::PreviousFilter, shared);
    assert_eq!(samples.filter, Filter::Suspicious);
}

#[test]
fn filters_hold_what_they_say() {
    let shared = &mut with_view(Theme::default(), 0);
    let evaluation = shared.view.as_ref().unwrap().validated.evaluation.clone();
    let labels = shared.dataset().unwrap().validation.labels.clone();
    let mut samples = opened(shared);
    assert_eq!(samples.images.len(), labels.len());
    samples.update(Do::Wrong, shared);
    let wrong = evaluation.confusion.total() - evaluation.confusion.correct();
    assert_eq!(samples.images.len() as u64, wrong);
    samples.update(Do::ConfidentMistakes, shared);
    assert_eq!(samples.images.len() as u64, wrong);
    let top = |image: &u32| {
        let all = filter::probabilities(&evaluation, *image as usize);
        all.iter().copied().fold(0.0, f32::max)
    };
    assert!(samples.images.is_sorted_by(|a, b| top(a) >= top(b)));
    samples.update(Do::LeastConfident, shared);
    assert!(samples.images.is_sorted_by(|a, b| top(a) <= top(b)));
    samples.show_cell(6, 0, shared);
    assert_eq!(
        samples.images.len() as u64,
        evaluation.confusion.count(6, 0)
    );
    assert!(
        shared.status.starts_with("Shirt taken for T-shirt/top: "),
        "{}",
        shared.status
    );
    samples.update(Do::NextClass, shared);
    assert_eq!(samples.filter, Filter::Class(6));
    samples.update(Do::PreviousClass, shared);
    assert_eq!(samples.filter, Filter::Class(5));
    assert!(
        samples
            .images
            .iter()
            .all(|image| labels[*image as usize] == 5)
    );
}

#[test]
fn filters_are_stepped_through_both_ways() {
    let shared = &mut with_view(Theme::default(), 0);
    let mut samples = opened(shared);
    let class = Filter::Class(samples.class_of_image());
    let mut seen = Vec::new();
    for _ in 0..5 {
        samples.update(Do::NextFilter, shared);
        seen.push(samples.filter);
    }
    assert_eq!(
        seen[..3],
        [
            Filter::Wrong,
            Filter::ConfidentMistakes,
            Filter::LeastConfident
        ]
    );
    assert!(matches!(seen[3], Filter::Class(_)), "{class:?}");
    assert_eq!(seen[4], Filter::All);
    samples.update(Do::PreviousFilter, shared);
    assert!(matches!(samples.filter, Filter::Class(_)));
}

#[test]
fn before_any_training_images_are_shown_and_filters_say_what_is_missing() {
    let shared = &mut with_data(Theme::default());
    let mut samples = opened(shared);
    samples.update(Do::Wrong, shared);
    assert_eq!(samples.filter, Filter::All);
    assert!(shared.status.contains("t trains"), "{}", shared.status);
    samples.update(Do::NextFilter, shared);
    assert!(matches!(samples.filter, Filter::Class(_)));
    assert!(drawn(&samples, (78, 19), shared).contains("no prediction yet"));
    samples.update(Do::Maps, shared);
    assert_eq!(samples.context(), IMAGES);
}

#[test]
fn a_new_epoch_keeps_filter_and_image() {
    let shared = &mut with_view(Theme::default(), 0);
    let mut samples = opened(shared);
    samples.update(Do::LeastConfident, shared);
    for _ in 0..7 {
        samples.update(Do::Right, shared);
    }
    let image = samples.image();
    shared.view = with_view(Theme::default(), 1).view;
    samples.view_changed(shared);
    assert_eq!(
        (samples.filter, samples.image()),
        (Filter::LeastConfident, image)
    );
    // An image that is right now makes room for the next one that is wrong.
    samples.update(Do::Wrong, shared);
    let image = samples.image().unwrap();
    shared.view = with_view(Theme::default(), 50).view;
    samples.view_changed(shared);
    assert!(samples.image().unwrap() >= image);
}

#[test]
fn the_grid_moves_by_rows_and_pages_and_stops_at_the_ends() {
    let shared = &mut with_view(Theme::default(), 0);
    let mut samples = opened(shared);
    samples.update(Do::Grid, shared);
    drawn(&samples, (78, 19), shared);
    assert_eq!(samples.drawn.get(), (4, 2));
    for (action, position) in [
        (Do::Up, 0),
        (Do::Down, 4),
        (Do::Right, 5),
        (Do::PageDown, 13),
        (Do::Up, 9),
        (Do::Last, 999),
        (Do::Down, 999),
        (Do::PageDown, 999),
        (Do::Up, 995),
        (Do::First, 0),
    ] {
        samples.update(action, shared);
        assert_eq!(samples.position, position, "{action:?}");
    }
    let area = Rect::new(0, 0, 78, 19);
    let click = MouseEvent {
        kind: MouseEventKind::Down(crossterm::event::MouseButton::Left),
        column: 30,
        row: 12,
        modifiers: crossterm::event::KeyModifiers::NONE,
    };
    samples.mouse(click, area, shared);
    assert_eq!(samples.position, 5);
    samples.mouse(click, area, shared);
    assert!(!samples.grid);
}

#[test]
fn one_look_inside_at_a_time_and_the_newest_image_in_the_end() {
    let shared = &mut with_view(Theme::default(), 0);
    let mut samples = opened(shared);
    let first = samples.update(Do::Maps, shared);
    assert_eq!((first.len(), samples.context()), (1, MAPS));
    assert!(samples.update(Do::Right, shared).is_empty());
    assert!(samples.update(Do::Right, shared).is_empty());
    answer(&mut samples, first);
    let next = samples.view_changed(shared);
    assert!(matches!(
        next.as_slice(),
        [Effect::Work(Job::LookInside { image: 2, .. })]
    ));
    answer(&mut samples, next);
    assert!(samples.view_changed(shared).is_empty());
    // A new model asks again, a failure does not.
    shared.view = with_view(Theme::default(), 1).view;
    assert_eq!(samples.view_changed(shared).len(), 1);
    samples.background_failed();
    assert!(samples.view_changed(shared).is_empty());
    assert_eq!(samples.update(Do::Right, shared).len(), 1);
    assert!(samples.close_inside() && !samples.close_inside());
}

#[test]
fn where_the_model_looks_lies_over_the_image() {
    let shared = &mut with_view(ascii(), 0);
    let mut samples = opened(shared);
    let effects = samples.update(Do::Look, shared);
    assert!(matches!(
        effects.as_slice(),
        [Effect::Work(Job::Look { image: 0, .. })]
    ));
    assert!(drawn(&samples, (78, 19), shared).contains("covering its parts"));
    // It needs a stripe in the middle, and a corner speaks for other classes.
    let change = (0..784).map(|at| match (at / 28, at % 28) {
        (12..16, _) => -0.4,
        (0..6, 0..6) => 0.3,
        _ => 0.0,
    });
    let map = Occlusion {
        class: 6,
        probability: 0.9,
        side: 4,
        size: (28, 28),
        change: change.collect(),
    };
    let map = Arc::new(Look::Occlusion(map));
    samples.answer(&Answer::Looked { image: 0, map }, shared);
    insta::assert_snapshot!("where-78x19", drawn(&samples, (78, 19), shared));
    // The next image has a map of its own, and Esc takes it away.
    assert_eq!(samples.update(Do::Right, shared).len(), 1);
    assert!(drawn(&samples, (78, 19), shared).contains("covering its parts"));
    samples.dismiss();
    assert!(!drawn(&samples, (78, 19), shared).contains("covering"));
    for size in SIZES {
        samples.update(Do::Look, shared);
        drawn(&samples, size, shared);
    }
}

#[test]
fn every_layer_is_drawn_at_every_size() {
    let shared = &mut with_view(Theme::default(), 0);
    let mut samples = opened(shared);
    let effects = samples.update(Do::Maps, shared);
    assert!(drawn(&samples, (78, 19), shared).contains("kernels"));
    answer(&mut samples, effects);
    let layers = shared
        .view
        .as_ref()
        .unwrap()
        .validated
        .snapshot
        .info
        .spec
        .layers
        .len();
    for _ in 0..=layers {
        samples.update(Do::NextLayer, shared);
        for size in SIZES {
            let seen = drawn(&samples, size, shared);
            assert!(!seen.contains("being computed"), "{seen}");
            samples.update(Do::ScrollDown, shared);
        }
    }
    assert_eq!(samples.inside.page(layers), 0);
}

#[test]
fn a_value_of_a_map_is_worked_out() {
    let shared = &mut with_view(ascii(), 0);
    let mut samples = opened(shared);
    let effects = samples.update(Do::Maps, shared);
    answer(&mut samples, effects);
    // From the kernels to the values of their layer; up to the edge, where there is padding.
    samples.update(Do::NextMap, shared);
    samples.update(Do::WorkOut, shared);
    assert_eq!(samples.context(), VALUE);
    for _ in 0..9 {
        samples.update(Do::ValueUp, shared);
    }
    insta::assert_snapshot!("value-78x19", drawn(&samples, (78, 19), shared));
    insta::assert_snapshot!("value-118x31", drawn(&samples, (118, 31), shared));
    samples.update(Do::NextMap, shared);
    let text = drawn(&samples, (118, 31), shared);
    assert!(text.contains("channel 2, row 0, column 7"), "{text}");
    // The next image has other numbers, once they are there.
    let effects = samples.update(Do::Right, shared);
    assert!(drawn(&samples, (78, 19), shared).contains("being computed"));
    answer(&mut samples, effects);
    assert!(!drawn(&samples, (78, 19), shared).contains("being computed"));
    samples.dismiss();
    assert_eq!(samples.context(), MAPS);
    let layers = 8;
    for _ in 0..=layers {
        samples.update(Do::NextLayer, shared);
        samples.update(Do::WorkOut, shared);
        for size in SIZES {
            let seen = drawn(&samples, size, shared);
            assert!(seen.is_ascii(), "{seen}");
            samples.update(Do::ValueDown, shared);
        }
        samples.dismiss();
    }
    samples.dismiss();
    assert_eq!(samples.context(), IMAGES);
}

#[test]
fn the_mouse_chooses_the_value_that_is_worked_out() {
    let shared = &mut with_view(ascii(), 0);
    let mut samples = opened(shared);
    let effects = samples.update(Do::Maps, shared);
    answer(&mut samples, effects);
    let effects = samples.update(Do::NextLayer, shared);
    answer(&mut samples, effects);
    let area = Rect::new(0, 0, 118, 31);
    let click = |samples: &mut Samples, at: Position, shared: &mut Shared| {
        let event = MouseEvent {
            kind: MouseEventKind::Down(crossterm::event::MouseButton::Left),
            column: at.x,
            row: at.y,
            modifiers: crossterm::event::KeyModifiers::NONE,
        };
        samples.mouse(event, area, shared);
    };
    drawn(&samples, (118, 31), shared);
    // The first map is chosen: a click into its upper left corner works out the value there.
    let tile = samples.inside.placed.get().tile_area(0);
    click(&mut samples, tile.as_position(), shared);
    assert_eq!(samples.context(), VALUE);
    assert_eq!(samples.chosen.cursor, Some((0, 0)));
    // Beside the numbers the map is drawn again, and takes clicks as well.
    drawn(&samples, (118, 31), shared);
    let map = samples.chosen.map.get();
    let last = Position::new(map.right() - 2, map.bottom() - 1);
    click(&mut samples, last, shared);
    let (height, width) = samples.layer_of_page().unwrap().1.output.rows_and_columns();
    assert_eq!(samples.chosen.cursor, Some((height - 1, width - 1)));
    let text = drawn(&samples, (118, 31), shared);
    let place = format!("row {}, column {}", height - 1, width - 1);
    assert!(text.contains(&place), "{text}");
}

#[test]
fn a_muted_kernel_is_struck_out_and_costs_accuracy() {
    let shared = &mut with_view(ascii(), 0);
    let mut samples = opened(shared);
    let effects = samples.update(Do::Maps, shared);
    answer(&mut samples, effects);
    // A click chooses the second kernel as the key does.
    drawn(&samples, (78, 19), shared);
    let second = (0..78).find(|column| {
        samples.click(Position::new(*column, 4), shared.theme);
        samples.chosen.channel == 1
    });
    assert!(second.is_some());
    let effects = samples.update(Do::Mute, shared);
    assert!(drawn(&samples, (78, 19), shared).contains("evaluated without"));
    // The maps for the image in view, and all images.
    assert_eq!(answer(&mut samples, effects), 2);
    samples.update(Do::NextLayer, shared);
    insta::assert_snapshot!("muted-78x19", drawn(&samples, (78, 19), shared));
    // The norm behind it makes nothing of it either; there the same key gives it back.
    samples.update(Do::NextLayer, shared);
    samples.update(Do::NextMap, shared);
    let values = samples.inside.values(1).unwrap();
    assert!(values[196..392].iter().all(|value| *value == 0.0));
    let effects = samples.update(Do::Mute, shared);
    assert_eq!(
        (answer(&mut samples, effects), samples.muted.units().len()),
        (1, 0)
    );
    samples.update(Do::Mute, shared);
    samples.update(Do::Unmute, shared);
    assert!(!drawn(&samples, (78, 19), shared).contains("muted"));
    for size in SIZES {
        samples.update(Do::Mute, shared);
        drawn(&samples, size, shared);
    }
}

#[test]
fn where_it_looks_by_grad_cam_for_any_class() {
    let shared = &mut with_view(ascii(), 0);
    let mut samples = opened(shared);
    let first = samples.update(Do::Look, shared);
    assert!(samples.update(Do::Look, shared).is_empty());
    let [Effect::Work(Job::Look { method, .. })] = first.as_slice() else {
        panic!("{first:?}");
    };
    assert_eq!(*method, LookMethod::Occlusion);
    // The first answer is not what is wanted any more.
    samples.background_failed();
    let effects = samples.view_changed(shared);
    let found = look(&effects);
    samples.answer(&found, shared);
    let text = drawn(&samples, (78, 19), shared);
    assert!(text.contains("Grad-CAM"), "{text}");
    let effects = samples.update(Do::NextWatched, shared);
    let (found, class) = (look(&effects), shared.status.clone());
    samples.answer(&found, shared);
    let Answer::Looked { map, .. } = found else {
        panic!("{effects:?}");
    };
    let Look::GradCam(GradCam {
        class: watched,
        layer,
        ..
    }) = *map
    else {
        panic!("{map:?}");
    };
    assert_eq!(
        class,
        format!("where it looks for {}", shared.class_name(watched))
    );
    let effects = samples.update(Do::ShallowerLook, shared);
    let Answer::Looked { map, .. } = look(&effects) else {
        panic!("{effects:?}");
    };
    let Look::GradCam(GradCam { layer: other, .. }) = *map else {
        panic!("{map:?}");
    };
    assert_ne!(other, layer);
    let said = format!("through the maps of layer {}", other + 1);
    assert!(shared.status.contains(&said), "{}", shared.status);
    samples.update(Do::Look, shared);
    assert!(!drawn(&samples, (78, 19), shared).contains("Grad-CAM"));
}

/// Looks where the screen asks to.
fn look(effects: &[Effect]) -> Answer {
    let [
        Effect::Work(Job::Look {
            method,
            class,
            snapshot,
            images,
            image,
        }),
    ] = effects
    else {
        panic!("{effects:?}");
    };
    let map = Look::new(*method, snapshot, images, *image, *class);
    Answer::Looked {
        image: *image,
        map: Arc::new(map.unwrap()),
    }
}

#[test]
fn no_size_panics() {
    for theme in [Theme::default(), ascii()] {
        for mut shared in [with_view(theme, 0), with_data(theme), Shared::new(theme)] {
            let mut samples = opened(&mut shared);
            for action in [Do::First, Do::Grid, Do::Last, Do::Wrong] {
                samples.update(action, &mut shared);
                for size in SIZES {
                    let seen = drawn(&samples, size, &shared);
                    assert!(!theme.ascii || seen.is_ascii(), "{seen}");
                }
            }
        }
    }
}

#[test]
fn the_preview_shows_what_training_makes_of_an_image() {
    let shared = &mut with_data(Theme::default());
    let mut samples = opened(shared);
    let mut spec = crate::spec::preset("tiny").unwrap().into_spec();
    samples.follow_design(&spec);
    samples.update(Do::Preview, shared);
    assert_eq!(samples.context(), PREVIEW);
    assert!(drawn(&samples, (78, 19), shared).contains("no augmentation"));
    spec.augmentation.horizontal_flip = 0.5;
    spec.augmentation.shift = 3;
    samples.follow_design(&spec);
    insta::assert_snapshot!(drawn(&samples, (78, 19), shared));
    let first = drawn(&samples, (78, 19), shared);
    samples.update(Do::LaterEpochs, shared);
    let later = drawn(&samples, (78, 19), shared);
    assert!(
        first.contains("epoch 1 ") && !later.contains("epoch 1 "),
        "{later}"
    );
    samples.update(Do::EarlierEpochs, shared);
    assert_eq!(drawn(&samples, (78, 19), shared), first);
    samples.update(Do::Right, shared);
    let text = drawn(&samples, (78, 19), shared);
    assert!(text.contains("image 1,") && text != first, "{text}");
    samples.update(Do::Last, shared);
    let last = samples.image().unwrap();
    assert!(
        drawn(&samples, (78, 19), shared).contains(&format!("image {},", grouped(last as u64)))
    );
    spec.augmentation.mixup = 0.4;
    samples.follow_design(&spec);
    assert!(drawn(&samples, (198, 56), shared).contains(" % "));
    for size in SIZES {
        drawn(&samples, size, shared);
    }
    assert!(samples.close_inside());
    assert_eq!(samples.context(), IMAGES);
}
