//! A checkpoint as bytes: a line with a checksum, then a safetensors file.
//!
//! `fmnist-tui checkpoint 1 crc32 0123abcd\n`, the CRC-32 being that of all bytes after the line.

use crate::nn::io::safetensors::{TensorFile, to_bytes};
use crate::nn::{OptimizerState, TensorState};
use crate::spec::Spec;
use crate::train::{Checkpoint, Progress};
use std::collections::HashMap;
use std::path::Path;

const HEADER: &str = "fmnist-tui checkpoint 1 crc32 ";
/// Of the header line, its end included.
const HEADER_LEN: usize = HEADER.len() + 9;

/// The content of a checkpoint's file: the header line, and the bytes after it.
///
/// # Errors
/// A sentence when a part cannot be written, such as a number that is not finite.
pub fn checkpoint_parts(checkpoint: &Checkpoint) -> Result<(String, Vec<u8>), String> {
    let progress =
        serde_json::to_string(&checkpoint.progress).map_err(|error| error.to_string())?;
    let metadata = HashMap::from([
        ("spec".to_owned(), checkpoint.spec.to_json()),
        ("progress".to_owned(), progress),
        (
            "optimizer_steps".to_owned(),
            checkpoint.optimizer.steps.to_string(),
        ),
    ]);
    let memories = checkpoint.optimizer.memories.iter().map(Vec::as_slice);
    let parts = [&checkpoint.model, &checkpoint.best, &checkpoint.average]
        .into_iter()
        .map(Vec::as_slice)
        .chain(memories);
    let tensors: Vec<(String, &TensorState)> = PARTS
        .iter()
        .zip(parts)
        .flat_map(|(part, tensors)| {
            tensors
                .iter()
                .map(move |tensor| (format!("{part}.{}", tensor.name), tensor))
        })
        .collect();
    let payload = to_bytes(&tensors, metadata)?;
    let header = format!("{HEADER}{:08x}\n", crc32fast::hash(&payload));
    Ok((header, payload))
}

/// Reads a checkpoint from the content of a file; `path` is for messages about its spec.
///
/// # Errors
/// A sentence saying what is wrong with it.
pub fn parse_checkpoint(bytes: &[u8], path: &Path) -> Result<Checkpoint, String> {
    let (header, payload) = bytes
        .split_at_checked(HEADER_LEN)
        .ok_or("it is cut short")?;
    let checksum = std::str::from_utf8(header)
        .ok()
        .and_then(|line| line.strip_prefix(HEADER)?.strip_suffix('\n'))
        .ok_or("it is no checkpoint of this program's version")?;
    if checksum != format!("{:08x}", crc32fast::hash(payload)) {
        return Err("its checksum is wrong: it is damaged or cut short".into());
    }
    let file = TensorFile::parse(payload)?;
    let spec = Spec::parse(file.entry("spec")?, path)
        .map_err(|error| format!("its spec is bad: {error}"))?;
    let progress: Progress = serde_json::from_str(file.entry("progress")?)
        .map_err(|error| format!("its progress cannot be read: {error}"))?;
    let steps = file
        .entry("optimizer_steps")?
        .parse()
        .map_err(|error| format!("its optimizer_steps cannot be read: {error}"))?;
    let mut parts = parts(file.tensors()?)?;
    let [model, best, average, first, second] =
        PARTS.map(|part| parts.remove(part).unwrap_or_default());
    let memories = [first, second]
        .into_iter()
        .filter(|memory| !memory.is_empty());
    let checkpoint = Checkpoint {
        spec,
        progress,
        model,
        average,
        optimizer: OptimizerState {
            steps,
            memories: memories.collect(),
        },
        best,
    };
    checkpoint.check()?;
    Ok(checkpoint)
}

/// What the tensors' names begin with.
const PARTS: [&str; 5] = ["model", "best", "average", "optimizer0", "optimizer1"];

/// The tensors by part, their names without it.
fn parts(tensors: Vec<TensorState>) -> Result<HashMap<&'static str, Vec<TensorState>>, String> {
    let mut parts: HashMap<&str, Vec<TensorState>> = HashMap::new();
    for mut tensor in tensors {
        let Some((part, name)) = tensor.name.split_once('.').and_then(|(prefix, name)| {
            let part = PARTS.into_iter().find(|part| *part == prefix)?;
            Some((part, name.to_owned()))
        }) else {
            return Err(format!("the tensor {:?} belongs nowhere", tensor.name));
        };
        tensor.name = name;
        parts.entry(part).or_default().push(tensor);
    }
    Ok(parts)
}

#[cfg(test)]
mod tests;
