//! Convolution by an implicit GEMM: one matrix product per image, of its windows, where they are, and the
//! weight.

use super::bias::add_bias_gradient;
use super::im2col::{col2im, layout, padded, padded_len};
use super::weight_gradient::write_weight_gradient;
use crate::nn::layers::memory::{OpMemory, f32_bytes};
use crate::nn::layers::op::{Op, Pass, Place, Saved, Scratch};
use crate::nn::layers::parameter_shape::ParameterShape;
use crate::nn::layers::relayout::transpose;
use crate::nn::layers::window::Window;
use crate::nn::parameter::Parameter;
use crate::simd::buffer::Buffer;
use crate::simd::{Engine, Epilogue, Matrix, PackedMatrix, Windows, on_vectors};

/// Convolution of `[height, width, channels]` to `[out_height, out_width, out_channels]`.
pub struct Im2colConv2d {
    window: Window,
    out_channels: usize,
    /// `[out_channels]`.
    bias: Vec<f32>,
    /// `[fan_in, out_channels]`, rows in the order of the columns of the im2col matrix.
    panels: PackedMatrix,
    /// `[out_channels, fan_in]`, for the input's gradient.
    transposed: PackedMatrix,
    engine: Engine,
}

impl Im2colConv2d {
    /// A convolution over these windows, its products done by `engine`.
    pub fn new(window: Window, out_channels: usize, engine: Engine) -> Self {
        Self {
            window,
            out_channels,
            bias: Vec::new(),
            panels: PackedMatrix::new(engine, 0, 0),
            transposed: PackedMatrix::new(engine, 0, 0),
            engine,
        }
    }

    /// Inputs of one output value.
    fn fan_in(&self) -> usize {
        self.window.channels * self.window.kernel_size * self.window.kernel_size
    }

    /// Whether the im2col matrix is the image itself: a 1×1 kernel visits every pixel once.
    fn is_pointwise(&self) -> bool {
        self.window.kernel_size == 1 && self.window.stride == 1 && self.window.padding == 0
    }

    /// The im2col matrix of `image`, `[out_area, fan_in]`; `buffer` is for its padding.
    fn windows<'a>(&self, image: &'a [f32], buffer: &'a mut Buffer) -> Windows<'a> {
        if self.is_pointwise() {
            return Matrix::new(image, self.window.out_area(), self.fan_in()).into();
        }
        Windows::new(padded(&self.window, image, buffer), layout(&self.window))
    }

    /// `weight` `[out_channels, channels, kernel_size²]` as `[out_channels, kernel_size², channels]`.
    fn nhwc_weight(&self, weight: &[f32]) -> Vec<f32> {
        let mut out = vec![0.0; weight.len()];
        let kernels = weight.chunks_exact(self.fan_in());
        for (kernel, out) in kernels.zip(out.chunks_exact_mut(self.fan_in())) {
            transpose(kernel, self.window.channels, out);
        }
        out
    }
}

impl Op for Im2colConv2d {
    fn input_len(&self) -> usize {
        self.window.channels * self.window.area()
    }

    fn output_len(&self) -> usize {
        self.out_channels * self.window.out_area()
    }

    fn parameters(&self) -> Vec<ParameterShape> {
        let Window {
            channels,
            kernel_size,
            ..
        } = self.window;
        let shape = [self.out_channels, channels, kernel_size, kernel_size];
        let fan_out = self.out_channels * kernel_size * kernel_size;
        vec![
            ParameterShape::weight(&shape, self.fan_in(), fan_out),
            ParameterShape::bias(self.out_channels),
        ]
    }

    fn memory(&self) -> OpMemory {
        let (fan_in, out_channels) = (self.fan_in(), self.out_channels);
        let packed = PackedMatrix::max_bytes(fan_in, out_channels)
            + PackedMatrix::max_bytes(out_channels, fan_in);
        let (padded, columns) = match self.is_pointwise() {
            true => (0, 0),
            false => (padded_len(&self.window), self.window.out_area() * fan_in),
        };
        OpMemory {
            // For a moment in NHWC.
            weights: f32_bytes(out_channels * fan_in + out_channels) + packed,
            // The image with its padding, and the gradient of its windows.
            scratch: f32_bytes(padded + columns),
            ..OpMemory::default()
        }
    }

    fn allocate(&mut self) {
        let (fan_in, out_channels) = (self.fan_in(), self.out_channels);
        self.bias = vec![0.0; out_channels];
        self.panels = PackedMatrix::new(self.engine, fan_in, out_channels);
        self.transposed = PackedMatrix::new(self.engine, out_channels, fan_in);
    }

    fn prepare(&mut self, parameters: &[Parameter], pass: Pass) {
        let [weight, bias] = parameters else { return };
        self.bias.copy_from_slice(&bias.values);
        let weight = self.nhwc_weight(&weight.values);
        self.panels.pack_transposed(&weight, self.fan_in());
        if pass != Pass::Evaluate {
            self.transposed.pack(&weight, self.fan_in());
        }
    }

    fn forward(&self, _: Place, x: &[f32], y: &mut [f32], _: &mut [u8], scratch: &mut Scratch) {
        let images = x.chunks_exact(self.input_len());
        for (x, y) in images.zip(y.chunks_exact_mut(self.output_len())) {
            let windows = self.windows(x, &mut scratch.input);
            let bias = Epilogue::Bias(&self.bias);
            self.panels
                .matmul_windows(windows, y, bias, &mut scratch.output);
        }
    }

    fn gradient_lens(&self) -> Vec<usize> {
        vec![self.fan_in() * self.out_channels, self.out_channels]
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
                // dW += windowsᵀ · dy, db += Σ dy
                let windows = self.windows(x, &mut scratch.input);
                let copy = &mut scratch.output;
                self.engine
                    .add_matmul_tn_windows(windows, dy_rows, weight, copy);
                add_bias_gradient(self.engine.arch(), dy, bias);
            }
            let Some(dx) = dx.as_deref_mut() else {
                continue;
            };
            // dcolumns = dy · Wᵀ, added up where windows overlap
            let dx = &mut dx[image * x.len()..(image + 1) * x.len()];
            if self.is_pointwise() {
                self.transposed.matmul(dy_rows, dx, Epilogue::Overwrite);
                continue;
            }
            let columns = scratch.output.size(area * self.fan_in());
            self.transposed
                .matmul(dy_rows, columns, Epilogue::Overwrite);
            let (window, columns) = (&self.window, &*columns);
            let padded = scratch.input.size(padded_len(window));
            on_vectors!(self.engine.arch(), col2im(window, columns, padded, dx));
        }
    }

    fn write_gradients(&self, sums: &[Buffer], gradients: &mut [Buffer]) {
        let ([weight_sums, bias_sums], [weight, bias]) = (sums, gradients) else {
            return;
        };
        bias.copy_from_slice(bias_sums);
        let area = self.window.kernel_size * self.window.kernel_size;
        write_weight_gradient(weight_sums, self.window.channels, area, weight);
    }
}
