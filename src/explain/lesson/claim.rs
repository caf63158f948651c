//! What a lesson says about figures, and whether it holds.

use super::expression::Expression;
use super::figures::{Figures, in_words};

/// A comparison of figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    left: Expression,
    is_below: bool,
    right: Expression,
}

/// A claim held against the figures of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// The claim with the figures.
    pub text: String,
    /// Whether it holds; none where a figure is not known.
    pub holds: Option<bool>,
}

impl Claim {
    /// Reads `gap < plain_gap - 0.02`.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str, is_known: &dyn Fn(&str) -> bool) -> Result<Self, String> {
        let (sign, is_below) = match (text.contains('<'), text.contains('>')) {
            (true, false) => ('<', true),
            (false, true) => ('>', false),
            _ => return Err("a claim has one < or one >, as in val_accuracy > 0.8".into()),
        };
        let (left, right) = text.split_once(sign).unwrap_or_default();
        Ok(Self {
            left: Expression::parse(left, is_known)?,
            is_below,
            right: Expression::parse(right, is_known)?,
        })
    }

    /// Holds it against figures.
    pub fn check(&self, figures: &Figures) -> Checked {
        let sign = if self.is_below { '<' } else { '>' };
        let (left, right) = (self.left.value(figures), self.right.value(figures));
        let shown =
            |expression: &Expression, value: Option<f64>| match (expression.is_number(), value) {
                (true, _) => expression.in_words(),
                (false, Some(value)) => format!("{} {}", expression.in_words(), in_words(value)),
                (false, None) => format!("{} (not known)", expression.in_words()),
            };
        Checked {
            text: format!(
                "{} {sign} {}",
                shown(&self.left, left),
                shown(&self.right, right)
            ),
            holds: left.zip(right).map(|(left, right)| match self.is_below {
                true => left < right,
                false => left > right,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_held_against_figures_and_says_them() {
        let claim = Claim::parse("gap < plain_gap - 0.01", &|_| true).unwrap();
        let mut figures = Figures::default();
        assert_eq!(claim.check(&figures).holds, None);
        figures.set("gap", 0.1);
        figures.set("plain_gap", 0.2);
        let checked = claim.check(&figures);
        assert_eq!(checked.holds, Some(true));
        assert_eq!(checked.text, "gap 0.100 < plain gap - 0.01 0.190");
        figures.set("gap", 0.3);
        assert_eq!(claim.check(&figures).holds, Some(false));
        let above = Claim::parse("gap > 0.25", &|_| true).unwrap();
        assert_eq!(above.check(&figures).text, "gap 0.300 > 0.25");
        for wrong in ["gap", "a < b < c", "a < b > c", "< 1", "gap >"] {
            assert!(Claim::parse(wrong, &|_| true).is_err(), "{wrong}");
        }
    }
}
