//! Models as ONNX files, for ONNX Runtime, OpenCV, browsers and the like.

mod file;
mod int8;
mod messages;
mod tensor;

pub use file::{OPSET, to_int8_onnx, to_onnx};
pub use int8::Int8Network;
