//! Constants of an ONNX file.

pub use super::messages::Tensor;
use super::messages::{FLOAT, INT8, INT32, UINT8};

/// Numbers in f32.
pub fn float(name: &str, shape: &[usize], values: &[f32]) -> Tensor {
    tensor(
        name,
        shape,
        FLOAT,
        values.iter().flat_map(|value| value.to_le_bytes()),
    )
}

/// Levels from 0 to 255.
pub fn bytes(name: &str, shape: &[usize], values: &[u8]) -> Tensor {
    tensor(name, shape, UINT8, values.iter().copied())
}

/// Whole numbers from -128 to 127.
pub fn int8(name: &str, shape: &[usize], values: &[i8]) -> Tensor {
    tensor(
        name,
        shape,
        INT8,
        values.iter().flat_map(|value| value.to_le_bytes()),
    )
}

/// Whole numbers of 32 bits.
pub fn int32(name: &str, shape: &[usize], values: &[i32]) -> Tensor {
    tensor(
        name,
        shape,
        INT32,
        values.iter().flat_map(|value| value.to_le_bytes()),
    )
}

fn tensor(name: &str, shape: &[usize], data_type: i32, bytes: impl Iterator<Item = u8>) -> Tensor {
    Tensor {
        dims: shape.iter().map(|size| *size as i64).collect(),
        data_type,
        name: name.into(),
        raw_data: bytes.collect(),
    }
}
