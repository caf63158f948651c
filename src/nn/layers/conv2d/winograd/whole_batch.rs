//! The convolution of the whole batch at once, for weights that are larger than the cache: those of a
//! place are read once and multiplied with the tiles of many images.
//!
//! The threads share the images for the transforms and the places for the products. Every sum is taken
//! by one thread, in one order, so that the number of threads changes no bit. The weight's gradient is
//! added up at the places and brought back to the kernels once a batch.

use super::shape::{Group, Shape};
use super::weights::Weights;
use crate::nn::layers::conv2d::bias::bias_gradient;
use crate::nn::layers::conv2d::weight_gradient::write_weight_gradient;
use crate::nn::layers::memory::{OpMemory, f32_bytes};
use crate::nn::layers::op::{Op, Pass, Place, Saved, Scratch};
use crate::nn::layers::parameter_shape::ParameterShape;
use crate::nn::layers::relayout::transpose_rows;
use crate::nn::parameter::Parameter;
use crate::parallel::Metered;
use crate::simd::buffer::Buffer;
use crate::simd::winograd::{
    Filtering, KERNEL_WORK, Planes, PlanesMut, Tiles, add_kernel_gradient, plane_stride, planes,
    planes_mut, split_planes, transform_input, transform_input_gradient, transform_output,
    transform_output_gradient,
};
use crate::simd::{Engine, Epilogue, Matrix, PackedMatrix};
use rayon::prelude::*;
use std::marker::PhantomData;
use std::ops::Range;

/// Kernels whose gradients are transformed at a time.
const KERNELS_AT_ONCE: usize = 4096;

/// Convolution of `[height, width, channels]` to `[out_height, out_width, out_channels]`.
pub struct WholeBatchWinogradConv2d<F, const TILE: usize, const OUT: usize, const KERNEL: usize> {
    shape: Shape<TILE, OUT, KERNEL>,
    planes_bytes: usize,
    weights: Weights,
    engine: Engine,
    filtering: PhantomData<fn() -> F>,
}

impl<F, const TILE: usize, const OUT: usize, const KERNEL: usize>
    WholeBatchWinogradConv2d<F, TILE, OUT, KERNEL>
where
    F: Filtering<TILE, OUT, KERNEL>,
{
    const PLACES: usize = Shape::<TILE, OUT, KERNEL>::PLACES;

    /// A convolution of this shape, its products done by `engine`. The planes of the images that it works
    /// on at a time have about `planes_bytes`.
    pub fn new(shape: Shape<TILE, OUT, KERNEL>, planes_bytes: usize, engine: Engine) -> Self {
        Self {
            shape,
            planes_bytes,
            weights: Weights::new(),
            engine,
            filtering: PhantomData,
        }
    }

    /// All tiles of `images` images in the input and in the output.
    fn tiles(&self, images: usize) -> [Tiles; 2] {
        let group = Group {
            first: 0,
            count: images * self.shape.tiles_of_image(),
        };
        [self.shape.inputs(group), self.shape.outputs(group)]
    }

    /// Images of a group.
    fn images_at_once(&self) -> usize {
        (self.shape.tiles_in(self.planes_bytes) / self.shape.tiles_of_image()).max(1)
    }

    /// Groups of consecutive images, of about the same size.
    fn groups(
        &self,
        images: usize,
    ) -> impl Iterator<Item = Range<usize>> + use<F, TILE, OUT, KERNEL> {
        let groups = images.div_ceil(self.images_at_once());
        (0..groups).map(move |group| group * images / groups..(group + 1) * images / groups)
    }

    /// The planes of image `image` in `values`, which are `stride` apart and have `len` values an image.
    fn planes_of(values: &[f32], stride: usize, image: usize, len: usize) -> Planes<'_, TILE> {
        planes::<TILE>(values, stride).map(|row| row.map(|plane| &plane[image * len..][..len]))
    }

    /// Fills the planes `to`, `stride` apart, by the `transform` of each of `images`, whose tiles are
    /// `tiles`, with working space.
    fn to_planes(
        images: &[f32],
        tiles: Tiles,
        to: &mut [f32],
        stride: usize,
        transform: impl Fn(&[f32], &mut PlanesMut<'_, TILE>, &mut [f32]) + Sync,
    ) {
        let image_len = tiles.grid.height * tiles.grid.width * tiles.channels;
        let len = images.len() / image_len * tiles.plane();
        let planes = split_planes(planes_mut::<TILE>(to, stride), len, tiles.plane());
        let images = planes.into_par_iter().zip(images.par_chunks(image_len));
        let work = || vec![0.0; tiles.work_len(TILE)];
        images.for_each_init_metered(work, |work, (mut planes, image)| {
            transform(image, &mut planes, work);
        });
    }

    /// The planes `v`, `stride` apart, of the inputs `x` of some images.
    fn transform_inputs(&self, x: &[f32], v: &mut [f32], stride: usize) {
        let ([tiles, _], arch) = (self.tiles(1), self.engine.arch());
        Self::to_planes(x, tiles, v, stride, |x, planes, work| {
            transform_input::<F, TILE, OUT, KERNEL>(arch, tiles, x, planes, work);
        });
    }

    /// The planes `dm`, `stride` apart, of the output gradients `dy` of some images.
    fn transform_output_gradients(&self, dy: &[f32], dm: &mut [f32], stride: usize) {
        let ([_, tiles], arch) = (self.tiles(1), self.engine.arch());
        Self::to_planes(dy, tiles, dm, stride, |dy, planes, work| {
            transform_output_gradient::<F, TILE, OUT, KERNEL>(arch, tiles, dy, planes, work);
        });
    }

    /// Values of the sums of the weight's gradient at all places, and of the gradient in the layout
    /// `[KERNEL², channels, out_channels]`.
    fn sums_len(&self) -> [usize; 2] {
        let len = self.shape.window.channels * self.shape.out_channels;
        [Self::PLACES * plane_stride(len), KERNEL * KERNEL * len]
    }

    /// Overwrites the kernels' gradients `taps` `[KERNEL², channels, out_channels]` by those of the `sums` at
    /// all places.
    fn kernel_gradients(&self, sums: &[f32], taps: &mut [f32]) {
        let len = self.shape.window.channels * self.shape.out_channels;
        let sums = planes::<TILE>(sums, plane_stride(len));
        let arch = self.engine.arch();
        let parts = split_planes(planes_mut::<KERNEL>(taps, len), len, KERNELS_AT_ONCE);
        let parts = parts.into_par_iter().enumerate();
        let work = || vec![0.0; KERNEL_WORK];
        parts.for_each_init_metered(work, |work, (part, mut taps)| {
            taps.iter_mut().flatten().for_each(|tap| tap.fill(0.0));
            let sums = sums.map(|row| row.map(|plane| &plane[part * KERNELS_AT_ONCE..]));
            add_kernel_gradient::<F, TILE, OUT, KERNEL>(arch, &sums, &mut taps, work);
        });
    }
}

impl<F, const TILE: usize, const OUT: usize, const KERNEL: usize> Op
    for WholeBatchWinogradConv2d<F, TILE, OUT, KERNEL>
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
        let planes = self
            .tiles(self.images_at_once())
            .map(|tiles| Self::PLACES * plane_stride(tiles.plane()));
        let [sums, taps] = self.sums_len();
        OpMemory {
            weights: Weights::bytes(&self.shape),
            batch_scratch: f32_bytes(planes[0] + planes[1] + sums + taps),
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

    fn takes_whole_batch(&self) -> bool {
        true
    }

    fn forward(&self, _: Place, x: &[f32], y: &mut [f32], _: &mut [u8], scratch: &mut Scratch) {
        let (input_len, output_len) = (self.input_len(), self.output_len());
        let arch = self.engine.arch();
        let [_, of_image] = self.tiles(1);
        for images in self.groups(x.len() / input_len) {
            let [inputs, outputs] = self.tiles(images.len());
            let v_stride = plane_stride(inputs.plane());
            let m_stride = plane_stride(outputs.plane());
            let v = scratch.input.size(Self::PLACES * v_stride);
            let x = &x[images.start * input_len..images.end * input_len];
            self.transform_inputs(x, v, v_stride);
            let m = scratch.output.size(Self::PLACES * m_stride);
            let products = v.par_chunks_exact(v_stride);
            let products = products.zip(m.par_chunks_exact_mut(m_stride));
            let products = products.zip(&self.weights.panels);
            products.for_each_metered(|((v, m), panels)| {
                let v = Matrix::new(v, inputs.count, inputs.channels);
                panels.matmul(v, &mut m[..outputs.plane()], Epilogue::Overwrite);
            });
            let (m, bias) = (&*m, &self.weights.bias);
            let y = &mut y[images.start * output_len..images.end * output_len];
            let work = || vec![0.0; of_image.work_len(TILE)];
            y.par_chunks_mut(output_len)
                .enumerate()
                .for_each_init_metered(work, |work, (image, y)| {
                    let m = Self::planes_of(m, m_stride, image, of_image.plane());
                    transform_output::<F, TILE, OUT, KERNEL>(arch, of_image, &m, bias, y, work);
                });
        }
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
        let (input_len, output_len) = (self.input_len(), self.output_len());
        let (channels, out_channels) = (self.shape.window.channels, self.shape.out_channels);
        let arch = self.engine.arch();
        bias_gradient(arch, saved.dy, output_len, bias);
        let [of_image, _] = self.tiles(1);
        let images = saved.x.len() / input_len;
        let [sums_len, taps_len] = self.sums_len();
        let planes_len = self
            .groups(images)
            .map(|images| plane_stride(self.tiles(images.len())[1].plane()))
            .max();
        let planes_len = Self::PLACES * planes_len.unwrap_or(0);
        let output = scratch.output.size(sums_len + taps_len + planes_len);
        let (sums, output) = output.split_at_mut(sums_len);
        let (taps, dm) = output.split_at_mut(taps_len);
        let sums_stride = sums_len / Self::PLACES;
        for images in self.groups(images) {
            let [inputs, outputs] = self.tiles(images.len());
            let v_stride = plane_stride(inputs.plane());
            let dm_stride = plane_stride(outputs.plane());
            let v = scratch.input.size(Self::PLACES * v_stride);
            let x = &saved.x[images.start * input_len..images.end * input_len];
            self.transform_inputs(x, v, v_stride);
            let dm = &mut dm[..Self::PLACES * dm_stride];
            let dy = &saved.dy[images.start * output_len..images.end * output_len];
            self.transform_output_gradients(dy, dm, dm_stride);
            let epilogue = match images.start {
                0 => Epilogue::Overwrite,
                _ => Epilogue::Accumulate,
            };
            let wants_dx = dx.is_some();
            let of_places = v.par_chunks_exact_mut(v_stride);
            let of_places = of_places.zip(dm.par_chunks_exact(dm_stride));
            let of_places = of_places.zip(sums.par_chunks_exact_mut(sums_stride));
            let of_places = of_places.zip(&self.weights.transposed);
            let new = || (PackedMatrix::new(self.engine, 0, 0), Buffer::default());
            of_places.for_each_init_metered(
                new,
                |(packed, rows), (((v, dm), sums), transposed)| {
                    // The weight's gradient at this place is vᵀ · dm.
                    packed.reshape(self.engine, outputs.count, out_channels);
                    packed.pack(dm, out_channels);
                    let rows = rows.size(inputs.plane());
                    transpose_rows(Matrix::new(v, inputs.count, channels), rows);
                    let rows = Matrix::new(rows, channels, inputs.count);
                    packed.matmul(rows, &mut sums[..channels * out_channels], epilogue);
                    if wants_dx {
                        // The input's planes are not read again: their gradient overwrites them.
                        let dm = Matrix::new(dm, outputs.count, out_channels);
                        transposed.matmul(dm, &mut v[..inputs.plane()], Epilogue::Overwrite);
                    }
                },
            );
            if let Some(dx) = dx.as_deref_mut() {
                let v = &*v;
                let dx = &mut dx[images.start * input_len..images.end * input_len];
                let work = || vec![0.0; of_image.work_len(TILE)];
                let images = dx.par_chunks_mut(input_len).enumerate();
                images.for_each_init_metered(work, |work, (image, dx)| {
                    let dv = Self::planes_of(v, v_stride, image, of_image.plane());
                    dx.fill(0.0);
                    transform_input_gradient::<F, TILE, OUT, KERNEL>(arch, of_image, &dv, dx, work);
                });
            }
        }
        self.kernel_gradients(sums, taps);
        write_weight_gradient(taps, channels, KERNEL * KERNEL, weight);
    }
}
