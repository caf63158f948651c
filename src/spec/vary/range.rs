//! A range that a field's value is drawn from.

use super::VaryError;

/// Significant digits of a drawn value: enough to tell trials apart, few enough for a table.
const DIGITS: usize = 3;

/// A range of values, both ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The least value.
    pub low: f64,
    /// The largest.
    pub high: f64,
    /// Whether each factor, and not each difference, has the same chance.
    pub is_logarithmic: bool,
    /// Whether only whole numbers are drawn.
    pub is_whole: bool,
}

impl Range {
    /// Reads `A..B`, `A..B:log`, `A..B:int` or `A..B:log:int`; none for a text that is no range at all.
    ///
    /// # Errors
    /// What is wrong with a range.
    pub fn parse(key: &str, text: &str) -> Option<Result<Self, VaryError>> {
        let mut parts = text.split(':');
        let (low, high) = parts.next()?.split_once("..")?;
        let wrong = |reason: &str| VaryError::Range {
            key: key.to_owned(),
            text: text.to_owned(),
            reason: reason.to_owned(),
        };
        let number = |text: &str| text.trim().parse::<f64>().ok().filter(|it| it.is_finite());
        let (low, high) = match (number(low), number(high)) {
            (Some(low), Some(high)) => (low, high),
            // A path may have two points.
            (None, None) => return None,
            _ => return Some(Err(wrong("both ends must be numbers"))),
        };
        let mut range = Self {
            low,
            high,
            is_logarithmic: false,
            is_whole: false,
        };
        for part in parts {
            match part.trim() {
                "log" => range.is_logarithmic = true,
                "int" => range.is_whole = true,
                _ => return Some(Err(wrong("after the colon may stand log or int"))),
            }
        }
        Some(if low >= high {
            Err(wrong("the first end must be below the second"))
        } else if range.is_logarithmic && low <= 0.0 {
            Err(wrong("a logarithmic range begins above 0"))
        } else if range.is_whole && (low.fract() != 0.0 || high.fract() != 0.0) {
            Err(wrong("the ends of a range of whole numbers are whole"))
        } else {
            Ok(range)
        })
    }

    /// The value at a share of the range, from 0 to 1, as it is written on the command line.
    pub fn at(&self, share: f64) -> String {
        // Each whole number has a stretch of the same length, or the same factor.
        let widened = if self.is_whole { 0.5 } else { 0.0 };
        let (low, high) = (self.low - widened, self.high + widened);
        let value = match self.is_logarithmic {
            true => (low.ln() + share * (high.ln() - low.ln())).exp(),
            false => low + share * (high - low),
        };
        let value = match self.is_whole {
            true => value.round(),
            false => rounded(value),
        };
        let value = value.clamp(self.low, self.high);
        super::value::written(&super::value::read(&value.to_string()))
    }

    /// Where a value lies in the range, from 0 to 1.
    pub fn share(&self, value: f64) -> f64 {
        let along = |value: f64| match self.is_logarithmic {
            true => value.max(f64::MIN_POSITIVE).ln(),
            false => value,
        };
        let (low, high) = (along(self.low), along(self.high));
        ((along(value) - low) / (high - low)).clamp(0.0, 1.0)
    }

    /// The value at a share of the range as a number, for the borders between parts of it.
    pub fn border(&self, share: f64) -> f64 {
        match self.is_logarithmic {
            true => (self.low.ln() + share * (self.high.ln() - self.low.ln())).exp(),
            false => self.low + share * (self.high - self.low),
        }
    }
}

/// With so many significant digits.
fn rounded(value: f64) -> f64 {
    format!("{value:.*e}", DIGITS - 1).parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str) -> Range {
        Range::parse("key", text).unwrap().unwrap()
    }

    #[test]
    fn a_range_is_read_and_goes_from_end_to_end() {
        let linear = range("0..0.5");
        assert_eq!(
            [0.0, 0.5, 1.0].map(|at| linear.at(at)),
            ["0", "0.25", "0.5"]
        );
        let decades = range("1e-4..1e-1:log");
        assert_eq!(decades.at(0.0), "0.0001");
        assert_eq!(decades.at(1.0 / 3.0), "0.001");
        assert_eq!(decades.at(0.5), "0.00316");
        assert_eq!(decades.at(1.0), "0.1");
        assert!((decades.share(0.01) - 2.0 / 3.0).abs() < 1e-12);
        // Every whole number has the same chance.
        let whole = range("1..4:int");
        let drawn: Vec<String> = (0..8)
            .map(|index| whole.at((index as f64 + 0.5) / 8.0))
            .collect();
        assert_eq!(drawn, ["1", "1", "2", "2", "3", "3", "4", "4"]);
        assert_eq!(range("8..128:log:int").at(0.5), "31");
        // A value of a list is no range.
        assert_eq!(Range::parse("key", "0.001"), None);
        assert_eq!(Range::parse("key", "../doubtful.txt"), None);
    }

    #[test]
    fn what_is_wrong_with_a_range_is_said() {
        for (text, reason) in [
            ("a..1", "both ends must be numbers"),
            ("1..nan", "both ends must be numbers"),
            ("2..1", "below the second"),
            ("0..1:log", "begins above 0"),
            ("0.5..3:int", "are whole"),
            ("0..1:cubic", "may stand log or int"),
        ] {
            let error = Range::parse("key", text).unwrap().unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
