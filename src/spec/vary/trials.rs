//! Trials: combinations of values that are drawn, instead of all there are.

use super::grid::{Member, members};
use super::{MAX_MEMBERS, Range, Vary, VaryError};
use crate::spec::Spec;
use std::collections::HashSet;

/// More points than this are not tried for one that is new.
const MOST_TRIES: u32 = 1 << 16;
/// The sequence has no more dimensions.
const MOST_FIELDS: usize = 64;

/// Where a field's values are drawn from.
enum Source<'a> {
    /// Any value of a range.
    Range(Range),
    /// One of some values.
    List(&'a [String]),
}

/// So many combinations of values, each from `seeds` seeds beginning with the base's own: points of Sobol's
/// sequence (Sobol 1967), scrambled by the base's seed as Owen (1995) does, in Burley's (2020) way. They fill the ranges
/// more evenly than independent draws, for any number of trials, and the first trials of a longer search are
/// those of a shorter one. A value of a list has the same chance as any other; no combination comes twice.
///
/// # Errors
/// The first thing wrong with the fields, too few different combinations, or the first member that is no
/// valid spec.
pub fn trials(
    base: &Spec,
    varies: &[Vary],
    seeds: usize,
    count: usize,
) -> Result<Vec<Member>, VaryError> {
    let all = (count as u128).saturating_mul(seeds as u128);
    if all > MAX_MEMBERS as u128 {
        return Err(VaryError::TooMany { members: all });
    }
    if varies.is_empty() || varies.len() > MOST_FIELDS {
        return Err(VaryError::NothingToDraw { most: MOST_FIELDS });
    }
    let sources: Result<Vec<Source<'_>>, VaryError> = varies.iter().map(source).collect();
    let sources = sources?;
    let scramble = (base.seed ^ (base.seed >> 32)) as u32;
    let mut drawn: Vec<Vec<String>> = Vec::with_capacity(count);
    let mut seen: HashSet<Vec<String>> = HashSet::new();
    for index in 0..MOST_TRIES {
        if drawn.len() == count {
            break;
        }
        let of = |(dimension, source): (usize, &Source<'_>)| {
            source.at(f64::from(sobol_burley::sample(
                index,
                dimension as u32,
                scramble,
            )))
        };
        let values: Vec<String> = sources.iter().enumerate().map(of).collect();
        if seen.insert(values.clone()) {
            drawn.push(values);
        }
    }
    if drawn.len() < count {
        return Err(VaryError::TooFewCombinations {
            found: drawn.len(),
            wanted: count,
        });
    }
    members(base, varies, drawn.into_iter(), seeds)
}

fn source(vary: &Vary) -> Result<Source<'_>, VaryError> {
    match vary.range()? {
        Some(range) => Ok(Source::Range(range)),
        None => Ok(Source::List(&vary.values)),
    }
}

impl Source<'_> {
    fn at(&self, share: f64) -> String {
        match self {
            Self::Range(range) => range.at(share),
            Self::List(values) => {
                let index = (share * values.len() as f64) as usize;
                values.get(index).cloned().unwrap_or_default()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset;

    fn varies(texts: &[&str]) -> Vec<Vary> {
        texts
            .iter()
            .map(|text| Vary::parse(text).unwrap())
            .collect()
    }

    fn values(base: &Spec, texts: &[&str], count: usize) -> Vec<Vec<String>> {
        let found = trials(base, &varies(texts), 1, count).unwrap();
        found.into_iter().map(|member| member.values).collect()
    }

    #[test]
    fn trials_fill_the_ranges_evenly_and_depend_on_the_seed_alone() {
        let base = preset("tiny").unwrap().into_spec();
        let texts = ["learning_rate=1e-4..1e-1:log", "dropout_like=1,2"];
        assert!(
            trials(&base, &varies(&texts), 1, 4).is_err(),
            "no such field"
        );
        let texts = ["learning_rate=1e-4..1e-1:log", "activation=ReLU,GELU"];
        let first = values(&base, &texts, 16);
        assert_eq!(first, values(&base, &texts, 16));
        assert_eq!(first[..8], values(&base, &texts, 8));
        let mut other = base.clone();
        other.seed += 1;
        assert_ne!(first, values(&other, &texts, 16));
        // Sixteen points of the sequence: one in each sixteenth of the range, and half of them each activation.
        let range = Range::parse("", "1e-4..1e-1:log").unwrap().unwrap();
        let mut parts: Vec<usize> = first
            .iter()
            .map(|values| (range.share(values[0].parse().unwrap()) * 16.0) as usize)
            .collect();
        parts.sort_unstable();
        // A value is rounded to three digits, so it may lie on the other side of a border.
        let near = parts
            .iter()
            .enumerate()
            .all(|(index, part)| index.abs_diff(*part) <= 1);
        assert!(near, "{parts:?}");
        let relu = first.iter().filter(|values| values[1] == "ReLU").count();
        assert_eq!(relu, 8);
    }

    #[test]
    fn no_combination_comes_twice_and_too_many_are_refused() {
        let base = preset("tiny").unwrap().into_spec();
        let mut all = values(&base, &["batch_size=16..19:int", "activation=ReLU,GELU"], 8);
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 8);
        let few = varies(&["batch_size=16..19:int"]);
        let error = trials(&base, &few, 1, 5).unwrap_err().to_string();
        assert!(
            error.contains("only 4") && error.contains("lower --trials"),
            "{error}"
        );
        assert!(trials(&base, &few, 5_000, 3).is_err());
        assert!(trials(&base, &[], 1, 3).is_err());
    }
}
