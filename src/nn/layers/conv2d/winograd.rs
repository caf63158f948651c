//! 3×3 convolution with stride 1 by Winograd's minimal filtering F(2×2, 3×3) (Lavin & Gray 2016,
//! <https://arxiv.org/abs/1509.09308>).

use super::bias::add_bias_gradient;
use crate::nn::layers::memory::{OpMemory, f32_bytes};
use crate::nn::layers::op::{Op, Pass, Place, Saved, Scratch};
use crate::nn::layers::parameter_shape::ParameterShape;
use crate::nn::layers::window::Window;
use crate::nn::parameter::Parameter;
use crate::simd::buffer::Buffer;
use crate::simd::winograd::{
    PLACES, Tiles, Tiling, transform_input, transform_input_gradient, transform_kernel,
    transform_kernel_gradient, transform_output, transform_output_gradient,
};
use crate::simd::{Engine, Epilogue, Matrix, PackedMatrix};
use rayon::prelude::*;

/// Most tiles transformed at a time: their planes should stay in the cache.
const TILES_AT_ONCE: usize = 64;

/// Convolution of `[height, width, channels]` to `[out_height, out_width, out_channels]`.
pub struct WinogradConv2d {
    window: Window,
    tiling: Tiling,
    out_channels: usize,
    /// `[out_channels]`.
    bias: Vec<f32>,
    /// The transformed weight, `[out_channels, place, channels]`.
    transformed: Vec<f32>,
    /// The same of each place, `[channels, out_channels]`.
    panels: Vec<PackedMatrix>,
    /// The same, `[out_channels, channels]`.
    transposed: Vec<PackedMatrix>,
    engine: Engine,
}

impl WinogradConv2d {
    /// A convolution over these windows, of size 3 and stride 1, its products done by `engine`.
    pub fn new(window: Window, out_channels: usize, engine: Engine) -> Self {
        Self {
            window,
            tiling: Tiling {
                height: window.height,
                width: window.width,
                out_height: window.out_height,
                out_width: window.out_width,
                padding: window.padding,
            },
            out_channels,
            bias: Vec::new(),
            transformed: Vec::new(),
            panels: Vec::new(),
            transposed: Vec::new(),
            engine,
        }
    }

    /// Groups of consecutive tiles of `images` images, of about the same size: the first tile and
    /// their number.
    fn groups(&self, images: usize) -> impl Iterator<Item = (usize, usize)> + use<> {
        let tiles = images * self.tiling.tiles();
        let groups = tiles.div_ceil(TILES_AT_ONCE);
        (0..groups).map(move |group| {
            let first = group * tiles / groups;
            (first, (group + 1) * tiles / groups - first)
        })
    }

    fn input_tiles(&self, (first, count): (usize, usize)) -> Tiles {
        Tiles {
            tiling: self.tiling,
            first,
            count,
            channels: self.window.channels,
        }
    }

    fn output_tiles(&self, (first, count): (usize, usize)) -> Tiles {
        Tiles {
            tiling: self.tiling,
            first,
            count,
            channels: self.out_channels,
        }
    }
}

impl Op for WinogradConv2d {
    fn input_len(&self) -> usize {
        self.window.channels * self.window.area()
    }

    fn output_len(&self) -> usize {
        self.out_channels * self.window.out_area()
    }

    fn parameters(&self) -> Vec<ParameterShape> {
        let (channels, out_channels) = (self.window.channels, self.out_channels);
        vec![
            ParameterShape::weight(
                &[out_channels, channels, 3, 3],
                channels * 9,
                out_channels * 9,
            ),
            ParameterShape::bias(out_channels),
        ]
    }

    fn memory(&self) -> OpMemory {
        let (channels, out_channels) = (self.window.channels, self.out_channels);
        let packed = PackedMatrix::max_bytes(channels, out_channels)
            + PackedMatrix::max_bytes(out_channels, channels);
        let transformed = PLACES * channels * out_channels;
        OpMemory {
            weights: f32_bytes(out_channels + transformed) + PLACES as u64 * packed,
            // Planes of the input and of the output.
            scratch: f32_bytes(PLACES * TILES_AT_ONCE * (channels + out_channels)),
            ..OpMemory::default()
        }
    }

    fn allocate(&mut self) {
        let (channels, out_channels) = (self.window.channels, self.out_channels);
        self.bias = vec![0.0; out_channels];
        self.transformed = vec![0.0; out_channels * PLACES * channels];
        self.panels = vec![PackedMatrix::new(self.engine, channels, out_channels); PLACES];
        self.transposed = vec![PackedMatrix::new(self.engine, out_channels, channels); PLACES];
    }

    fn prepare(&mut self, parameters: &[Parameter], pass: Pass) {
        let [weight, bias] = parameters else { return };
        self.bias.copy_from_slice(&bias.values);
        let (kernels, _) = weight.values.as_chunks::<9>();
        let channels = self.window.channels;
        self.transformed
            .par_chunks_exact_mut(PLACES * channels)
            .zip(kernels.par_chunks_exact(channels))
            .for_each(|(places, kernels)| {
                for (channel, kernel) in kernels.iter().enumerate() {
                    for (place, value) in transform_kernel(kernel).into_iter().enumerate() {
                        places[place * channels + channel] = value;
                    }
                }
            });
        let stride = PLACES * channels;
        let transformed = &self.transformed;
        let places = self.panels.par_iter_mut().zip(&mut self.transposed);
        places
            .enumerate()
            .for_each(|(place, (panels, transposed))| {
                let values = &transformed[place * channels..];
                panels.pack_transposed(values, stride);
                if pass != Pass::Evaluate {
                    transposed.pack(values, stride);
                }
            });
    }

    fn forward(&self, _: Place, x: &[f32], y: &mut [f32], _: &mut [u8], scratch: &mut Scratch) {
        for group in self.groups(x.len() / self.input_len()) {
            let (inputs, outputs) = (self.input_tiles(group), self.output_tiles(group));
            let v = scratch.input.size(PLACES * inputs.plane());
            let m = scratch.output.size(PLACES * outputs.plane());
            transform_input(self.engine.arch(), inputs, x, v);
            let planes = v.chunks_exact(inputs.plane());
            for ((v, m), panels) in planes
                .zip(m.chunks_exact_mut(outputs.plane()))
                .zip(&self.panels)
            {
                let v = Matrix::new(v, inputs.count, inputs.channels);
                panels.matmul(v, m, Epilogue::Overwrite);
            }
            transform_output(self.engine.arch(), outputs, m, &self.bias, y);
        }
    }

    fn gradient_lens(&self) -> Vec<usize> {
        vec![
            PLACES * self.window.channels * self.out_channels,
            self.out_channels,
        ]
    }

    fn backward(
        &self,
        _: Place,
        saved: Saved<'_>,
        mut dx: Option<&mut [f32]>,
        scratch: &mut Scratch,
        gradients: &mut [Buffer],
    ) {
        let [weight, bias] = gradients else { return };
        add_bias_gradient(self.engine.arch(), saved.dy, bias);
        if let Some(dx) = dx.as_deref_mut() {
            dx.fill(0.0);
        }
        for group in self.groups(saved.x.len() / self.input_len()) {
            let (inputs, outputs) = (self.input_tiles(group), self.output_tiles(group));
            let v = scratch.input.size(PLACES * inputs.plane());
            let dm = scratch.output.size(PLACES * outputs.plane());
            transform_input(self.engine.arch(), inputs, saved.x, v);
            transform_output_gradient(self.engine.arch(), outputs, saved.dy, dm);
            let planes = v
                .chunks_exact_mut(inputs.plane())
                .zip(dm.chunks_exact(outputs.plane()));
            let weights = weight.chunks_exact_mut(inputs.channels * outputs.channels);
            for (((v, dm), du), transposed) in planes.zip(weights).zip(&self.transposed) {
                let dm = Matrix::new(dm, outputs.count, outputs.channels);
                let v_rows = Matrix::new(v, inputs.count, inputs.channels);
                self.engine.add_matmul_tn(v_rows, dm, du);
                if dx.is_some() {
                    // The input's planes are not read again: their gradient overwrites them.
                    transposed.matmul(dm, v, Epilogue::Overwrite);
                }
            }
            if let Some(dx) = dx.as_deref_mut() {
                transform_input_gradient(self.engine.arch(), inputs, v, dx);
            }
        }
    }

    fn write_gradients(&self, sums: &[Buffer], gradients: &mut [Buffer]) {
        let ([places, bias_sums], [weight, bias]) = (sums, gradients) else {
            return;
        };
        bias.copy_from_slice(bias_sums);
        let (channels, out_channels) = (self.window.channels, self.out_channels);
        let plane = channels * out_channels;
        weight
            .par_chunks_exact_mut(channels * 9)
            .enumerate()
            .for_each(|(output, kernels)| {
                for (channel, kernel) in kernels.as_chunks_mut::<9>().0.iter_mut().enumerate() {
                    let mut du = [0.0; PLACES];
                    for (place, du) in du.iter_mut().enumerate() {
                        *du = places[place * plane + channel * out_channels + output];
                    }
                    *kernel = transform_kernel_gradient(&du);
                }
            });
    }
}
