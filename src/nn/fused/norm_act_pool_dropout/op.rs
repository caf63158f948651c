//! The fused op.

use super::layers::Layers;
use super::placed::{Needs, Placed, with_placed};
use crate::nn::fused::of_layers::of_layers;
use crate::nn::layers::window::Window;
use crate::nn::layers::{Op, Place, Saved, Scratch};
use crate::simd::buffer::Buffer;
use crate::simd::{Arch, on_vectors};
use crate::spec::ActivationFunction;

/// [Batch norm], [activation], 2×2 max pooling, [dropout] as one op; what is in brackets may be missing.
pub struct NormActPoolDropout {
    pub(super) layers: Layers,
    pub(super) window: Window,
    pub(super) arch: Arch,
}

impl NormActPoolDropout {
    /// The layers as one op.
    ///
    /// # Panics
    /// If the pooling is not 2×2.
    pub fn new(layers: Layers) -> Self {
        assert!(layers.pool.is_two_by_two(), "2×2 windows");
        Self {
            window: layers.pool.window(),
            layers,
            arch: Arch::new(),
        }
    }

    fn function(&self) -> Option<ActivationFunction> {
        let activation = self.layers.activation.as_ref();
        activation.map(|activation| activation.function())
    }

    /// What the backward pass reads.
    fn needs(&self) -> Needs {
        with_placed!(self.function(), placed => self.needs_of(placed))
    }

    fn needs_of<P: Placed>(&self, _: P) -> Needs {
        Needs {
            input: self.layers.norm.is_some() || P::NEEDS_INPUT,
            output: P::NEEDS_OUTPUT,
        }
    }
}

impl Op for NormActPoolDropout {
    of_layers!();

    fn input_len(&self) -> usize {
        self.window.channels * self.window.area()
    }

    fn output_len(&self) -> usize {
        self.window.channels * self.window.out_area()
    }

    fn needs_input(&self) -> bool {
        self.needs().input
    }

    fn needs_output(&self) -> bool {
        self.needs().output
    }

    fn notes_len(&self) -> usize {
        self.output_len()
    }

    fn forward(&self, place: Place, x: &[f32], y: &mut [f32], notes: &mut [u8], _: &mut Scratch) {
        let images = x.chunks_exact(self.input_len());
        let outputs = y
            .chunks_exact_mut(self.output_len())
            .zip(notes.chunks_exact_mut(self.output_len()));
        for (index, (x, (y, notes))) in images.zip(outputs).enumerate() {
            let dropout = self.layers.dropout.as_ref();
            let dropout = dropout.and_then(|dropout| dropout.mask(place.pass, place.image + index));
            with_placed!(self.function(), placed => {
                on_vectors!(self.arch, self.pool_image(placed, dropout, x, y, notes));
            });
        }
    }

    fn observe_gradient(&self, saved: Saved<'_>, sums: &mut [f32]) {
        if let Some(norm) = &self.layers.norm {
            let (sums, products) = sums.split_at_mut(self.window.channels);
            with_placed!(self.function(), placed => {
                on_vectors!(
                    self.arch,
                    self.sum_gradients(placed, norm, saved, sums, products)
                );
            });
        }
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
        let needs = self.needs();
        for (index, dx) in dx.chunks_exact_mut(self.input_len()).enumerate() {
            let saved = self.image(saved, index, needs);
            with_placed!(self.function(), placed => {
                on_vectors!(self.arch, self.unpool_image(placed, saved, dx));
            });
        }
    }
}
