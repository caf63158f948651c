//! Elementwise functions and their derivatives.

use super::memory::OpMemory;
use super::op::{Op, Place, Saved, Scratch};
use crate::simd::buffer::Buffer;
use crate::simd::elementwise::{exp, exp_m1, normal_density, normal_distribution, sigmoid, tanh};
use crate::simd::{Arch, on_vectors};
use crate::spec::ActivationFunction;

/// `y = function(x)`, value by value on vector registers. A loop for each function by itself: in a loop
/// over a closure that is not known to be inlined the compiler computes one value at a time.
macro_rules! map {
    ($arch:expr, $x:expr, $y:expr, |$value:ident| $function:expr) => {{
        let (x, y): (&[f32], &mut [f32]) = ($x, $y);
        on_vectors!($arch, {
            let x = &x[..y.len()];
            for index in 0..y.len() {
                let $value = x[index];
                y[index] = $function;
            }
        })
    }};
}

/// `dx = dy · derivative(from)`, likewise.
macro_rules! chain {
    ($arch:expr, $from:expr, $dy:expr, $dx:expr, |$value:ident| $derivative:expr) => {{
        let (from, dy, dx): (&[f32], &[f32], &mut [f32]) = ($from, $dy, $dx);
        on_vectors!($arch, {
            let (from, dy) = (&from[..dx.len()], &dy[..dx.len()]);
            for index in 0..dx.len() {
                let $value = from[index];
                dx[index] = dy[index] * $derivative;
            }
        })
    }};
}

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

    /// The slope for negative inputs, for the piecewise linear functions.
    pub fn negative_slope(&self) -> Option<f32> {
        match self.function {
            ActivationFunction::ReLU => Some(0.0),
            ActivationFunction::LeakyReLU { slope } => Some(slope as f32),
            _ => None,
        }
    }

    /// `y = f(x)`.
    fn apply(&self, x: &[f32], y: &mut [f32]) {
        let arch = self.arch;
        // Comparisons are written so that NaN stays NaN: it must be seen that a network has diverged.
        match self.function {
            ActivationFunction::ReLU => map!(arch, x, y, |x| if x < 0.0 { 0.0 } else { x }),
            ActivationFunction::LeakyReLU { slope } => {
                let slope = slope as f32;
                map!(arch, x, y, |x| if x < 0.0 { slope * x } else { x });
            }
            ActivationFunction::ELU { alpha } => {
                let alpha = alpha as f32;
                map!(arch, x, y, |x| {
                    let below = alpha * exp_m1(x);
                    if x < 0.0 { below } else { x }
                });
            }
            ActivationFunction::GELU => map!(arch, x, y, |x| x * normal_distribution(x)),
            ActivationFunction::SiLU => map!(arch, x, y, |x| x * sigmoid(x)),
            ActivationFunction::Tanh => map!(arch, x, y, |x| tanh(x)),
            ActivationFunction::Sigmoid => map!(arch, x, y, |x| sigmoid(x)),
        }
    }

    /// `dx = dy · f'(x)`, for Tanh and Sigmoid from their outputs `y`.
    fn apply_derivative(&self, x: &[f32], y: &[f32], dy: &[f32], dx: &mut [f32]) {
        let arch = self.arch;
        match self.function {
            ActivationFunction::ReLU => {
                chain!(arch, x, dy, dx, |x| if x > 0.0 { 1.0 } else { 0.0 });
            }
            ActivationFunction::LeakyReLU { slope } => {
                let slope = slope as f32;
                chain!(arch, x, dy, dx, |x| if x > 0.0 { 1.0 } else { slope });
            }
            ActivationFunction::ELU { alpha } => {
                let alpha = alpha as f32;
                chain!(arch, x, dy, dx, |x| {
                    let below = alpha * exp(x);
                    if x > 0.0 { 1.0 } else { below }
                });
            }
            ActivationFunction::GELU => {
                chain!(arch, x, dy, dx, |x| {
                    normal_distribution(x) + x * normal_density(x)
                });
            }
            ActivationFunction::SiLU => chain!(arch, x, dy, dx, |x| {
                let s = sigmoid(x);
                s * (1.0 + x * (1.0 - s))
            }),
            ActivationFunction::Tanh => chain!(arch, y, dy, dx, |y| 1.0 - y * y),
            ActivationFunction::Sigmoid => chain!(arch, y, dy, dx, |y| y * (1.0 - y)),
        }
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

    fn needs_output(&self) -> bool {
        matches!(
            self.function,
            ActivationFunction::Tanh | ActivationFunction::Sigmoid
        )
    }

    fn forward(&self, _: Place, x: &[f32], y: &mut [f32], _: &mut [u8], _: &mut Scratch) {
        self.apply(x, y);
    }

    fn backward(
        &self,
        _: Place,
        saved: Saved<'_>,
        dx: Option<&mut [f32]>,
        _: &mut Scratch,
        _: &mut [Buffer],
    ) {
        if let Some(dx) = dx {
            let Saved { x, y, dy, .. } = saved;
            self.apply_derivative(x, y, dy, dx);
        }
    }
}
