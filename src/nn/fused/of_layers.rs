//! What every fused op leaves to the layers that it stands for: all but its passes.

/// The methods of [`Op`](crate::nn::layers::Op) that are those of the op's `layers`: parameters and
/// statistics are the batch norm's, if there is one; memory and the traced outputs are of all of them.
macro_rules! of_layers {
    () => {
        fn parameters(&self) -> Vec<$crate::nn::layers::ParameterShape> {
            let norm = self.layers.norm.as_deref();
            norm.map_or_else(Vec::new, $crate::nn::layers::Op::parameters)
        }

        fn memory(&self) -> $crate::nn::layers::OpMemory {
            let mut memory = $crate::nn::layers::OpMemory::default();
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

        fn prepare(
            &mut self,
            parameters: &[$crate::nn::parameter::Parameter],
            pass: $crate::nn::layers::Pass,
        ) {
            if let Some(norm) = &mut self.layers.norm {
                norm.prepare(parameters, pass);
            }
        }

        fn statistics_len(&self) -> usize {
            self.layers
                .norm
                .as_deref()
                .map_or(0, $crate::nn::layers::Op::statistics_len)
        }

        fn observe(&self, x: &[f32], sums: &mut [f32]) {
            if let Some(norm) = &self.layers.norm {
                norm.observe(x, sums);
            }
        }

        fn conclude(&mut self, partials: &[$crate::nn::layers::Partial<'_>]) {
            if let Some(norm) = &mut self.layers.norm {
                norm.conclude(partials);
            }
        }

        fn use_running_statistics(&mut self) {
            if let Some(norm) = &mut self.layers.norm {
                norm.use_running_statistics();
            }
        }

        fn conclude_gradient(
            &mut self,
            partials: &[$crate::nn::layers::Partial<'_>],
            gradients: &mut [$crate::simd::buffer::Buffer],
        ) {
            if let Some(norm) = &mut self.layers.norm {
                norm.conclude_gradient(partials, gradients);
            }
        }

        fn gradient_lens(&self) -> Vec<usize> {
            let norm = self.layers.norm.as_deref();
            norm.map_or_else(Vec::new, $crate::nn::layers::Op::gradient_lens)
        }

        fn trace(
            &self,
            parameters: &[$crate::nn::parameter::Parameter],
            x: &[f32],
            scratch: &mut $crate::nn::layers::Scratch,
            outputs: &mut Vec<Vec<f32>>,
        ) -> Vec<f32> {
            let trace = |x: Vec<f32>, op: &dyn $crate::nn::layers::Op| {
                op.trace(parameters, &x, scratch, outputs)
            };
            self.layers.ops().fold(x.to_vec(), trace)
        }

        fn running_statistics(&self) -> Option<&$crate::nn::layers::RunningStatistics> {
            self.layers.norm.as_ref()?.running_statistics()
        }

        fn running_statistics_mut(&mut self) -> Option<&mut $crate::nn::layers::RunningStatistics> {
            self.layers.norm.as_mut()?.running_statistics_mut()
        }
    };
}
pub(super) use of_layers;
