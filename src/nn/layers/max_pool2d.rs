//! Max pooling. Of equal largest values the first gets the gradient, as in PyTorch.
//!
//! Windows of any size; [`NormActPoolDropout`](crate::nn::fused::norm_act_pool_dropout) does the usual
//! 2×2 faster.

#[cfg(test)]
mod tests;

use super::memory::OpMemory;
use super::op::{Op, Place, Saved, Scratch};
use super::window::Window;
use crate::simd::buffer::Buffer;
use crate::simd::{Arch, on_vectors};

/// The largest value of every window, channel by channel; padding never wins.
pub struct MaxPool2d {
    window: Window,
    arch: Arch,
}

impl MaxPool2d {
    /// Pooling over these windows.
    pub fn new(window: Window) -> Self {
        Self {
            window,
            arch: Arch::new(),
        }
    }

    /// Whether every pixel belongs to exactly one 2×2 window, or to none at an odd edge.
    pub fn is_two_by_two(&self) -> bool {
        self.window.kernel_size == 2 && self.window.stride == 2 && self.window.padding == 0
    }

    /// The windows.
    pub fn window(&self) -> Window {
        self.window
    }

    /// The largest values, and which place of its window each is at, counted row by row of the whole
    /// window.
    #[inline(always)]
    fn pool(&self, image: &[f32], pooled: &mut [f32], places: &mut [[u8; 2]]) {
        let Window {
            channels,
            width,
            out_width,
            kernel_size,
            stride,
            padding,
            ..
        } = self.window;
        let outputs = pooled
            .chunks_exact_mut(channels)
            .zip(places.chunks_exact_mut(channels));
        for (index, (best, places)) in outputs.enumerate() {
            let (row, column) = (index / out_width, index % out_width);
            let (rows, columns) = self.window.inside(row, column);
            let mut is_first = true;
            for y in rows {
                let i = y + padding - row * stride;
                for x in columns.clone() {
                    let j = x + padding - column * stride;
                    let place = ((i * kernel_size + j) as u16).to_le_bytes();
                    let pixel = &image[(y * width + x) * channels..][..channels];
                    if is_first {
                        best.copy_from_slice(pixel);
                        places.fill(place);
                        is_first = false;
                        continue;
                    }
                    for ((best, noted), value) in best.iter_mut().zip(&mut *places).zip(pixel) {
                        let wins = wins(*value, *best);
                        *best = if wins { *value } else { *best };
                        *noted = if wins { place } else { *noted };
                    }
                }
            }
        }
    }

    /// Overwrites `gradient` by the outputs' gradients, each where the largest value was. `offsets` says
    /// where the pixel at each place of a window is, from the window's first pixel.
    #[inline(always)]
    fn unpool(
        &self,
        offsets: &[usize],
        upstream: &[f32],
        places: &[[u8; 2]],
        gradient: &mut [f32],
    ) {
        let Window {
            channels,
            width,
            out_width,
            stride,
            padding,
            ..
        } = self.window;
        gradient.fill(0.0);
        let outputs = upstream
            .chunks_exact(channels)
            .zip(places.chunks_exact(channels));
        for (index, (values, places)) in outputs.enumerate() {
            let (row, column) = (index / out_width, index % out_width);
            let start = (row * stride * width + column * stride) * channels;
            for (channel, (value, place)) in values.iter().zip(places).enumerate() {
                // The window's first pixel may be in the padding, before the image.
                let pixel = start + offsets[usize::from(u16::from_le_bytes(*place))] + channel;
                gradient[pixel - (padding * width + padding) * channels] += value;
            }
        }
    }
}

/// Whether `value` replaces `best`: the first of equals stays. NaN wins, so that it is seen after the
/// pooling that a network has diverged.
#[inline(always)]
pub fn wins(value: f32, best: f32) -> bool {
    value > best || value.is_nan()
}

impl Op for MaxPool2d {
    fn input_len(&self) -> usize {
        self.window.channels * self.window.area()
    }

    fn output_len(&self) -> usize {
        self.window.channels * self.window.out_area()
    }

    fn memory(&self) -> OpMemory {
        OpMemory::default()
    }

    fn needs_input(&self) -> bool {
        false
    }

    /// Two bytes an output: windows may have more places than one can tell.
    fn notes_len(&self) -> usize {
        2 * self.output_len()
    }

    fn forward(&self, _: Place, x: &[f32], y: &mut [f32], notes: &mut [u8], _: &mut Scratch) {
        let (places, _) = notes.as_chunks_mut::<2>();
        let images = x.chunks_exact(self.input_len());
        let outputs = y
            .chunks_exact_mut(self.output_len())
            .zip(places.chunks_exact_mut(self.output_len()));
        for (image, (pooled, places)) in images.zip(outputs) {
            on_vectors!(self.arch, self.pool(image, pooled, places));
        }
    }

    fn backward(
        &self,
        _: Place,
        saved: Saved<'_>,
        dx: Option<&mut [f32]>,
        _: &mut Scratch,
        _: &mut [Buffer],
    ) {
        let Some(dx) = dx else { return };
        let Window {
            channels,
            width,
            kernel_size,
            ..
        } = self.window;
        let offsets: Vec<usize> = (0..kernel_size * kernel_size)
            .map(|place| (place / kernel_size * width + place % kernel_size) * channels)
            .collect();
        let offsets = &offsets[..];
        let (places, _) = saved.notes.as_chunks::<2>();
        let gradients = dx.chunks_exact_mut(self.input_len());
        let upstream = saved.dy.chunks_exact(self.output_len());
        let outputs = upstream.zip(places.chunks_exact(self.output_len()));
        for (gradient, (upstream, places)) in gradients.zip(outputs) {
            on_vectors!(self.arch, self.unpool(offsets, upstream, places, gradient));
        }
    }
}
