//! Spec files: what is written reads back the same, and no text makes the reader panic.

#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the configured exception covers only functions marked as tests"
)]

use fmnist_tui::optim::{AdaDelta, AdaGrad, Adam, AdamW, Lion, Muon, RmsProp, Sgd};
use fmnist_tui::spec::{
    ActivationFunction, Augmentation, EarlyStopping, Initializer, Input, InputNormalization, Layer,
    Loss, Optimizer, PRESETS, Precision, Schedule, Spec, Validation, preset,
};
use proptest::prelude::*;
use std::path::Path;

fn function() -> impl Strategy<Value = ActivationFunction> {
    prop_oneof![
        Just(ActivationFunction::ReLU),
        (0.0..1.0).prop_map(|slope| ActivationFunction::LeakyReLU { slope }),
        (0.0..10.0).prop_map(|alpha| ActivationFunction::ELU { alpha }),
        Just(ActivationFunction::GELU),
        Just(ActivationFunction::SiLU),
        Just(ActivationFunction::Tanh),
        Just(ActivationFunction::Sigmoid),
    ]
}

fn layer() -> impl Strategy<Value = Layer> {
    let window = (1_usize..6, 1_usize..4);
    prop_oneof![
        (1_usize..40, window.clone(), 0_usize..3).prop_map(
            |(out_channels, (kernel_size, stride), padding)| Layer::Conv2d {
                out_channels,
                kernel_size,
                stride,
                padding
            }
        ),
        (window.clone(), 0_usize..3).prop_map(|((kernel_size, stride), padding)| {
            Layer::DepthwiseConv2d {
                kernel_size,
                stride,
                padding,
            }
        }),
        window
            .clone()
            .prop_map(|(kernel_size, stride)| Layer::MaxPool2d {
                kernel_size,
                stride,
                padding: kernel_size / 2
            }),
        window.prop_map(|(kernel_size, stride)| Layer::AvgPool2d {
            kernel_size,
            stride,
            padding: 0
        }),
        Just(Layer::GlobalAvgPool),
        (1e-9..1e-1, 0.0..1.0).prop_map(|(eps, momentum)| Layer::BatchNorm { eps, momentum }),
        function().prop_map(Layer::Activation),
        (0.0..0.99).prop_map(|p| Layer::Dropout { p }),
        (1_usize..=100).prop_map(|span| Layer::Residual { span }),
        Just(Layer::Flatten),
        (1_usize..500).prop_map(|units| Layer::Dense { units }),
    ]
}

fn optimizer() -> impl Strategy<Value = Optimizer> {
    let share = 0.0..0.999_999;
    let decay = 0.0..10.0;
    prop_oneof![
        (share.clone(), any::<bool>(), decay.clone()).prop_map(
            |(momentum, nesterov, weight_decay)| Optimizer::Sgd(Sgd {
                momentum,
                nesterov,
                weight_decay
            })
        ),
        (share.clone(), share.clone(), 1e-16..1.0, decay.clone()).prop_map(
            |(beta1, beta2, eps, weight_decay)| Optimizer::Adam(Adam {
                beta1,
                beta2,
                eps,
                weight_decay
            })
        ),
        (share.clone(), share.clone(), 1e-16..1.0, decay.clone()).prop_map(
            |(beta1, beta2, eps, weight_decay)| Optimizer::AdamW(AdamW {
                beta1,
                beta2,
                eps,
                weight_decay
            })
        ),
        (1e-16..1.0, decay.clone())
            .prop_map(|(eps, weight_decay)| Optimizer::AdaGrad(AdaGrad { eps, weight_decay })),
        (share.clone(), 1e-16..1.0, decay.clone()).prop_map(|(rho, eps, weight_decay)| {
            Optimizer::AdaDelta(AdaDelta {
                rho,
                eps,
                weight_decay,
            })
        }),
        (share.clone(), 1e-16..1.0, share.clone(), decay.clone()).prop_map(
            |(alpha, eps, momentum, weight_decay)| Optimizer::RmsProp(RmsProp {
                alpha,
                eps,
                momentum,
                weight_decay
            })
        ),
        (share.clone(), share.clone(), decay.clone()).prop_map(|(beta1, beta2, weight_decay)| {
            Optimizer::Lion(Lion {
                beta1,
                beta2,
                weight_decay,
            })
        }),
        (share, any::<bool>(), 1_usize..20, 1e-6..100.0, decay).prop_map(
            |(momentum, nesterov, ns_steps, update_rms, weight_decay)| Optimizer::Muon(Muon {
                momentum,
                nesterov,
                ns_steps,
                update_rms,
                weight_decay
            })
        ),
    ]
}

fn schedule() -> impl Strategy<Value = Schedule> {
    prop_oneof![
        Just(Schedule::Constant),
        (1_usize..100, 0.0..1.0).prop_map(|(every_epochs, factor)| Schedule::Step {
            every_epochs,
            factor
        }),
        (0.0..1.0).prop_map(|final_factor| Schedule::Cosine { final_factor }),
        (0.01..0.99, 0.0..1.0, 0.0..1.0).prop_map(|(rise, initial_factor, final_factor)| {
            Schedule::OneCycle {
                rise,
                initial_factor,
                final_factor,
            }
        }),
        (0.0..1.0, 0_usize..100)
            .prop_map(|(factor, patience)| Schedule::ReduceOnPlateau { factor, patience }),
    ]
}

fn augmentation() -> impl Strategy<Value = Augmentation> {
    let share = 0.0..1.0;
    let tone = (share.clone(), share.clone());
    let rest = (share.clone(), 0.02..0.9, share.clone());
    let flips = (share.clone(), share);
    (0.0..180.0, 0_usize..32, flips, tone, rest).prop_map(|(rotation, shift, flips, tone, rest)| {
        Augmentation {
            rotation,
            shift,
            horizontal_flip: flips.0,
            vertical_flip: flips.1,
            contrast: tone.0,
            brightness: tone.1,
            erasing: rest.0,
            erasing_area: rest.1,
            mixup: rest.2,
        }
    })
}

fn early_stopping() -> impl Strategy<Value = EarlyStopping> {
    (0_usize..10_000, 0.0..1.0, any::<bool>()).prop_map(|(patience, min_gain, restore_best)| {
        EarlyStopping {
            patience,
            min_gain,
            restore_best,
        }
    })
}

fn initializer() -> impl Strategy<Value = Initializer> {
    prop_oneof![
        (1e-3..100.0).prop_map(|gain| Initializer::XavierUniform { gain }),
        (1e-3..100.0).prop_map(|gain| Initializer::XavierNormal { gain }),
        (1e-3..100.0).prop_map(|gain| Initializer::HeUniform { gain }),
        (1e-3..100.0).prop_map(|gain| Initializer::HeNormal { gain }),
        (1e-9..100.0).prop_map(|std| Initializer::Normal { std }),
    ]
}

fn normalization() -> impl Strategy<Value = InputNormalization> {
    prop_oneof![
        Just(InputNormalization::Standardize),
        Just(InputNormalization::Scale),
        (0.0..1.0, 1e-3..100.0).prop_map(|(mean, std)| InputNormalization::Given { mean, std }),
    ]
}

fn precision() -> impl Strategy<Value = Precision> {
    prop_oneof![
        Just(Precision::F32),
        Just(Precision::Bf16),
        Just(Precision::Auto)
    ]
}

fn spec() -> impl Strategy<Value = Spec> {
    let network = (
        "\\PC{1,80}",
        "[a-z0-9-]{1,20}",
        (1_usize..4, 1_usize..64, 1_usize..64),
        prop::collection::vec(layer(), 1..12),
        0.0..0.9,
        (initializer(), normalization()),
        precision(),
    );
    let training = (
        optimizer(),
        1e-9..1000.0,
        schedule(),
        0.0..5.0,
        1_usize..8192,
        5_usize..10_000,
        any::<u64>(),
    );
    let further = (
        augmentation(),
        0.0..1e6,
        0.0..0.9999,
        early_stopping(),
        0_usize..1_000_000,
    );
    (network, training, further).prop_map(|(network, training, further)| {
        let (augmentation, gradient_clip, ema_decay, early_stopping, hold_out) = further;
        let (
            name,
            dataset,
            (channels, height, width),
            layers,
            label_smoothing,
            (initializer, normalization),
            precision,
        ) = network;
        let (optimizer, learning_rate, schedule, warmup_epochs, batch_size, epochs, seed) =
            training;
        Spec {
            name,
            dataset,
            input: Input {
                channels,
                height,
                width,
            },
            normalization,
            layers,
            loss: Loss::SoftmaxCrossEntropy { label_smoothing },
            optimizer,
            learning_rate,
            schedule,
            warmup_epochs,
            batch_size,
            epochs,
            frozen_layers: (seed % 3) as usize,
            seed,
            initializer,
            precision,
            augmentation,
            gradient_clip,
            ema_decay,
            early_stopping,
            validation: Validation { hold_out },
            exclude: ["", "lists/cleaned.txt"][(seed % 2) as usize].into(),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn writing_and_reading_back_is_the_identity(spec in spec()) {
        let back: Spec = serde_json::from_str(&spec.to_json()).unwrap();
        prop_assert_eq!(&back, &spec);
        // The reader proper gives the same, or says what does not fit.
        match Spec::parse(&spec.to_json(), Path::new("run.json")) {
            Ok(read) => prop_assert_eq!(read, spec),
            Err(error) => {
                let problem = spec.check().unwrap_err();
                prop_assert!(error.to_string().ends_with(&problem.to_string()));
            }
        }
    }

    #[test]
    fn any_change_to_a_good_file_is_answered(at in 0_usize..2000, byte in any::<u8>(), preset in 0..PRESETS.len()) {
        let mut bytes = PRESETS[preset].json.as_bytes().to_vec();
        let at = at % bytes.len();
        bytes[at] = byte;
        if let Ok(text) = String::from_utf8(bytes)
            && let Err(error) = Spec::parse(&text, Path::new("run.json"))
        {
            let error = error.to_string();
            prop_assert!(error.starts_with("run.json:"), "{}", error);
            prop_assert!(!error.contains('\n'), "{}", error);
        }
    }

    #[test]
    fn any_text_is_answered(text in "\\PC*") {
        let _ = Spec::parse(&text, Path::new("run.json"));
    }
}

#[test]
fn every_preset_file_is_written_as_it_reads() {
    for entry in PRESETS {
        let spec = preset(entry.name).unwrap();
        let back = Spec::parse(&spec.to_json(), Path::new("again.json")).unwrap();
        assert_eq!(back, spec, "{}", entry.name);
    }
}

#[test]
fn nesting_without_end_is_refused() {
    let text = "[".repeat(100_000);
    assert!(Spec::parse(&text, Path::new("deep.json")).is_err());
}

/// A good file with this line in the place of the one that names the precision.
fn with_precision_line(line: &str) -> String {
    let usual = "  \"precision\": \"f32\",\n";
    let json = preset("tiny").unwrap().to_json();
    assert!(json.contains(usual), "{json}");
    json.replace(usual, line)
}

#[test]
fn a_file_that_names_no_precision_means_f32() {
    let spec = Spec::parse(&with_precision_line(""), Path::new("old.json")).unwrap();
    assert_eq!(spec.precision, Precision::F32);
    assert_eq!(spec, preset("tiny").unwrap());
}

#[test]
fn bf16_is_written_as_it_is_read() {
    let text = with_precision_line("  \"precision\": \"bf16\",\n");
    let spec = Spec::parse(&text, Path::new("run.json")).unwrap();
    assert_eq!(spec.precision, Precision::Bf16);
    assert_eq!(spec.to_json(), text);
}

#[test]
fn a_precision_there_is_not_is_refused_at_its_place() {
    for wrong in ["\"f16\"", "\"BF16\"", "16", "null"] {
        let line = format!("  \"precision\": {wrong},\n");
        let text = with_precision_line(&line);
        let number = 1 + text
            .lines()
            .position(|line| line.contains("precision"))
            .unwrap();
        let error = Spec::parse(&text, Path::new("run.json")).unwrap_err();
        let error = error.to_string();
        assert!(error.starts_with(&format!("run.json:{number}:")), "{error}");
        assert!(error.contains("precision: "), "{error}");
        assert!(
            error.contains("`f32`") && error.contains("`bf16`"),
            "{error}"
        );
    }
}
