//! Convolution: `y[o] = bias[o] + Σ weight[o, c, i, j] · x[c, row·stride + i - padding, …]`.

use super::im2col::{col2im, im2col};
use super::reduce;
use super::window::Window;
use super::{Op, Place, Saved, Scratch};
use crate::nn::matmul::{Matrix, Output, matmul};

/// Convolution of `[channels, height, width]` to `[out_channels, out_height, out_width]` as one
/// matrix product per image.
pub struct Conv2d {
    window: Window,
    out_channels: usize,
    /// `[out_channels, channels · kernel_size²]`.
    weight: Vec<f32>,
    /// `[out_channels]`.
    bias: Vec<f32>,
}

impl Conv2d {
    /// A convolution over these windows.
    pub fn new(window: Window, out_channels: usize) -> Self {
        let fan_in = window.channels * window.kernel_size * window.kernel_size;
        Self {
            window,
            out_channels,
            weight: vec![0.0; out_channels * fan_in],
            bias: vec![0.0; out_channels],
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

    /// The windows of `x` as a matrix `[fan_in, out_area]`.
    fn unfold<'a>(&self, x: &'a [f32], columns: &'a mut Vec<f32>) -> &'a [f32] {
        if self.is_pointwise() {
            return x;
        }
        columns.resize(self.fan_in() * self.window.out_area(), 0.0);
        im2col(&self.window, x, columns);
        columns
    }

    fn weight_matrix(&self) -> Matrix<'_> {
        Matrix::new(&self.weight, self.out_channels, self.fan_in())
    }
}

impl Op for Conv2d {
    fn input_len(&self) -> usize {
        self.window.channels * self.window.area()
    }

    fn output_len(&self) -> usize {
        self.out_channels * self.window.out_area()
    }

    fn parameters_mut(&mut self) -> Vec<&mut [f32]> {
        vec![&mut self.weight, &mut self.bias]
    }

    fn forward(&self, _: Place, x: &[f32], y: &mut [f32], scratch: &mut Scratch) {
        let out_area = self.window.out_area();
        for (channel, bias) in y.chunks_exact_mut(out_area).zip(&self.bias) {
            channel.fill(*bias);
        }
        let columns = self.unfold(x, &mut scratch.columns);
        let columns = Matrix::new(columns, self.fan_in(), out_area);
        matmul(y, Output::Accumulate, self.weight_matrix(), columns);
    }

    fn backward(
        &self,
        _: Place,
        saved: Saved<'_>,
        dx: Option<&mut [f32]>,
        scratch: &mut Scratch,
        gradients: &mut [Vec<f32>],
    ) {
        let out_area = self.window.out_area();
        let Saved { x, dy, .. } = saved;
        let dy_matrix = Matrix::new(dy, self.out_channels, out_area);
        if let [weight, bias] = gradients {
            // dW += dy · columnsᵀ, db += Σ dy
            let columns = self.unfold(x, &mut scratch.columns);
            let columns = Matrix::new(columns, self.fan_in(), out_area);
            matmul(weight, Output::Accumulate, dy_matrix, columns.transposed());
            for (sum, channel) in bias.iter_mut().zip(dy.chunks_exact(out_area)) {
                *sum += reduce::sum(channel);
            }
        }
        if let Some(dx) = dx {
            // dcolumns = Wᵀ · dy, folded back onto the pixels
            let weight = self.weight_matrix().transposed();
            if self.is_pointwise() {
                matmul(dx, Output::Overwrite, weight, dy_matrix);
            } else {
                scratch
                    .column_gradients
                    .resize(self.fan_in() * out_area, 0.0);
                matmul(
                    &mut scratch.column_gradients,
                    Output::Overwrite,
                    weight,
                    dy_matrix,
                );
                col2im(&self.window, &scratch.column_gradients, dx);
            }
        }
    }
}
