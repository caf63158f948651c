//! The ladder as JSON: an object a part.

use crate::insight::{Ablation, Rung, Verdict};
use serde::Serialize;

/// A part.
#[derive(Serialize)]
pub struct RungLine<'a> {
    event: &'static str,
    /// From 1, the part first without which most is lost; none where nothing is known yet.
    rank: Option<usize>,
    without: &'a str,
    part: &'a str,
    note: Option<&'a str>,
    parameters: u64,
    multiply_adds: u64,
    seeds: usize,
    done: usize,
    diverged: usize,
    failed: usize,
    /// Seeds of both networks.
    pairs: usize,
    /// Accuracy without it minus that of the whole network, a share.
    difference: Option<f64>,
    difference_error: Option<f64>,
    interval_95: Option<[f64; 2]>,
    verdict: Verdict,
}

/// The whole network.
#[derive(Serialize)]
pub struct WholeLine {
    event: &'static str,
    seeds: usize,
    done: usize,
    last_accuracy_mean: Option<f64>,
    last_accuracy_std: Option<f64>,
    images: usize,
}

impl WholeLine {
    pub fn new(ablation: &Ablation) -> Self {
        Self {
            event: "whole",
            seeds: ablation.seeds,
            done: ablation.whole.map_or(0, |whole| whole.count),
            last_accuracy_mean: ablation.whole.map(|whole| whole.mean),
            last_accuracy_std: ablation.whole.and_then(|whole| whole.std),
            images: ablation.images,
        }
    }
}

impl<'a> RungLine<'a> {
    /// The part at a place of the ladder, from 0.
    pub fn new(index: usize, rung: &'a Rung, seeds: usize) -> Self {
        let difference = rung.difference;
        Self {
            event: "part",
            rank: difference.map(|_| index + 1),
            without: &rung.key,
            part: &rung.name,
            note: rung.note.as_deref(),
            parameters: rung.parameters,
            multiply_adds: rung.multiply_adds,
            seeds,
            done: rung.done,
            diverged: rung.diverged,
            failed: rung.failed,
            pairs: difference.map_or(0, |found| found.pairs),
            difference: difference.map(|found| found.mean),
            difference_error: difference.and_then(|found| found.standard_error),
            interval_95: difference.and_then(|found| found.interval()),
            verdict: rung.verdict(),
        }
    }
}
