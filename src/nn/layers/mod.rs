//! The layers that dfdx lacks on stable Rust. Each file is one kind of layer: its forward pass, its
//! backward pass and its memory.
//!
//! An [`Op`] works on a few images at a time, so that a [`Block`](super::exec::Block) can send them
//! through several layers while they are in the cache and divide the batch among threads. Within a
//! block an image is `[height, width, channels]` (NHWC): the channels of a pixel fill the vector
//! registers, whatever the image's size. A [`Relayout`] stands where the layout changes.
//!
//! A new kind of layer is a file here and an arm of [`layer_op`], of [`layer_onnx`] and of
//! [`layer_python`].

pub mod activation;
pub mod avg_pool2d;
pub mod batch_norm;
pub mod conv2d;
pub mod dense;
pub mod depthwise_conv2d;
pub mod dropout;
pub mod global_avg_pool;
mod layer_op;
pub mod max_pool2d;
mod memory;
mod op;
mod parameter_shape;
#[cfg(test)]
mod reference;
pub mod relayout;
pub mod residual;
mod running_statistics;
pub mod window;

pub use activation::Activation;
pub use avg_pool2d::AvgPool2d;
pub use batch_norm::BatchNorm;
pub use conv2d::{Conv2dAlgorithm, conv2d};
pub use dense::Dense;
pub use depthwise_conv2d::DepthwiseConv2d;
pub use dropout::Dropout;
pub use global_avg_pool::GlobalAvgPool;
pub use layer_op::LayerOp;
pub use max_pool2d::MaxPool2d;
pub use memory::{LayerMemory, OpMemory, f32_bytes};
pub use op::{Op, Partial, Pass, Place, Saved, Scratch};
pub use parameter_shape::{ParameterShape, Start};
pub use relayout::Relayout;
pub use residual::Residual;
pub use running_statistics::RunningStatistics;

use crate::nn::onnx::OnnxGraph;
use crate::nn::python::PythonLayer;
use crate::simd::Engine;
use crate::spec::{Layer, LayerSummary};
use window::Window;

/// The layer at `index` of a spec as an op whose products are done by `engine`. `rows` are the
/// layers' shapes; the op knows its sizes but holds no memory yet.
pub fn layer_op(index: usize, layer: &Layer, rows: &[LayerSummary], engine: Engine) -> LayerOp {
    let row = &rows[index];
    let len = row.input.elements();
    let (channels, area) = row.input.channels_and_area();
    let window = || Window::of(layer, row);
    match *layer {
        Layer::Conv2d { out_channels, .. } => {
            LayerOp::Other(conv2d(window(), out_channels, engine))
        }
        Layer::DepthwiseConv2d { .. } => LayerOp::other(DepthwiseConv2d::new(window())),
        Layer::MaxPool2d { .. } => LayerOp::MaxPool(MaxPool2d::new(window())),
        Layer::AvgPool2d { .. } => LayerOp::other(AvgPool2d::new(window())),
        Layer::GlobalAvgPool => LayerOp::other(GlobalAvgPool::new(channels, area)),
        Layer::BatchNorm { eps, momentum } => {
            LayerOp::BatchNorm(Box::new(BatchNorm::new(channels, area, eps, momentum)))
        }
        Layer::Activation(function) => LayerOp::Activation(Activation::new(function, len)),
        Layer::Dropout { p } => LayerOp::Dropout(Dropout::new(len, p, index)),
        Layer::Residual { span } => {
            let source = rows[index - span].input;
            LayerOp::Residual(Residual::between(source, row.input, engine), span)
        }
        Layer::Flatten => LayerOp::other(Relayout::flatten(channels, area)),
        Layer::Dense { units } => LayerOp::other(Dense::new(len, units, engine)),
    }
}

/// Adds the layer at `index` of a spec to a graph for other programs, as it is in evaluation mode. `rows`
/// are the layers' shapes, `inputs` the names of what went into the layers up to this one. Returns the
/// name of what comes out.
pub fn layer_onnx(
    index: usize,
    layer: &Layer,
    rows: &[LayerSummary],
    graph: &mut OnnxGraph,
    inputs: &[String],
) -> String {
    let row = &rows[index];
    let x = &inputs[index];
    let window = || Window::of(layer, row);
    match *layer {
        Layer::Conv2d { .. } => conv2d::onnx(window(), graph, x),
        Layer::DepthwiseConv2d { .. } => depthwise_conv2d::onnx(window(), graph, x),
        Layer::MaxPool2d { .. } => max_pool2d::onnx(window(), graph, x),
        Layer::AvgPool2d { .. } => avg_pool2d::onnx(window(), graph, x),
        Layer::GlobalAvgPool => global_avg_pool::onnx(graph, x),
        Layer::BatchNorm { eps, .. } => batch_norm::onnx(eps, graph, x),
        Layer::Activation(function) => activation::onnx(function, graph, x),
        // Evaluation drops nothing.
        Layer::Dropout { .. } => x.clone(),
        Layer::Residual { span } => {
            let source = index - span;
            residual::onnx(rows[source].input, row.input, graph, x, &inputs[source])
        }
        Layer::Flatten => graph.node("Flatten", &[x], Vec::new()),
        Layer::Dense { .. } => dense::onnx(graph, x),
    }
}

/// The layer at `index` of a spec as Python code. `rows` are the layers' shapes.
pub fn layer_python(index: usize, layer: &Layer, rows: &[LayerSummary]) -> PythonLayer {
    let row = &rows[index];
    let window = || Window::of(layer, row);
    match *layer {
        Layer::Conv2d { out_channels, .. } => conv2d::python(window(), out_channels, index),
        Layer::DepthwiseConv2d { .. } => depthwise_conv2d::python(window(), index),
        Layer::MaxPool2d { .. } => max_pool2d::python(window()),
        Layer::AvgPool2d { .. } => avg_pool2d::python(window()),
        Layer::GlobalAvgPool => global_avg_pool::python(),
        Layer::BatchNorm { eps, momentum } => batch_norm::python(row.input, eps, momentum, index),
        Layer::Activation(function) => activation::python(function),
        Layer::Dropout { p } => dropout::python(p),
        Layer::Residual { span } => {
            residual::python(rows[index - span].input, row.input, span, index)
        }
        Layer::Flatten => relayout::python(row.input),
        Layer::Dense { units } => dense::python(row.input.elements(), units, index),
    }
}
