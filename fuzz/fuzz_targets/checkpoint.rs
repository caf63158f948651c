//! Checkpoints: the bytes are what stands behind the line with the checksum, which is made to fit.

#![no_main]

use fmnist_tui::nn::{Model, Optimizer};
use fmnist_tui::runs::parse_checkpoint;
use libfuzzer_sys::fuzz_target;
use std::path::Path;

fuzz_target!(|payload: &[u8]| {
    let path = Path::new("fuzzed");
    let sum = crc32fast::hash(payload);
    let mut bytes = format!("fmnist-tui checkpoint 1 crc32 {sum:08x}\n").into_bytes();
    bytes.extend(payload);
    if let Ok(checkpoint) = parse_checkpoint(&bytes, path) {
        let _ = checkpoint.step();
        // A run that has not begun asks for whatever its spec asks for.
        if !checkpoint.model.is_empty()
            && let Ok(mut model) = Model::new(&checkpoint.spec)
        {
            let _ = model.network_mut().load_state(&checkpoint.model);
            let mut optimizer = Optimizer::new(checkpoint.spec.optimizer);
            let _ = optimizer.restore(model.network(), &checkpoint.optimizer);
        }
    }
    // Without the right checksum nothing is read.
    let _ = parse_checkpoint(payload, path);
});
