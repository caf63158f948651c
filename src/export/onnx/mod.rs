//! Models as ONNX files, for ONNX Runtime, OpenCV, browsers and the like.

mod file;
mod messages;

pub use file::{OPSET, to_onnx};
