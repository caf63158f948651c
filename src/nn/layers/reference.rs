//! Convolution by its definition, in f64: what the fast ones are compared with.

use super::window::Window;
use crate::simd::testing::Sum;

/// A convolution of `[height, width, channels]` to `[out_height, out_width, out_channels]`.
pub struct Convolution<'a> {
    pub window: Window,
    pub out_channels: usize,
    /// `[out_channels, channels, kernel_size, kernel_size]`.
    pub weight: &'a [f32],
    /// `[out_channels]`.
    pub bias: &'a [f32],
}

/// The results of a backward pass.
pub struct Gradients {
    pub input: Vec<Sum>,
    pub weight: Vec<Sum>,
    pub bias: Vec<Sum>,
}

/// One product of the definition: the indices of its factors and of the output it is added to.
struct Term {
    input: usize,
    weight: usize,
    output: usize,
}

impl Convolution<'_> {
    fn output_len(&self) -> usize {
        self.window.out_area() * self.out_channels
    }

    /// Every product of `weight[o, c, i, j] · x[row·stride + i - padding, column·stride + j - padding, c]`
    /// of `images` images that is not with padding.
    fn each_term(&self, images: usize, mut visit: impl FnMut(Term)) {
        let Window {
            channels,
            height,
            width,
            kernel_size,
            stride,
            padding,
            ..
        } = self.window;
        for window in 0..images * self.window.out_area() {
            let image = window / self.window.out_area();
            let row = window / self.window.out_width % self.window.out_height;
            let column = window % self.window.out_width;
            for place in 0..kernel_size * kernel_size {
                let y = row * stride + place / kernel_size;
                let x = column * stride + place % kernel_size;
                let inside = |at: usize, size: usize| at >= padding && at - padding < size;
                if !inside(y, height) || !inside(x, width) {
                    continue;
                }
                let pixel = (image * height + y - padding) * width + x - padding;
                for o in 0..self.out_channels {
                    for c in 0..channels {
                        visit(Term {
                            input: pixel * channels + c,
                            weight: (o * channels + c) * kernel_size * kernel_size + place,
                            output: window * self.out_channels + o,
                        });
                    }
                }
            }
        }
    }

    /// The outputs of the images `x`.
    pub fn forward(&self, x: &[f32]) -> Vec<Sum> {
        let images = x.len() / (self.window.channels * self.window.area());
        let biases = self.bias.iter().copied().map(Sum::of);
        let mut y: Vec<Sum> = biases.cycle().take(images * self.output_len()).collect();
        self.each_term(images, |at| {
            y[at.output].add_product(self.weight[at.weight], x[at.input]);
        });
        y
    }

    /// The gradients for the inputs `x` and the outputs' gradients `dy` of some images.
    pub fn backward(&self, x: &[f32], dy: &[f32]) -> Gradients {
        let zeros = |len: usize| vec![Sum::default(); len];
        let mut gradients = Gradients {
            input: zeros(x.len()),
            weight: zeros(self.weight.len()),
            bias: zeros(self.bias.len()),
        };
        self.each_term(dy.len() / self.output_len(), |at| {
            let dy = dy[at.output];
            gradients.input[at.input].add_product(self.weight[at.weight], dy);
            gradients.weight[at.weight].add_product(x[at.input], dy);
        });
        for pixel in dy.chunks_exact(self.out_channels) {
            for (sum, dy) in gradients.bias.iter_mut().zip(pixel) {
                *sum += Sum::of(*dy);
            }
        }
        gradients
    }
}
