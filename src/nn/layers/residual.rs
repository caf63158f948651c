//! The end of a residual stack: `y = x + skip`, where `skip` is what went into the stack, through a 1×1
//! convolution if its shape differs (He et al. 2015, <https://arxiv.org/abs/1512.03385>).

use super::{Op, Pass, Place, Saved, Scratch};
use crate::simd::buffer::Buffer;
use crate::simd::{Arch, on_vectors};

/// The sum of an image `[height, width, channels]` and the one that went past the layers.
pub struct Residual {
    len: usize,
    /// From the shape of what goes past to that of the input; none where they are the same.
    projection: Option<Box<dyn Op>>,
    arch: Arch,
}

impl Residual {
    /// The sum for images of `len` values, one of them through `projection`.
    pub fn new(len: usize, projection: Option<Box<dyn Op>>) -> Self {
        Self {
            len,
            projection,
            arch: Arch::new(),
        }
    }
}

impl Op for Residual {
    fn input_len(&self) -> usize {
        self.len
    }

    fn output_len(&self) -> usize {
        self.len
    }

    fn skip_len(&self) -> usize {
        let projection = self.projection.as_ref();
        projection.map_or(self.len, |projection| projection.input_len())
    }

    fn parameters_mut(&mut self) -> Vec<&mut [f32]> {
        let projection = self.projection.as_mut();
        projection.map_or_else(Vec::new, |projection| projection.parameters_mut())
    }

    fn prepare(&mut self, pass: Pass) {
        if let Some(projection) = &mut self.projection {
            projection.prepare(pass);
        }
    }

    fn needs_input(&self) -> bool {
        false
    }

    fn forward(
        &self,
        place: Place,
        x: &[f32],
        y: &mut [f32],
        notes: &mut [u8],
        scratch: &mut Scratch,
    ) {
        let skip = std::mem::take(&mut scratch.skip);
        match &self.projection {
            Some(projection) => projection.forward(place, &skip, y, notes, scratch),
            None => y.copy_from_slice(&skip),
        }
        scratch.skip = skip;
        on_vectors!(self.arch, {
            for (y, x) in y.iter_mut().zip(x) {
                *y += x;
            }
        });
    }

    fn gradient_lens(&self) -> Vec<usize> {
        let projection = self.projection.as_ref();
        projection.map_or_else(Vec::new, |projection| projection.gradient_lens())
    }

    fn backward(
        &self,
        place: Place,
        saved: Saved<'_>,
        dx: Option<&mut [f32]>,
        scratch: &mut Scratch,
        gradients: &mut [Buffer],
    ) {
        if let Some(dx) = dx {
            dx.copy_from_slice(saved.dy);
        }
        let mut gradient = std::mem::take(&mut scratch.skip_gradient);
        let dskip = gradient.size(saved.dy.len() / self.len * self.skip_len());
        match &self.projection {
            Some(projection) => {
                let skip = std::mem::take(&mut scratch.skip);
                let saved = Saved { x: &skip, ..saved };
                projection.backward(place, saved, Some(dskip), scratch, gradients);
                scratch.skip = skip;
            }
            None => dskip.copy_from_slice(saved.dy),
        }
        scratch.skip_gradient = gradient;
    }

    fn parameter_gradients(&self, gradients: &[Buffer]) -> Vec<Vec<f32>> {
        let projection = self.projection.as_ref();
        projection.map_or_else(Vec::new, |projection| {
            projection.parameter_gradients(gradients)
        })
    }
}
