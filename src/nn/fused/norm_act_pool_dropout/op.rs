//! The fused op.

use super::layers::Layers;
use super::window::Tail;
use crate::nn::layers::window::Window;
use crate::nn::layers::{
    Op, OpMemory, ParameterShape, Partial, Pass, Place, RunningStatistics, Saved, Scratch,
};
use crate::nn::parameter::Parameter;
use crate::simd::buffer::Buffer;
use crate::simd::{Arch, on_vectors};

/// [Batch norm], [activation], 2×2 max pooling, [dropout] as one op; what is in brackets may be missing.
pub struct NormActPoolDropout {
    pub(super) layers: Layers,
    pub(super) window: Window,
    /// Slope of the activation left of 0; 1 without an activation.
    pub(super) negative_slope: f32,
    pub(super) arch: Arch,
}

impl NormActPoolDropout {
    /// The layers as one op.
    ///
    /// # Errors
    /// The layers again if the activation is not monotonic and piecewise linear, so that pooling before
    /// and after it would differ, or if the pooling is not 2×2.
    pub fn new(layers: Layers) -> Result<Self, Box<Layers>> {
        let slope = match &layers.activation {
            Some(activation) => activation.negative_slope(),
            None => Some(1.0),
        };
        match slope {
            Some(negative_slope) if negative_slope >= 0.0 && layers.pool.is_two_by_two() => {
                Ok(Self {
                    window: layers.pool.window(),
                    negative_slope,
                    layers,
                    arch: Arch::new(),
                })
            }
            _ => Err(Box::new(layers)),
        }
    }
}

impl Op for NormActPoolDropout {
    fn input_len(&self) -> usize {
        self.window.channels * self.window.area()
    }

    fn output_len(&self) -> usize {
        self.window.channels * self.window.out_area()
    }

    fn parameters(&self) -> Vec<ParameterShape> {
        let norm = self.layers.norm.as_deref();
        norm.map_or_else(Vec::new, Op::parameters)
    }

    fn memory(&self) -> OpMemory {
        let mut memory = OpMemory::default();
        for op in self.layers.ops() {
            memory.weights += op.memory().weights;
            memory.scratch += op.memory().scratch;
        }
        memory
    }

    fn allocate(&mut self) {
        if let Some(norm) = &mut self.layers.norm {
            norm.allocate();
        }
    }

    fn prepare(&mut self, parameters: &[Parameter], pass: Pass) {
        if let Some(norm) = &mut self.layers.norm {
            norm.prepare(parameters, pass);
        }
    }

    fn needs_input(&self) -> bool {
        self.layers.norm.is_some()
    }

    fn notes_len(&self) -> usize {
        self.output_len()
    }

    fn statistics_len(&self) -> usize {
        self.layers.norm.as_deref().map_or(0, Op::statistics_len)
    }

    fn observe(&self, x: &[f32], sums: &mut [f32]) {
        if let Some(norm) = &self.layers.norm {
            norm.observe(x, sums);
        }
    }

    fn conclude(&mut self, partials: &[Partial<'_>]) {
        if let Some(norm) = &mut self.layers.norm {
            norm.conclude(partials);
        }
    }

    fn use_running_statistics(&mut self) {
        if let Some(norm) = &mut self.layers.norm {
            norm.use_running_statistics();
        }
    }

    fn forward(&self, place: Place, x: &[f32], y: &mut [f32], notes: &mut [u8], _: &mut Scratch) {
        let images = x.chunks_exact(self.input_len());
        let outputs = y
            .chunks_exact_mut(self.output_len())
            .zip(notes.chunks_exact_mut(self.output_len()));
        for (index, (x, (y, notes))) in images.zip(outputs).enumerate() {
            let dropout = self.layers.dropout.as_ref();
            let tail = Tail {
                negative_slope: self.negative_slope,
                dropout: dropout.and_then(|dropout| {
                    Some((
                        dropout.key(place.pass, place.image + index)?,
                        dropout.rate(),
                    ))
                }),
            };
            on_vectors!(self.arch, self.pool_image(tail, x, y, notes));
        }
    }

    fn observe_gradient(&self, saved: Saved<'_>, sums: &mut [f32]) {
        if let Some(norm) = &self.layers.norm {
            let (sums, products) = sums.split_at_mut(self.window.channels);
            sums.fill(0.0);
            products.fill(0.0);
            on_vectors!(
                self.arch,
                self.sum_gradients(saved, norm.mean(), sums, products)
            );
        }
    }

    fn conclude_gradient(&mut self, partials: &[Partial<'_>], gradients: &mut [Buffer]) {
        if let Some(norm) = &mut self.layers.norm {
            norm.conclude_gradient(partials, gradients);
        }
    }

    fn gradient_lens(&self) -> Vec<usize> {
        let norm = self.layers.norm.as_deref();
        norm.map_or_else(Vec::new, Op::gradient_lens)
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
        let (input_len, output_len) = (self.input_len(), self.output_len());
        for (index, dx) in dx.chunks_exact_mut(input_len).enumerate() {
            let outputs = index * output_len..(index + 1) * output_len;
            let x = if self.needs_input() {
                &saved.x[index * input_len..(index + 1) * input_len]
            } else {
                &[]
            };
            let (dy, notes) = (&saved.dy[outputs.clone()], &saved.notes[outputs]);
            on_vectors!(self.arch, self.unpool_image(x, dy, notes, dx));
        }
    }

    fn trace(
        &self,
        parameters: &[Parameter],
        x: &[f32],
        scratch: &mut Scratch,
        outputs: &mut Vec<Vec<f32>>,
    ) -> Vec<f32> {
        let trace = |x: Vec<f32>, op: &dyn Op| op.trace(parameters, &x, scratch, outputs);
        self.layers.ops().fold(x.to_vec(), trace)
    }

    fn running_statistics(&self) -> Option<&RunningStatistics> {
        self.layers.norm.as_ref()?.running_statistics()
    }

    fn running_statistics_mut(&mut self) -> Option<&mut RunningStatistics> {
        self.layers.norm.as_mut()?.running_statistics_mut()
    }
}
