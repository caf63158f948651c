use super::canvas::Canvas;
use super::keys::PadAction as Do;
use super::{PAD, Pad};
use crate::augment::ImageSize;
use crate::data::Split;
use crate::insight::Prediction;
use crate::tui::effect::{Effect, Job};
use crate::tui::message::Answer;
use crate::tui::request::Request;
use crate::tui::screens::Screen;
use crate::tui::screens::samples::fixture::{SIZES, text, with_data, with_view};
use crate::tui::screens::samples::{Samples, SamplesAction};
use crate::tui::shared::Shared;
use crate::tui::theme::{Depth, Theme};
use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Rect;
use std::sync::Arc;

const SMALL: ImageSize = ImageSize {
    channels: 1,
    height: 3,
    width: 4,
};

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

fn opened(shared: &mut Shared) -> (Samples, Vec<Effect>) {
    let mut samples = Samples::default();
    samples.entered(shared);
    let effects = samples.update(SamplesAction::Edit, shared);
    assert_eq!(samples.context(), PAD);
    (samples, effects)
}

/// The question's number, and the pictures that it is about.
fn question(effects: &[Effect]) -> (u64, Vec<u8>) {
    let [
        Effect::Work(Job::Predict {
            pictures, version, ..
        }),
    ] = effects
    else {
        panic!("{effects:?}");
    };
    (*version, pictures.images.clone())
}

/// An answer: the original is class 0 or what `original` says, the picture now is `now`.
fn answer(version: u64, original: (usize, f32), now: (usize, f32)) -> Answer {
    let prediction = |(class, probability): (usize, f32)| {
        let rest = (1.0 - probability) / 9.0;
        let of = |it| if it == class { probability } else { rest };
        Prediction {
            class,
            probabilities: (0..10).map(of).collect(),
        }
    };
    Answer::Predicted {
        version,
        predictions: vec![prediction(original), prediction(now)],
    }
}

#[test]
fn the_brush_covers_a_square_and_stays_on_the_picture() {
    let mut canvas = Canvas::blank(SMALL);
    canvas.stamp((1, 1), 1, [9; 3]);
    assert_eq!(canvas.pixels(), [0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0]);
    canvas.stamp((3, 2), 2, [7; 3]);
    assert_eq!(canvas.pixels()[11], 7);
    canvas.stamp((0, 0), 3, [5; 3]);
    assert_eq!(canvas.pixels(), [5, 5, 0, 0, 5, 5, 0, 0, 0, 0, 0, 7]);
    canvas.stroke((0, 2), (3, 0), 1, [1; 3]);
    assert_eq!(canvas.pixels(), [5, 5, 0, 1, 5, 1, 1, 0, 1, 0, 0, 7]);
    // All channels alike.
    let mut canvas = Canvas::blank(ImageSize {
        channels: 3,
        ..SMALL
    });
    canvas.stamp((2, 0), 1, [8; 3]);
    let places: Vec<usize> = (0..36).filter(|at| canvas.pixels()[*at] == 8).collect();
    assert_eq!(places, [2, 14, 26]);
}

#[test]
fn every_change_is_taken_back_and_the_original_stays() {
    let original: Vec<u8> = (0..12).map(|level| level * 20).collect();
    let mut canvas = Canvas::new(original.clone(), SMALL);
    canvas.negative();
    assert_eq!(canvas.pixels()[0..2], [255, 235]);
    canvas.shift(1, -1);
    assert_eq!(canvas.pixels()[0..2], [0, 255 - 80]);
    canvas.turn(90.0);
    canvas.clear();
    assert!(canvas.pixels().iter().all(|level| *level == 0) && canvas.is_changed());
    for _ in 0..4 {
        assert!(canvas.undo());
    }
    assert_eq!(canvas.pixels(), original);
    assert!(!canvas.undo() && !canvas.is_changed());
    // Turned back and forth it is not blurred.
    for degrees in [15.0, 15.0, -45.0, 15.0] {
        canvas.turn(degrees);
    }
    assert_eq!(canvas.pixels(), original);
    canvas.stamp((0, 0), 1, [99; 3]);
    canvas.reset();
    assert_eq!(
        (canvas.pixels(), canvas.original()),
        (&original[..], &original[..])
    );
}

#[test]
fn on_colour_pictures_the_brush_has_a_colour() {
    let colours = ImageSize {
        channels: 3,
        ..SMALL
    };
    let split = |size: ImageSize| Split {
        images: (0..size.bytes() as u8).collect(),
        labels: vec![0],
        channels: size.channels,
        height: size.height,
        width: size.width,
    };
    let mut pad = Pad::default();
    pad.open(&split(colours), Some(0));
    let pixel = |pad: &Pad| {
        let open = pad.shown().unwrap();
        open.canvas.colour_at(open.cursor).unwrap()
    };
    assert_eq!(pixel(&pad), [6, 18, 30]);
    pad.update(Do::Draw);
    assert_eq!(pixel(&pad), [255, 255, 255]);
    let (said, _) = pad.update(Do::NextColour);
    assert_eq!(said.unwrap(), "the brush paints in red 255");
    pad.update(Do::Darker);
    pad.update(Do::Draw);
    assert_eq!(pixel(&pad), [204, 0, 0]);
    // Another pixel's colour, drawn where it was red.
    pad.update(Do::Left);
    let (said, _) = pad.update(Do::PickColour);
    assert_eq!(said.unwrap(), "the brush paints in colour 5,17,29");
    pad.update(Do::Right);
    pad.update(Do::Draw);
    assert_eq!(pixel(&pad), [5, 17, 29]);
    pad.update(Do::Erase);
    assert_eq!(pixel(&pad), [0, 0, 0]);

    pad.open(&split(SMALL), Some(0));
    let (said, _) = pad.update(Do::NextColour);
    assert!(said.unwrap().contains("no colours"));
}

#[test]
fn the_probabilities_follow_the_newest_picture_alone() {
    let shared = &mut with_view(Theme::default(), 0);
    let (mut samples, effects) = opened(shared);
    let (first, pictures) = question(&effects);
    let image = shared.dataset().unwrap().validation.image(0).to_vec();
    assert_eq!(pictures, [image.clone(), image.clone()].concat());
    // Strokes before the answer ask nothing; then the newest picture is asked about, once.
    for action in [Do::Draw, Do::Right, Do::Draw, Do::Negative] {
        assert!(samples.update_pad(action, shared).is_empty());
    }
    samples.answer(&answer(first, (3, 0.9), (3, 0.9)), shared);
    let (second, pictures) = question(&samples.follow(shared));
    assert!(second > first && pictures[..784] == image && pictures[784..] != image);
    assert!(samples.follow(shared).is_empty());
    assert!(drawn(&samples, (78, 19), shared).contains(" ..."));
    samples.answer(&answer(second, (3, 0.9), (5, 0.6)), shared);
    assert!(samples.follow(shared).is_empty());
    let seen = drawn(&samples, (78, 19), shared);
    assert!(
        seen.contains("Dress 90.0 %") && seen.contains("Sandal 60.0 %"),
        "{seen}"
    );
    assert!(!seen.contains(" ..."));
    // Moving the cursor changes no picture; another model is asked.
    assert!(samples.update_pad(Do::Left, shared).is_empty());
    shared.view = with_view(Theme::default(), 1).view;
    question(&samples.follow(shared));
}

#[test]
fn the_mouse_draws_lines_and_erases_them() {
    let shared = &mut with_data(Theme::default());
    let mut samples = Samples::default();
    samples.entered(shared);
    samples.update(SamplesAction::Blank, shared);
    let area = Rect::new(0, 0, 78, 19);
    drawn(&samples, (78, 19), shared);
    let place = samples.pad.drawn.get();
    let mut mouse = |kind, (x, y): (u16, u16)| {
        let event = MouseEvent {
            kind,
            column: place.x + x,
            row: place.y + y,
            modifiers: KeyModifiers::NONE,
        };
        samples.mouse(event, area, shared);
        let open = samples.pad.shown().unwrap();
        open.canvas
            .pixels()
            .iter()
            .filter(|level| **level > 0)
            .count()
    };
    assert_eq!(place.width, 28);
    // The brush is 2×2.
    let (left, right) = (MouseButton::Left, MouseButton::Right);
    assert_eq!(mouse(MouseEventKind::Down(left), (4, 5)), 4);
    assert_eq!(mouse(MouseEventKind::Drag(left), (14, 5)), 24);
    assert_eq!(mouse(MouseEventKind::Up(left), (14, 5)), 24);
    assert_eq!(mouse(MouseEventKind::Drag(left), (20, 9)), 24);
    assert_eq!(mouse(MouseEventKind::Down(right), (4, 5)), 20);
    assert_eq!(mouse(MouseEventKind::Drag(right), (14, 5)), 0);
    // A stroke is taken back as a whole.
    samples.update_pad(Do::Undo, shared);
    let open = samples.pad.shown().unwrap();
    assert_eq!(
        open.canvas
            .pixels()
            .iter()
            .filter(|level| **level > 0)
            .count(),
        24
    );
}

#[test]
fn a_picture_is_written_under_the_number_of_its_image() {
    let shared = &mut with_data(Theme::default());
    let (mut samples, _) = opened(shared);
    samples.update_pad(Do::TurnLeft, shared);
    let effects = samples.update_pad(Do::Write, shared);
    let [Effect::Work(Job::WritePicture { stem, picture })] = effects.as_slice() else {
        panic!("{effects:?}");
    };
    assert_eq!((stem.as_str(), picture.len()), ("edited-0", 1));
    samples.update_pad(Do::Close, shared);
    assert!(!samples.pad.is_open());
    let mut pad = Pad::default();
    let mut split = shared.dataset().unwrap().validation.as_ref().clone();
    (split.channels, split.height) = (2, 14);
    pad.open(&split, Some(0));
    let (said, effects) = pad.update(Do::Write);
    assert!(effects.is_empty() && said.unwrap().contains("this has 2"));
}

#[test]
fn a_photo_from_a_file_comes_on_the_pad_and_the_model_is_asked() {
    let shared = &mut with_view(ascii(), 0);
    let mut samples = Samples::default();
    samples.entered(shared);
    samples.update(SamplesAction::Photo, shared);
    assert_eq!(shared.requests, [Request::AskForPicture]);
    let training = &shared.dataset().unwrap().train;
    let picture = Arc::new(training.pick(&[7]));
    let loaded = Answer::PictureLoaded {
        path: "photos/shirt.jpg".into(),
        picture: Arc::clone(&picture),
        about: "centred".into(),
    };
    samples.answer(&loaded, shared);
    assert_eq!(samples.context(), PAD);
    let (_, asked) = question(&samples.follow(shared));
    assert_eq!(asked, [&*picture.images, &picture.images].concat());
    assert!(drawn(&samples, (78, 19), shared).contains("shirt.jpg"));
    let effects = samples.update_pad(Do::Write, shared);
    let [Effect::Work(Job::WritePicture { stem, .. })] = effects.as_slice() else {
        panic!("{effects:?}");
    };
    assert_eq!(stem, "edited");
}

#[test]
fn the_pad_in_telling_states() {
    let shared = &mut with_view(ascii(), 0);
    let (mut samples, effects) = opened(shared);
    assert!(drawn(&samples, (78, 19), shared).contains("the model looks at it"));
    let (version, _) = question(&effects);
    samples.answer(&answer(version, (9, 0.9), (9, 0.9)), shared);
    // The first stroke is asked about at once, the last one when that is answered.
    let mut asked = Vec::new();
    for action in [Do::Pen, Do::Right, Do::Right, Do::Down, Do::Down] {
        asked.extend(samples.update_pad(action, shared));
    }
    let (version, _) = question(&asked);
    samples.answer(&answer(version, (9, 0.9), (9, 0.9)), shared);
    let (version, _) = question(&samples.follow(shared));
    samples.answer(&answer(version, (9, 0.9), (7, 0.55)), shared);
    let seen = drawn(&samples, (78, 19), shared);
    for text in [
        "changed",
        "brush 2x2, grey 255, pen draws",
        "was   Ankle boot 90.0 %",
        "now   Sneaker 55.0 %",
        "+  53.9",
        "-  85.0",
    ] {
        assert!(seen.contains(text), "{text}: {seen}");
    }
    // A quarter of a terminal of 120×36 still says it.
    let seen = drawn(&samples, (58, 15), shared);
    assert!(seen.contains("now   Sneaker 55.0 %"), "{seen}");
    for theme in [ascii(), Theme::default()] {
        shared.theme = theme;
        for size in SIZES {
            let seen = drawn(&samples, size, shared);
            assert!(!theme.ascii || seen.is_ascii(), "{seen}");
        }
    }
    samples.dismiss();
    assert!(!samples.pad.is_open());
    // Without a model.
    let shared = &mut with_data(ascii());
    let (samples, effects) = opened(shared);
    assert!(effects.is_empty());
    assert!(drawn(&samples, (78, 19), shared).contains("t trains the network"));
}
