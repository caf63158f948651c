//! Inverted dropout: zeroes while training and scales the rest, so that evaluation needs nothing.

use super::{Op, Pass, Place, Saved, Scratch};
use crate::random::SplitMix64;

/// Zeroes each value with probability `p`, scales the others by `1 / (1 - p)`.
pub struct Dropout {
    len: usize,
    /// Position in the network: every dropout layer draws its own numbers.
    layer: u64,
    /// A 16-bit random number below this drops the value.
    threshold: u16,
    scale: f32,
}

impl Dropout {
    /// Dropout of `len` values per image.
    pub fn new(len: usize, p: f64, layer: usize) -> Self {
        Self {
            len,
            layer: layer as u64,
            threshold: (p * 65_536.0).round() as u16,
            scale: (1.0 / (1.0 - p)) as f32,
        }
    }

    /// `output = mask · scale · input`. The mask is drawn anew from the same key in the backward
    /// pass, so that it need not be kept.
    fn apply(&self, place: Place, input: &[f32], output: &mut [f32]) {
        let Pass::Train { seed, step } = place.pass else {
            output.copy_from_slice(input);
            return;
        };
        let mut stream = SplitMix64::keyed(&[seed, step, self.layer, place.image as u64]);
        for (outputs, inputs) in output.chunks_mut(4).zip(input.chunks(4)) {
            let mut bits = stream.next_u64();
            for (output, input) in outputs.iter_mut().zip(inputs) {
                let kept = bits as u16 >= self.threshold;
                *output = if kept { input * self.scale } else { 0.0 };
                bits >>= 16;
            }
        }
    }
}

impl Op for Dropout {
    fn input_len(&self) -> usize {
        self.len
    }

    fn output_len(&self) -> usize {
        self.len
    }

    fn forward(&self, place: Place, x: &[f32], y: &mut [f32], _: &mut Scratch) {
        self.apply(place, x, y);
    }

    fn backward(
        &self,
        place: Place,
        saved: Saved<'_>,
        dx: Option<&mut [f32]>,
        _: &mut Scratch,
        _: &mut [Vec<f32>],
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
            Place { pass, image },
            &vec![1.0; 10_000],
            &mut y,
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
            dy: &ones,
        };
        let scratch = &mut Scratch::default();
        dropout.backward(
            Place { pass, image },
            saved,
            Some(&mut dx),
            scratch,
            &mut [],
        );
        assert_eq!(dx, y);
    }
}
