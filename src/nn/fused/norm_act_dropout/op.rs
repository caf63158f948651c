//! The fused op.

use super::image::{Backward, Forward, Values};
use crate::nn::fused::of_layers::of_layers;
use crate::nn::layers::activation::functions::{Function, with_function};
use crate::nn::layers::{Activation, BatchNorm, Dropout, Op, Place, Saved, Scratch};
use crate::simd::buffer::Buffer;
use crate::simd::{Arch, on_vectors};

/// Pixels whose sum is taken by itself before it is added to the others.
const PIXELS_AT_ONCE: usize = 64;

/// Consecutive layers around an activation, each but the activation optional.
pub struct Layers {
    /// Before the activation.
    pub norm: Option<Box<BatchNorm>>,
    /// Any function.
    pub activation: Activation,
    /// After the activation.
    pub dropout: Option<Dropout>,
}

impl Layers {
    /// The layers as ops, in their order.
    fn ops(&self) -> impl Iterator<Item = &dyn Op> {
        let norm = self.norm.as_deref().map(|op| op as &dyn Op);
        let dropout = self.dropout.as_ref().map(|op| op as &dyn Op);
        [norm, Some(&self.activation), dropout]
            .into_iter()
            .flatten()
    }
}

/// [Batch norm], activation, [dropout] as one op; what is in brackets may be missing.
pub struct NormActDropout {
    layers: Layers,
    pub(super) arch: Arch,
}

impl NormActDropout {
    /// The layers as one op.
    pub fn new(layers: Layers) -> Self {
        Self {
            layers,
            arch: Arch::new(),
        }
    }

    fn len(&self) -> usize {
        self.layers.activation.input_len()
    }

    fn backward_of<F: Function>(&self, function: F) -> Backward<'_, F> {
        let dropout = self.layers.dropout.as_ref();
        Backward {
            norm: self.layers.norm.as_deref(),
            function,
            scale: dropout.map(|dropout| dropout.rate().scale),
        }
    }
}

impl Op for NormActDropout {
    of_layers!();

    fn input_len(&self) -> usize {
        self.len()
    }

    fn output_len(&self) -> usize {
        self.len()
    }

    fn needs_input(&self) -> bool {
        let function = self.layers.activation.function();
        with_function!(function, function => self.backward_of(function).needs_input())
    }

    fn needs_output(&self) -> bool {
        let function = self.layers.activation.function();
        with_function!(function, function => self.backward_of(function).needs_output())
    }

    fn forward(&self, place: Place, x: &[f32], y: &mut [f32], _: &mut [u8], _: &mut Scratch) {
        let images = x.chunks_exact(self.len());
        for (index, (x, y)) in images.zip(y.chunks_exact_mut(self.len())).enumerate() {
            let dropout = self.layers.dropout.as_ref();
            let dropout = dropout.and_then(|dropout| dropout.mask(place.pass, place.image + index));
            with_function!(self.layers.activation.function(), function => {
                let forward = Forward {
                    norm: self.layers.norm.as_ref().map(|norm| norm.forward_affine()),
                    function,
                    dropout,
                };
                on_vectors!(self.arch, forward.apply(x, y));
            });
        }
    }

    fn observe_gradient(&self, saved: Saved<'_>, sums: &mut [f32]) {
        let Some(norm) = &self.layers.norm else {
            return;
        };
        let (sums, products) = sums.split_at_mut(norm.mean().len());
        let Saved { x, y, dy, .. } = saved;
        with_function!(self.layers.activation.function(), function => {
            let backward = self.backward_of(function);
            let sums = [sums, products];
            on_vectors!(
                self.arch,
                backward.sum(norm, Values { x, y, dy }, PIXELS_AT_ONCE, sums)
            );
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
        let Saved { x, y, dy, .. } = saved;
        with_function!(self.layers.activation.function(), function => {
            let backward = self.backward_of(function);
            on_vectors!(self.arch, backward.apply(Values { x, y, dy }, dx));
        });
    }
}
