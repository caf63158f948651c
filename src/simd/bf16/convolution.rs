//! A convolution with stride 1 and bf16 operands, as three matrix products whose left operands are read where
//! they are.
//!
//! An image is rounded once, with its padding around it. Zeros between one line and the next serve as the
//! padding of both, so that a line is `width + padding` pixels long. The output's gradient is padded for the
//! windows of the turned kernel, and then has lines of the same length: what both images hold at the same
//! place belongs together in the weight's gradient, and the zeros between the lines keep the rest out.

use super::operands::{PANEL, Right, STEP, padded_inner, right_len};
use super::packing::Border;
use super::tiling::{Start, TILE, Tiling};
use super::unit::Unit;
use crate::parallel::Metered;
use crate::simd::buffer::Buffer;
use crate::simd::matrix::Matrix;
use crate::simd::windows::Layout;
use rayon::prelude::*;
use std::ops::Range;

/// Sizes of a convolution with stride 1 of images `[height, width, channels]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvolutionShape {
    /// Channels of the input.
    pub channels: usize,
    /// Channels of the output.
    pub out_channels: usize,
    /// Rows of the input.
    pub height: usize,
    /// Columns of the input.
    pub width: usize,
    /// Side of the kernel.
    pub kernel_size: usize,
    /// Rows and columns added on every side; less than the kernel's.
    pub padding: usize,
}

/// An image among zeros, the values of its pixels, and what the windows over it need.
#[derive(Clone, Copy, Debug)]
struct Padded {
    /// Values of a pixel.
    channels: usize,
    /// Rows and columns of zeros before the first pixel.
    before: usize,
    /// Pixels of a line, and from one to the next.
    width: usize,
    pitch: usize,
    /// Rows and columns of windows.
    windows: [usize; 2],
    kernel_size: usize,
    /// Values of all.
    len: usize,
}

impl Padded {
    fn new(
        [height, width]: [usize; 2],
        channels: usize,
        before: usize,
        kernel_size: usize,
    ) -> Self {
        let pitch = width + before;
        let windows = [height, width].map(|side| side + 2 * before - (kernel_size - 1));
        let last_window = (windows[0] + kernel_size - 2) * pitch + windows[1] - 1;
        let reach = last_window * channels + padded_inner(kernel_size * channels);
        let pixels = (before + height) * pitch + before;
        Self {
            channels,
            before,
            width,
            pitch,
            windows,
            kernel_size,
            len: reach.max(pixels * channels).next_multiple_of(STEP),
        }
    }

    /// Values before the first pixel.
    fn first(&self) -> usize {
        self.before * (self.pitch + 1) * self.channels
    }

    /// Rounds `image` into `padded`, which is as long as it says.
    fn fill(&self, unit: Unit, image: &[f32], padded: &mut [u16]) {
        let border = Border {
            before: self.first(),
            line: self.width * self.channels,
            pitch: self.pitch * self.channels,
        };
        unit.pad(padded, image, border);
    }

    fn layout(&self) -> Layout {
        Layout {
            lines: self.windows[0],
            line_stride: self.pitch * self.channels,
            windows_per_line: self.windows[1],
            window_stride: self.channels,
            segments: self.kernel_size,
            segment_stride: self.pitch * self.channels,
            segment: self.kernel_size * self.channels,
        }
    }
}

/// Buffers that a convolution overwrites, kept from call to call.
#[derive(Debug, Default)]
pub struct ConvolutionScratch {
    image: Buffer<u16>,
    planes: Buffer<u16>,
    gradient: Buffer<u16>,
    pairs: Buffer<u16>,
}

/// The weights of a convolution in both directions, and how its operands are laid out.
#[derive(Clone, Debug)]
pub struct Convolution {
    unit: Unit,
    shape: ConvolutionShape,
    input: Padded,
    output: Padded,
    forward: Tiling,
    backward: Tiling,
    planes: Tiling,
    /// The planes at one place of the kernel.
    place: Tiling,
    /// Values of a plane.
    plane: usize,
    /// Places of an image's line after line that are summed over.
    positions: usize,
    /// `[kernel_size, kernel_size · channels to a multiple of 32]` × out_channels.
    weight: Buffer<u16>,
    /// `[kernel_size, kernel_size · out_channels to a multiple of 32]` × channels.
    turned: Buffer<u16>,
    bias: Vec<f32>,
    zeros: Vec<f32>,
    /// The weights in order before they are rounded.
    rows: Vec<f32>,
}

impl Convolution {
    /// A convolution of these sizes on `unit`; all weights are zero.
    pub fn new(unit: Unit, shape: ConvolutionShape) -> Self {
        let ConvolutionShape {
            channels,
            out_channels,
            height,
            width,
            kernel_size,
            padding,
        } = shape;
        let input = Padded::new([height, width], channels, padding, kernel_size);
        let turned_padding = kernel_size - 1 - padding;
        let output = Padded::new(input.windows, out_channels, turned_padding, kernel_size);
        let pitch = input.pitch;
        let positions = (input.windows[0] - 1) * pitch + input.windows[1];
        let plane = plane_len(&input, positions);
        Self {
            unit,
            shape,
            input,
            output,
            forward: Tiling::of_windows(input.layout()),
            backward: Tiling::of_windows(output.layout()),
            planes: Tiling::of_planes(channels, plane, kernel_size, pitch, positions),
            place: Tiling::of_planes(channels, plane, 1, pitch, positions),
            plane,
            positions,
            weight: Buffer::default(),
            turned: Buffer::default(),
            bias: vec![0.0; out_channels.next_multiple_of(PANEL)],
            zeros: vec![0.0; channels.next_multiple_of(PANEL)],
            rows: Vec::new(),
        }
    }

    /// Values of the weight's gradient as [`backward`](Self::backward) has it.
    pub fn weight_len(&self) -> usize {
        let shape = &self.shape;
        shape.kernel_size * shape.kernel_size * shape.channels * shape.out_channels
    }

    /// Multiply-adds of a training step with one image, those beyond the matrices' edges too: of the output
    /// and the input's gradient, and of the weight's gradient.
    pub fn products(&self) -> [usize; 2] {
        let of = |tiling: &Tiling, inner: usize, columns: usize| match self.unit {
            Unit::Amx => tiling.rows_in_tiles() * inner * columns.next_multiple_of(TILE),
            _ => tiling.sum_rows() * inner * columns.next_multiple_of(PANEL),
        };
        let [inner, turned_inner] = self.inner_sizes();
        let (channels, out_channels) = (self.shape.channels, self.shape.out_channels);
        let positions = match self.unit {
            Unit::Amx => padded_inner(self.positions),
            _ => self.positions,
        };
        [
            of(&self.forward, inner, out_channels) + of(&self.backward, turned_inner, channels),
            of(&self.planes, positions, out_channels),
        ]
    }

    /// Rows of the weight as a right operand, and of the turned one.
    fn inner_sizes(&self) -> [usize; 2] {
        let ConvolutionShape {
            channels,
            out_channels,
            kernel_size,
            ..
        } = self.shape;
        [channels, out_channels].map(|channels| kernel_size * padded_inner(kernel_size * channels))
    }

    /// Bytes of the weights once they are packed.
    pub fn weight_bytes(&self) -> u64 {
        let [inner, turned_inner] = self.inner_sizes();
        let (channels, out_channels) = (self.shape.channels, self.shape.out_channels);
        let rounded = right_len(inner, out_channels) + right_len(turned_inner, channels);
        let rows = (inner * out_channels).max(turned_inner * channels);
        (rounded * size_of::<u16>() + rows * size_of::<f32>()) as u64
    }

    /// Bytes of the buffers for a call with so many images.
    pub fn scratch_bytes(&self, images: usize) -> u64 {
        let pairs = right_len(
            images * padded_inner(self.positions),
            self.shape.out_channels,
        );
        let planes = images * self.shape.channels * self.plane;
        ((self.input.len + self.output.len + planes + pairs) * size_of::<u16>()) as u64
    }

    /// Takes these weights, `[out_channels, channels, kernel_size²]`, and this bias; the weights turned
    /// around for the input's gradient too if they are `for_training`.
    pub fn pack(&mut self, weight: &[f32], bias: &[f32], for_training: bool) {
        let ConvolutionShape {
            channels,
            out_channels,
            kernel_size,
            ..
        } = self.shape;
        self.bias[..out_channels].copy_from_slice(bias);
        let [inner, turned_inner] = self.inner_sizes();
        let area = kernel_size * kernel_size;
        // What is between the lines of the kernels stays zero.
        self.rows.clear();
        self.rows.resize(out_channels * inner, 0.0);
        let line = inner / kernel_size;
        let kernels = weight.chunks_exact(area * channels);
        for (kernel, row) in kernels.clone().zip(self.rows.chunks_exact_mut(inner)) {
            for (channel, places) in kernel.chunks_exact(area).enumerate() {
                let lines = row.chunks_exact_mut(line);
                for (places, line) in places.chunks_exact(kernel_size).zip(lines) {
                    let values = line[channel..].iter_mut().step_by(channels);
                    for (value, weight) in values.zip(places) {
                        *value = *weight;
                    }
                }
            }
        }
        let panels = self.weight.size(right_len(inner, out_channels));
        let rows = Matrix::new(&self.rows, out_channels, inner);
        self.unit.pack_right_transposed(panels, rows);
        if !for_training {
            return;
        }
        self.rows.clear();
        self.rows.resize(turned_inner * channels, 0.0);
        let line = turned_inner / kernel_size;
        let first_rows: Vec<usize> = (0..area)
            .rev()
            .map(|turned| turned / kernel_size * line + turned % kernel_size * out_channels)
            .collect();
        for (out, kernel) in kernels.enumerate() {
            for (channel, places) in kernel.chunks_exact(area).enumerate() {
                for (weight, first) in places.iter().zip(&first_rows) {
                    self.rows[(first + out) * channels + channel] = *weight;
                }
            }
        }
        let panels = self.turned.size(right_len(turned_inner, channels));
        let rows = Matrix::new(&self.rows, turned_inner, channels);
        self.unit.pack_right(panels, rows);
    }

    /// The outputs `y` of images `x`.
    pub fn forward(&self, x: &[f32], y: &mut [f32], scratch: &mut ConvolutionScratch) {
        let [inner, _] = self.inner_sizes();
        let right = Right::new(&self.weight, inner, self.shape.out_channels);
        let images = x.chunks_exact(self.input_len());
        for (x, y) in images.zip(y.chunks_exact_mut(self.output_len())) {
            let image = scratch.image.size(self.input.len);
            self.input.fill(self.unit, x, image);
            let start = Start::Row(&self.bias);
            self.unit
                .product_of_tiles(&self.forward, image, right, y, start);
        }
    }

    /// From the outputs' gradients `dy` of images `x`: adds to the weight's gradient `dweight`, `[kernel_size,
    /// kernel_size, channels, out_channels]`, if there is one, and overwrites the inputs' gradients `dx`, if
    /// there are.
    pub fn backward(
        &self,
        x: &[f32],
        dy: &[f32],
        mut dx: Option<&mut [f32]>,
        dweight: Option<&mut [f32]>,
        scratch: &mut ConvolutionScratch,
    ) {
        let (channels, out_channels) = (self.shape.channels, self.shape.out_channels);
        let images = x.len() / self.input_len();
        let positions = padded_inner(self.positions);
        let plane_values = channels * self.plane;
        let inner = images * positions;
        if dweight.is_some() {
            scratch.planes.size(images * plane_values);
            scratch.pairs.size(right_len(inner, out_channels));
        }
        let pairs = x
            .chunks_exact(self.input_len())
            .zip(dy.chunks_exact(self.output_len()));
        for (index, (x, dy)) in pairs.enumerate() {
            let gradient = scratch.gradient.size(self.output.len);
            self.output.fill(self.unit, dy, gradient);
            if dweight.is_some() {
                let planes = &mut scratch.planes[index * plane_values..][..plane_values];
                self.fill_planes(x, &mut scratch.image, planes);
                let rows = index * positions..(index + 1) * positions;
                self.fill_pairs(gradient, &mut scratch.pairs, (0, inner), rows);
            }
            if let Some(dx) = dx.as_deref_mut() {
                let dx = &mut dx[index * self.input_len()..][..self.input_len()];
                self.input_gradient(gradient, dx);
            }
        }
        if let Some(dweight) = dweight {
            let right = Right::new(&scratch.pairs, inner, out_channels);
            self.unit
                .product_of_tiles(&self.planes, &scratch.planes, right, dweight, Start::Sums);
        }
    }

    /// The same for all images of a batch, on all threads, with `dweight` overwritten: its sums are taken over
    /// groups of images whose operands have about `bytes`.
    pub fn backward_of_batch(
        &self,
        x: &[f32],
        dy: &[f32],
        mut dx: Option<&mut [f32]>,
        dweight: &mut [f32],
        bytes: usize,
        scratch: &mut ConvolutionScratch,
    ) {
        let (channels, out_channels) = (self.shape.channels, self.shape.out_channels);
        let (input_len, output_len) = (self.input_len(), self.output_len());
        let positions = padded_inner(self.positions);
        let plane_values = channels * self.plane;
        let group = self.images_of_group(bytes);
        let groups = x
            .chunks(group * input_len)
            .zip(dy.chunks(group * output_len));
        dweight.fill(0.0);
        for (index, (x, dy)) in groups.enumerate() {
            let images = x.len() / input_len;
            let first = index * group * input_len;
            // An image's gradient, if it is wanted.
            let dx: Vec<Option<&mut [f32]>> = match dx.as_deref_mut() {
                None => (0..images).map(|_| None).collect(),
                Some(dx) => {
                    let of_group = &mut dx[first..first + images * input_len];
                    of_group.chunks_exact_mut(input_len).map(Some).collect()
                }
            };
            let planes = scratch.planes.size(images * plane_values);
            let gradients = scratch.gradient.size(images * self.output.len);
            let of_images = planes
                .par_chunks_exact_mut(plane_values)
                .zip(gradients.par_chunks_exact_mut(self.output.len))
                .zip(x.par_chunks_exact(input_len))
                .zip(dy.par_chunks_exact(output_len))
                .zip(dx);
            of_images.for_each_init_metered(
                Buffer::default,
                |image, ((((planes, gradient), x), dy), dx)| {
                    self.output.fill(self.unit, dy, gradient);
                    self.fill_planes(x, image, planes);
                    if let Some(dx) = dx {
                        self.input_gradient(gradient, dx);
                    }
                },
            );
            let (planes, gradients) = (&*planes, &*gradients);
            let inner = images * positions;
            let pairs = scratch.pairs.size(right_len(inner, out_channels));
            let panels = pairs.par_chunks_exact_mut(right_len(inner, 1)).enumerate();
            panels.for_each_metered(|(panel, pairs)| {
                for (image, gradient) in gradients.chunks_exact(self.output.len).enumerate() {
                    let rows = image * positions..(image + 1) * positions;
                    self.fill_pairs(gradient, pairs, (panel, inner), rows);
                }
            });
            let right = Right::new(pairs, inner, out_channels);
            let places = dweight.par_chunks_exact_mut(channels * out_channels);
            places.enumerate().for_each_metered(|(place, dweight)| {
                let (line, column) = (
                    place / self.shape.kernel_size,
                    place % self.shape.kernel_size,
                );
                let planes = &planes[line * self.input.pitch + column..];
                self.unit
                    .product_of_tiles(&self.place, planes, right, dweight, Start::Sums);
            });
        }
    }

    /// Bytes of the buffers of [`backward_of_batch`](Self::backward_of_batch).
    pub fn batch_scratch_bytes(&self, bytes: usize) -> u64 {
        (self.images_of_group(bytes) * self.bytes_of_image()) as u64
    }

    /// Images whose operands have about `bytes`.
    fn images_of_group(&self, bytes: usize) -> usize {
        (bytes / self.bytes_of_image().max(1)).max(1)
    }

    /// Bytes of an image as operand, of its output's gradient as operand and as image.
    fn bytes_of_image(&self) -> usize {
        let pairs = right_len(padded_inner(self.positions), self.shape.out_channels);
        size_of::<u16>() * (self.shape.channels * self.plane + pairs + self.output.len)
    }

    /// Writes image `x`, rounded in `image`, as planes.
    fn fill_planes(&self, x: &[f32], image: &mut Buffer<u16>, planes: &mut [u16]) {
        let channels = self.shape.channels;
        let image = image.size(self.input.len);
        self.input.fill(self.unit, x, image);
        let values = self.plane.min(image.len() / channels) * channels;
        self.unit
            .planes(planes, &image[..values], channels, self.plane);
    }

    /// Writes the padded `gradient` of an output as `rows` of a right operand of `inner` rows, of whose panels
    /// those from `first_panel` on are in `pairs`.
    fn fill_pairs(
        &self,
        gradient: &[u16],
        pairs: &mut [u16],
        (first_panel, inner): (usize, usize),
        rows: Range<usize>,
    ) {
        let (first, columns) = (self.output.first(), self.shape.out_channels);
        let gradient = &gradient[first..first + self.positions * columns];
        self.unit
            .rows_of_right(pairs, (first_panel, inner), gradient, columns, rows);
    }

    /// The input's gradient `dx` from the padded `gradient` of the output.
    fn input_gradient(&self, gradient: &[u16], dx: &mut [f32]) {
        let [_, turned_inner] = self.inner_sizes();
        let right = Right::new(&self.turned, turned_inner, self.shape.channels);
        let start = Start::Row(&self.zeros);
        self.unit
            .product_of_tiles(&self.backward, gradient, right, dx, start);
    }

    fn input_len(&self) -> usize {
        self.shape.height * self.shape.width * self.shape.channels
    }

    fn output_len(&self) -> usize {
        self.input.windows[0] * self.input.windows[1] * self.shape.out_channels
    }
}

/// Values of a plane: all that the last place of the kernel reads. An odd number of steps, so that the same
/// pixels of neighbouring channels are not in the same set of the cache.
fn plane_len(input: &Padded, positions: usize) -> usize {
    let last_place = (input.kernel_size - 1) * (input.pitch + 1);
    let steps = (last_place + padded_inner(positions)).div_ceil(STEP);
    (steps | 1) * STEP
}
