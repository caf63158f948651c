//! Elementwise functions and their derivatives.

use super::memory::OpMemory;
use super::op::{Op, Place, Saved, Scratch};
use crate::simd::buffer::Buffer;
use crate::simd::elementwise::{exp, exp_m1, normal_density, normal_distribution, sigmoid, tanh};
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

    /// The slope for negative inputs, for the piecewise linear functions.
    pub fn negative_slope(&self) -> Option<f32> {
        match self.function {
            ActivationFunction::ReLU => Some(0.0),
            ActivationFunction::LeakyReLU { slope } => Some(slope as f32),
            _ => None,
        }
    }

    #[inline(always)]
    fn apply(&self, x: &[f32], y: &mut [f32]) {
        // Comparisons are written so that NaN stays NaN: it must be seen that a network has diverged.
        match self.function {
            ActivationFunction::ReLU => map(x, y, |x| if x < 0.0 { 0.0 } else { x }),
            ActivationFunction::LeakyReLU { slope } => {
                let slope = slope as f32;
                map(x, y, |x| if x < 0.0 { slope * x } else { x });
            }
            ActivationFunction::ELU { alpha } => {
                let alpha = alpha as f32;
                map(x, y, |x| if x < 0.0 { alpha * exp_m1(x) } else { x });
            }
            ActivationFunction::GELU => map(x, y, |x| x * normal_distribution(x)),
            ActivationFunction::SiLU => map(x, y, |x| x * sigmoid(x)),
            ActivationFunction::Tanh => map(x, y, tanh),
            ActivationFunction::Sigmoid => map(x, y, sigmoid),
        }
    }

    #[inline(always)]
    fn apply_derivative(&self, x: &[f32], y: &[f32], dy: &[f32], dx: &mut [f32]) {
        match self.function {
            ActivationFunction::ReLU => chain(x, dy, dx, |x| if x > 0.0 { 1.0 } else { 0.0 }),
            ActivationFunction::LeakyReLU { slope } => {
                let slope = slope as f32;
                chain(x, dy, dx, |x| if x > 0.0 { 1.0 } else { slope });
            }
            ActivationFunction::ELU { alpha } => {
                let alpha = alpha as f32;
                chain(x, dy, dx, |x| if x > 0.0 { 1.0 } else { alpha * exp(x) });
            }
            ActivationFunction::GELU => {
                chain(x, dy, dx, |x| {
                    normal_distribution(x) + x * normal_density(x)
                });
            }
            ActivationFunction::SiLU => chain(x, dy, dx, |x| {
                let s = sigmoid(x);
                s * (1.0 + x * (1.0 - s))
            }),
            ActivationFunction::Tanh => chain(y, dy, dx, |y| 1.0 - y * y),
            ActivationFunction::Sigmoid => chain(y, dy, dx, |y| y * (1.0 - y)),
        }
    }
}

#[inline(always)]
fn map(x: &[f32], y: &mut [f32], function: impl Fn(f32) -> f32) {
    for (y, x) in y.iter_mut().zip(x) {
        *y = function(*x);
    }
}

/// `dx = dy · derivative(from)`.
#[inline(always)]
fn chain(from: &[f32], dy: &[f32], dx: &mut [f32], derivative: impl Fn(f32) -> f32) {
    for ((dx, dy), from) in dx.iter_mut().zip(dy).zip(from) {
        *dx = dy * derivative(*from);
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
        on_vectors!(self.arch, self.apply(x, y));
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
            on_vectors!(self.arch, self.apply_derivative(x, y, dy, dx));
        }
    }
}
