//! Spec files: absurd values, absurd JSON.

use crate::damage::damaged;
use crate::run;
use fmnist_tui::spec::{
    ActivationFunction, CheckedSpec, Layer, PRESETS, Spec, infer_layers, preset,
};
use fmnist_tui::train::MemoryNeed;
use proptest::prelude::*;
use std::path::Path;

fn parse(text: &str) -> Result<CheckedSpec, String> {
    Spec::parse(text, Path::new("run.json")).map_err(|error| error.to_string())
}

const LAYERS: &str = r#"["Flatten",{"Dense":{"units":10}}]"#;

/// A spec whose JSON is good but for one value.
fn with(layers: &str, field: &str, value: &str) -> String {
    let mut fields = vec![
        ("name", "\"x\""),
        ("layers", layers),
        ("optimizer", r#"{"Sgd":{}}"#),
        ("learning_rate", "0.1"),
        ("batch_size", "32"),
        ("epochs", "2"),
    ];
    fields.retain(|(name, _)| *name != field);
    fields.push((field, value));
    let fields: Vec<String> = fields
        .iter()
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, value)| format!("\"{name}\":{value}"))
        .collect();
    format!("{{{}}}", fields.join(","))
}

#[test]
fn absurd_values_are_refused_with_the_layer_and_the_limit() {
    assert!(parse(&with(LAYERS, "", "")).is_ok());
    let conv = |channels: &str, kernel: &str| {
        format!(
            r#"[{{"Conv2d":{{"out_channels":{channels},"kernel_size":{kernel}}}}},"Flatten",{{"Dense":{{"units":10}}}}]"#
        )
    };
    let many = format!(
        "[{}\"Flatten\",{{\"Dense\":{{\"units\":10}}}}]",
        "{\"Activation\":\"ReLU\"},".repeat(198)
    );
    let dropout = r#"["Flatten",{"Dropout":{"p":1.5}},{"Dense":{"units":10}}]"#;
    let large = r#"[{"Conv2d":{"out_channels":4096,"kernel_size":1,"padding":63}},
        {"Conv2d":{"out_channels":4096,"kernel_size":1,"padding":63}},"Flatten",{"Dense":{"units":10}}]"#;
    let cases = [
        (
            with(&conv("1000000000", "3"), "", ""),
            "layer 1 (Conv2d): out_channels is 1000000000; it must be a whole number from 1 to 4096",
        ),
        (
            with(&conv("18446744073709551616", "3"), "", ""),
            "layer 1 (Conv2d): out_channels must be a whole number from 1 to 4096",
        ),
        (
            with(&conv("-1", "3"), "", ""),
            "out_channels must be a whole number from 1 to 4096",
        ),
        (
            with(&conv("0", "3"), "", ""),
            "it must be a whole number from 1 to 4096",
        ),
        (
            with(&conv("8", "18446744073709551615"), "", ""),
            "it must be a whole number from 1 to 64",
        ),
        (
            with(&conv("8.5", "3"), "", ""),
            "out_channels must be a whole number from 1 to 4096",
        ),
        (
            with(&many, "", ""),
            "has 200 layers; at most 100 are allowed",
        ),
        (
            with(dropout, "", ""),
            "layer 2 (Dropout): p is 1.5; it must be a number from 0 to 0.99",
        ),
        (
            with(large, "", ""),
            "layer 2 (Conv2d): it would hold 16781312 parameters and 321126400",
        ),
        (
            with(LAYERS, "batch_size", "0"),
            "batch_size: is 0; it must be a whole number from 1 to 8192",
        ),
        (
            with(LAYERS, "batch_size", "1e9"),
            "batch_size must be a whole number from 1 to 8192",
        ),
        (with(LAYERS, "learning_rate", "NaN"), "learning_rate"),
        (with(LAYERS, "learning_rate", "1e400"), "learning_rate"),
        (
            with(LAYERS, "learning_rate", "-0.0"),
            "learning_rate: is -0.0; it must be a number from 0.000000001 to 1000",
        ),
        (
            with(LAYERS, "learning_rate", "null"),
            "learning_rate must be a number from 0.000000001 to 1000",
        ),
        (
            with(LAYERS, "seed", "18446744073709551616"),
            "seed must be a whole number",
        ),
        (
            with(LAYERS, "epochs", "2,\"epochs\":3"),
            "duplicate field `epochs`",
        ),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (text, reason) in cases {
        let error = parse(&text).unwrap_err();
        assert!(error.starts_with("run.json:"), "{text}: {error}");
        assert!(error.contains(reason), "{text}: {error}");
        // The program says the same, on one line.
        std::fs::write(folder.path().join("run.json"), &text).unwrap();
        let (code, out, line) = run(folder.path(), &["train", "--spec", "run.json"]);
        assert_eq!((code, out.as_str()), (1, ""));
        assert_eq!(line, format!("error: {error}\n"));
    }
}

#[test]
fn json_nested_ten_thousand_deep_is_refused() {
    let lists = "[".repeat(10_000);
    for text in [
        lists.clone(),
        "{\"a\":".repeat(10_000),
        with(&lists, "", ""),
        with(LAYERS, "optimizer", &"{\"Sgd\":".repeat(10_000)),
    ] {
        assert!(parse(&text).is_err());
    }
}

#[test]
fn a_file_that_is_too_long_or_has_no_end_is_refused_with_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    // A gigabyte that takes no room on the disk.
    let long = std::fs::File::create(folder.path().join("long.json")).unwrap();
    long.set_len(1 << 30).unwrap();
    let mut paths = vec!["long.json"];
    if cfg!(unix) {
        paths.push("/dev/zero");
    }
    for path in paths {
        let (code, _, error) = run(folder.path(), &["summary", "--spec", path]);
        assert_eq!(code, 1);
        assert!(
            error.contains(path) && error.contains("1048576 bytes"),
            "{error}"
        );
    }
}

fn layer() -> impl Strategy<Value = Layer> {
    let window = (
        prop_oneof![1_usize..5, 1_usize..=64],
        prop_oneof![Just(1_usize), 1_usize..=64],
        prop_oneof![0_usize..4, 0_usize..=63],
    );
    prop_oneof![
        4 => (prop_oneof![1_usize..=4096, Just(4096)], window.clone()).prop_map(
            |(out_channels, (kernel_size, stride, padding))| Layer::Conv2d {
                out_channels,
                kernel_size,
                stride,
                padding
            }
        ),
        1 => window.clone().prop_map(|(kernel_size, stride, padding)| Layer::DepthwiseConv2d {
            kernel_size,
            stride,
            padding
        }),
        1 => window.prop_map(|(kernel_size, stride, padding)| Layer::MaxPool2d {
            kernel_size,
            stride,
            padding
        }),
        1 => Just(Layer::MaxPool2d {
            kernel_size: 2,
            stride: 2,
            padding: 0
        }),
        1 => Just(Layer::BatchNorm {
            eps: 1e-5,
            momentum: 0.1
        }),
        1 => Just(Layer::Activation(ActivationFunction::ReLU)),
        1 => Just(Layer::Dropout { p: 0.5 }),
        1 => (1_usize..=12).prop_map(|span| Layer::Residual { span }),
        1 => Just(Layer::Flatten),
        2 => prop_oneof![1_usize..=65_536, Just(65_536)].prop_map(|units| Layer::Dense { units }),
    ]
}

proptest! {
    /// Whatever stands within the limits, the costs are those of exact arithmetic: nothing overflows.
    #[test]
    fn costs_of_the_largest_networks_are_exact(layers in prop::collection::vec(layer(), 1..12)) {
        let input = preset("tiny").unwrap().input;
        for length in 1..=layers.len() {
            let Ok(rows) = infer_layers(&layers[..length], input) else { break };
            let (Some(row), Some(layer)) = (rows.last(), layers.get(length - 1)) else { break };
            let (channels, _) = row.input.channels_and_area();
            let (outputs, area) = row.output.channels_and_area();
            let [channels, outputs, area] = [channels, outputs, area].map(|size| size as u128);
            let products = match *layer {
                Layer::Conv2d { kernel_size, .. } => channels * (kernel_size * kernel_size) as u128,
                Layer::DepthwiseConv2d { kernel_size, .. } => (kernel_size * kernel_size) as u128,
                Layer::Dense { .. } => channels,
                _ => continue,
            };
            prop_assert_eq!(u128::from(row.parameters), outputs * (products + 1));
            prop_assert_eq!(u128::from(row.multiply_adds), outputs * products * area);
            prop_assert_eq!(u128::from(row.activation_bytes), 4 * outputs * area);
        }
    }

    /// No network within the limits needs a size that a number cannot hold, nor less than its parts.
    #[test]
    fn the_memory_of_any_network_can_be_estimated(
        mut layers in prop::collection::vec(layer(), 1..12),
        batch in 2_usize..=8192,
    ) {
        let mut spec = preset("tiny").unwrap().into_spec();
        // As far as the layers fit each other, and then an end.
        let fits = |length: usize| infer_layers(&layers[..length], spec.input).is_ok();
        let length = (0..=layers.len()).rev().find(|length| fits(*length)).unwrap_or(0);
        layers.truncate(length);
        layers.extend([Layer::Flatten, Layer::Dense { units: 10 }]);
        spec.layers = layers;
        spec.batch_size = batch;
        if let Ok(spec) = spec.check() {
            let summary = spec.summary();
            let need = MemoryNeed::of_training(&spec).total();
            prop_assert!(need > 8 * summary.parameters() && need < 1 << 56, "{need}");
            let evaluation = MemoryNeed::of_evaluation(&spec, 1).total();
            prop_assert!(evaluation < need);
        }
    }

    #[test]
    fn damaged_presets(
        bytes in (0..PRESETS.len()).prop_flat_map(|preset| damaged(PRESETS[preset].json.into())),
    ) {
        if let Err(error) = parse(&String::from_utf8_lossy(&bytes)) {
            prop_assert!(!error.contains(char::is_control), "{error:?}");
        }
    }

    #[test]
    fn any_text(text in any::<String>()) {
        prop_assert!(parse(&text).is_err());
    }
}
