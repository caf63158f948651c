//! Elementwise functions and their derivatives.

pub mod functions;

use self::functions::{Function, with_function};
use super::memory::OpMemory;
use super::op::{Op, Place, Saved, Scratch};
use crate::nn::onnx::{OnnxAttribute, OnnxGraph};
use crate::nn::python::PythonLayer;
use crate::simd::buffer::Buffer;
use crate::simd::elementwise::{map, map2};
use crate::simd::{Arch, on_vectors};
use crate::spec::ActivationFunction;

/// An elementwise function.
pub struct Activation {
    function: ActivationFunction,
    len: usize,
    arch: Arch,
}

impl Activation {
    /// `function` on `len` values per image.
    pub fn new(function: ActivationFunction, len: usize) -> Self {
        Self {
            function,
            len,
            arch: Arch::new(),
        }
    }

    /// The function.
    pub fn function(&self) -> ActivationFunction {
        self.function
    }
}

/// Whether `F`'s derivative is computed from the output.
fn is_of_output<F: Function>(_: F) -> bool {
    F::OF_OUTPUT
}

/// The layer as Python code.
pub fn python(function: ActivationFunction) -> PythonLayer {
    let (torch, keras) = match function {
        ActivationFunction::ReLU => ("nn.ReLU()".to_owned(), "layers.ReLU()".to_owned()),
        ActivationFunction::LeakyReLU { slope } => (
            format!("nn.LeakyReLU({slope:?})"),
            format!("layers.LeakyReLU({slope:?})"),
        ),
        ActivationFunction::ELU { alpha } => (
            format!("nn.ELU({alpha:?})"),
            format!("layers.ELU({alpha:?})"),
        ),
        ActivationFunction::GELU => (
            "nn.GELU()".into(),
            "layers.Activation(keras.activations.gelu)".into(),
        ),
        ActivationFunction::SiLU => ("nn.SiLU()".into(), "layers.Activation(\"silu\")".into()),
        ActivationFunction::Tanh => ("nn.Tanh()".into(), "layers.Activation(\"tanh\")".into()),
        ActivationFunction::Sigmoid => (
            "nn.Sigmoid()".into(),
            "layers.Activation(\"sigmoid\")".into(),
        ),
    };
    PythonLayer::new(torch, keras)
}

/// Adds the layer to a graph.
pub fn onnx(function: ActivationFunction, graph: &mut OnnxGraph, x: &str) -> String {
    let alpha = |value: f64| vec![("alpha", OnnxAttribute::Float(value as f32))];
    match function {
        ActivationFunction::ReLU => graph.node("Relu", &[x], Vec::new()),
        ActivationFunction::LeakyReLU { slope } => graph.node("LeakyRelu", &[x], alpha(slope)),
        ActivationFunction::ELU { alpha: limit } => graph.node("Elu", &[x], alpha(limit)),
        // ONNX has GELU from opset 20 on, which few programs know: x · (1 + erf(x / √2)) / 2.
        ActivationFunction::GELU => {
            let root = graph.constant("root_of_two", std::f32::consts::SQRT_2);
            let (one, half) = (graph.constant("one", 1.0), graph.constant("half", 0.5));
            let scaled = graph.node("Div", &[x, &root], Vec::new());
            let erf = graph.node("Erf", &[&scaled], Vec::new());
            let share = graph.node("Add", &[&erf, &one], Vec::new());
            let doubled = graph.node("Mul", &[x, &share], Vec::new());
            graph.node("Mul", &[&doubled, &half], Vec::new())
        }
        ActivationFunction::SiLU => {
            let gate = graph.node("Sigmoid", &[x], Vec::new());
            graph.node("Mul", &[x, &gate], Vec::new())
        }
        ActivationFunction::Tanh => graph.node("Tanh", &[x], Vec::new()),
        ActivationFunction::Sigmoid => graph.node("Sigmoid", &[x], Vec::new()),
    }
}

impl Op for Activation {
    fn input_len(&self) -> usize {
        self.len
    }

    fn output_len(&self) -> usize {
        self.len
    }

    fn memory(&self) -> OpMemory {
        OpMemory::default()
    }

    fn needs_input(&self) -> bool {
        !self.needs_output()
    }

    /// The layer after it keeps the output in any case, the layer before it hardly ever.
    fn needs_output(&self) -> bool {
        with_function!(self.function, function => is_of_output(function))
    }

    fn forward(&self, _: Place, x: &[f32], y: &mut [f32], _: &mut [u8], _: &mut Scratch) {
        with_function!(self.function, function => {
            on_vectors!(self.arch, map(x, y, #[inline(always)] |x| function.value(x)));
        });
    }

    fn backward(
        &self,
        _: Place,
        saved: Saved<'_>,
        dx: Option<&mut [f32]>,
        _: &mut Scratch,
        _: &mut [Buffer],
    ) {
        let Some(dx) = dx else { return };
        let from = if self.needs_output() {
            saved.y
        } else {
            saved.x
        };
        with_function!(self.function, function => {
            on_vectors!(self.arch, map2(
                from,
                saved.dy,
                dx,
                #[inline(always)]
                |from, dy| dy * function.derivative(from),
            ));
        });
    }
}
