use super::*;
use crate::spec::preset;

fn spec() -> Spec {
    let mut spec = preset("basic-cnn").unwrap().into_spec();
    spec.schedule = Schedule::Constant;
    spec.learning_rate = 0.1;
    spec
}

/// Epochs of these training and validation losses; the accuracies follow from them.
fn epochs(losses: &[(f64, f64)]) -> Vec<EpochMetrics> {
    let accuracy = |loss: f64| (1.0 - loss / 2.6).max(0.0);
    let epoch = |(index, (train, validation)): (usize, &(f64, f64))| EpochMetrics {
        epoch: index + 1,
        train_loss: *train,
        train_accuracy: accuracy(*train),
        validation_loss: *validation,
        validation_accuracy: accuracy(*validation),
        learning_rate: 0.1,
        train_eval_loss: Some(*train),
        train_eval_accuracy: Some(accuracy(*train)),
        ..EpochMetrics::default()
    };
    losses.iter().enumerate().map(epoch).collect()
}

fn said(losses: &[(f64, f64)]) -> Option<String> {
    remark(&spec(), &epochs(losses), 1000).map(|remark| remark.to_string())
}

const BY_HEART: [(f64, f64); 8] = [
    (0.9, 0.91),
    (0.6, 0.62),
    (0.45, 0.50),
    (0.35, 0.49),
    (0.28, 0.50),
    (0.2, 0.52),
    (0.15, 0.54),
    (0.1, 0.55),
];

#[test]
fn learning_by_heart_is_told_with_the_epoch_it_began_in_and_the_words_stay() {
    let expected = "validation loss has risen since epoch 4 while training falls: the network \
                    learns images by heart; try dropout, augmentation, fewer epochs";
    assert_eq!(said(&BY_HEART).as_deref(), Some(expected));
    // One epoch earlier the same, and one lucky epoch takes nothing back.
    assert_eq!(said(&BY_HEART[..7]).as_deref(), Some(expected));
    let mut lucky = BY_HEART.to_vec();
    lucky.push((0.08, 0.50));
    assert_eq!(said(&lucky).as_deref(), Some(expected));
    // Early, nothing is certain.
    assert_eq!(said(&BY_HEART[..3]), None);
}

#[test]
fn jitter_is_no_rise() {
    let jitter = |epoch: i32| 0.01 * (1.7 * f64::from(epoch)).sin();
    let losses: Vec<(f64, f64)> = (0..40)
        .map(|epoch| (0.5 - 0.01 * f64::from(epoch), 0.4 + jitter(epoch)))
        .collect();
    for length in 1..=losses.len() {
        let told = said(&losses[..length]).unwrap_or_default();
        assert!(!told.contains("has risen"), "{length}: {told}");
    }
}

#[test]
fn what_is_in_use_is_not_advised_again() {
    let mut spec = spec();
    spec.layers.insert(6, Layer::Dropout { p: 0.2 });
    spec.augmentation.shift = 2;
    let told = remark(&spec, &epochs(&BY_HEART), 1000).unwrap();
    assert!(
        told.to_string().ends_with("try more dropout, fewer epochs"),
        "{told}"
    );
}

#[test]
fn a_run_that_learns_as_it_should_needs_no_words() {
    let good = [
        (1.0, 1.0),
        (0.7, 0.72),
        (0.55, 0.6),
        (0.48, 0.55),
        (0.42, 0.51),
        (0.38, 0.48),
    ];
    for length in 0..=good.len() {
        assert_eq!(said(&good[..length]), None, "{length}");
    }
}

#[test]
fn a_rate_that_is_too_high_or_too_low_is_told() {
    let jump = said(&[(0.8, 0.8), (0.5, 0.55), (1.4, 1.5)]).unwrap();
    assert!(
        jump.starts_with("training loss jumped from 0.500 to 1.400 in epoch 3:"),
        "{jump}"
    );
    let guessing = [(2.35, 2.35), (2.34, 2.35), (2.34, 2.35)];
    assert!(
        said(&guessing)
            .unwrap()
            .starts_with("after 3 epochs it still guesses")
    );
    let slow = said(&[(1.6, 1.62), (1.59, 1.61), (1.58, 1.6), (1.57, 1.59)]).unwrap();
    assert!(slow.contains("learning rate may be too low"), "{slow}");
}

#[test]
fn epochs_within_their_error_are_told_to_be_no_difference() {
    let mut losses = vec![(0.9, 0.9), (0.6, 0.62), (0.5, 0.52)];
    losses.extend([
        (0.499, 0.52),
        (0.498, 0.519),
        (0.499, 0.521),
        (0.498, 0.52),
        (0.497, 0.52),
    ]);
    let told = said(&losses).unwrap();
    assert!(
        told.starts_with("the last 5 epochs differ by less than their error (± 0.0"),
        "{told}"
    );
    assert!(
        told.ends_with("lower the learning rate, or stop here"),
        "{told}"
    );
}

#[test]
fn validation_above_training_is_explained_by_what_the_network_has() {
    let mut epochs = epochs(&[(0.9, 0.8)]);
    epochs[0].train_eval_accuracy = None;
    let told = |name: &str, cells: usize| {
        let spec = preset(name).unwrap();
        remark(&spec, &epochs, 1000).unwrap().within(cells)
    };
    let start = "validation lies above training";
    assert_eq!(
        told("basic-cnn", 80).unwrap(),
        format!("{start}: training is counted while it still learns")
    );
    assert_eq!(
        told("bn-dropout", 78).unwrap(),
        format!("{start}: dropout acts only in training")
    );
    assert_eq!(told("bn-dropout", 40).unwrap(), start);
    assert_eq!(told("bn-dropout", 10), None);
}

#[test]
fn no_history_makes_it_fail() {
    assert_eq!(remark(&spec(), &[], 0), None);
    for odd in [f64::NAN, f64::INFINITY, 0.0, 1e300] {
        for count in 1..12 {
            remark(&spec(), &epochs(&vec![(odd, odd); count]), 0);
            remark(&spec(), &epochs(&vec![(odd, 0.5); count]), 1);
        }
    }
}
