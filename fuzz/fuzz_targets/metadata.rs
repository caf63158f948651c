//! The metadata of model files, in a frame of safetensors that is always whole.

#![no_main]

use arbitrary::Arbitrary;
use fmnist_tui::nn::parse_model;
use libfuzzer_sys::fuzz_target;
use safetensors::tensor::{Dtype, TensorView};
use std::collections::HashMap;
use std::path::Path;

#[derive(Arbitrary, Debug)]
struct Metadata {
    entries: HashMap<Key, String>,
    /// The shape of each layer's weight (true) or bias. Names must differ for a file to be written.
    tensors: HashMap<(u8, bool), [u8; 2]>,
}

#[derive(Arbitrary, Clone, Copy, Debug, Eq, Hash, PartialEq)]
enum Key {
    Spec,
    Dataset,
    Classes,
    Normalization,
    Metrics,
}

impl Key {
    fn name(self) -> String {
        format!("{self:?}").to_lowercase()
    }
}

fuzz_target!(|metadata: Metadata| {
    let entries = metadata.entries.iter();
    let entries = entries
        .map(|(key, text)| (key.name(), text.clone()))
        .collect();
    let zeros = vec![0; 4 * 255 * 255];
    let views = metadata
        .tensors
        .iter()
        .filter_map(|((layer, is_weight), shape)| {
            let shape: Vec<usize> = shape.iter().map(|side| usize::from(*side)).collect();
            let bytes = &zeros[..4 * shape.iter().product::<usize>()];
            let name = if *is_weight { "weight" } else { "bias" };
            let view = TensorView::new(Dtype::F32, shape, bytes).ok()?;
            Some((format!("{layer}.{name}"), view))
        });
    if let Ok(bytes) = safetensors::serialize(views, Some(entries)) {
        let _ = parse_model(&bytes, Path::new("fuzzed"));
    }
});
