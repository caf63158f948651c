//! Profiles of real training steps.

use super::*;
use crate::data::{Dataset, TrainingBatch};
use crate::nn::{Model, Optimizer};
use crate::spec::{CheckedSpec, preset};

/// The profile of two steps of `name` on `threads` threads, and what it was made of.
fn profiled(name: &str, threads: usize) -> (CheckedSpec, Measured, Profile) {
    let spec = preset(name).unwrap();
    let dataset = Dataset::sample().unwrap();
    let mut batch = TrainingBatch::default();
    batch.load(&dataset, &[0, 1, 2, 3, 4, 5, 6, 7], &spec, (1, 0));
    let mut model = Model::new(&spec).unwrap();
    let mut optimizer = Optimizer::new(spec.optimizer);
    let recorder = std::sync::Arc::clone(model.network().recorder());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    pool.build().unwrap().install(|| {
        recorder.turn_on();
        for step in 0..2 {
            recorder.begin_step(Section::Rest);
            let (pixels, labels) = (&batch.pixels, batch.labels.as_slice());
            model
                .train_step(pixels, labels, &mut optimizer, 0.01, step)
                .unwrap();
            recorder.end_step(8);
        }
        model.logits(&batch.pixels).unwrap();
    });
    let measured = recorder.take();
    let rows = &spec.summary().layers;
    let profile = Profile::of(&measured, model.network().op_layers(), rows).unwrap();
    (spec, measured, profile)
}

#[test]
fn a_real_step_adds_up_to_threads_times_wall() {
    for (name, threads) in [("lenet5", 1), ("bn-dropout", 3), ("best", 2)] {
        let (_, measured, profile) = profiled(name, threads);
        assert_eq!((measured.steps, measured.threads), (2, threads));
        let alone: u64 = Section::ALL
            .map(|section| measured.alone(section))
            .iter()
            .sum();
        assert_eq!(
            measured.busy() + measured.waiting() + threads as u64 * alone,
            threads as u64 * measured.wall(),
            "{name}"
        );
        let sum: f64 = profile.rows.iter().map(|row| row.milliseconds).sum();
        assert!((sum - profile.milliseconds).abs() < 1e-6, "{name}: {sum}");
    }
}

#[test]
fn every_layer_is_in_one_row_with_its_time() {
    for name in ["lenet5", "best", "bn-dropout", "mlp"] {
        let (spec, _, profile) = profiled(name, 2);
        let mut next = 0;
        for row in &profile.rows {
            if let RowKind::Layers { layers, .. } = &row.kind {
                assert_eq!(layers.start, next, "{name}");
                next = layers.end;
                let [_, forward, _] = row.directions;
                assert!(forward > 0.0, "{name}: {row:?}");
            }
        }
        assert_eq!(next, spec.layers.len(), "{name}");
    }
}
