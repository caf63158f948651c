//! Sums and products of figures: `plain_gap - 2 * accuracy_error`.

use super::figures::Figures;

/// A sum of products.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    text: String,
    terms: Vec<Term>,
}

/// A product that is added or subtracted.
#[derive(Clone, Debug, PartialEq)]
struct Term {
    is_subtracted: bool,
    factors: Vec<Factor>,
}

#[derive(Clone, Debug, PartialEq)]
enum Factor {
    Number(f64),
    Figure(String),
}

impl Expression {
    /// Reads numbers and figures between spaces, joined by `+`, `-` and `*`; `is_known` says which figures
    /// there are.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str, is_known: &dyn Fn(&str) -> bool) -> Result<Self, String> {
        let mut terms: Vec<Term> = Vec::new();
        // What the word before asks for.
        let mut expected = Some((false, false));
        for word in text.split_whitespace() {
            match (word, expected) {
                ("+" | "-" | "*", None) => expected = Some((word == "-", word == "*")),
                (_, Some((is_subtracted, is_factor))) => {
                    let factor = factor(word, is_known)?;
                    match terms.last_mut().filter(|_| is_factor) {
                        Some(term) => term.factors.push(factor),
                        None => terms.push(Term {
                            is_subtracted,
                            factors: vec![factor],
                        }),
                    }
                    expected = None;
                }
                (word, None) => {
                    return Err(format!(
                        "before {word} there is no +, - or * between spaces"
                    ));
                }
            }
        }
        match expected {
            None => Ok(Self {
                text: text.split_whitespace().collect::<Vec<_>>().join(" "),
                terms,
            }),
            Some(_) => Err("a number or a figure is missing at the end".into()),
        }
    }

    /// Its value; none where a figure is not known.
    pub fn value(&self, figures: &Figures) -> Option<f64> {
        let mut sum = 0.0;
        for term in &self.terms {
            let mut product = 1.0;
            for factor in &term.factors {
                product *= match factor {
                    Factor::Number(number) => *number,
                    Factor::Figure(name) => figures.get(name)?,
                };
            }
            sum += if term.is_subtracted {
                -product
            } else {
                product
            };
        }
        Some(sum)
    }

    /// It as people read it: `plain gap - 0.02`.
    pub fn in_words(&self) -> String {
        self.text.replace('_', " ")
    }

    /// Whether it is a number alone.
    pub fn is_number(&self) -> bool {
        let mut factors = self.terms.iter().flat_map(|term| &term.factors);
        factors.all(|factor| matches!(factor, Factor::Number(_)))
    }
}

fn factor(word: &str, is_known: &dyn Fn(&str) -> bool) -> Result<Factor, String> {
    if let Ok(number) = word.parse::<f64>() {
        return match number.is_finite() {
            true => Ok(Factor::Number(number)),
            false => Err(format!("{word} is no number")),
        };
    }
    match is_known(word) {
        true => Ok(Factor::Figure(word.to_owned())),
        false => Err(format!(
            "{word} is no figure; docs/lessons.md lists them, and `keep:` makes new ones"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Expression, String> {
        Expression::parse(text, &|name| ["gap", "error"].contains(&name))
    }

    #[test]
    fn sums_of_products_are_computed() {
        let mut figures = Figures::default();
        figures.set("gap", 0.5);
        let value = |text: &str| parse(text).unwrap().value(&figures);
        assert_eq!(value("gap"), Some(0.5));
        assert_eq!(value("1 - 2 * gap * gap + 0.25"), Some(0.75));
        assert_eq!(value("gap - error"), None);
        for wrong in ["", "gap gap", "gap +", "+ gap", "gip", "NaN", "gap * * 2"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
