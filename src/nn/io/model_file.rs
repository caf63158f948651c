//! Model files: safetensors files that `torch.nn.Sequential.load_state_dict` takes as they are, with
//! everything else that a model needs in the metadata.

use super::other_format::other_format;
use super::safetensors::{TensorFile, to_bytes};
use super::snapshot::{ModelInfo, Snapshot};
use super::state::TensorState;
use super::state_dict::{Matched, match_some, match_whole};
use crate::data::Normalization;
use crate::fs::read_limited;
use crate::fs::write_atomically;
use crate::nn::{Model, ModelFileError};
use crate::spec::{CheckedSpec, Spec};
use crate::text::escape_controls;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::path::Path;

/// No network within the spec's limits needs more.
const MAX_BYTES: u64 = 4 << 30;

/// Writes a model file whole or not at all.
///
/// # Errors
/// When the system refuses.
pub fn save_model(path: &Path, snapshot: &Snapshot) -> Result<(), ModelFileError> {
    let io = |source| ModelFileError::Io {
        action: "write",
        path: path.to_owned(),
        source,
    };
    let bytes = snapshot_bytes(snapshot).map_err(|reason| io(std::io::Error::other(reason)))?;
    write_atomically(path, &bytes).map_err(io)
}

fn snapshot_bytes(snapshot: &Snapshot) -> Result<Vec<u8>, String> {
    let Snapshot { info, state } = snapshot;
    let metadata = HashMap::from([
        ("spec".to_owned(), json(&info.spec)?),
        ("dataset".to_owned(), info.dataset.clone()),
        ("classes".to_owned(), json(&info.class_names)?),
        ("normalization".to_owned(), json(&info.normalization)?),
        ("metrics".to_owned(), json(&info.metrics)?),
    ]);
    let tensors: Vec<(String, &TensorState)> = state
        .iter()
        .map(|tensor| (tensor.name.clone(), tensor))
        .collect();
    to_bytes(&tensors, metadata)
}

fn json(value: &impl Serialize) -> Result<String, String> {
    serde_json::to_string(value).map_err(|error| error.to_string())
}

/// Reads a model file back into a network with its parameters.
///
/// # Errors
/// When the system refuses, the file is damaged, its metadata lacks the spec, or its tensors are not
/// those of the spec.
pub fn load_model(path: &Path) -> Result<(Model, ModelInfo), ModelFileError> {
    parse_model(&read(path)?, path)
}

fn read(path: &Path) -> Result<Vec<u8>, ModelFileError> {
    read_limited(path, MAX_BYTES).map_err(|source| ModelFileError::Io {
        action: "read",
        path: path.to_owned(),
        source,
    })
}

fn invalid(path: &Path) -> impl FnOnce(String) -> ModelFileError {
    |reason| ModelFileError::Invalid {
        path: path.to_owned(),
        // It may quote the file.
        reason: escape_controls(&reason),
    }
}

/// Whether the file is a safetensors file that another program has saved: it does not say which network it is of.
///
/// # Errors
/// When the system refuses, or the file is damaged or of another format.
pub fn is_foreign(path: &Path) -> Result<bool, ModelFileError> {
    let bytes = read(path)?;
    let file = tensor_file(&bytes, path).map_err(invalid(path))?;
    Ok(file.entry("spec").is_err())
}

/// Reads a safetensors state dict that another program has saved into the network of `spec`. Returns how the
/// tensors were told, in one line.
///
/// # Errors
/// When the system refuses, the file is damaged or of another format, has a spec of its own, or its tensors
/// are not those of the spec.
pub fn load_state_dict(path: &Path, spec: &CheckedSpec) -> Result<(Model, String), ModelFileError> {
    parse_state_dict(&read(path)?, path, spec)
}

/// Reads a state dict from the content of a file; `path` is for errors.
///
/// # Errors
/// As [`load_state_dict`], except for reading the file.
pub fn parse_state_dict(
    bytes: &[u8],
    path: &Path,
    spec: &CheckedSpec,
) -> Result<(Model, String), ModelFileError> {
    state_dict(bytes, path, spec).map_err(invalid(path))
}

fn state_dict(bytes: &[u8], path: &Path, spec: &CheckedSpec) -> Result<(Model, String), String> {
    let file = tensor_file(bytes, path)?;
    if file.entry("spec").is_ok() {
        return Err("it has a spec of its own; leave --spec away".into());
    }
    let mut model = Model::new(spec).map_err(|problem| problem.to_string())?;
    let own = model.network().state();
    let Matched { state, how } = match_whole(file.tensors()?, own, &spec.layers)?;
    model.network_mut().load_state(&state)?;
    Ok((model, how))
}

/// Reads the tensors for a network of `spec` to begin with: those of a model file of any network, or of a state
/// dict that another program has saved. Returns how the latter's tensors were told, in one line.
///
/// # Errors
/// When the system refuses, or the file is damaged or of another format.
pub fn load_weights(
    path: &Path,
    spec: &CheckedSpec,
) -> Result<(Vec<TensorState>, Option<String>), ModelFileError> {
    let bytes = read(path)?;
    weights(&bytes, path, spec).map_err(invalid(path))
}

fn weights(
    bytes: &[u8],
    path: &Path,
    spec: &CheckedSpec,
) -> Result<(Vec<TensorState>, Option<String>), String> {
    let file = tensor_file(bytes, path)?;
    if file.entry("spec").is_ok() {
        let (model, _) = from_bytes(bytes, path)?;
        return Ok((model.network().state(), None));
    }
    let model = Model::new(spec).map_err(|problem| problem.to_string())?;
    let own = model.network().state();
    let Matched { state, how } = match_some(file.tensors()?, own, &spec.layers)?;
    Ok((state, Some(how)))
}

/// The file's header, or what the file is instead.
fn tensor_file<'a>(bytes: &'a [u8], path: &Path) -> Result<TensorFile<'a>, String> {
    match other_format(bytes, path) {
        Some(other) => Err(other),
        None => TensorFile::parse(bytes),
    }
}

/// Reads a model from the content of a file; `path` is for errors.
///
/// # Errors
/// As [`load_model`], except for reading the file.
pub fn parse_model(bytes: &[u8], path: &Path) -> Result<(Model, ModelInfo), ModelFileError> {
    from_bytes(bytes, path).map_err(invalid(path))
}

fn from_bytes(bytes: &[u8], path: &Path) -> Result<(Model, ModelInfo), String> {
    let file = tensor_file(bytes, path)?;
    let text = file.entry("spec").map_err(|missing| {
        format!(
            "{missing}, so another program has saved it; name its network with --spec FILE|PRESET"
        )
    })?;
    let spec = Spec::parse(text, path).map_err(|error| format!("its spec is bad: {error}"))?;
    let info = ModelInfo {
        dataset: file.entry("dataset")?.to_owned(),
        class_names: entry(&file, "classes")?,
        normalization: entry(&file, "normalization")?,
        metrics: entry(&file, "metrics")?,
        spec,
    };
    let Normalization { mean, std } = info.normalization;
    if !(mean.is_finite() && std.is_finite() && std > 0.0) {
        return Err(format!(
            "its normalization (mean {mean}, std {std}) cannot be used"
        ));
    }
    // The network is built only if the file holds as many numbers as its spec has parameters, so that
    // a small file cannot claim much memory.
    let bad_spec = |problem| format!("its spec is bad: {problem}");
    let summary = info.spec.summary();
    if 4 * summary.parameters() > bytes.len() as u64 {
        return Err(format!(
            "its spec asks for {} parameters, more than the file holds",
            summary.parameters()
        ));
    }
    let mut model = Model::new(&info.spec).map_err(bad_spec)?;
    if info.class_names.len() != model.classes() {
        return Err(format!(
            "it names {} classes but its network tells {} apart",
            info.class_names.len(),
            model.classes()
        ));
    }
    model.network_mut().load_state(&file.tensors()?)?;
    Ok((model, info))
}

fn entry<T: DeserializeOwned>(file: &TensorFile<'_>, key: &str) -> Result<T, String> {
    serde_json::from_str(file.entry(key)?)
        .map_err(|error| format!("its {key} cannot be read: {error}"))
}
