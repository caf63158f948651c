//! Inside the layers, as the app shows it.

use crate::{Session, batch, done, epochs, started, train_tiny, validated};
use crossterm::event::KeyCode;
use fmnist_tui::nn::probe::{
    Activations, BINS, KernelNorms, LayerStatistics, NetworkStatistics, ParameterStatistics, Units,
};
use fmnist_tui::spec::preset;
use fmnist_tui::train::{EpochLayers, Event};
use fmnist_tui::tui::effect::{Effect, Job};
use fmnist_tui::tui::message::{Answer, Message};
use std::sync::Arc;

/// What was inside the layers of the preset `tiny` after `epoch`; its first activation has `dead` dead units.
fn layers(epoch: usize, dead: usize) -> Event {
    let spec = preset("tiny").unwrap();
    let rows = &spec.summary().layers;
    let mut dead = Some(dead);
    let values = |middle: usize| {
        let count = |bin: usize| 10_000_u64 >> bin.abs_diff(middle).min(14);
        let bins: Vec<u64> = (0..BINS).map(count).collect();
        Activations {
            count: bins.iter().sum(),
            not_finite: 0,
            min: -1.25,
            max: 3.5,
            mean: 0.123,
            std: 0.456,
            bins,
        }
    };
    let layers = rows.iter().enumerate().map(|(index, row)| LayerStatistics {
        range: (-1.25, 3.5),
        training: values(index + 8),
        evaluation: values(index + 10),
        units: (row.kind == "Activation").then(|| Units {
            all: 16,
            dead: dead.take().unwrap_or(0),
        }),
        parameters: (row.parameters > 0).then_some(ParameterStatistics {
            norm: Some(2.5),
            gradient: Some(0.034),
            update: Some(0.0012),
            frozen: false,
            kernels: Some(KernelNorms {
                min: 0.1,
                median: 0.45,
                max: 1.25,
            }),
        }),
    });
    Event::Layers(Arc::new(EpochLayers {
        epoch,
        statistics: NetworkStatistics {
            images: 256,
            batch: 128,
            loss: Some(0.5),
            layers: layers.collect(),
        },
    }))
}

#[test]
fn the_layers_follow_the_run_and_say_what_is_unusual() {
    let mut session = Session::with_data(80, 24);
    train_tiny(&mut session);
    session.report([started(10), batch(1, 1)]);
    session.type_text("I");
    assert!(
        session.shows("at the end of an epoch"),
        "{}",
        session.text()
    );
    session.report(epochs(1).into_iter().skip(1).chain([layers(1, 3)]));
    assert!(
        session.shows("● live") && session.shows("epoch 1"),
        "{}",
        session.text()
    );
    assert!(session.shows("Nothing unusual"), "{}", session.text());
    session.report([layers(2, 12)]);
    // A mark at the layer, and what to try where it is chosen.
    assert!(session.shows("!"), "{}", session.text());
    while !session.shows("12 of 16 units are dead") {
        let before = session.text();
        session.press(&[KeyCode::Down]);
        assert_ne!(session.text(), before, "no layer says so");
    }
    assert!(session.shows("LeakyReLU"), "{}", session.text());
    // Past the last layer it stays there; what was seen stays when the run is over.
    session.press(&[KeyCode::PageDown; 9]);
    let last = session.text();
    session.press(&[KeyCode::Down]);
    assert_eq!(session.text(), last);
    session.report([done(2)]);
    assert!(session.shows("the run is over"), "{}", session.text());
    session.press(&[KeyCode::Esc]);
    assert!(!session.shows("Inside the layers"), "{}", session.text());
}

#[test]
fn the_view_fits_every_size() {
    for (width, height) in [(80, 24), (120, 36), (200, 60)] {
        let mut session = Session::with_data(width, height);
        train_tiny(&mut session);
        session.report(epochs(2).into_iter().chain([layers(2, 12)]));
        session.type_text("Ijj");
        insta::assert_snapshot!(format!("layers-{width}x{height}"), session.text());
    }
}

#[test]
fn without_a_run_it_says_what_to_do() {
    let mut session = Session::with_data(80, 24);
    session.type_text("2I");
    assert!(session.shows("No run yet"), "{}", session.text());
    // A loaded model has layers too.
    session.press(&[KeyCode::Esc]);
    session.feed([Message::Answer(Answer::ModelLoaded {
        how: None,
        path: "old.safetensors".into(),
        validated: validated(4),
    })]);
    session.type_text("I");
    let last = session.effects.last();
    assert!(matches!(last, Some(Effect::Work(Job::LookIntoLayers(_)))));
    assert!(session.shows("Looking"), "{}", session.text());
}
