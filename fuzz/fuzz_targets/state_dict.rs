//! State dicts of other programs, byte by byte: for a network with every kind of tensor.

#![no_main]

use fmnist_tui::nn::parse_state_dict;
use fmnist_tui::spec::{CheckedSpec, Spec};
use libfuzzer_sys::fuzz_target;
use std::path::Path;
use std::sync::LazyLock;

/// The network of the file that `seeds.sh` makes.
static SPEC: LazyLock<CheckedSpec> = LazyLock::new(|| {
    let text = r#"{"name":"small","layers":[{"Conv2d":{"out_channels":2,"kernel_size":3}},{"BatchNorm":{}},
        "GlobalAvgPool",{"Dense":{"units":10}}],"optimizer":{"Adam":{}},"learning_rate":0.01,"batch_size":32,
        "epochs":2,"dataset":"sample"}"#;
    Spec::parse(text, Path::new("small.json")).unwrap()
});

fuzz_target!(|bytes: &[u8]| {
    match parse_state_dict(bytes, Path::new("fuzzed"), &SPEC) {
        Ok((model, how)) => {
            assert_eq!(model.classes(), 10);
            assert!(how.starts_with("tensors matched"));
        }
        Err(error) => assert!(!error.to_string().contains(char::is_control)),
    }
});
