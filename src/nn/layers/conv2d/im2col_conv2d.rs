//! Convolution by GEMM: a matrix product of the windows of the images and the weight.
//!
//! The windows are read where they are (an implicit GEMM), unless that is in many short pieces: windows
//! whose lines have few values, as those of an image of one channel have, are copied. For the weight's
//! gradient, a sum along the windows, they also are where few stand side by side, those of several images
//! one below the other. A 1×1 kernel's windows are the pixels themselves.

use super::bias::add_bias_gradient;
use super::im2col::{col2im, layout, padded, padded_len};
use super::images::images_at_once;
use super::parameters::{parameters, write_gradients};
use crate::nn::layers::memory::{OpMemory, f32_bytes};
use crate::nn::layers::op::{Op, Pass, Place, Saved, Scratch};
use crate::nn::layers::parameter_shape::ParameterShape;
use crate::nn::layers::relayout::transpose;
use crate::nn::layers::window::Window;
use crate::nn::parameter::Parameter;
use crate::simd::buffer::Buffer;
use crate::simd::{Engine, Epilogue, Matrix, PackedMatrix, Windows, on_vectors};

/// Windows side by side below which they are copied for the weight's gradient.
const SHORT_LINE: usize = 16;

/// Values of a line of a window below which windows are copied.
const SHORT_RUN: usize = 8;

/// Values that the windows of several images may have, copied or as gradients.
const WINDOWS_AT_ONCE: usize = 64 << 10;

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

    /// Whether the windows have lines of few values.
    fn has_short_runs(&self) -> bool {
        !self.is_pointwise() && self.window.kernel_size * self.window.channels < SHORT_RUN
    }

    /// Whether few windows stand side by side.
    fn has_short_lines(&self) -> bool {
        !self.is_pointwise() && self.window.out_width < SHORT_LINE
    }

    /// Images whose windows are one matrix, of `images`, if that `copies` them.
    fn images_at_once(&self, images: usize, copies: bool) -> usize {
        let at_once = if self.is_pointwise() {
            images
        } else if copies {
            images.min(WINDOWS_AT_ONCE / (self.window.out_area() * self.fan_in()))
        } else {
            1
        };
        at_once.max(1)
    }

    /// The im2col matrix of an image `x`, `[out_area, fan_in]`, or that of several whose pixels are the
    /// windows; `buffer` is for the padding.
    fn windows<'a>(&self, x: &'a [f32], buffer: &'a mut Buffer) -> Windows<'a> {
        match self.is_pointwise() {
            true => Matrix::new(x, x.len() / self.fan_in(), self.fan_in()).into(),
            false => Windows::new(padded(&self.window, x, buffer), layout(&self.window)),
        }
    }

    /// The im2col matrix of several images, `[images · out_area, fan_in]`, in `copy`.
    fn copied_windows<'a>(
        &self,
        x: &[f32],
        buffer: &mut Buffer,
        copy: &'a mut Buffer,
    ) -> Windows<'a> {
        let (area, fan_in) = (self.window.out_area(), self.fan_in());
        let rows = x.len() / self.input_len() * area;
        let copy = copy.size(rows * fan_in);
        let images = x.chunks_exact(self.input_len());
        for (x, copy) in images.zip(copy.chunks_exact_mut(area * fan_in)) {
            self.windows(x, buffer).copy_to(copy);
        }
        Matrix::new(copy, rows, fan_in).into()
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
        parameters(&self.window, self.out_channels)
    }

    fn memory(&self) -> OpMemory {
        let (fan_in, out_channels) = (self.fan_in(), self.out_channels);
        let packed = PackedMatrix::max_bytes(fan_in, out_channels)
            + PackedMatrix::max_bytes(out_channels, fan_in);
        let (padded, windows) = match self.is_pointwise() {
            true => (0, 0),
            false => {
                let images = images_at_once(&self.window, out_channels);
                let copies = self.has_short_runs() || self.has_short_lines();
                let images = self.images_at_once(images, copies);
                let windows = images * self.window.out_area() * fan_in;
                (padded_len(&self.window), windows)
            }
        };
        let copied = match self.engine.unit_for(usize::MAX) {
            Some(_) => windows,
            None => 0,
        };
        OpMemory {
            // For a moment in NHWC.
            weights: f32_bytes(out_channels * fan_in + out_channels) + packed,
            // The image with its padding; the windows, or their gradient.
            scratch: f32_bytes(padded + windows + copied),
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
        let copies = self.has_short_runs();
        let at_once = self.images_at_once(x.len() / self.input_len(), copies);
        let images = x.chunks(at_once * self.input_len());
        let Scratch {
            input,
            output,
            copy,
            ..
        } = scratch;
        for (x, y) in images.zip(y.chunks_mut(at_once * self.output_len())) {
            let windows = match copies {
                true => self.copied_windows(x, input, output),
                false => self.windows(x, input),
            };
            let bias = Epilogue::Bias(&self.bias);
            self.panels.matmul_windows(windows, y, bias, copy);
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
        let (area, fan_in) = (self.window.out_area(), self.fan_in());
        let copies = self.has_short_runs() || self.has_short_lines();
        let at_once = self.images_at_once(saved.x.len() / self.input_len(), copies);
        let images = saved.x.chunks(at_once * self.input_len());
        let images = images.zip(saved.dy.chunks(at_once * self.output_len()));
        let Scratch {
            input,
            output,
            copy,
            ..
        } = scratch;
        for (group, (x, dy)) in images.enumerate() {
            let rows = x.len() / self.input_len() * area;
            let dy_rows = Matrix::new(dy, rows, self.out_channels);
            if let [weight, bias] = &mut *gradients {
                // dW += windowsᵀ · dy, db += Σ dy
                let windows = match copies {
                    true => self.copied_windows(x, input, output),
                    false => self.windows(x, input),
                };
                self.engine
                    .add_matmul_tn_windows(windows, dy_rows, weight, copy);
                add_bias_gradient(self.engine.arch(), dy, bias);
            }
            let Some(dx) = dx.as_deref_mut() else {
                continue;
            };
            // dcolumns = dy · Wᵀ, added up where windows overlap
            let first = group * at_once * self.input_len();
            let dx = &mut dx[first..first + x.len()];
            if self.is_pointwise() {
                self.transposed.matmul(dy_rows, dx, Epilogue::Overwrite);
                continue;
            }
            let columns = output.size(rows * fan_in);
            self.transposed
                .matmul(dy_rows, columns, Epilogue::Overwrite);
            let window = &self.window;
            let padded = input.size(padded_len(window));
            let images = dx.chunks_exact_mut(self.input_len());
            for (dx, columns) in images.zip(columns.chunks_exact(area * fan_in)) {
                let padded = &mut *padded;
                on_vectors!(self.engine.arch(), col2im(window, columns, padded, dx));
            }
        }
    }

    fn write_gradients(&self, sums: &[Buffer], gradients: &mut [Buffer]) {
        write_gradients(&self.window, sums, gradients);
    }
}
