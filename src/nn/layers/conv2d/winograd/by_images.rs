//! The convolution of a few images at a time, for weights that stay in the cache from one to the next.
//!
//! Tiles go through in groups whose planes stay in the cache: transform, one matrix product for each
//! place, transform back. The weight's gradient is brought back from the places to the kernel after
//! each group, a block of channels at a time: sums at all places are several times as large as the weight,
//! and moving them costs more than transforming them.

use super::shape::{Group, Shape};
use super::weights::Weights;
use crate::nn::layers::conv2d::bias::add_bias_gradient;
use crate::nn::layers::conv2d::images::images_at_once;
use crate::nn::layers::conv2d::parameters::write_gradients;
use crate::nn::layers::memory::{OpMemory, f32_bytes};
use crate::nn::layers::op::{Op, Pass, Place, Saved, Scratch};
use crate::nn::layers::parameter_shape::ParameterShape;
use crate::nn::parameter::Parameter;
use crate::simd::buffer::Buffer;
use crate::simd::winograd::{
    Filtering, KERNEL_WORK, add_kernel_gradient, plane_stride, planes, planes_mut, transform_input,
    transform_input_gradient, transform_output, transform_output_gradient,
};
use crate::simd::{Engine, Epilogue, Matrix};
use std::array::from_fn;
use std::marker::PhantomData;

/// Bytes that the planes of a group of tiles may have. More than the L2 cache of most processors: each
/// plane passes through it once or twice, while the sums of the weight's gradient, of every place, are
/// transformed once a group.
const PLANES_BYTES: usize = 1 << 20;

/// Bytes that the sums at all places of a block of channels may have.
const SUMS_BYTES: usize = 256 << 10;

/// Convolution of `[height, width, channels]` to `[out_height, out_width, out_channels]`.
pub struct WinogradConv2d<F, const TILE: usize, const OUT: usize, const KERNEL: usize> {
    shape: Shape<TILE, OUT, KERNEL>,
    weights: Weights,
    engine: Engine,
    filtering: PhantomData<fn() -> F>,
}

impl<F, const TILE: usize, const OUT: usize, const KERNEL: usize>
    WinogradConv2d<F, TILE, OUT, KERNEL>
where
    F: Filtering<TILE, OUT, KERNEL>,
{
    const PLACES: usize = Shape::<TILE, OUT, KERNEL>::PLACES;

    /// A convolution of this shape, its products done by `engine`.
    pub fn new(shape: Shape<TILE, OUT, KERNEL>, engine: Engine) -> Self {
        Self {
            shape,
            weights: Weights::new(),
            engine,
            filtering: PhantomData,
        }
    }

    /// Groups of consecutive tiles of `images` images, of about the same size.
    fn groups(&self, images: usize) -> impl Iterator<Item = Group> + use<F, TILE, OUT, KERNEL> {
        let tiles = images * self.shape.tiles_of_image();
        let groups = tiles.div_ceil(self.shape.tiles_in(PLANES_BYTES));
        (0..groups).map(move |group| {
            let first = group * tiles / groups;
            let count = (group + 1) * tiles / groups - first;
            Group { first, count }
        })
    }

    /// Input channels whose sums at all places are taken at once for the weight's gradient.
    fn channels_at_once(&self, tiles: usize) -> usize {
        const ROWS: usize = 12;
        let channels = self.shape.window.channels;
        if self.engine.unit_for(tiles).is_some() {
            // The output's gradient is packed for each product: once, then.
            return channels;
        }
        let channel = Self::PLACES * self.shape.out_channels * size_of::<f32>();
        let blocks = channels.div_ceil((SUMS_BYTES / channel / ROWS).max(1) * ROWS);
        channels.div_ceil(blocks.max(1))
    }

    /// Working space for the weight's gradient: the sums of a block of channels, and what their transform
    /// needs.
    fn sums_len(&self, tiles: usize) -> usize {
        Self::PLACES * plane_stride(self.channels_at_once(tiles) * self.shape.out_channels)
            + KERNEL_WORK
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
        let (channels, out_channels) = (self.shape.window.channels, self.shape.out_channels);
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
        self.shape.input_len()
    }

    fn output_len(&self) -> usize {
        self.shape.output_len()
    }

    fn parameters(&self) -> Vec<ParameterShape> {
        self.shape.parameters()
    }

    fn memory(&self) -> OpMemory {
        let images = images_at_once(&self.shape.window, self.shape.out_channels);
        let tiles = images * self.shape.tiles_of_image();
        let group = Group {
            first: 0,
            count: self.shape.tiles_in(PLANES_BYTES).min(tiles),
        };
        let planes = [self.shape.inputs(group), self.shape.outputs(group)]
            .map(|tiles| Self::PLACES * plane_stride(tiles.plane()) + tiles.work_len(TILE));
        OpMemory {
            weights: Weights::bytes(&self.shape),
            scratch: f32_bytes(planes[0] + planes[1] + self.sums_len(group.count)),
            ..OpMemory::default()
        }
    }

    fn allocate(&mut self) {
        self.weights.allocate(&self.shape, self.engine);
    }

    fn prepare(&mut self, parameters: &[Parameter], pass: Pass) {
        self.weights
            .prepare::<F, TILE, OUT, KERNEL>(&self.shape, self.engine, parameters, pass);
    }

    fn forward(&self, _: Place, x: &[f32], y: &mut [f32], _: &mut [u8], scratch: &mut Scratch) {
        let arch = self.engine.arch();
        for group in self.groups(x.len() / self.input_len()) {
            let (inputs, outputs) = (self.shape.inputs(group), self.shape.outputs(group));
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
            for ((v, m), panels) in products.zip(&self.weights.panels) {
                let v = Matrix::new(v, inputs.count, inputs.channels);
                panels.matmul(v, &mut m[..outputs.plane()], Epilogue::Overwrite);
            }
            let m = planes::<TILE>(m, m_stride);
            transform_output::<F, TILE, OUT, KERNEL>(
                arch,
                outputs,
                &m,
                &self.weights.bias,
                y,
                work,
            );
        }
    }

    fn gradient_lens(&self) -> Vec<usize> {
        let taps = KERNEL * KERNEL * self.shape.window.channels;
        vec![taps * self.shape.out_channels, self.shape.out_channels]
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
            let (inputs, outputs) = (self.shape.inputs(group), self.shape.outputs(group));
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
            for ((v, dm), transposed) in products.zip(&self.weights.transposed) {
                let dm = Matrix::new(dm, outputs.count, outputs.channels);
                transposed.matmul(dm, &mut v[..inputs.plane()], Epilogue::Overwrite);
            }
            let dv = planes::<TILE>(v, v_stride);
            transform_input_gradient::<F, TILE, OUT, KERNEL>(arch, inputs, &dv, dx, input_work);
        }
    }

    fn write_gradients(&self, sums: &[Buffer], gradients: &mut [Buffer]) {
        write_gradients(&self.shape.window, sums, gradients);
    }
}
