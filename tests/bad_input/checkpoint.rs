//! Checkpoints: the line with the checksum, and what stands behind it.

use crate::damage::{damaged, flips};
use crate::model::spec;
use fmnist_tui::nn::{Model, Optimizer};
use fmnist_tui::runs::{checkpoint_parts, parse_checkpoint};
use fmnist_tui::train::{Checkpoint, DataIdentity, Progress};
use proptest::prelude::*;
use std::path::Path;

/// The file of a run after its first step.
fn good() -> Vec<u8> {
    let spec = spec();
    let mut model = Model::new(&spec).unwrap();
    let mut optimizer = Optimizer::new(spec.optimizer);
    model
        .train_step(&[0.5; 32], &[0, 1], &mut optimizer, 0.1, 0)
        .unwrap();
    let mut progress = Progress::start(DataIdentity {
        name: "fashion-mnist".into(),
        train_images: 60_000,
        validation_images: 10_000,
        checksum: 7,
    });
    progress.current.batches = 1;
    let checkpoint = Checkpoint {
        spec,
        progress,
        model: model.network().state(),
        average: Vec::new(),
        optimizer: optimizer.state(model.network()),
        best: Vec::new(),
    };
    let (header, payload) = checkpoint_parts(&checkpoint).unwrap();
    [header.as_bytes(), &payload].concat()
}

fn parse(bytes: &[u8]) -> Result<Checkpoint, String> {
    parse_checkpoint(bytes, Path::new("a.ckpt"))
}

/// Puts the right checksum in front of a payload, as somebody would who wants to be believed.
fn signed(payload: &[u8]) -> Vec<u8> {
    let line = format!(
        "fmnist-tui checkpoint 1 crc32 {:08x}\n",
        crc32fast::hash(payload)
    );
    [line.as_bytes(), payload].concat()
}

fn payload(file: &[u8]) -> &[u8] {
    let end = file.iter().position(|byte| *byte == b'\n').unwrap();
    &file[end + 1..]
}

/// Goes on from the bytes as a run would; what does not fit is refused in words.
fn go_on(bytes: &[u8]) {
    let Ok(checkpoint) = parse(bytes) else {
        return;
    };
    checkpoint.step();
    let mut model = Model::new(&checkpoint.spec).unwrap();
    let mut optimizer = Optimizer::new(checkpoint.spec.optimizer);
    if model.network_mut().load_state(&checkpoint.model).is_ok() {
        // An error is as good as a state that fits.
        let _ = optimizer.restore(model.network(), &checkpoint.optimizer);
    }
}

#[test]
fn every_flipped_bit_and_every_cut_is_refused() {
    let good = good();
    assert!(parse(&good).is_ok());
    for damaged in flips(&good) {
        assert!(parse(&damaged).is_err());
    }
    for length in 0..good.len() {
        assert!(parse(&good[..length]).is_err(), "cut at {length}");
    }
}

proptest! {
    #[test]
    fn damage_behind_a_right_checksum_is_survived(bytes in damaged(payload(&good()).to_vec())) {
        go_on(&signed(&bytes));
    }

    #[test]
    fn random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        go_on(&bytes);
        go_on(&signed(&bytes));
    }
}

#[test]
fn numbers_out_of_all_proportion_are_refused() {
    let good = good();
    let good = payload(&good);
    let header = u64::from_le_bytes(good[..8].try_into().unwrap()) as usize;
    let (json, tail) = good[8..].split_at(header);
    let json = String::from_utf8(json.to_vec()).unwrap();
    for (from, to) in [
        (
            "\\\"train_images\\\":60000",
            "\\\"train_images\\\":18446744073709551615",
        ),
        ("\\\"batches\\\":1", "\\\"batches\\\":18446744073709551615"),
        ("\\\"units\\\": 2", "\\\"units\\\": 65536"),
    ] {
        let changed = json.replace(from, to);
        assert_ne!(changed, json, "{from}");
        let size = (changed.len() as u64).to_le_bytes();
        let bytes = [&size[..], changed.as_bytes(), tail].concat();
        // The first is as odd as it is harmless: no data has so many images.
        if let Ok(checkpoint) = parse(&signed(&bytes)) {
            assert_eq!(checkpoint.step(), 1, "{to}");
        }
    }
}
