//! Numbers as one of 256 levels.

/// The levels of a value between layers: `(level - zero_point) · scale`, a level from 0 to 255. 0 is one of them, so that
/// the zeros of padding are exact.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Levels {
    /// From one level to the next.
    pub scale: f32,
    /// The level of 0.
    pub zero_point: u8,
}

impl Levels {
    /// Levels that reach from `least` to `most`, and to 0.
    pub fn reaching((least, most): (f32, f32)) -> Self {
        let (least, most) = (least.min(0.0), most.max(0.0));
        let scale = (most - least) / 255.0;
        if !scale.is_normal() {
            return Self {
                scale: 1.0,
                zero_point: 0,
            };
        }
        Self {
            scale,
            zero_point: (-least / scale).round_ties_even() as u8,
        }
    }

    /// The number of the nearest level, as ONNX's `QuantizeLinear` and `DequantizeLinear` make it.
    pub fn round(self, value: f32) -> f32 {
        let zero = f32::from(self.zero_point);
        let level = ((value / self.scale).round_ties_even() + zero).clamp(0.0, 255.0);
        (level - zero) * self.scale
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_half_a_level_off_at_most_and_zero_is_exact() {
        for range in [(-0.7, 1.9), (0.0, 6.0), (0.5, 2.0), (-3.0, -1.0)] {
            let levels = Levels::reaching(range);
            assert_eq!(levels.round(0.0), 0.0);
            let (least, most) = (range.0.min(0.0), range.1.max(0.0));
            for step in 0..=1000 {
                let value = least + (most - least) * step as f32 / 1000.0;
                let off = (levels.round(value) - value).abs();
                // The zero point is rounded too, so the range may end half a level early.
                assert!(off <= levels.scale * 1.001, "{range:?} {value} {off}");
            }
            assert!(levels.round(1e9) <= most + levels.scale);
        }
        assert_eq!(Levels::reaching((0.0, 0.0)).round(0.0), 0.0);
    }
}
