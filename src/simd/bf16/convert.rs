//! f32 to bf16 and back, one value at a time.

/// The bf16 nearest to `value`, ties to the one whose last bit is 0.
///
/// As in the CPU's own instruction (`VCVTNEPS2BF16`), f32 denormals become a zero of their sign and
/// a NaN stays one: it keeps its upper bits and becomes quiet.
#[inline(always)]
pub fn to_bf16(value: f32) -> u16 {
    let bits = value.to_bits();
    let magnitude = bits & 0x7fff_ffff;
    // Half of the last kept bit, less one where that bit is 0: a tie then rounds up to even only.
    // The carry reaches the exponent by itself, up to infinity.
    let rounded = bits.wrapping_add(0x7fff + ((bits >> 16) & 1)) >> 16;
    let quiet = (bits >> 16) | 0x40;
    let zero = (bits >> 16) & 0x8000;
    // Selections of values rather than branches, so that loops over slices become vector code.
    let number = if magnitude < 0x0080_0000 {
        zero
    } else {
        rounded
    };
    let bf16 = if magnitude > 0x7f80_0000 {
        quiet
    } else {
        number
    };
    bf16 as u16
}

/// The f32 of the same value.
#[inline(always)]
pub fn to_f32(bf16: u16) -> f32 {
    f32::from_bits(u32::from(bf16) << 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The nearest bf16 among all that are finite, by distance in f64; ties to the even one.
    fn nearest(value: f32) -> u16 {
        let below = (value.to_bits() >> 16) as u16;
        let distance = |bf16: u16| match to_f32(bf16) {
            // The value that would follow the largest finite one.
            infinity if infinity.is_infinite() => 2f64.powi(128),
            finite => f64::from(finite).abs(),
        };
        let size = f64::from(value).abs();
        let (down, up) = (size - distance(below), distance(below + 1) - size);
        if down < up || (down == up && below.is_multiple_of(2)) {
            below
        } else {
            below + 1
        }
    }

    #[test]
    fn rounds_to_nearest_with_ties_to_even() {
        for (value, bf16) in [
            (0x3f80_0000, 0x3f80), // 1
            (0x3f80_8000, 0x3f80), // a tie, down to even
            (0x3f81_8000, 0x3f82), // a tie, up to even
            (0x3f80_8001, 0x3f81), // just above a tie
            (0x3f81_7fff, 0x3f81), // just below a tie
            (0x7f7f_7fff, 0x7f7f), // the largest that stays finite
            (0x7f7f_8000, 0x7f80), // the smallest that becomes infinite
            (0xff80_0000, 0xff80),
            (0x8000_0000, 0x8000),
            (0x0080_0000, 0x0080), // the smallest normal number
            (0x007f_ffff, 0x0000), // the largest denormal
            (0x8000_0001, 0x8000), // the smallest denormal, negative
            (0x7f80_0001, 0x7fc0), // a signalling NaN whose payload is in the lower half
            (0xffab_cdef, 0xffeb),
        ] {
            let rounded = to_bf16(f32::from_bits(value));
            assert_eq!(rounded, bf16, "{value:08x} became {rounded:04x}");
        }
    }

    #[test]
    fn rounds_like_the_definition() {
        // Steps by a prime walk over all exponents and all lower halves.
        for bits in (0x0080_0000u32..0x7f80_0000).step_by(40_009) {
            for value in [f32::from_bits(bits), -f32::from_bits(bits)] {
                assert_eq!(to_bf16(value), nearest(value), "{bits:08x}");
            }
        }
    }

    #[test]
    fn every_bf16_survives_the_way_through_f32() {
        for bf16 in 0..=u16::MAX {
            let value = to_f32(bf16);
            let back = to_bf16(value);
            if value.is_nan() {
                assert_eq!(back, bf16 | 0x40);
            } else if value.is_subnormal() {
                assert_eq!(back, bf16 & 0x8000);
            } else {
                assert_eq!(back, bf16);
            }
        }
    }
}
