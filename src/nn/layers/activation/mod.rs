//! Elementwise functions and their derivatives.

pub mod functions;

use self::functions::{Function, with_function};
use super::memory::OpMemory;
use super::op::{Op, Place, Saved, Scratch};
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
