//! The weight of a convolution at the places of a tile, packed for the products of both passes.

use super::shape::Shape;
use crate::nn::layers::memory::f32_bytes;
use crate::nn::layers::op::Pass;
use crate::nn::parameter::Parameter;
use crate::parallel::Metered;
use crate::simd::buffer::Buffer;
use crate::simd::winograd::{Filtering, plane_stride, planes_mut, split_planes, transform_kernels};
use crate::simd::{Engine, PackedMatrix};
use rayon::prelude::*;

/// Kernels that a thread transforms at a time.
const KERNELS_AT_ONCE: usize = 512;

/// What the products of a convolution multiply with.
pub struct Weights {
    /// `[out_channels]`.
    pub bias: Vec<f32>,
    /// The transformed weight, a plane `[out_channels, channels]` for each place.
    transformed: Buffer,
    /// The same of each place, `[channels, out_channels]`.
    pub panels: Vec<PackedMatrix>,
    /// The same, `[out_channels, channels]`.
    pub transposed: Vec<PackedMatrix>,
}

impl Weights {
    /// None yet.
    pub fn new() -> Self {
        Self {
            bias: Vec::new(),
            transformed: Buffer::default(),
            panels: Vec::new(),
            transposed: Vec::new(),
        }
    }

    /// Bytes of the weights of such a convolution.
    pub fn bytes<const TILE: usize, const OUT: usize, const KERNEL: usize>(
        shape: &Shape<TILE, OUT, KERNEL>,
    ) -> u64 {
        let (channels, out_channels) = (shape.window.channels, shape.out_channels);
        let packed = PackedMatrix::max_bytes(channels, out_channels)
            + PackedMatrix::max_bytes(out_channels, channels);
        let plane = f32_bytes(plane_stride(channels * out_channels));
        f32_bytes(out_channels) + (TILE * TILE) as u64 * (plane + packed)
    }

    /// Takes the memory.
    pub fn allocate<const TILE: usize, const OUT: usize, const KERNEL: usize>(
        &mut self,
        shape: &Shape<TILE, OUT, KERNEL>,
        engine: Engine,
    ) {
        let (channels, out_channels) = (shape.window.channels, shape.out_channels);
        let places = TILE * TILE;
        self.bias = vec![0.0; out_channels];
        self.transformed = Buffer::zeros(places * plane_stride(channels * out_channels));
        self.panels = vec![PackedMatrix::new(engine, channels, out_channels); places];
        self.transposed = vec![PackedMatrix::new(engine, out_channels, channels); places];
    }

    /// Transforms and packs the parameters, on all threads; what evaluation does not need is left out.
    pub fn prepare<F, const TILE: usize, const OUT: usize, const KERNEL: usize>(
        &mut self,
        shape: &Shape<TILE, OUT, KERNEL>,
        engine: Engine,
        parameters: &[Parameter],
        pass: Pass,
    ) where
        F: Filtering<TILE, OUT, KERNEL>,
    {
        let [weight, bias] = parameters else { return };
        self.bias.copy_from_slice(&bias.values);
        let (channels, arch) = (shape.window.channels, engine.arch());
        let stride = plane_stride(channels * shape.out_channels);
        let at_once = KERNELS_AT_ONCE.div_ceil(channels) * channels;
        let planes = planes_mut::<TILE>(&mut self.transformed, stride);
        let len = channels * shape.out_channels;
        let planes = split_planes(planes, len, at_once).into_par_iter();
        let kernels = weight.values.par_chunks(at_once * KERNEL * KERNEL);
        planes
            .zip(kernels)
            .for_each_metered(|(mut planes, kernels)| {
                transform_kernels::<F, TILE, OUT, KERNEL>(arch, kernels, channels, &mut planes);
            });
        let places = self.panels.par_iter_mut().zip(&mut self.transposed);
        places
            .zip(self.transformed.par_chunks_exact(stride))
            .for_each_metered(|((panels, transposed), plane)| {
                panels.pack_transposed(plane, channels);
                if pass != Pass::Evaluate {
                    transposed.pack(plane, channels);
                }
            });
    }
}
