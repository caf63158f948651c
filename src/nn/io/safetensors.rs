//! Named tensors as the bytes of a safetensors file and back: what model files and checkpoints are
//! made of.

use super::state::{TensorData, TensorState};
use half::{bf16, f16};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use std::borrow::Cow;
use std::collections::HashMap;

/// A safetensors file of tensors, each under a name that the caller chooses, and `metadata`.
///
/// # Errors
/// A sentence when a shape and its values do not agree.
pub fn to_bytes(
    tensors: &[(String, &TensorState)],
    metadata: HashMap<String, String>,
) -> Result<Vec<u8>, String> {
    let raw: Vec<(Cow<'_, [u8]>, Dtype)> = tensors
        .iter()
        .map(|(_, tensor)| raw(&tensor.data))
        .collect();
    let views = tensors
        .iter()
        .zip(&raw)
        .map(|((name, tensor), (bytes, dtype))| {
            let view = TensorView::new(*dtype, tensor.shape.clone(), bytes);
            view.map(|view| (name.as_str(), view))
        })
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| error.to_string())?;
    safetensors::serialize(views, Some(metadata)).map_err(|error| error.to_string())
}

/// The values as little-endian bytes; not copied on a little-endian processor.
fn raw(data: &TensorData) -> (Cow<'_, [u8]>, Dtype) {
    let (bytes, dtype, size) = match data {
        TensorData::F32(values) => (bytemuck::cast_slice(values), Dtype::F32, 4),
        TensorData::I64(values) => (bytemuck::cast_slice(values), Dtype::I64, 8),
    };
    if cfg!(target_endian = "little") {
        return (Cow::Borrowed(bytes), dtype);
    }
    let mut turned = bytes.to_vec();
    turned.chunks_exact_mut(size).for_each(<[u8]>::reverse);
    (Cow::Owned(turned), dtype)
}

/// A safetensors file whose header is read and checked; the tensors still lie in its bytes.
pub struct TensorFile<'a> {
    tensors: SafeTensors<'a>,
    metadata: HashMap<String, String>,
}

impl<'a> TensorFile<'a> {
    /// Reads the header.
    ///
    /// # Errors
    /// A sentence when the bytes are not a safetensors file, or not a whole one.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, String> {
        let damaged = |error| format!("it is damaged or cut short ({error})");
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
        Ok(Self {
            tensors: SafeTensors::deserialize(bytes).map_err(damaged)?,
            metadata: header.metadata().clone().unwrap_or_default(),
        })
    }

    /// One of the strings beside the tensors.
    ///
    /// # Errors
    /// A sentence when it is not there.
    pub fn entry(&self, key: &str) -> Result<&str, String> {
        let text = self.metadata.get(key).map(String::as_str);
        text.ok_or_else(|| format!("its metadata has no {key}"))
    }

    /// Copies the tensors out.
    ///
    /// # Errors
    /// A sentence naming a tensor of a type we do not use.
    pub fn tensors(&self) -> Result<Vec<TensorState>, String> {
        self.tensors
            .iter()
            .map(|(name, view)| tensor(name, &view))
            .collect()
    }
}

/// Numbers of fewer and of more bits become f32.
fn tensor(name: &str, view: &TensorView<'_>) -> Result<TensorState, String> {
    let bytes = view.data();
    let data = match view.dtype() {
        Dtype::F32 => TensorData::F32(numbers(bytes, f32::from_le_bytes)),
        Dtype::F16 => TensorData::F32(numbers(bytes, |bytes| f16::from_le_bytes(bytes).to_f32())),
        Dtype::BF16 => TensorData::F32(numbers(bytes, |bytes| bf16::from_le_bytes(bytes).to_f32())),
        Dtype::F64 => TensorData::F32(numbers(bytes, |bytes| f64::from_le_bytes(bytes) as f32)),
        Dtype::I64 => TensorData::I64(numbers(bytes, i64::from_le_bytes)),
        other => {
            return Err(format!(
                "the tensor {name:?} has the type {other}; f32, f16, bf16 or f64 is needed"
            ));
        }
    };
    Ok(TensorState {
        name: name.to_owned(),
        shape: view.shape().to_vec(),
        data,
    })
}

fn numbers<T, const SIZE: usize>(bytes: &[u8], number: impl Fn([u8; SIZE]) -> T) -> Vec<T> {
    let (numbers, _) = bytes.as_chunks::<SIZE>();
    numbers.iter().map(|bytes| number(*bytes)).collect()
}
