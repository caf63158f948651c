use super::*;
use crate::spec::{Augmentation, CheckedSpec, Input, Layer, PRESETS, Schedule, Spec, preset};
use std::path::Path;

fn residual(span: usize) -> Layer {
    Layer::Residual { span }
}

fn conv(out_channels: usize, stride: usize, padding: usize) -> Layer {
    Layer::Conv2d {
        out_channels,
        kernel_size: 3,
        stride,
        padding,
    }
}

const RELU: Layer = Layer::Activation(crate::spec::ActivationFunction::ReLU);

fn network(layers: Vec<Layer>) -> CheckedSpec {
    let spec = Spec {
        layers,
        ..Spec::smallest()
    };
    spec.check().unwrap()
}

fn found(spec: &CheckedSpec, key: &str) -> Result<Variant, String> {
    Part::parse(spec, key)?.leave_out(spec)
}

/// The layers without a part, and what is said of it.
fn left(spec: &CheckedSpec, key: &str) -> (Vec<String>, String) {
    let variant = found(spec, key).unwrap();
    let layers = variant.spec.layers.iter().map(Layer::to_string);
    (layers.collect(), variant.note.unwrap_or_default())
}

#[test]
fn every_part_of_every_preset_gives_another_network_or_a_reason() {
    for entry in PRESETS {
        let spec = preset(entry.name).unwrap();
        let candidates = candidates(&spec);
        let mut variants: Vec<&CheckedSpec> = vec![&spec];
        for candidate in &candidates {
            match &candidate.variant {
                Ok(Variant { spec: variant, .. }) => {
                    assert_eq!(variant.summary().classes, 10, "{}", candidate.name);
                    assert!(
                        !variants.contains(&variant),
                        "{}: {}",
                        entry.name,
                        candidate.name
                    );
                    variants.push(variant);
                    // The key alone leads to the same network.
                    let again = without(&spec, &candidate.part.key()).unwrap();
                    assert_eq!(&again, variant);
                }
                Err(reason) => assert!(!reason.is_empty()),
            }
        }
        let refused: Vec<&str> = candidates
            .iter()
            .filter(|candidate| candidate.variant.is_err())
            .map(|candidate| candidate.name.as_str())
            .collect();
        let last = format!("{} Dense 10", spec.layers.len());
        assert_eq!(
            refused.last(),
            Some(&last.as_str()),
            "{}: {refused:?}",
            entry.name
        );
    }
}

#[test]
fn the_layers_that_lead_to_flat_values_stand_in_for_each_other() {
    let tiny = preset("tiny").unwrap();
    let (layers, note) = left(&tiny, "7");
    assert_eq!(
        (layers[6].as_str(), note.as_str()),
        ("GlobalAvgPool", "GlobalAvgPool in its place")
    );
    let best = preset("best").unwrap();
    let (layers, note) = left(&best, &(best.layers.len() - 1).to_string());
    assert_eq!(note, "Flatten in its place");
    assert_eq!(layers[layers.len() - 2], "Flatten");
}

#[test]
fn a_convolution_that_must_keep_the_shapes_no_longer_sees_neighbours() {
    // One makes the image larger and the other smaller again: neither fits alone beside the skip connection.
    let spec = network(vec![
        conv(4, 1, 2),
        conv(4, 1, 0),
        residual(2),
        Layer::Flatten,
        Layer::Dense { units: 10 },
    ]);
    for key in ["1", "2"] {
        let reason = found(&spec, key).unwrap_err();
        assert!(
            reason.starts_with("the rest does not fit without it: "),
            "{reason}"
        );
    }
    assert!(found(&spec, "3").is_ok());
    // The scores come from a convolution: its channels must stay.
    let spec = network(vec![conv(8, 1, 1), conv(10, 2, 1), Layer::GlobalAvgPool]);
    let (layers, note) = left(&spec, "2");
    assert_eq!(layers[1], "Conv2d 10, 1×1, stride 2");
    assert_eq!(note, "Conv2d 10, 1×1, stride 2 in its place");
    let error = found(&spec, "3").unwrap_err();
    assert!(
        error.contains("must end with one score per class"),
        "{error}"
    );
}

#[test]
fn skip_connections_keep_their_layers_and_go_with_the_last_of_them() {
    let nested = vec![
        conv(4, 1, 1),
        conv(4, 1, 1),
        RELU,
        residual(2),
        conv(4, 1, 1),
        residual(1),
        residual(5),
        Layer::Flatten,
        Layer::Dense { units: 10 },
    ];
    let spec = network(nested);
    assert_eq!(
        left(&spec, "3").0[2..6],
        [
            "Residual over 1 layer",
            "Conv2d 4, 3×3, padding 1",
            "Residual over 1 layer",
            "Residual over 4 layers"
        ]
    );
    let (layers, note) = left(&spec, "5");
    assert_eq!(note, "the Residual of layer 6 goes too");
    assert_eq!(
        layers[3..5],
        ["Residual over 2 layers", "Residual over 3 layers"]
    );
    let (layers, _) = left(&spec, "Residual");
    assert_eq!(layers.len(), 6);
}

#[test]
fn frozen_layers_are_counted_without_the_one_that_goes() {
    let mut spec = preset("tiny").unwrap().into_spec();
    spec.frozen_layers = 3;
    let spec = spec.check().unwrap();
    assert_eq!(found(&spec, "2").unwrap().spec.frozen_layers, 2);
    assert_eq!(found(&spec, "5").unwrap().spec.frozen_layers, 3);
    assert_eq!(found(&spec, "frozen_layers").unwrap().spec.frozen_layers, 0);
}

#[test]
fn settings_that_are_on_can_be_turned_off() {
    let best = preset("best").unwrap();
    let keys: Vec<String> = Part::of(&best)
        .iter()
        .filter(|part| !part.is_layer())
        .map(Part::key)
        .collect();
    for key in [
        "horizontal_flip",
        "shift",
        "erasing",
        "mixup",
        "augmentation",
        "weight_decay",
        "momentum",
        "nesterov",
        "label_smoothing",
        "schedule",
        "ema_decay",
        "normalization",
    ] {
        assert!(
            keys.iter().any(|found| found == key),
            "{key} is missing in {keys:?}"
        );
    }
    assert_eq!(keys.len(), 12, "{keys:?}");
    let off = |key: &str| without(&best, key).unwrap();
    let flip = off("horizontal_flip").augmentation;
    assert_eq!((flip.horizontal_flip, flip.shift), (0.0, 1));
    assert_eq!(off("augmentation").augmentation.made(), []);
    // What belongs to another field stays.
    assert_eq!(off("erasing").augmentation.erasing_area, 0.2);
    assert_eq!(off("schedule").schedule, Schedule::Constant);
    assert_eq!(off("nesterov").optimizer.kind(), "Muon");
    let words: Vec<String> = Part::of(&best)
        .iter()
        .map(|part| part.name(&best))
        .collect();
    for name in [
        "all 8 BatchNorm",
        "all 4 augmentations",
        "weight decay 0.05",
        "one-cycle rate",
    ] {
        assert!(
            words.iter().any(|found| found == name),
            "{name} is missing in {words:?}"
        );
    }
    assert_eq!(without(&best, NOTHING).unwrap(), best);
    assert!(
        without(&best, "gradient_clip")
            .unwrap_err()
            .contains("there are the layers 1 to ")
    );
    let mut plain = Spec::smallest();
    plain.augmentation = Augmentation::default();
    plain.normalization = crate::spec::InputNormalization::Scale;
    assert!(Part::of(&plain).iter().all(Part::is_layer));
}

#[test]
fn two_layers_that_are_the_same_are_left_out_once() {
    let spec = network(vec![RELU, RELU, Layer::Flatten, Layer::Dense { units: 10 }]);
    let all = candidates(&spec);
    assert!(all[0].variant.is_ok());
    assert_eq!(
        all[1].variant.as_ref().unwrap_err(),
        "the same as without 1 ReLU"
    );
}

#[test]
fn a_network_of_every_kind_of_layer_has_an_answer_for_each() {
    let mut layers = Layer::choices();
    layers.retain(|layer| {
        !matches!(
            layer,
            Layer::GlobalAvgPool | Layer::Flatten | Layer::Dense { .. }
        )
    });
    layers.extend([
        Layer::Flatten,
        Layer::Flatten,
        Layer::Dense { units: 7 },
        Layer::Dense { units: 3 },
        RELU,
    ]);
    let spec = Spec {
        input: Input {
            channels: 3,
            height: 17,
            width: 23,
        },
        layers,
        ..Spec::smallest()
    };
    let spec = spec.check().unwrap();
    for candidate in candidates(&spec) {
        if let Ok(variant) = candidate.variant {
            assert_eq!(variant.spec.summary().classes, 3, "{}", candidate.name);
        }
    }
    // A single layer, of which nothing can go.
    let text = r#"{"name": "x", "layers": ["GlobalAvgPool"], "optimizer": "Sgd", "learning_rate": 0.1,
        "batch_size": 8, "epochs": 1, "input": {"channels": 3, "height": 4, "width": 4},
        "normalization": "Scale"}"#;
    let text = text.replace(r#""Sgd""#, r#"{"Sgd": {}}"#);
    if let Ok(single) = Spec::parse(&text, Path::new("x")) {
        assert!(
            candidates(&single)
                .iter()
                .all(|candidate| candidate.variant.is_err())
        );
    }
}
