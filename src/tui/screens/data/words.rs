//! What is said of a data set, in words.

use super::facts::Facts;
use crate::text::grouped;

/// A class with fewer images than this share of the largest class is said to be rare.
const RARE: f64 = 0.2;

/// What is wrong with the numbers of images, the worst first; none where the classes have about equally
/// many.
pub fn imbalance(facts: &Facts) -> Option<String> {
    if facts.classes() == 1 {
        return Some("there is only one class: there is nothing to tell apart".into());
    }
    let missing = classes(&facts.train, |count| count == 0);
    if let [first, others @ ..] = &missing[..] {
        let (name, have, which) = several(facts, *first, others);
        return Some(format!(
            "{name} {have} no training images: the network cannot learn {which}"
        ));
    }
    let largest = facts.train.iter().max().copied().unwrap_or(0);
    let mut rare = classes(&facts.train, |count| (count as f64) < RARE * largest as f64);
    rare.sort_by_key(|class| facts.train[*class]);
    if let [first, others @ ..] = &rare[..] {
        let images = match facts.train[*first] {
            1 => "1 image".into(),
            count => format!("{} images", grouped(count as u64)),
        };
        let others = match others.len() {
            0 => String::new(),
            1 => " (1 more class is rare)".into(),
            more => format!(" ({more} more classes are rare)"),
        };
        return Some(format!(
            "{} has {images}, the largest class {}: the network will rarely predict it{others}",
            facts.name(*first),
            grouped(largest as u64)
        ));
    }
    let missing = classes(&facts.validation, |count| count == 0);
    if missing.len() == facts.classes() {
        return Some("there are no validation images: accuracy is not measured".into());
    }
    let (first, others) = missing.split_first()?;
    let (name, have, which) = several(facts, *first, others);
    Some(format!(
        "{name} {have} no validation images: accuracy says nothing about {which}"
    ))
}

fn classes(counts: &[usize], keep: impl Fn(usize) -> bool) -> Vec<usize> {
    let all = counts.iter().enumerate();
    all.filter(|(_, count)| keep(**count))
        .map(|(class, _)| class)
        .collect()
}

/// Some classes with a verb and a pronoun: `Bag has … it`, `Bag and 2 more classes have … them`.
fn several(facts: &Facts, first: usize, others: &[usize]) -> (String, &'static str, &'static str) {
    let name = facts.name(first);
    match others {
        [] => (name.to_owned(), "has", "it"),
        [second] => (
            format!("{name} and {}", facts.name(*second)),
            "have",
            "them",
        ),
        _ => (
            format!("{name} and {} more classes", others.len()),
            "have",
            "them",
        ),
    }
}

/// `part` of `whole` in percent; a part that is there is not rounded to none.
pub fn percent(part: usize, whole: usize) -> String {
    let percent = 100.0 * part as f64 / whole.max(1) as f64;
    if part > 0 && percent < 0.05 {
        "<0.1 %".into()
    } else {
        format!("{percent:.1} %")
    }
}
