//! Convolution as one matrix product per image, of its unfolded windows and the weight.

use super::add_bias_gradient;
use super::unfold::{fold, unfold};
use crate::nn::layers::layout::transpose;
use crate::nn::layers::window::Window;
use crate::nn::layers::{Op, Pass, Place, Saved, Scratch};
use crate::simd::buffer::Buffer;
use crate::simd::{Engine, Epilogue, Matrix, PackedMatrix, on_vectors};

/// Convolution of `[height, width, channels]` to `[out_height, out_width, out_channels]`.
pub struct UnfoldedConv2d {
    window: Window,
    out_channels: usize,
    /// As saved: `[out_channels, channels, kernel_size, kernel_size]`.
    weight: Vec<f32>,
    /// `[out_channels]`.
    bias: Vec<f32>,
    /// `[fan_in, out_channels]`, rows in the order of the unfolded windows.
    panels: PackedMatrix,
    /// `[out_channels, fan_in]`, for the input's gradient.
    transposed: PackedMatrix,
    engine: Engine,
}

impl UnfoldedConv2d {
    /// A convolution over these windows.
    pub fn new(window: Window, out_channels: usize, engine: Engine) -> Self {
        let fan_in = window.channels * window.kernel_size * window.kernel_size;
        Self {
            window,
            out_channels,
            weight: vec![0.0; out_channels * fan_in],
            bias: vec![0.0; out_channels],
            panels: PackedMatrix::new(engine, fan_in, out_channels),
            transposed: PackedMatrix::new(engine, out_channels, fan_in),
            engine,
        }
    }

    /// Inputs of one output value.
    fn fan_in(&self) -> usize {
        self.window.channels * self.window.kernel_size * self.window.kernel_size
    }

    /// A 1×1 kernel that visits every pixel sees the image as it is.
    fn is_pointwise(&self) -> bool {
        self.window.kernel_size == 1 && self.window.stride == 1 && self.window.padding == 0
    }

    /// The windows of `image` as rows `[out_area, fan_in]`.
    fn unfolded<'a>(&self, image: &'a [f32], columns: &'a mut Buffer) -> Matrix<'a> {
        let (area, fan_in) = (self.window.out_area(), self.fan_in());
        if self.is_pointwise() {
            return Matrix::new(image, area, fan_in);
        }
        let columns = columns.size(area * fan_in);
        let (window, filled) = (&self.window, &mut *columns);
        on_vectors!(self.engine.arch(), unfold(window, image, filled));
        Matrix::new(columns, area, fan_in)
    }

    /// `weight` `[out_channels, channels, kernel_size²]` as `[out_channels, kernel_size², channels]`.
    fn channels_last(&self) -> Vec<f32> {
        let mut out = vec![0.0; self.weight.len()];
        let kernels = self.weight.chunks_exact(self.fan_in());
        for (kernel, out) in kernels.zip(out.chunks_exact_mut(self.fan_in())) {
            transpose(kernel, self.window.channels, out);
        }
        out
    }
}

impl Op for UnfoldedConv2d {
    fn input_len(&self) -> usize {
        self.window.channels * self.window.area()
    }

    fn output_len(&self) -> usize {
        self.out_channels * self.window.out_area()
    }

    fn parameters_mut(&mut self) -> Vec<&mut [f32]> {
        vec![&mut self.weight, &mut self.bias]
    }

    fn prepare(&mut self, pass: Pass) {
        let weight = self.channels_last();
        self.panels.pack_transposed(&weight, self.fan_in());
        if pass != Pass::Evaluate {
            self.transposed.pack(&weight, self.fan_in());
        }
    }

    fn forward(&self, _: Place, x: &[f32], y: &mut [f32], _: &mut [u8], scratch: &mut Scratch) {
        let images = x.chunks_exact(self.input_len());
        for (x, y) in images.zip(y.chunks_exact_mut(self.output_len())) {
            let columns = self.unfolded(x, &mut scratch.input);
            let bias = Epilogue::Bias(&self.bias);
            self.panels.matmul(columns, y, bias);
        }
    }

    fn gradient_lens(&self) -> Vec<usize> {
        vec![self.weight.len(), self.bias.len()]
    }

    fn backward(
        &self,
        _: Place,
        saved: Saved<'_>,
        mut dx: Option<&mut [f32]>,
        scratch: &mut Scratch,
        gradients: &mut [Buffer],
    ) {
        let area = self.window.out_area();
        let images = saved.x.chunks_exact(self.input_len());
        for (image, (x, dy)) in images
            .zip(saved.dy.chunks_exact(self.output_len()))
            .enumerate()
        {
            let dy_rows = Matrix::new(dy, area, self.out_channels);
            if let [weight, bias] = gradients {
                // dW += columnsᵀ · dy, db += Σ dy
                let columns = self.unfolded(x, &mut scratch.input);
                self.engine.add_matmul_tn(columns, dy_rows, weight);
                add_bias_gradient(self.engine.arch(), dy, bias);
            }
            let Some(dx) = dx.as_deref_mut() else {
                continue;
            };
            // dcolumns = dy · Wᵀ, folded back onto the pixels
            let dx = &mut dx[image * x.len()..(image + 1) * x.len()];
            if self.is_pointwise() {
                self.transposed.matmul(dy_rows, dx, Epilogue::Overwrite);
                continue;
            }
            let columns = scratch.output.size(area * self.fan_in());
            self.transposed
                .matmul(dy_rows, columns, Epilogue::Overwrite);
            let window = &self.window;
            on_vectors!(self.engine.arch(), fold(window, columns, dx));
        }
    }

    fn parameter_gradients(&self, gradients: &[Buffer]) -> Vec<Vec<f32>> {
        let mut gradients: Vec<_> = gradients.iter().map(|values| values.to_vec()).collect();
        // From [kernel_size², channels, out_channels] to the weight's own layout.
        if let Some(weight) = gradients.first_mut() {
            let mut transposed = vec![0.0; weight.len()];
            transpose(weight, self.fan_in(), &mut transposed);
            let area = self.window.kernel_size * self.window.kernel_size;
            let kernels = transposed.chunks_exact(self.fan_in());
            for (kernel, out) in kernels.zip(weight.chunks_exact_mut(self.fan_in())) {
                transpose(kernel, area, out);
            }
        }
        gradients
    }
}
