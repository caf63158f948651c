//! Inverted dropout (Srivastava et al. 2014, <https://jmlr.org/papers/v15/srivastava14a.html>): training
//! zeroes some values and scales the rest up; evaluation is the identity.

use super::memory::OpMemory;
use super::op::{Op, Pass, Place, Saved, Scratch};
use crate::nn::python::PythonLayer;
use crate::random::SplitMix64;
use crate::simd::buffer::Buffer;
use crate::simd::{Arch, on_vectors};

/// Zeroes each value with probability `p`, scales the others by `1 / (1 - p)`.
pub struct Dropout {
    len: usize,
    /// Position in the network: every dropout layer draws random numbers of its own.
    layer: u64,
    rate: Rate,
    arch: Arch,
}

/// What happens to one value.
#[derive(Clone, Copy)]
pub struct Rate {
    /// A 24-bit random number below this drops the value.
    threshold: u32,
    /// What a value that stays is multiplied by.
    pub scale: f32,
}

/// Seeds the random numbers of one image.
#[derive(Clone, Copy)]
pub struct MaskKey {
    first: u32,
    second: u32,
}

impl MaskKey {
    /// Whether the value at `index` stays.
    ///
    /// A hashed counter, like [`SplitMix64`], but of 32 bits, so that every vector lane computes its
    /// own; the multipliers are those of Wellons' `lowbias32`.
    #[inline(always)]
    pub fn keeps(self, index: u32, rate: Rate) -> bool {
        let mut bits = index.wrapping_mul(0x9E37_79B9) ^ self.first;
        bits = (bits ^ (bits >> 16)).wrapping_mul(0x21F0_AAAD);
        bits ^= self.second;
        bits = (bits ^ (bits >> 15)).wrapping_mul(0xD35A_2D97);
        ((bits ^ (bits >> 15)) >> 8) >= rate.threshold
    }
}

/// The layer as Python code.
pub fn python(p: f64) -> PythonLayer {
    PythonLayer::new(
        format!("nn.Dropout({p:?})"),
        format!("layers.Dropout({p:?})"),
    )
}

impl Dropout {
    /// Dropout of `len` values per image.
    pub fn new(len: usize, p: f64, layer: usize) -> Self {
        Self {
            len,
            layer: layer as u64,
            rate: Rate {
                threshold: (p * 16_777_216.0).round() as u32,
                scale: (1.0 / (1.0 - p)) as f32,
            },
            arch: Arch::new(),
        }
    }

    /// What happens to one value.
    pub fn rate(&self) -> Rate {
        self.rate
    }

    /// The key of the image at `image` in the batch; none outside training.
    fn key(&self, pass: Pass, image: usize) -> Option<MaskKey> {
        let Pass::Train { seed, step } = pass else {
            return None;
        };
        let bits = SplitMix64::keyed(&[seed, step, self.layer, image as u64]).next_u64();
        Some(MaskKey {
            first: bits as u32,
            second: (bits >> 32) as u32,
        })
    }

    /// What draws the mask of the image at `image` in the batch; none outside training.
    pub fn mask(&self, pass: Pass, image: usize) -> Option<(MaskKey, Rate)> {
        Some((self.key(pass, image)?, self.rate))
    }

    /// `output = mask · scale · input`. The backward pass draws the same mask from the same key again,
    /// so that it need not be kept.
    fn apply(&self, place: Place, input: &[f32], output: &mut [f32]) {
        let images = input.chunks_exact(self.len);
        for (index, (input, output)) in images.zip(output.chunks_exact_mut(self.len)).enumerate() {
            match self.key(place.pass, place.image + index) {
                None => output.copy_from_slice(input),
                Some(key) => on_vectors!(self.arch, mask(key, self.rate, input, output)),
            }
        }
    }
}

#[inline(always)]
fn mask(key: MaskKey, rate: Rate, input: &[f32], output: &mut [f32]) {
    for ((output, input), index) in output.iter_mut().zip(input).zip(0_u32..) {
        let kept = key.keeps(index, rate);
        *output = if kept { input * rate.scale } else { 0.0 };
    }
}

impl Op for Dropout {
    fn input_len(&self) -> usize {
        self.len
    }

    fn output_len(&self) -> usize {
        self.len
    }

    fn memory(&self) -> OpMemory {
        OpMemory::default()
    }

    fn needs_input(&self) -> bool {
        false
    }

    fn forward(&self, place: Place, x: &[f32], y: &mut [f32], _: &mut [u8], _: &mut Scratch) {
        self.apply(place, x, y);
    }

    fn backward(
        &self,
        place: Place,
        saved: Saved<'_>,
        dx: Option<&mut [f32]>,
        _: &mut Scratch,
        _: &mut [Buffer],
    ) {
        if let Some(dx) = dx {
            self.apply(place, saved.dy, dx);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASS: Pass = Pass::Train { seed: 1, step: 2 };

    fn forward(dropout: &Dropout, pass: Pass, image: usize) -> Vec<f32> {
        let mut y = vec![f32::NAN; 10_000];
        dropout.forward(
            Place {
                pass,
                image,
                parameters: &[],
            },
            &vec![1.0; 10_000],
            &mut y,
            &mut [],
            &mut Scratch::default(),
        );
        y
    }

    #[test]
    fn the_share_of_zeros_is_p_and_the_mean_stays() {
        let y = forward(&Dropout::new(10_000, 0.3, 0), PASS, 0);
        let zeros = y.iter().filter(|v| **v == 0.0).count();
        assert!((2800..3200).contains(&zeros), "{zeros}");
        assert!(y.iter().all(|v| *v == 0.0 || (*v - 1.0 / 0.7).abs() < 1e-6));
    }

    #[test]
    fn evaluation_changes_nothing() {
        assert_eq!(
            forward(&Dropout::new(10_000, 0.9, 0), Pass::Evaluate, 0),
            vec![1.0; 10_000]
        );
        assert_eq!(
            forward(&Dropout::new(10_000, 0.0, 0), PASS, 0),
            vec![1.0; 10_000]
        );
    }

    #[test]
    fn images_layers_and_steps_have_masks_of_their_own() {
        let dropout = Dropout::new(10_000, 0.5, 0);
        let first = forward(&dropout, PASS, 0);
        assert_eq!(first, forward(&dropout, PASS, 0));
        assert_ne!(first, forward(&dropout, PASS, 1));
        assert_ne!(first, forward(&Dropout::new(10_000, 0.5, 3), PASS, 0));
        assert_ne!(
            first,
            forward(&dropout, Pass::Train { seed: 1, step: 3 }, 0)
        );
    }

    #[test]
    fn the_gradient_goes_where_the_values_went() {
        let dropout = Dropout::new(10_000, 0.5, 0);
        let y = forward(&dropout, PASS, 4);
        let ones = vec![1.0; 10_000];
        let mut dx = vec![f32::NAN; 10_000];
        let (pass, image) = (PASS, 4);
        let saved = Saved {
            x: &ones,
            y: &y,
            notes: &[],
            dy: &ones,
        };
        let scratch = &mut Scratch::default();
        dropout.backward(
            Place {
                pass,
                image,
                parameters: &[],
            },
            saved,
            Some(&mut dx),
            scratch,
            &mut [],
        );
        assert_eq!(dx, y);
    }
}
