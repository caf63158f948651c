//! The end of a residual stack: `y = x + skip`, where `skip` is what went into the stack, through a 1×1
//! convolution if its shape differs (He et al. 2015, <https://arxiv.org/abs/1512.03385>).

use super::conv2d::{self, conv2d};
use super::memory::OpMemory;
use super::op::{Op, Pass, Place, Saved, Scratch};
use super::parameter_shape::ParameterShape;
use super::window::Window;
use crate::nn::onnx::OnnxGraph;
use crate::nn::parameter::Parameter;
use crate::nn::python::{PythonLayer, keras_name, keras_skip};
use crate::simd::buffer::Buffer;
use crate::simd::{Arch, Engine, on_vectors};
use crate::spec::{Shape, Skip};

/// The sum of an image `[height, width, channels]` and the one that a skip connection brings.
pub struct Residual {
    len: usize,
    /// From the shape that the skip connection brings to that of the input; none where they are the
    /// same.
    projection: Option<Box<dyn Op>>,
    arch: Arch,
}

impl Residual {
    /// The sum of an image of shape `output` and one of shape `source`, from the skip connection.
    pub fn between(source: Shape, output: Shape, engine: Engine) -> Self {
        let projection = match Skip::between(source, output) {
            Ok(Skip::Projection { stride }) => {
                let (out_channels, _) = output.channels_and_area();
                let window = Window::new(source, output, 1, stride, 0);
                Some(conv2d(window, out_channels, engine))
            }
            // Shape inference has refused what cannot be added.
            Ok(Skip::Identity) | Err(_) => None,
        };
        Self {
            len: output.elements(),
            projection,
            arch: Arch::new(),
        }
    }
}

/// The layer at `index` of a spec, which spans `span` layers and adds what went into them, of shape `source`, to an
/// image of shape `output`, as Python code.
pub fn python(source: Shape, output: Shape, span: usize, index: usize) -> PythonLayer {
    let (skip, name) = (keras_skip(index), keras_name(index));
    let add = |skip: &str| vec![format!("x = layers.Add()([x, {skip}])")];
    match Skip::between(source, output) {
        Ok(Skip::Projection { stride }) => {
            let [(channels, _), (out_channels, _)] =
                [source, output].map(|shape| shape.channels_and_area());
            PythonLayer {
                torch: format!("AddProjected({span}, {channels}, {out_channels}, {stride})"),
                keras: add(&format!(
                    "layers.Conv2D({out_channels}, 1, {stride}, kernel_initializer=initializer(), {name})({skip})"
                )),
            }
        }
        Ok(Skip::Identity) | Err(_) => PythonLayer {
            torch: format!("Add({span})"),
            keras: add(&skip),
        },
    }
}

/// Adds the sum of `x`, of shape `output`, and `skip`, of shape `source`, to a graph.
pub fn onnx(source: Shape, output: Shape, graph: &mut OnnxGraph, x: &str, skip: &str) -> String {
    let projected = match Skip::between(source, output) {
        Ok(Skip::Projection { stride }) => {
            conv2d::onnx(Window::new(source, output, 1, stride, 0), graph, skip)
        }
        Ok(Skip::Identity) | Err(_) => skip.to_owned(),
    };
    graph.node("Add", &[x, &projected], Vec::new())
}

impl Op for Residual {
    fn input_len(&self) -> usize {
        self.len
    }

    fn output_len(&self) -> usize {
        self.len
    }

    fn skip_len(&self) -> usize {
        let projection = self.projection.as_ref();
        projection.map_or(self.len, |projection| projection.input_len())
    }

    fn parameters(&self) -> Vec<ParameterShape> {
        let projection = self.projection.as_ref();
        projection.map_or_else(Vec::new, |projection| projection.parameters())
    }

    fn memory(&self) -> OpMemory {
        let projection = self.projection.as_ref();
        projection.map_or_else(OpMemory::default, |projection| projection.memory())
    }

    fn allocate(&mut self) {
        if let Some(projection) = &mut self.projection {
            projection.allocate();
        }
    }

    fn prepare(&mut self, parameters: &[Parameter], pass: Pass) {
        if let Some(projection) = &mut self.projection {
            projection.prepare(parameters, pass);
        }
    }

    fn needs_input(&self) -> bool {
        false
    }

    fn forward(
        &self,
        place: Place,
        x: &[f32],
        y: &mut [f32],
        notes: &mut [u8],
        scratch: &mut Scratch,
    ) {
        let skip = std::mem::take(&mut scratch.skip);
        match &self.projection {
            Some(projection) => {
                projection.forward(place, &skip, y, notes, scratch);
                on_vectors!(self.arch, {
                    for (y, x) in y.iter_mut().zip(x) {
                        *y += x;
                    }
                });
            }
            None => {
                let skip = &skip[..];
                on_vectors!(self.arch, {
                    for ((y, skip), x) in y.iter_mut().zip(skip).zip(x) {
                        *y = skip + x;
                    }
                });
            }
        }
        scratch.skip = skip;
    }

    fn gradient_lens(&self) -> Vec<usize> {
        let projection = self.projection.as_ref();
        projection.map_or_else(Vec::new, |projection| projection.gradient_lens())
    }

    fn backward(
        &self,
        place: Place,
        saved: Saved<'_>,
        dx: Option<&mut [f32]>,
        scratch: &mut Scratch,
        gradients: &mut [Buffer],
    ) {
        if let Some(dx) = dx {
            dx.copy_from_slice(saved.dy);
        }
        let mut gradient = std::mem::take(&mut scratch.skip_gradient);
        let dskip = gradient.size(saved.dy.len() / self.len * self.skip_len());
        match &self.projection {
            Some(projection) => {
                let skip = std::mem::take(&mut scratch.skip);
                let saved = Saved { x: &skip, ..saved };
                projection.backward(place, saved, Some(dskip), scratch, gradients);
                scratch.skip = skip;
            }
            None => dskip.copy_from_slice(saved.dy),
        }
        scratch.skip_gradient = gradient;
    }

    fn write_gradients(&self, sums: &[Buffer], gradients: &mut [Buffer]) {
        if let Some(projection) = &self.projection {
            projection.write_gradients(sums, gradients);
        }
    }
}
