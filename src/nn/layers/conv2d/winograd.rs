//! Convolution with stride 1 by Winograd's minimal filtering (Lavin & Gray 2016,
//! <https://arxiv.org/abs/1509.09308>).
//!
//! Tiles go through in groups whose planes stay in the cache: transform, one matrix product for each
//! place, transform back. The weight's gradient is brought back from the places to the kernel after
//! each group, a block of channels at a time: sums at all places are several times as large as the weight,
//! and moving them costs more than transforming them.

use super::bias::add_bias_gradient;
use super::weight_gradient::write_weight_gradient;
use crate::nn::layers::memory::{OpMemory, f32_bytes};
use crate::nn::layers::op::{Op, Pass, Place, Saved, Scratch};
use crate::nn::layers::parameter_shape::ParameterShape;
use crate::nn::layers::window::Window;
use crate::nn::parameter::Parameter;
use crate::simd::buffer::Buffer;
use crate::simd::winograd::{
    Filtering, Grid, KERNEL_WORK, Tiles, add_kernel_gradient, plane_stride, planes, planes_mut,
    transform_input, transform_input_gradient, transform_kernels, transform_output,
    transform_output_gradient,
};
use crate::simd::{Engine, Epilogue, Matrix, PackedMatrix};
use rayon::prelude::*;
use std::array::from_fn;
use std::marker::PhantomData;

/// Bytes that the planes of a group of tiles may have.
const PLANES_BYTES: usize = 256 << 10;

/// Fewest tiles of a group, if there are so many: the microkernel takes as many rows at once.
const FEWEST_TILES: usize = 12;

/// Bytes that the sums at all places of a block of channels may have.
const SUMS_BYTES: usize = 96 << 10;

/// Convolution of `[height, width, channels]` to `[out_height, out_width, out_channels]`.
pub struct WinogradConv2d<F, const TILE: usize, const OUT: usize, const KERNEL: usize> {
    window: Window,
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
    filtering: PhantomData<fn() -> F>,
}

/// Some consecutive tiles of the images.
#[derive(Clone, Copy)]
struct Group {
    first: usize,
    count: usize,
}

impl<F, const TILE: usize, const OUT: usize, const KERNEL: usize>
    WinogradConv2d<F, TILE, OUT, KERNEL>
where
    F: Filtering<TILE, OUT, KERNEL>,
{
    const PLACES: usize = TILE * TILE;

    /// A convolution over these windows, of size `KERNEL` and stride 1, its products done by `engine`.
    pub fn new(window: Window, out_channels: usize, engine: Engine) -> Self {
        Self {
            window,
            out_channels,
            bias: Vec::new(),
            transformed: Vec::new(),
            panels: Vec::new(),
            transposed: Vec::new(),
            engine,
            filtering: PhantomData,
        }
    }

    fn tiles_of_image(&self) -> usize {
        self.window.out_height.div_ceil(OUT) * self.window.out_width.div_ceil(OUT)
    }

    /// Most tiles of a group.
    fn tiles_at_once(&self) -> usize {
        let tile = Self::PLACES * (self.window.channels + self.out_channels) * size_of::<f32>();
        (PLANES_BYTES / tile).max(FEWEST_TILES)
    }

    /// Groups of consecutive tiles of `images` images, of about the same size.
    fn groups(&self, images: usize) -> impl Iterator<Item = Group> + use<F, TILE, OUT, KERNEL> {
        let tiles = images * self.tiles_of_image();
        let groups = tiles.div_ceil(self.tiles_at_once());
        (0..groups).map(move |group| {
            let first = group * tiles / groups;
            let count = (group + 1) * tiles / groups - first;
            Group { first, count }
        })
    }

    /// The tiles of a group in the input.
    fn inputs(&self, Group { first, count }: Group) -> Tiles {
        let Window {
            channels,
            height,
            width,
            out_height,
            out_width,
            padding,
            ..
        } = self.window;
        Tiles {
            grid: Grid {
                height,
                width,
                padding,
                step: OUT,
                down: out_height.div_ceil(OUT),
                across: out_width.div_ceil(OUT),
            },
            first,
            count,
            channels,
        }
    }

    /// The tiles of a group in the output.
    fn outputs(&self, group: Group) -> Tiles {
        let Tiles { grid, .. } = self.inputs(group);
        Tiles {
            grid: Grid {
                height: self.window.out_height,
                width: self.window.out_width,
                padding: 0,
                ..grid
            },
            channels: self.out_channels,
            ..self.inputs(group)
        }
    }

    /// Input channels whose sums at all places are taken at once for the weight's gradient.
    fn channels_at_once(&self, tiles: usize) -> usize {
        const ROWS: usize = 12;
        let channels = self.window.channels;
        if self.engine.unit_for(tiles).is_some() {
            // The output's gradient is packed for each product: once, then.
            return channels;
        }
        let channel = Self::PLACES * self.out_channels * size_of::<f32>();
        let blocks = channels.div_ceil((SUMS_BYTES / channel / ROWS).max(1) * ROWS);
        channels.div_ceil(blocks.max(1))
    }

    /// Working space for the weight's gradient: the sums of a block of channels, and what their transform
    /// needs.
    fn sums_len(&self, tiles: usize) -> usize {
        Self::PLACES * plane_stride(self.channels_at_once(tiles) * self.out_channels) + KERNEL_WORK
    }

    /// Adds the kernels' gradients of a group to `weight` `[KERNEL², channels, out_channels]`, from the
    /// planes of its inputs and outputs, `v` and `dm`.
    fn add_weight_gradient(
        &self,
        group: Group,
        v: &[f32],
        dm: &[f32],
        work: &mut [f32],
        weight: &mut [f32],
    ) {
        let (channels, out_channels) = (self.window.channels, self.out_channels);
        let at_once = self.channels_at_once(group.count);
        let v_stride = plane_stride(group.count * channels);
        let dm_stride = plane_stride(group.count * out_channels);
        for first in (0..channels).step_by(at_once) {
            let block = at_once.min(channels - first);
            let len = block * out_channels;
            let stride = plane_stride(len);
            let (sums, work) = work.split_at_mut(Self::PLACES * stride);
            for (place, sums) in sums.chunks_exact_mut(stride).enumerate() {
                let v = Matrix::new(&v[place * v_stride..], group.count, channels);
                let dm = Matrix::new(&dm[place * dm_stride..], group.count, out_channels);
                let v = v.columns(first, block);
                self.engine.matmul_tn(v, dm, &mut sums[..len]);
            }
            let mut rest = &mut weight[first * out_channels..];
            let mut taps: [[&mut [f32]; KERNEL]; KERNEL] = from_fn(|_| {
                from_fn(|_| {
                    let (tap, after) = std::mem::take(&mut rest).split_at_mut(len);
                    let gap = (channels * out_channels - len).min(after.len());
                    rest = &mut after[gap..];
                    tap
                })
            });
            let sums = planes::<TILE>(sums, stride);
            let arch = self.engine.arch();
            add_kernel_gradient::<F, TILE, OUT, KERNEL>(arch, &sums, &mut taps, work);
        }
    }
}

impl<F, const TILE: usize, const OUT: usize, const KERNEL: usize> Op
    for WinogradConv2d<F, TILE, OUT, KERNEL>
where
    F: Filtering<TILE, OUT, KERNEL>,
{
    fn input_len(&self) -> usize {
        self.window.channels * self.window.area()
    }

    fn output_len(&self) -> usize {
        self.out_channels * self.window.out_area()
    }

    fn parameters(&self) -> Vec<ParameterShape> {
        let (channels, out_channels) = (self.window.channels, self.out_channels);
        let area = KERNEL * KERNEL;
        vec![
            ParameterShape::weight(
                &[out_channels, channels, KERNEL, KERNEL],
                channels * area,
                out_channels * area,
            ),
            ParameterShape::bias(out_channels),
        ]
    }

    fn memory(&self) -> OpMemory {
        let (channels, out_channels) = (self.window.channels, self.out_channels);
        let packed = PackedMatrix::max_bytes(channels, out_channels)
            + PackedMatrix::max_bytes(out_channels, channels);
        let transformed = Self::PLACES * channels * out_channels;
        let group = Group {
            first: 0,
            count: self.tiles_at_once(),
        };
        let planes = [self.inputs(group), self.outputs(group)]
            .map(|tiles| Self::PLACES * plane_stride(tiles.plane()) + tiles.work_len(TILE));
        OpMemory {
            weights: f32_bytes(out_channels + transformed) + Self::PLACES as u64 * packed,
            scratch: f32_bytes(planes[0] + planes[1] + self.sums_len(group.count)),
            ..OpMemory::default()
        }
    }

    fn allocate(&mut self) {
        let (channels, out_channels) = (self.window.channels, self.out_channels);
        self.bias = vec![0.0; out_channels];
        self.transformed = vec![0.0; out_channels * Self::PLACES * channels];
        self.panels = vec![PackedMatrix::new(self.engine, channels, out_channels); Self::PLACES];
        self.transposed =
            vec![PackedMatrix::new(self.engine, out_channels, channels); Self::PLACES];
    }

    fn prepare(&mut self, parameters: &[Parameter], pass: Pass) {
        let [weight, bias] = parameters else { return };
        self.bias.copy_from_slice(&bias.values);
        let (channels, arch) = (self.window.channels, self.engine.arch());
        let stride = Self::PLACES * channels;
        self.transformed
            .par_chunks_exact_mut(stride)
            .zip(weight.values.par_chunks_exact(channels * KERNEL * KERNEL))
            .for_each(|(places, kernels)| {
                transform_kernels::<F, TILE, OUT, KERNEL>(arch, kernels, places);
            });
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
        let arch = self.engine.arch();
        for group in self.groups(x.len() / self.input_len()) {
            let (inputs, outputs) = (self.inputs(group), self.outputs(group));
            let v_stride = plane_stride(inputs.plane());
            let m_stride = plane_stride(outputs.plane());
            let len = Self::PLACES * v_stride + inputs.work_len(TILE);
            let (v, work) = scratch
                .input
                .size(len)
                .split_at_mut(Self::PLACES * v_stride);
            let mut planes_of_v = planes_mut::<TILE>(v, v_stride);
            transform_input::<F, TILE, OUT, KERNEL>(arch, inputs, x, &mut planes_of_v, work);
            let len = Self::PLACES * m_stride + outputs.work_len(TILE);
            let (m, work) = scratch
                .output
                .size(len)
                .split_at_mut(Self::PLACES * m_stride);
            let products = v.chunks_exact(v_stride).zip(m.chunks_exact_mut(m_stride));
            for ((v, m), panels) in products.zip(&self.panels) {
                let v = Matrix::new(v, inputs.count, inputs.channels);
                panels.matmul(v, &mut m[..outputs.plane()], Epilogue::Overwrite);
            }
            let m = planes::<TILE>(m, m_stride);
            transform_output::<F, TILE, OUT, KERNEL>(arch, outputs, &m, &self.bias, y, work);
        }
    }

    fn gradient_lens(&self) -> Vec<usize> {
        let taps = KERNEL * KERNEL * self.window.channels;
        vec![taps * self.out_channels, self.out_channels]
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
        let arch = self.engine.arch();
        add_bias_gradient(arch, saved.dy, bias);
        if let Some(dx) = dx.as_deref_mut() {
            dx.fill(0.0);
        }
        for group in self.groups(saved.x.len() / self.input_len()) {
            let (inputs, outputs) = (self.inputs(group), self.outputs(group));
            let v_stride = plane_stride(inputs.plane());
            let dm_stride = plane_stride(outputs.plane());
            let len = Self::PLACES * v_stride + inputs.work_len(TILE);
            let (v, input_work) = scratch
                .input
                .size(len)
                .split_at_mut(Self::PLACES * v_stride);
            let mut to = planes_mut::<TILE>(v, v_stride);
            transform_input::<F, TILE, OUT, KERNEL>(arch, inputs, saved.x, &mut to, input_work);
            let work_len = outputs.work_len(TILE).max(self.sums_len(group.count));
            let (dm, work) = scratch
                .output
                .size(Self::PLACES * dm_stride + work_len)
                .split_at_mut(Self::PLACES * dm_stride);
            let mut to = planes_mut::<TILE>(dm, dm_stride);
            transform_output_gradient::<F, TILE, OUT, KERNEL>(
                arch, outputs, saved.dy, &mut to, work,
            );
            self.add_weight_gradient(group, v, dm, work, weight);
            let Some(dx) = dx.as_deref_mut() else {
                continue;
            };
            // The input's planes are not read again: their gradient overwrites them.
            let products = v.chunks_exact_mut(v_stride).zip(dm.chunks_exact(dm_stride));
            for ((v, dm), transposed) in products.zip(&self.transposed) {
                let dm = Matrix::new(dm, outputs.count, outputs.channels);
                transposed.matmul(dm, &mut v[..inputs.plane()], Epilogue::Overwrite);
            }
            let dv = planes::<TILE>(v, v_stride);
            transform_input_gradient::<F, TILE, OUT, KERNEL>(arch, inputs, &dv, dx, input_work);
        }
    }

    fn write_gradients(&self, sums: &[Buffer], gradients: &mut [Buffer]) {
        let ([weight_sums, bias_sums], [weight, bias]) = (sums, gradients) else {
            return;
        };
        bias.copy_from_slice(bias_sums);
        write_weight_gradient(weight_sums, self.window.channels, KERNEL * KERNEL, weight);
    }
}
