//! Numbers of any range as levels, 0 to 255.

use super::numbers::Numbers;

/// How numbers become levels: `(number + add) · times`, rounded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Levels {
    add: f32,
    times: f32,
}

impl Levels {
    /// Of all these numbers together, and what is to be said about it: most pixels are 0 to 255 already.
    ///
    /// # Errors
    /// A range that pixels do not have.
    pub fn of<'a>(
        all: impl Iterator<Item = &'a Numbers>,
    ) -> Result<(Self, Option<String>), String> {
        let mut range = Range::default();
        let mut has_unit_range = false;
        for numbers in all {
            let mut own = Range::default();
            own.add(numbers);
            has_unit_range |= !own.is_whole && own.least >= 0.0 && own.most <= 1.0;
            range.add(numbers);
        }
        if has_unit_range && range.most > 1.0 {
            return Err(format!(
                "has pixels from 0 to 1 in one part and up to {} in another; save both alike",
                range.most
            ));
        }
        let Range {
            least,
            most,
            is_whole,
            is_finite,
        } = range;
        if !is_finite {
            return Err(
                "has pixels that are no numbers (NaN or infinite); repair them first".into(),
            );
        }
        let (from, to) = if (0.0..=255.0).contains(&least) && most <= 255.0 {
            match is_whole {
                true if most > 16.0 || most == 0.0 => (0.0, 255.0),
                // Few levels, as one bit or the digits of 0 to 16.
                true => (0.0, most),
                false if most <= 1.0 => (0.0, 1.0),
                false if most > 16.0 => (0.0, 255.0),
                false => return Err(strange(least, most)),
            }
        } else if least >= 0.0 && most <= 65_535.0 && is_whole {
            (0.0, 65_535.0)
        } else if least >= -1.0 && most <= 1.0 {
            (-1.0, 1.0)
        } else if least >= -128.0 && most <= 127.0 && is_whole {
            (-128.0, 127.0)
        } else {
            return Err(strange(least, most));
        };
        let levels = Self {
            add: -from,
            times: 255.0 / (to - from),
        };
        let note = (to - from != 255.0 || from != 0.0)
            .then(|| format!("pixels from {from} to {to} became 0 to 255"));
        Ok((levels, note))
    }

    /// The level of a number.
    pub fn level(self, number: f32) -> u8 {
        ((number + self.add) * self.times).round() as u8
    }
}

fn strange(least: f32, most: f32) -> String {
    format!(
        "has pixels from {least} to {most}; they must be 0 to 255, 0 to 1, -1 to 1 or 0 to 65535, so save them \
         as they were before they were normalised"
    )
}

struct Range {
    least: f32,
    most: f32,
    is_whole: bool,
    is_finite: bool,
}

impl Default for Range {
    fn default() -> Self {
        Self {
            least: f32::INFINITY,
            most: f32::NEG_INFINITY,
            is_whole: true,
            is_finite: true,
        }
    }
}

impl Range {
    fn add(&mut self, numbers: &Numbers) {
        let mut add = |number: f32| {
            self.least = self.least.min(number);
            self.most = self.most.max(number);
            self.is_whole &= number.fract() == 0.0;
            self.is_finite &= number.is_finite();
        };
        match numbers {
            Numbers::Bytes(bytes) => {
                let ends = bytes.iter().min().into_iter().chain(bytes.iter().max());
                ends.for_each(|byte| add(f32::from(*byte)));
            }
            Numbers::Reals(reals) => reals.iter().for_each(|number| add(*number)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(numbers: &[f32]) -> Result<Vec<u8>, String> {
        let reals = Numbers::Reals(numbers.to_vec());
        let (levels, _) = Levels::of(std::iter::once(&reals))?;
        Ok(numbers.iter().map(|number| levels.level(*number)).collect())
    }

    #[test]
    fn the_range_says_what_the_numbers_are() {
        assert_eq!(levels(&[0.0, 7.0, 255.0]).unwrap(), [0, 7, 255]);
        assert_eq!(levels(&[0.0, 0.5, 1.0]).unwrap(), [0, 128, 255]);
        assert_eq!(levels(&[3.0, 127.4]).unwrap(), [3, 127]);
        assert_eq!(levels(&[0.0, 8.0, 16.0]).unwrap(), [0, 128, 255]);
        assert_eq!(levels(&[0.0, 1.0]).unwrap(), [0, 255]);
        assert_eq!(levels(&[0.0, 65535.0]).unwrap(), [0, 255]);
        assert_eq!(levels(&[-1.0, 0.0, 1.0]).unwrap(), [0, 128, 255]);
        assert_eq!(levels(&[-128.0, 127.0]).unwrap(), [0, 255]);
        for strange in [
            &[-2.1, 2.9][..],
            &[0.0, 70000.0],
            &[0.0, 3.7],
            &[0.0, f32::NAN],
        ] {
            assert!(levels(strange).is_err(), "{strange:?}");
        }
    }
}
